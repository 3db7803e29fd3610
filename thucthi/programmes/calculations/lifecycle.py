"""Where a task stands, read from its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Standing:
    """What the events say; reports are somebody else's matter."""

    is_received: bool = False
    is_suspended: bool = False
    is_cancelled: bool = False
    is_superseded: bool = False

    @property
    def is_closed(self) -> bool:
        return self.is_cancelled or self.is_superseded


def standing(kinds: Iterable[str]) -> Standing:
    """The standing after these events (TaskEventKind values), in the order they were recorded."""
    seen = tuple(kinds)
    pauses = [kind for kind in seen if kind in {"suspended", "resumed"}]
    return Standing(
        is_received="received" in seen,
        is_suspended=bool(pauses) and pauses[-1] == "suspended",
        is_cancelled="cancelled" in seen,
        is_superseded="superseded" in seen,
    )


def extensions(ends: Iterable[tuple[date | None, date | None]]) -> int:
    """How many of the (old last day, new last day) pairs moved the deadline later; unknown days do not count."""
    return sum(1 for old, new in ends if old is not None and new is not None and new > old)

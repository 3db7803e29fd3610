"""What a comparison of readings with labelled examples comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True)
class Score:
    """`right` of `all_` for one measure of one element, e.g. ("targets", "precision")."""

    element: str
    measure: str
    right: int
    all_: int
    is_held_out: bool

    @property
    def share(self) -> float:
        return self.right / self.all_ if self.all_ else 1.0


def is_held_out(identifier: str) -> bool:
    """Whether a labelled example belongs to the third that no rule was tuned on."""
    return crc32(identifier.encode()) % 3 == 0


def precision_and_recall(element: str, compared: Iterable[tuple[int, int, int]], *, is_held_out: bool) -> list[Score]:
    """From (right, found, labelled) per example."""
    rows = list(compared)
    right = sum(row[0] for row in rows)
    found, labelled = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return [
        Score(element, "precision", right, found, is_held_out),
        Score(element, "recall", right, labelled, is_held_out),
    ]

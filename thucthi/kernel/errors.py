"""What may go wrong in a use case, in words that a person can act on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing to put right: `field` names the input ("" for the whole form), `text` says what to do."""

    field: str
    text: str


class ThucThiError(Exception):
    """Every refusal of ours; its text is fit to be shown to an official."""


class Refused(ThucThiError):
    """The input cannot be taken; lists all faults at once and nothing has moved."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.text for fault in self.faults))


class Forbidden(ThucThiError):
    """The viewer may know of the thing but may not do this with it (HTTP 403)."""


class NotVisible(ThucThiError):
    """The thing is unknown, or the viewer may not know of it: one answer for both (HTTP 404)."""


class StoreSilent(ThucThiError, OSError):
    """The store of files (S3) did not answer in time, or answered with a refusal (HTTP 503); nothing was kept."""


class Stale(ThucThiError):
    """Somebody saved another version first (HTTP 409); `current` is what stands now, `submitted` what was sent."""

    def __init__(self, text: str, *, current: object = None, submitted: object = None) -> None:
        self.current = current
        self.submitted = submitted
        super().__init__(text)


def require(allowed: bool, sentence: str) -> None:
    """Raise `Forbidden` with `sentence` unless `allowed`."""
    if not allowed:
        raise Forbidden(sentence)


def refuse_if(faults: Sequence[Fault]) -> None:
    """Raise `Refused` with all `faults`, if there are any."""
    if faults:
        raise Refused(faults)

"""What the agenda says that came back filled in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucthi.kernel.apart import apart
from thucthi.kernel.confinement import Ended

MOST_BYTES = 5 * 1024 * 1024


class PaperFlaw(StrEnum):
    """Why a file is not read."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_WORD = "not_word"
    BOMB = "bomb"
    MACRO = "macro"
    DECLARATIONS = "declarations"
    BROKEN = "broken"
    NO_TABLE = "no_table"


@dataclass(frozen=True)
class ReadConclusion:
    """One row as it stands in the file. `kind` "" and `due_on` None when the words say no kind and no day."""

    code: str
    kind: str
    text: str
    responsible: str
    due: str
    due_on: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.responsible or self.due)


@dataclass(frozen=True)
class ReadMinutes:
    """Rows in the order of the file; number and day of the minutes when they were filled in."""

    number: str
    minutes_on: date | None
    rows: tuple[ReadConclusion, ...]


def read_minutes(content: bytes) -> ReadMinutes | PaperFlaw:
    """What was filled in, or the first flaw of the file. Never raises for what a file holds."""
    try:
        read: ReadMinutes | PaperFlaw = apart("thucthi.obstacles.calculations.minutes_reading:read", content)
    except Ended:
        return PaperFlaw.BROKEN
    return read

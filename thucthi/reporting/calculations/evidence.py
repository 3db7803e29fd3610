"""Which kinds of evidence a claim of completion needs, by the kind of task (D13, D25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

INSTRUMENT = "instrument"
LONGEST_REFERENCE = 120
_LETTER_AND_DIGIT = (str.isalpha, str.isdigit)


class Need(StrEnum):
    """What has to be shown."""

    ISSUED_TEXT = "issued_text"
    COMPLETION_RECORD = "completion_record"
    APPROVED_PRODUCT = "approved_product"
    ANY_FILE = "any_file"
    MEASURED_DATA = "measured_data"
    PHOTO = "photo"


class ReferenceFlaw(StrEnum):
    MISSING = "missing"
    NOT_A_NUMBER_AND_SYMBOL = "not_a_number_and_symbol"
    TOO_LONG = "too_long"
    NOT_WANTED = "not_wanted"


@dataclass(frozen=True)
class ShownFile:
    """A file that a report rests on: its kind, and the number and symbol if it is an issued text."""

    kind: str
    reference: str = ""


@dataclass(frozen=True)
class Checked:
    """One line of the checklist: `is_met` by the files at hand; a line that is not required only helps the reviewer."""

    need: Need
    is_required: bool
    is_met: bool


# By the kind of task: what must be shown, then what helps. A kind that is not named needs any file.
_NEEDS: dict[str, tuple[tuple[Need, bool], ...]] = {
    "van_ban": ((Need.ISSUED_TEXT, True),),
    "du_an": ((Need.COMPLETION_RECORD, True), (Need.PHOTO, False)),
    "de_an": ((Need.APPROVED_PRODUCT, True), (Need.ISSUED_TEXT, False)),
    "nhiem_vu": ((Need.ANY_FILE, True),),
    "chi_tieu": ((Need.ANY_FILE, True), (Need.MEASURED_DATA, False)),
}
_KIND_OF = {
    Need.ISSUED_TEXT: INSTRUMENT,
    Need.COMPLETION_RECORD: "completion",
    Need.APPROVED_PRODUCT: "product",
    Need.MEASURED_DATA: "data",
    Need.PHOTO: "photo",
}


def checklist(task_kind: str, files: Iterable[ShownFile]) -> tuple[Checked, ...]:
    """What a claim of completion of such a task rests on, line by line."""
    shown = tuple(files)
    needs = _NEEDS.get(task_kind, _NEEDS["nhiem_vu"])
    return tuple(Checked(need, is_required, any(_meets(need, file) for file in shown)) for need, is_required in needs)


def missing_evidence(task_kind: str, files: Iterable[ShownFile]) -> tuple[Need, ...]:
    """Required, and not there."""
    return tuple(line.need for line in checklist(task_kind, files) if line.is_required and not line.is_met)


def usual_kind(task_kind: str) -> str:
    """The kind of file that such a task is closed with; offered first when a file is sent."""
    return _KIND_OF.get(_NEEDS.get(task_kind, _NEEDS["nhiem_vu"])[0][0], "other")


def flaw_of_reference(kind: str, reference: str) -> ReferenceFlaw | None:
    """An issued text is known by its number and symbol ("12/2026/NĐ-CP", "71-NQ/TW"); other files carry none."""
    text = reference.strip()
    if kind != INSTRUMENT:
        return ReferenceFlaw.NOT_WANTED if text else None
    if not text:
        return ReferenceFlaw.MISSING
    if len(text) > LONGEST_REFERENCE:
        return ReferenceFlaw.TOO_LONG
    has_both = all(any(map(is_kind, text)) for is_kind in _LETTER_AND_DIGIT)
    return None if has_both else ReferenceFlaw.NOT_A_NUMBER_AND_SYMBOL


def _meets(need: Need, file: ShownFile) -> bool:
    if need is Need.ANY_FILE:
        return True
    return file.kind == _KIND_OF[need] and flaw_of_reference(file.kind, file.reference) is None

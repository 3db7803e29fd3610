"""Rows of the table in which many reports are written at once: how their words are read, and what they lack."""

from dataclasses import dataclass, replace
from enum import StrEnum

from thucthi.kernel.vietnamese_text import fold
from thucthi.reporting.calculations.statements import (
    LONGEST_NOTE,
    LONGEST_TYPED,
    TypedReport,
    flaw_of_progress,
    needs_an_asked_body,
    needs_evidence,
    needs_reasons,
    read_percent,
)

_CLAIM_OF = {
    fold(word): claim
    for claim, words in {
        "on_plan": ("Đúng kế hoạch", "Đúng tiến độ", "Đúng hạn", "On plan", "on_plan"),
        "at_risk": ("Có nguy cơ chậm", "Nguy cơ chậm", "Nguy cơ", "At risk of delay", "At risk", "at_risk"),
        "behind": ("Chậm so với kế hoạch", "Chậm kế hoạch", "Chậm tiến độ", "Chậm", "Delayed", "Behind"),
    }.items()
    for word in words
}


@dataclass(frozen=True)
class TypedCells:
    """What a person left in the cells of one row, word for word."""

    claim: str
    progress: str
    note: str


class CellFlaw(StrEnum):
    """What keeps a cell from being sent; only an unreadable claim, and too long a text, keep it from being saved."""

    CLAIM = "claim"
    TOO_LONG = "too_long"
    PROGRESS = "progress"
    PROGRESS_RANGE = "progress_range"
    NOTE = "note"


@dataclass(frozen=True)
class RowRead:
    """`typed` None: something in the row cannot even be kept as a draft."""

    typed: TypedReport | None
    flaws: tuple[tuple[str, CellFlaw], ...]


def claim_of(words: str) -> str | None:
    """The claim that is meant, "" when nothing is written, None for anything else; accents and capitals are free."""
    folded = fold(words)
    return _CLAIM_OF.get(folded) if folded else ""


def read_row(before: TypedReport, cells: TypedCells) -> RowRead:
    """`before` with what the cells say; what a row does not show (cause, files…) stays as it was."""
    claim, note = claim_of(cells.claim), cells.note.replace("\r\n", "\n").strip()
    flaws = [
        *([("claim", CellFlaw.CLAIM)] if claim is None else []),
        *_flaws_of_progress(cells.progress),
        *([("note", CellFlaw.NOTE)] if LONGEST_NOTE < len(note) <= LONGEST_TYPED else []),
        *([("note", CellFlaw.TOO_LONG)] if len(note) > LONGEST_TYPED else []),
    ]
    is_lost = any(flaw in (CellFlaw.CLAIM, CellFlaw.TOO_LONG) for _, flaw in flaws)
    typed = None if is_lost else replace(before, claim=claim or "", progress=cells.progress.strip(), note=note)
    return RowRead(typed, tuple(flaws))


def _flaws_of_progress(text: str) -> list[tuple[str, CellFlaw]]:
    if len(text) > LONGEST_TYPED:
        return [("progress", CellFlaw.TOO_LONG)]
    try:
        progress = read_percent(text.strip())
    except ValueError:
        return [("progress", CellFlaw.PROGRESS)]
    is_off = progress is not None and flaw_of_progress(progress) is not None
    return [("progress", CellFlaw.PROGRESS_RANGE)] if is_off else []


def lacks_of_a_row(typed: TypedReport) -> bool:
    """Whether only the full form can complete it: reasons of a worse status, or the files of a completion."""
    if needs_reasons(typed.claim or "on_plan"):
        asked = (typed.asked_of, typed.asked_what, typed.asked_due_on)
        needed = [typed.cause, typed.done_about_it, *(asked if needs_an_asked_body(typed.cause, *asked) else ())]
        if not all(text.strip() for text in needed):
            return True
    return not typed.evidence and _claims_all(typed)


def _claims_all(typed: TypedReport) -> bool:
    try:
        progress = read_percent(typed.progress.strip())
    except ValueError:
        progress = None
    return needs_evidence(progress, claims_completion=bool(typed.claims_completion))

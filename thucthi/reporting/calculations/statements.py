"""What a report states: the typed draft, the statement to be sent, and what the one must hold to become the other."""

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

_FIGURE = re.compile(r"^[+-]?\d{1,9}([.,]\d{1,9})?$")
LONGEST_NOTE = 500
LONGEST_TYPED = 20_000
WIDEST_PROGRESS = Decimal(10_000)
COMPLETE = Decimal(100)
ON_PLAN = "on_plan"
OWN_FAULT = "own_fault"


@dataclass(frozen=True)
class TypedReport:
    """What stands in the form, as typed: nothing is checked, nothing is lost. `evidence` holds ids as text."""

    claim: str = ""
    progress: str = ""
    note: str = ""
    claims_completion: str = ""
    cause: str = ""
    done_about_it: str = ""
    asked_of: str = ""
    asked_what: str = ""
    asked_due_on: str = ""
    evidence: tuple[str, ...] = ()

    @classmethod
    def from_stored(cls, stored: dict[str, object]) -> "TypedReport":
        """Read back what was kept; names that are not ours are passed over."""
        known = {field.name for field in fields(cls)} - {"evidence"}
        typed = {name: str(value) for name, value in stored.items() if name in known}
        files = stored.get("evidence", ())
        return cls(**typed, evidence=tuple(str(item) for item in files) if isinstance(files, list | tuple) else ())

    @property
    def longest(self) -> int:
        """Letters in the longest field."""
        return max(len(value) for field in fields(self) if isinstance(value := getattr(self, field.name), str))


@dataclass(frozen=True)
class Difference:
    """One field that two versions of a report state differently."""

    field: str
    before: str
    after: str


def differences(before: TypedReport, after: TypedReport) -> tuple[Difference, ...]:
    """The fields that differ, in the order of the form; files are compared as a set."""
    found = []
    for field in fields(TypedReport):
        old, new = (_as_text(getattr(typed, field.name)) for typed in (before, after))
        if old != new:
            found.append(Difference(field.name, old, new))
    return tuple(found)


def _as_text(value: str | tuple[str, ...]) -> str:
    return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ", ".join(sorted(value))


def read_percent(text: str) -> Decimal | None:
    """45 · 45,5 · 45.5 · 45 %; None when nothing is typed. Raises ValueError for anything else."""
    bare = text.replace("%", "").replace("\N{MINUS SIGN}", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not bare:
        return None
    if not _FIGURE.match(bare):
        raise ValueError(text)
    return Decimal(bare.replace(",", "."))


class ProgressFlaw(StrEnum):
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    TOO_PRECISE = "too_precise"
    TOO_WIDE = "too_wide"


def flaw_of_progress(progress: Decimal | None) -> ProgressFlaw | None:
    """Percent of the product, two decimals, never clamped: 130 and -5 are what they are."""
    if progress is None:
        return ProgressFlaw.MISSING
    if not progress.is_finite():
        return ProgressFlaw.NOT_A_NUMBER
    if abs(progress) >= WIDEST_PROGRESS:
        return ProgressFlaw.TOO_WIDE
    if progress != progress.quantize(Decimal("0.01")):
        return ProgressFlaw.TOO_PRECISE
    return None


def needs_reasons(claim: str) -> bool:
    """Anything but "on plan" states a cause, what was done, and what is asked of whom by when (D9)."""
    return claim != ON_PLAN


def needs_an_asked_body(cause: str, *asked: object) -> bool:
    """A unit's own fault asks nothing of others; every other cause does, and whoever begins to ask asks in full."""
    return cause != OWN_FAULT or any(asked)


def needs_evidence(progress: Decimal | None, *, claims_completion: bool) -> bool:
    if progress is None or flaw_of_progress(progress) is not None:
        return claims_completion
    return claims_completion or progress >= COMPLETE


@dataclass(frozen=True)
class ReportSeal:
    """Everything a reviewer sees, in the form whose hash the verdict is bound to. `evidence`: SHA-256, sorted."""

    task: str
    period: str
    version: int
    author_id: int
    claim: str
    progress: Decimal
    note: str
    claims_completion: bool
    cause: str
    done_about_it: str
    obstacle: str | None
    evidence: tuple[str, ...]

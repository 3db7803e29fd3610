"""Is a task clear enough to be held to account? The "5 rõ", "6 rõ", "7 rõ" as tests with reasons (D16, D17).

Each criterion is judged met, doubtful or missing; only "missing" stops a programme from being issued. Sentences are
Vietnamese and serve as keys of translation; they carry named placeholders, filled from `Note.values`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thucthi.kernel.deadlines import Deadline


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


class Criterion(StrEnum):
    WORK = "viec"
    PERSON = "nguoi"
    RESPONSIBILITY = "trach_nhiem"
    AUTHORITY = "tham_quyen"
    TIME = "thoi_gian"
    RESULT = "ket_qua"
    RESOURCES = "nguon_luc"


class Verdict(StrEnum):
    MET = "met"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


_RANK = {Verdict.MET: 0, Verdict.DOUBTFUL: 1, Verdict.MISSING: 2}


def worst(verdicts: list[Verdict]) -> Verdict:
    return max(verdicts, key=_RANK.__getitem__, default=Verdict.MET)


@dataclass(frozen=True)
class Note:
    """One test that said something: why, and what to do. `values` fill the placeholders of both."""

    verdict: Verdict
    reason: str
    advice: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """The verdict on one criterion; `name` is what the profile calls it. Notes stand worst first."""

    criterion: Criterion
    name: str
    verdict: Verdict
    notes: tuple[Note, ...]

    @property
    def reason(self) -> str:
        return " ".join(note.reason % note.values for note in self.notes)

    @property
    def advice(self) -> str:
        return " ".join(note.advice % note.values for note in self.notes if note.advice)


@dataclass(frozen=True)
class ClarityProfile:
    """Which criteria are asked, in the order of the source, and what each is called there.

    `result_is_product`: the Government's list asks for a product; how it is accepted is then only advised.
    """

    code: str
    name: str
    names: Mapping[Criterion, str]
    result_is_product: bool = False

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(self.names)


_NAMES = {
    Criterion.WORK: N_("Rõ việc"),
    Criterion.PERSON: N_("Rõ người"),
    Criterion.RESPONSIBILITY: N_("Rõ trách nhiệm"),
    Criterion.AUTHORITY: N_("Rõ thẩm quyền"),
    Criterion.TIME: N_("Rõ thời gian"),
    Criterion.RESULT: N_("Rõ kết quả"),
    Criterion.RESOURCES: N_("Rõ nguồn lực"),
}


def _named(*criteria: Criterion, **other: str) -> dict[Criterion, str]:
    return {criterion: other.get(criterion.name.lower(), _NAMES[criterion]) for criterion in criteria}


PROFILES: Mapping[str, ClarityProfile] = {
    "five": ClarityProfile(
        "five",
        "5 rõ",
        _named(Criterion.WORK, Criterion.PERSON, Criterion.RESPONSIBILITY, Criterion.TIME, Criterion.RESULT),
    ),
    # Kết luận 226-KL/TW.
    "six_party": ClarityProfile(
        "six_party",
        "6 rõ (Đảng)",
        _named(
            Criterion.PERSON,
            Criterion.WORK,
            Criterion.TIME,
            Criterion.RESPONSIBILITY,
            Criterion.AUTHORITY,
            Criterion.RESULT,
        ),
    ),
    # Thông báo 627/TB-VPCP.
    "six_government": ClarityProfile(
        "six_government",
        "6 rõ (Chính phủ)",
        _named(
            Criterion.PERSON,
            Criterion.WORK,
            Criterion.RESPONSIBILITY,
            Criterion.AUTHORITY,
            Criterion.TIME,
            Criterion.RESULT,
            result=N_("Rõ sản phẩm"),
        ),
        result_is_product=True,
    ),
    "seven": ClarityProfile("seven", "7 rõ", _named(*Criterion)),
}


@dataclass(frozen=True)
class TaskFacts:
    """Everything the tests may look at, as plain values. None and "" mean unknown.

    `lead` is the name of the one organisation that leads; `lead_text` what the draft says when there is none.
    `head` is the title and holder of the head of the lead, `programme_head` the same of the programme; likewise
    `programme_authority` and `programme_resources` are what the task inherits. Money is in million đồng.
    """

    text: str
    has_indicator: bool = False
    lead: str | None = None
    lead_text: str = ""
    lead_is_live: bool = True
    lead_is_commune: bool = False
    ended_coordinators: tuple[str, ...] = ()
    head: str | None = None
    head_post_is_vacant: bool = False
    programme_head: str | None = None
    has_approver: bool = False
    authority: str = ""
    programme_authority: str = ""
    deadline: Deadline | None = None
    start_on: date | None = None
    issued_on: date | None = None
    yearly_deliverable: str = ""
    milestones: tuple[date, ...] = ()
    product: str = ""
    acceptance_criterion: str = ""
    money: Decimal | None = None
    money_source: str = ""
    people: str = ""
    facilities: str = ""
    programme_resources: str = ""


Test = Callable[[TaskFacts, ClarityProfile], list[Note]]

""" "5 nhất quán": five checks of a resolution, each with the list behind it (D13).

The rules (ADR 0024): (a) every clause has a task; (b) every task that needs law has an instrument; (c) one definition
and one source per indicator; (d) money covers the task; (e) the published text equals the data. Here stand (b), (c) and
(d), and what all five have in common.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.calculations.resources import Money


class CheckKey(StrEnum):
    CLAUSES = "clauses"
    LAW = "law"
    INDICATORS = "indicators"
    MONEY = "money"
    PUBLISHED = "published"


class CheckState(StrEnum):
    """`NOTHING`: there is nothing to check. `UNKNOWN`: nothing is broken, but something cannot be judged."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


class Problem(StrEnum):
    NO_TASK = "no_task"
    NO_INSTRUMENT = "no_instrument"
    NO_DEFINITION = "no_definition"
    NO_SOURCE = "no_source"
    SAME_NAME = "same_name"
    NO_ALLOCATION = "no_allocation"
    TOO_LITTLE = "too_little"
    NOT_STATED = "not_stated"
    TEXT_DIFFERS = "text_differs"
    LEAD_DIFFERS = "lead_differs"
    DEADLINE_DIFFERS = "deadline_differs"
    NOT_LIVE = "not_live"
    NOT_PUBLISHED = "not_published"
    DECIDED_AFTERWARDS = "decided_afterwards"
    NO_ISSUE = "no_issue"


# What keeps a check from being judged, but does not break it.
UNJUDGED = frozenset({Problem.NOT_STATED, Problem.NO_ISSUE})


@dataclass(frozen=True)
class Line:
    """One thing behind a count: a clause, a task or an indicator by its code, and what is wrong with it."""

    code: str
    text: str
    problem: Problem
    detail: str = ""


@dataclass(frozen=True)
class Check:
    """`of` things were looked at; `broken` of them fail, `unjudged` cannot be judged and do not fail otherwise."""

    key: CheckKey
    of: int
    broken: int
    unjudged: int

    @property
    def held(self) -> int:
        return self.of - self.broken - self.unjudged

    @property
    def state(self) -> CheckState:
        if self.broken:
            return CheckState.BROKEN
        if self.unjudged:
            return CheckState.UNKNOWN
        return CheckState.HOLDS if self.of else CheckState.NOTHING


def check_of(key: CheckKey, of: int, lines: Iterable[Line]) -> Check:
    """The check of `of` things whose faults are `lines`, a thing at most once per problem."""
    rows = tuple(lines)
    failing = {line.code for line in rows if line.problem not in UNJUDGED}
    return Check(key, of, len(failing), len({line.code for line in rows} - failing))


NOT_YET_REGULATED = "chua co quy dinh"


class LawReason(StrEnum):
    """Why a task needs law."""

    IS_LEGAL_TEXT = "is_legal_text"
    NO_AUTHORITY = "no_authority"
    NOT_REGULATED = "not_regulated"
    CLAUSE_OWES = "clause_owes"


@dataclass(frozen=True)
class LawFacts:
    """`authority` is the task's own basis, else its programme's; `clause_owes`: it cites a clause that owes a text."""

    kind: str
    authority: str
    clause_owes: bool
    instruments: int


def law_reasons(facts: LawFacts) -> tuple[LawReason, ...]:
    """Why the task needs law, none when it does not: it is about a text, lacks a basis, or its clause owes a text."""
    found = []
    if facts.kind == "van_ban":
        found.append(LawReason.IS_LEGAL_TEXT)
    if not facts.authority.strip():
        found.append(LawReason.NO_AUTHORITY)
    elif NOT_YET_REGULATED in fold(facts.authority):
        found.append(LawReason.NOT_REGULATED)
    if facts.clause_owes:
        found.append(LawReason.CLAUSE_OWES)
    return tuple(found)


@dataclass(frozen=True)
class SheetFacts:
    code: str
    name: str
    definition: str
    has_source: bool


def sheet_problems(sheets: Iterable[SheetFacts]) -> Mapping[str, tuple[Problem, ...]]:
    """What is wrong with the sheets of one resolution: every code is a key. Two of one name are two definitions."""
    rows = tuple(sheets)
    names: dict[str, int] = {}
    for row in rows:
        names[fold(row.name)] = names.get(fold(row.name), 0) + 1
    return {row.code: tuple(_problems_of_sheet(row, names)) for row in rows}


def _problems_of_sheet(row: SheetFacts, names: Mapping[str, int]) -> Iterable[Problem]:
    if not row.definition.strip():
        yield Problem.NO_DEFINITION
    if not row.has_source:
        yield Problem.NO_SOURCE
    if names[fold(row.name)] > 1:
        yield Problem.SAME_NAME


def money_problem(money: Money) -> Problem | None:
    """None when the money covers the task, or it needs none."""
    if money.needed is None:
        return Problem.NOT_STATED
    if not money.needs_money or money.is_covered:
        return None
    return Problem.NO_ALLOCATION if money.allocated is None else Problem.TOO_LITTLE

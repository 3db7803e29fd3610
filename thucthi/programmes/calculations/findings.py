"""Clarity of a task, each finding found once for all tasks of which its test sees the same."""

from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

from thucthi.programmes.calculations.clarity import PROFILES, ClarityProfile, Criterion, Finding, TaskFacts
from thucthi.programmes.calculations.criteria import finding_of

# What each test looks at, and nothing else: facts that agree in these have one finding.
LOOKED_AT: dict[Criterion, tuple[str, ...]] = {
    Criterion.WORK: ("text", "has_indicator", "product", "acceptance_criterion"),
    Criterion.PERSON: (
        "lead", "lead_text", "lead_is_live", "lead_is_commune", "head", "programme_head", "ended_coordinators",
    ),
    Criterion.RESPONSIBILITY: ("head", "programme_head", "head_post_is_vacant", "has_approver"),
    Criterion.AUTHORITY: ("authority", "programme_authority"),
    Criterion.TIME: ("deadline", "start_on", "issued_on", "yearly_deliverable", "milestones"),
    Criterion.RESULT: ("product", "acceptance_criterion"),
    Criterion.RESOURCES: ("money", "money_source", "people", "facilities", "programme_resources"),
}  # fmt: skip
_VALUES_OF = {criterion: attrgetter(*names) for criterion, names in LOOKED_AT.items()}
# Of each criterion: tasks of one programme agree in most.
FINDINGS_KEPT = 2_000


def clarity(task: TaskFacts, profile: ClarityProfile) -> tuple[Finding, ...]:
    """One finding per criterion of the profile, in its order. Total: every text gets a verdict and a reason.

    Equal findings may be one object.
    """
    return tuple([_KEPT[criterion](profile.code, _VALUES_OF[criterion](task)) for criterion in profile.criteria])


def _asked(criterion: Criterion, profile: str, values: tuple[Any, ...]) -> Finding:
    task = TaskFacts(**{"text": "", **dict(zip(LOOKED_AT[criterion], values, strict=True))})
    return finding_of(task, PROFILES[profile], criterion)


_KEPT = {criterion: lru_cache(FINDINGS_KEPT)(partial(_asked, criterion)) for criterion in Criterion}

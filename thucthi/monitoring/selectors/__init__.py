"""The one place where derived figures come from: how tasks stand; figures and signals have modules of their own."""

from thucthi.monitoring.selectors.standing import (
    achievements,
    changes,
    discipline_by_organisation,
    last_accepted,
    lineages,
    measured_of,
    official_observations,
    owed_reports,
    tallies_by_document,
    tallies_by_lead,
    tallies_by_organisation,
    tally,
    task_facts,
    task_states,
    unblocked,
)
from thucthi.reporting.selectors.obligations import end_of

__all__ = [
    "end_of",
    "task_facts",
    "task_states",
    "achievements",
    "official_observations",
    "lineages",
    "tallies_by_document",
    "tallies_by_organisation",
    "tallies_by_lead",
    "last_accepted",
    "measured_of",
    "owed_reports",
    "discipline_by_organisation",
    "changes",
    "unblocked",
    "tally",
]

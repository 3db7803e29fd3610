"""Reading programmes, always with a viewer; clarity and history of what was read."""

from thucthi.programmes.selectors.clarity import (
    Surroundings,
    clarity_of,
    clarity_of_many,
    exceptions_of,
    findings_of,
    is_live,
    said,
    stored_deadline,
    surroundings_of,
)
from thucthi.programmes.selectors.finding import search_programmes
from thucthi.programmes.selectors.standing import extensions_of, extensions_of_many, standing_of
from thucthi.programmes.selectors.visibility import (
    checkpoint_for,
    facts_of_programme,
    frame_for,
    is_seen,
    programme_for,
    restricted_bases,
    task_for,
    visible_programmes,
    visible_tasks,
)

__all__ = [
    "Surroundings",
    "checkpoint_for",
    "clarity_of",
    "clarity_of_many",
    "exceptions_of",
    "extensions_of",
    "extensions_of_many",
    "facts_of_programme",
    "findings_of",
    "is_live",
    "is_seen",
    "frame_for",
    "programme_for",
    "restricted_bases",
    "said",
    "search_programmes",
    "standing_of",
    "stored_deadline",
    "surroundings_of",
    "task_for",
    "visible_programmes",
    "visible_tasks",
]

"""Public tasks by the class of the body that leads them (D46)."""

from collections import defaultdict

from thucthi.directory.models import Organisation
from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import TaskState
from thucthi.monitoring.selectors.actor_classes import (
    ASSEMBLY,
    FRONT,
    GOVERNMENT,
    LOCAL,
    MINISTRY,
    PARTY,
    class_of,
)
from thucthi.publication.selectors.reading import Reading, tally_data
from thucthi.publication.shapes import ActorClassData

# The machine codes, in the order in which the resolutions name the classes.
CODES = {
    PARTY: "party",
    ASSEMBLY: "national_assembly",
    GOVERNMENT: "government",
    FRONT: "front",
    MINISTRY: "ministries",
    LOCAL: "localities",
}
PEOPLE = "people"


def actor_class(organisation: Organisation) -> str:
    """The class of a body; every body has exactly one."""
    return CODES[class_of(organisation.tree, organisation.kind, organisation.level)]


def actor_class_data(reading: Reading) -> tuple[ActorClassData, ...]:
    """All seven classes, also those that lead nothing."""
    states: dict[str, list[TaskState]] = defaultdict(list)
    leads: dict[str, set[int]] = defaultdict(set)
    for state in reading.states:
        if state.lead_id is not None:
            code = actor_class(reading.organisations[state.lead_id])
            states[code].append(state)
            leads[code].add(state.lead_id)
    return tuple(
        ActorClassData(code, tally_data(monitoring.tally(states[code])), reading.codes(leads[code]))
        for code in (*CODES.values(), PEOPLE)
    )

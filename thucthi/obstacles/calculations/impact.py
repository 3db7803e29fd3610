"""Which column of the board an obstacle stands in, and which one hurts most."""

from enum import StrEnum

from thucthi.obstacles.calculations.states import CLOSED, State


class Column(StrEnum):
    """The columns of the board, in their order."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CLIMBED = "climbed"
    DECISION = "decision"
    REMOVED = "removed"


def column_of(state: State, *, has_climbed: bool, is_before_a_decision: bool) -> Column | None:
    """None: withdrawn, on no board. `is_before_a_decision`: answered, decided, or on the agenda of a coming meeting."""
    if state in CLOSED:
        return Column.REMOVED if state is State.REMOVED else None
    if is_before_a_decision:
        return Column.DECISION
    if has_climbed:
        return Column.CLIMBED
    return Column.NEW if state is State.NEW else Column.ACKNOWLEDGED


def impact_of(affected_tasks: int, days_late: int) -> int:
    """Tasks held up times working days beyond the asked day, each at least one (ui.md §6, screen 8)."""
    return max(1, affected_tasks) * max(1, days_late)

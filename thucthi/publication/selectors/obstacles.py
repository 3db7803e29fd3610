"""What is stuck, who can remove it, since when."""

from thucthi.kernel.working_days import working_days_between
from thucthi.obstacles.calculations import CLOSED, State, current_round, state_after
from thucthi.obstacles.models import Obstacle
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import ObstacleData, ObstacleStepData


def obstacle_data(reading: Reading) -> tuple[ObstacleData, ...]:
    """Open ones first, the oldest on top."""
    rows = [_obstacle(each, reading) for each in reading.obstacles]
    return tuple(sorted(rows, key=lambda each: (not each.is_open, each.raised_on, each.code)))


def _obstacle(row: Obstacle, reading: Reading) -> ObstacleData:
    steps = [each for each in row.steps.all() if each.happened_on <= reading.as_of and reading.knew(each.recorded_at)]
    steps.sort(key=lambda each: (each.happened_on, each.pk))
    state = state_after(current_round((each.round, each.kind) for each in steps))
    closing = (each.happened_on for each in reversed(steps) if State(each.kind) in CLOSED)
    closed_on = next(closing, None) if state in CLOSED else None
    return ObstacleData(
        code=row.code,
        task=reading.task_codes[row.task_id or 0],
        raised_by=reading.organisations[row.raised_by_organisation_id].code,
        raised_on=row.raised_on,
        cause=row.cause,
        condition=row.condition,
        asked_of=reading.organisations[row.asked_of_id].code,
        asked_what=row.asked_what,
        due_on=row.due_on,
        state=state.value,
        closed_on=closed_on,
        working_days=working_days_between(row.raised_on, closed_on or reading.as_of),
        steps=tuple(
            ObstacleStepData(each.kind, each.text, reading.organisations[each.organisation_id].code, each.happened_on)
            for each in steps
        ),
    )

"""Who waits for whom: the jobs of a simulated country, in two rounds with the keys put back between them (ADR 0047).

First the rows, each table measured and given its indexes when it is full, and what triggers keep otherwise, made from
the facts; then, when all tables stand, the database looks at every row for every key.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.aside import Piece, validate
from thucthi.demonstration.simulation.bodies import write_bodies, write_people
from thucthi.demonstration.simulation.derived import write_counts, write_last_days, write_standings
from thucthi.demonstration.simulation.hands import Job, Work
from thucthi.demonstration.simulation.observing import write_corrections, write_values
from thucthi.demonstration.simulation.papers import write_documents, write_indicators
from thucthi.demonstration.simulation.plan import MONTHS_OF_VALUES, Country
from thucthi.demonstration.simulation.reporting import write_obligations, write_open_duties, write_reports
from thucthi.demonstration.simulation.tables import go_on_counting
from thucthi.demonstration.simulation.work import draw_tasks, values_of, write_events, write_tasks

BODIES, TASKS, REPORTS, VALUES, INDEXES, LADDER = range(6)
# Where many rows go, and the job after which they all stand: then indexes, keys and triggers come back.
LARGE = {
    "programmes_task": "tasks",
    "programmes_taskevent": "events",
    "programmes_taskchange": "events",
    "programmes_coordination": "events",
    "programmes_citation": "events",
    "reporting_obligation": "obligations",
    "reporting_report": "reports 1",
    "reporting_acceptance": "reports 1",
    "reporting_openduty": "open duties",
    "indicators_observation": "corrections",
    "monitoring_taskstanding": "standings",
    "monitoring_taskpulse": "last days",
}
# Whose triggers would derive row by row what is derived for all at the end.
HEARD = ("directory_organisation", "directory_succession", "programmes_programme", "programmes_programmebasis")
BATCHES = 10
# About how long at a million tasks; what is not named takes two seconds. The order of the jobs and the bar know it.
_SECONDS = {"bodies": 15, "draw": 4, "tasks": 12, "events": 8, "obligations": 12, "reports": 14, "values": 4}
_SECONDS |= {"standings": 30, "last days": 10, "open duties": 12, "counts": 4, "ladder": 5, "task_search": 14}
_SECONDS |= {"observation_opens_line_once": 12, "observation_across": 8, "indicators_observation": 7}
_SECONDS |= {"reporting_report": 8, "reporting_acceptance": 8, "obligation_once": 6, "report_latest": 5}


def job(stage: int, name: str, work: Work, *after: str, alone: bool = False) -> Job:
    """The name is that of its kind, then what it is about."""
    kind, _, rest = name.partition(" ")
    seconds = _SECONDS.get(name) or _SECONDS.get(rest) or _SECONDS.get(kind) or 2
    return Job(name, work, stage, seconds, frozenset(after), alone)


def rows_and_indexes(country: Country, pieces: Sequence[Piece]) -> list[Job]:
    """Everything but the keys."""
    jobs = [*_rows(country), *_reports(country), *_values(country)]
    for table, full in LARGE.items():
        jobs.append(job(INDEXES, f"measure {table}", partial(_measure, table), full, alone=True))
        for piece in pieces:
            if piece.kind == "index" and piece.table == table:
                jobs.append(job(INDEXES, f"index {piece.name}", partial(_make, piece), f"measure {table}"))
    return jobs


def keys(pieces: Sequence[Piece]) -> list[Job]:
    """Every row of every table whose keys were set aside."""
    tables = dict.fromkeys(piece.table for piece in pieces if piece.kind == "foreign")
    return [job(INDEXES, f"keys {table}", partial(_validate, pieces, table)) for table in tables]


def _rows(country: Country) -> list[Job]:
    values = values_of(country)
    return [
        job(BODIES, "bodies", partial(_bodies, country)),
        job(TASKS, "draw", lambda cursor: draw_tasks(cursor, values), "bodies"),
        job(TASKS, "tasks", lambda cursor: write_tasks(cursor, values), "draw"),
        job(TASKS, "events", lambda cursor: write_events(cursor, values), "draw", "tasks"),
    ]


def _reports(country: Country) -> list[Job]:
    values, before = values_of(country), "draw"
    jobs = [job(REPORTS, "obligations", lambda cursor: write_obligations(cursor, country, values), "draw")]
    for reported in reversed(country.periods):
        name = f"reports {reported.age}"
        jobs.append(
            job(REPORTS, name, partial(write_reports, country=country, values=values, reported=reported), before)
        )
        before = name
    if not country.periods:
        jobs.append(job(REPORTS, "reports 1", lambda _cursor: None))
    facts = [f"measure reporting_{name}" for name in ("obligation", "report", "acceptance")]
    steps = [f"measure programmes_{name}" for name in ("task", "taskevent", "taskchange")]
    return [
        *jobs,
        job(INDEXES, "open duties", lambda cursor: write_open_duties(cursor, values), *facts),
        job(INDEXES, "standings", write_standings, *facts, *steps),
        job(INDEXES, "last days", write_last_days, *facts, *steps),
        job(INDEXES, "counts", write_counts, "standings"),
    ]


def _values(country: Country) -> list[Job]:
    values, jobs = values_of(country), list[Job]()
    size = MONTHS_OF_VALUES // BATCHES
    for batch in range(BATCHES):
        places, name = range(batch * size, (batch + 1) * size), f"values {batch}"
        work = partial(write_values, country=country, values=values, places=places)
        jobs.append(job(VALUES, name, work, *(before.name for before in jobs[-1:])))
    work = partial(write_corrections, country=country, values=values)
    return [*jobs, job(VALUES, "corrections", work, jobs[-1].name)]


def _bodies(country: Country, cursor: CursorWrapper) -> None:
    with transaction.atomic():
        write_bodies(cursor, country)
        write_people(cursor, country)
        go_on_counting(cursor)
        write_documents(country)
        write_indicators(country)


def _measure(table: str, cursor: CursorWrapper) -> None:
    """What the planner must know, and which pages all may read unasked; before the indexes, while they are at hand."""
    cursor.execute(f"VACUUM (ANALYZE) {table}")


def _make(piece: Piece, cursor: CursorWrapper) -> None:
    cursor.execute(piece.make)


def _validate(pieces: Sequence[Piece], table: str, cursor: CursorWrapper) -> None:
    validate(cursor, pieces, table)

"""Who waits for whom: the jobs of a simulated country, in two rounds with the keys put back between them (ADR 0047).

First the rows, each table measured and given its indexes when it is full, and what triggers keep otherwise, made from
the facts; then, when all tables stand, the database looks at every row for every key.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.aside import Piece, validate
from thucthi.demonstration.simulation.bodies import bodies_of, write_bodies, write_people
from thucthi.demonstration.simulation.derived import (
    write_counts_above,
    write_counts_of_leads,
    write_last_days,
    write_lineages,
    write_standings,
    write_words,
)
from thucthi.demonstration.simulation.hands import Job, Work
from thucthi.demonstration.simulation.observing import write_corrections, write_values
from thucthi.demonstration.simulation.papers import write_documents, write_indicators
from thucthi.demonstration.simulation.plan import MONTHS_OF_VALUES, Country
from thucthi.demonstration.simulation.reporting import (
    write_obligations,
    write_open_duties,
    write_pauses,
    write_reports,
)
from thucthi.demonstration.simulation.tables import go_on_counting
from thucthi.demonstration.simulation.work import draw_tasks, values_of, write_events, write_tasks

BODIES, TASKS, REPORTS, VALUES, INDEXES, LADDER = range(6)
# Where many rows go, and the job after which they all stand: then indexes, keys and triggers come back.
LARGE = {
    "directory_organisation": "bodies",
    "directory_organisationname": "bodies",
    "directory_placement": "bodies",
    "directory_person": "bodies",
    "directory_account": "bodies",
    "directory_post": "bodies",
    "directory_tenure": "bodies",
    "directory_membership": "bodies",
    "programmes_task": "tasks",
    "programmes_taskevent": "events",
    "programmes_taskchange": "events",
    "programmes_coordination": "events",
    "programmes_citation": "events",
    "reporting_obligation": "obligations",
    "reporting_report": "reports 1",
    "reporting_acceptance": "reports 1",
    "indicators_observation": "corrections",
}
# What triggers keep from row to row: nothing points at it, and it points at nothing.
DERIVED = {
    "programmes_taskwords": "words",
    "reporting_openduty": "open duties",
    "reporting_pause": "pauses",
    "monitoring_taskstanding": "standings",
    "monitoring_taskpulse": "last days",
    "monitoring_lineage": "lineages",
    "monitoring_leadcount": "counts",
    "monitoring_rollup": "counts above",
}
# Whose triggers would derive row by row what is derived for all at the end.
HEARD = ("directory_succession", "programmes_programme", "programmes_programmebasis")
_LOOKED_UP = ("index directory_organisation_pkey", "index directory_post_pkey")
BATCHES = 10
# About how long at a million tasks; what is not named takes two seconds. The order of the jobs and the bar know it.
_SECONDS = {"bodies": 8, "documents": 5, "draw": 4, "tasks": 12, "events": 8, "obligations": 12, "reports": 14}
_SECONDS |= {"values": 4, "keys": 1}
_SECONDS |= {"standings": 30, "last days": 10, "open duties": 12, "counts": 10, "ladder": 5, "task_words": 14}
_SECONDS |= {"observation_opens_line_once": 12, "observation_across": 8, "observation_period": 5}
_SECONDS |= {"keys reporting_report": 9, "keys reporting_acceptance": 9, "keys indicators_observation": 8}
_SECONDS |= {"keys reporting_obligation": 5, "membership_once_at_a_time": 3, "obligation_once": 6, "report_latest": 5}


def job(stage: int, name: str, work: Work, *after: str, alone: bool = False) -> Job:
    """The name is that of its kind, then what it is about."""
    kind, _, rest = name.partition(" ")
    seconds = _SECONDS.get(name) or _SECONDS.get(rest) or _SECONDS.get(kind) or 2
    return Job(name, work, stage, seconds, frozenset(after), alone)


def rows_and_indexes(country: Country, pieces: Sequence[Piece]) -> list[Job]:
    """The first round: everything that is stated, and no keys yet."""
    jobs = [*_rows(country), *_reports(country), *_values(country)]
    for table, full in LARGE.items():
        jobs += _finish(table, full, pieces)
    return jobs


def proofs(country: Country, pieces: Sequence[Piece]) -> list[Job]:
    """The second: every row of every table whose keys came back is looked at, and what triggers keep is made."""
    tables = dict.fromkeys(piece.table for piece in pieces if piece.kind == "foreign")
    jobs = [job(INDEXES, f"keys {table}", partial(_validate, pieces, table)) for table in tables]
    values = values_of(country)
    jobs += [
        job(INDEXES, "open duties", lambda cursor: write_open_duties(cursor, values)),
        job(INDEXES, "words", write_words),
        job(INDEXES, "pauses", write_pauses),
        job(INDEXES, "standings", write_standings),
        job(INDEXES, "last days", lambda cursor: write_last_days(cursor, values)),
        job(INDEXES, "lineages", write_lineages),
        job(INDEXES, "counts", write_counts_of_leads, "standings"),
        job(INDEXES, "counts above", write_counts_above, "measure monitoring_leadcount", "measure monitoring_lineage"),
    ]
    for table, full in DERIVED.items():
        jobs += _finish(table, full, pieces)
    return jobs


def _finish(table: str, full: str, pieces: Sequence[Piece]) -> list[Job]:
    jobs = [job(INDEXES, f"measure {table}", partial(_measure, table), full, alone=True)]
    for piece in pieces:
        if piece.kind == "index" and piece.table == table:
            jobs.append(job(INDEXES, f"index {piece.name}", partial(_make, piece), f"measure {table}"))
    return jobs


def _rows(country: Country) -> list[Job]:
    values = values_of(country)
    return [
        job(BODIES, "bodies", partial(_bodies, country)),
        job(BODIES, "documents", partial(_documents, country), *_LOOKED_UP),
        job(TASKS, "draw", lambda cursor: draw_tasks(cursor, values), "bodies"),
        job(TASKS, "tasks", lambda cursor: write_tasks(cursor, values), "draw", "documents"),
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
    return jobs


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
        bodies = bodies_of(country)
        write_bodies(cursor, country, bodies)
        write_people(cursor, country, bodies)


def _documents(country: Country, cursor: CursorWrapper) -> None:
    """Through the ordinary actions, which find bodies and posts one by one."""
    with transaction.atomic():
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

"""Writers, folders, rollers and a moving tree at once, some killed in the middle: afterwards a recount agrees."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import connections

from tests.monitoring.rollups.histories import ACCEPTANCE, REPORT, START, set_day
from tests.monitoring.world import make_world
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.access import SYSTEM
from thucthi.monitoring.actions.rollups import fold_deltas
from thucthi.monitoring.models import RollupDelta
from thucthi.monitoring.selectors.rollup_check import mismatches
from thucthi.monitoring.selectors.rollups import live_counts
from thucthi.programmes.models import Task

KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'worker' ORDER BY random() LIMIT 1"
)
OWE = """
INSERT INTO reporting_obligation (task_id, organisation_id, period_kind, period_key, period_start, period_end, due_on)
SELECT id, lead_id, 'daily', %s, %s, %s, %s FROM programmes_task WHERE is_issued RETURNING id
"""
ROUNDS = 15
Deed = Callable[[psycopg.Connection, random.Random], None]


def ring(work: str, room: int = 3) -> Deed:
    def deed(server: psycopg.Connection, pick: random.Random) -> None:
        server.execute("UPDATE monitoring_rollupstate SET work = %s, room = %s", [work, room])

    return deed


def reporting(author: int, reviewer: int) -> Deed:
    """Owes, reports and decides in one transaction or in several, in any order of tasks."""

    def deed(server: psycopg.Connection, pick: random.Random) -> None:
        day = START + timedelta(days=pick.randint(-9, 9))
        if pick.random() < 0.3:
            server.execute(OWE, [f"{pick.getrandbits(30):x}"[:10], day, day, day])
        owed = server.execute("SELECT id, task_id FROM reporting_obligation ORDER BY random() LIMIT 1").fetchone()
        moment = f"{START + timedelta(days=pick.randint(-9, 2))} 09:00+07"
        assert owed is not None
        values = {"obligation": owed[0], "author": author, "claims": pick.random() < 0.3, "at": moment}
        server.execute(REPORT, {**values, "recorded": moment})
        verdict = pick.choice(["accepted", "returned"])
        decided = {"verdict": verdict, "reviewer": reviewer, "at": moment, "recorded": moment, "task": owed[1]}
        server.execute(ACCEPTANCE, decided)

    return deed


def moving(body: int, parents: list[int]) -> Deed:
    def deed(server: psycopg.Connection, pick: random.Random) -> None:
        parent = pick.choice(parents)
        server.execute(
            "UPDATE directory_organisation SET parent_id = %(parent)s,"
            " path = (SELECT path FROM directory_organisation WHERE id = %(parent)s) || id WHERE id = %(body)s",
            {"parent": parent, "body": body},
        )

    return deed


def new_day(server: psycopg.Connection, pick: random.Random) -> None:
    server.execute(
        "UPDATE monitoring_rollupstate SET day_given = day_given + 1 WHERE day_given < %s", [START + timedelta(9)]
    )


def keep_doing(url: str, deed: Deed, seed: int, until: threading.Event) -> None:
    """Again and again, each time in a transaction; what is killed or deadlocks is begun anew on a new connection."""
    pick = random.Random(seed)  # noqa: S311 - which of several deeds
    for _ in range(ROUNDS):
        if until.is_set():
            return
        try:
            with psycopg.connect(url, application_name="worker", options="-c thucthi.viewer=system") as server:
                deed(server, pick)
        except (psycopg.OperationalError, psycopg.errors.UniqueViolation):
            continue


def test_whoever_is_killed_the_counts_are_those_of_a_recount(postgres: LocalPostgres, fresh_database: str) -> None:
    set_day(START)
    world = make_world()
    author, reviewer = world.author(world.state.science).pk, world.author(world.state.finance).pk
    state = world.state
    deeds = [
        *[reporting(author, reviewer)] * 3, ring("fold"), ring("fold"), ring("roll"), new_day,
        moving(state.commune.pk, [state.province.pk, state.elsewhere.pk, state.government.pk]),
    ]  # fmt: skip
    until = threading.Event()
    threads = [
        threading.Thread(target=keep_doing, args=(fresh_database, deed, number, until))
        for number, deed in enumerate(deeds)
    ]
    for thread in threads:
        thread.start()
    killed = 0
    with psycopg.connect(postgres.url("superuser", "fresh"), autocommit=True) as server:
        while any(thread.is_alive() for thread in threads):
            killed += server.execute(KILL).rowcount
            threads[0].join(0.05)
    until.set()
    for thread in threads:
        thread.join()
    assert killed > 0
    assert mismatches() == []
    counted = live_counts(SYSTEM, [0])
    fold_deltas(by=SYSTEM)
    assert mismatches() == []
    assert live_counts(SYSTEM, [0]) == counted
    assert counted is None or counted.at(0).total == Task.objects.filter(is_issued=True).count()
    connections.close_all()


def test_a_folder_that_dies_in_the_middle_leaves_every_note(postgres: LocalPostgres, fresh_database: str) -> None:
    make_world()
    before, waiting = live_counts(SYSTEM, [], in_full=0), RollupDelta.objects.count()
    with psycopg.connect(fresh_database, options="-c thucthi.viewer=system") as folder:
        folder.execute("UPDATE monitoring_rollupstate SET work = 'fold'")
        assert folder.execute("SELECT count(*) FROM monitoring_rollupdelta").fetchone() == (0,)
        assert live_counts(SYSTEM, [], in_full=0) == before
        with psycopg.connect(postgres.url("superuser", "fresh"), autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(%s)", [folder.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            folder.execute("SELECT 1")
    assert RollupDelta.objects.count() == waiting > 0
    assert live_counts(SYSTEM, [], in_full=0) == before
    assert mismatches() == []


def test_a_writer_and_a_new_day_meet_at_the_task(fresh_database: str) -> None:
    """The day turns while a report is not yet committed; whichever comes second derives from what both know."""
    set_day(START)
    world = make_world()
    author = world.author(world.state.science).pk
    obligation = world.tasks["nv-sap-den"].obligations.earliest("due_on")
    with psycopg.connect(fresh_database, options="-c thucthi.viewer=system") as writer:
        at = f"{START} 09:00+07"
        values = {"obligation": obligation.pk, "author": author, "claims": True, "at": at, "recorded": at}
        writer.execute(REPORT, values)
        set_day(START + timedelta(days=40))
        with psycopg.connect(fresh_database, options="-c thucthi.viewer=system") as roller:
            roller.execute("UPDATE monitoring_rollupstate SET work = 'roll', room = 1000")
        writer.commit()
    counted = live_counts(SYSTEM, [0])
    assert counted is not None
    assert counted.day == START + timedelta(days=40)
    assert mismatches() == []

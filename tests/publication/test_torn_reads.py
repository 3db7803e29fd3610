"""An issue is of one moment, whoever writes meanwhile: an independent script recounts it from its own rows."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import directory_of, prepared
from tests.trust.bars import bar
from thucthi.directory.models import Role
from thucthi.indicators.models import Indicator, Observation
from thucthi.ledger.models import Entry
from thucthi.publication import actions
from thucthi.publication.selectors.histories import Histories
from thucthi.reporting.models import Obligation

WRITERS = 8
# A quarter of a year for each turn: the calendar of databases and of Python begins with the year 1.
MOST_TURNS = 4_000
RECOUNT = Path(__file__).with_name("recount.py")


def recount(directory: Path) -> list[str]:
    """In a process of its own, without the product on its path."""
    done = subprocess.run(
        [sys.executable, "-I", str(RECOUNT), str(directory)], check=False, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode == bool(done.stdout)
    return done.stdout.splitlines()


def committed(change: Callable[[], object]) -> None:
    """From another connection, and done when this returns."""

    def run() -> None:
        try:
            with transaction.atomic():
                change()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


class Writer(threading.Thread):
    """Reports on a task of its own for week after week, has each second one accepted, and states values."""

    def __init__(self, world: World, number: int, stop: threading.Event) -> None:
        super().__init__()
        self.world, self.number, self.stop = world, number, stop
        self.done, self.trouble = 0, ""

    def run(self) -> None:
        try:
            while not self.stop.is_set() and self.done < MOST_TURNS:
                with transaction.atomic():
                    self._write(self.done)
                self.done += 1
        except Exception as error:
            self.trouble = repr(error)
        finally:
            connections.close_all()

    def _write(self, turn: int) -> None:
        task = self.world.tasks[f"nv-viet-{self.number}"]
        friday = date(2026, 11, 20) - timedelta(weeks=turn)
        report = self.world.report(self.world.owe(task, friday), friday, str(turn % 100))
        if turn % 2:
            self.world.decide(report, friday + timedelta(days=1), str(turn % 100))
        year, quarter = 2025 - turn // 4, turn % 4 + 1
        last_day = date(year, quarter * 3, 31 if quarter in {1, 4} else 30)
        Observation.objects.create(
            indicator=Indicator.objects.get(code=f"ct-viet-{self.number}"), period=f"{year}-Q{quarter}",
            period_end=last_day, kind="actual", state="number", amount=Decimal(turn + 1), source="Mẫu",
            is_simulated=True, available_on=AS_OF,
        )  # fmt: skip


def make_work(world: World) -> None:
    target = world.resolution.targets.get()
    for number in range(WRITERS):
        lead = (world.state.science, world.state.finance, world.state.commune)[number % 3]
        world.add(f"nv-viet-{number}", lead, date(2026, 12, 31))
        world.author(lead)
        indicator = Indicator.objects.create(
            code=f"ct-viet-{number}", name=f"Chỉ tiêu {number}", unit="%", unit_en="%", direction="rise"
        )
        type(target).objects.create(
            code=f"ct-viet-{number}-2030", indicator=indicator, document=world.resolution, operator=">=",
            low=Decimal(50), baseline=Decimal(0), period="năm", year=2030,
        )  # fmt: skip


@bar("B23")
def test_with_eight_writers_running_every_total_is_the_sum_of_its_rows(fresh_database: str) -> None:
    world, stop = make_world(), threading.Event()
    make_work(world)
    world.state.person(Role.APPROVER, world.state.government)
    writers = [Writer(world, number, stop) for number in range(WRITERS)]
    before = Obligation.objects.count()
    for writer in writers:
        writer.start()
    try:
        found = {}
        for _ in range(3):
            snapshot = prepared(world)
            found[snapshot.manifest_hash] = recount(directory_of(snapshot))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert [writer.trouble for writer in writers] == [""] * WRITERS
    assert min(writer.done for writer in writers) > 0
    assert Obligation.objects.count() > before
    assert len(found) > 1, "nothing was written between two issues"
    assert set(map(tuple, found.values())) == {()}
    isolations = {entry.content["isolation"] for entry in Entry.objects.filter(event="snapshot.prepared")}
    assert isolations == {"repeatable read"}


@bar("B23", planted=True)
@pytest.mark.parametrize(("isolation", "torn"), [("READ COMMITTED", True), ("REPEATABLE READ", False)])
def test_planted_reading_statement_by_statement_is_found_out(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, isolation: str, torn: bool
) -> None:
    """Between the standing of the tasks and their histories somebody reports; the pause makes it certain."""
    world = make_world()
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    world.author(obligation.organisation)
    read = Histories.of

    def pausing(histories: Histories, tasks: Any) -> Any:
        committed(lambda: world.report(obligation, AS_OF, "5"))
        return read(histories, tasks)

    def see(*_nothing: object) -> str:
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        return isolation.lower()

    monkeypatch.setattr(Histories, "of", pausing)
    monkeypatch.setattr(actions, "_see_one_moment", see)
    found = recount(directory_of(prepared(world)))
    expected = ["task nv-sap-den: 2026-W47 is not_reported, its history says otherwise"]
    assert [line for line in found if "nv-sap-den" in line] == (expected if torn else [])
    assert bool(found) is torn

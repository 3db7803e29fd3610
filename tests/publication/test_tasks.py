"""What happens by itself: the hours of issues, a missed one made up for once, never a publication."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.ledger.actions import record
from thucthi.publication import tasks
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.selectors.published import runs_to_prepare

FRIDAY_AFTERNOON = datetime(2036, 12, 5, 9, 0, tzinfo=UTC)  # 16:00 in Việt Nam
CUT_OFF = datetime(2036, 12, 4, 10, 0, tzinfo=UTC)  # Thursday 17:00 there


@pytest.fixture
def world(kept: Kept[World]) -> World:
    made = kept(make_world)
    record("world.made", by=SYSTEM, subject=made.programme)
    return made


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The clock of the machine, as the queue and the refusals read it."""
    for module in ("tasks", "selectors.refusals"):
        here = SimpleNamespace(**{**vars(timezone), "now": lambda: now})
        monkeypatch.setattr(f"thucthi.publication.{module}.timezone", here)


def test_the_queue_asks_every_ten_minutes() -> None:
    found = [each for each in app.periodic_registry.periodic_tasks.values() if "publication." in each.task.name]
    crons = {each.task.name: each.cron for each in found}
    assert crons.pop("publication.prepare_due") == "*/10 * * * *"
    assert crons.pop("publication.sweep_bucket") == "41 * * * *"
    # Once imported by the queue: what tells programs of organisations what happened (tests/api/test_webhooks.py).
    assert set(crons.values()) <= {"* * * * *"}


def test_on_friday_afternoon_the_week_is_prepared_as_of_thursday_and_not_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, FRIDAY_AFTERNOON)
    weekly = [run for run in runs_to_prepare(FRIDAY_AFTERNOON) if run.kind == "weekly"]
    monkeypatch.setattr(tasks, "runs_to_prepare", lambda now: weekly)
    tasks.prepare_due(timestamp=0)
    snapshot = Snapshot.objects.get()
    assert (snapshot.issue, snapshot.as_of, snapshot.cut_off_at) == ("2036-W49", date(2036, 12, 4), CUT_OFF)
    assert (snapshot.version, snapshot.prepared_by) == (1, None)
    assert not SnapshotPublication.objects.exists()
    assert [run.kind for run in runs_to_prepare(FRIDAY_AFTERNOON)] == ["monthly"]


@pytest.mark.parametrize(
    ("now", "issues"),
    [
        (datetime(2036, 12, 5, 8, 59, tzinfo=UTC), ["2036-W48", "2036-11"]),
        (datetime(2036, 12, 5, 9, 0, tzinfo=UTC), ["2036-W49", "2036-11"]),
        # Three weeks off: only the last week is made up for, and the month.
        (datetime(2036, 12, 29, 1, 0, tzinfo=UTC), ["2036-W52", "2036-12"]),
    ],
)
def test_a_missed_run_is_made_up_for_once(world: World, now: datetime, issues: list[str]) -> None:
    assert [run.issue for run in runs_to_prepare(now)] == issues
    for run in runs_to_prepare(now):
        Snapshot.objects.create(
            kind=run.kind, issue=run.issue, as_of=run.as_of, cut_off_at=run.cut_off_at,
            manifest_hash=run.issue.ljust(64, "0"), file_count=1,
        )  # fmt: skip
    assert runs_to_prepare(now) == []


def test_nothing_is_made_up_for_a_time_of_which_nothing_was_known(db: None) -> None:
    assert runs_to_prepare(FRIDAY_AFTERNOON) == []

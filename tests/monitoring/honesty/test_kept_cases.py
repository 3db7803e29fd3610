"""Where counting the cases of reliability takes long a job keeps them; the list says of when they are."""

from datetime import date
from typing import Any

import pytest

from tests.monitoring.honesty.test_counted import any_reports, any_values
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.models import Role
from thucthi.monitoring.models import KeptCases, QuestionCount
from thucthi.monitoring.selectors import reliability_kept
from thucthi.monitoring.selectors.reliability import ReliabilityTable, reliability_of, reliability_table
from thucthi.monitoring.tasks import keep_due_questions


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    any_values(made, 1)
    any_reports(made, 1)
    return made


def table(world: World, kind: str) -> ReliabilityTable:
    return reliability_table(world.state.viewer(Role.AUDITOR, world.state.government), kind, 2026, AS_OF)


def scores(found: ReliabilityTable) -> list[Any]:
    return [(row.organisation.code, row.reliability) for row in found.rows]


def keep(monkeypatch: pytest.MonkeyPatch, *, quick: float) -> None:
    monkeypatch.setattr(reliability_kept, "QUICK_SECONDS", quick)
    QuestionCount.objects.all().delete()
    keep_due_questions([2026], AS_OF)


@pytest.mark.parametrize("kind", ["ministry", "province"])
def test_what_is_kept_is_what_is_counted(world: World, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = table(world, kind)
    keep(monkeypatch, quick=-1)
    kept = table(world, kind)
    count = QuestionCount.objects.get(kind=kind, year=2026)
    assert scores(kept) == scores(fresh)
    assert kept.counted_at == count.counted_at != fresh.counted_at
    assert KeptCases.objects.filter(count=count).count() >= 4


def test_what_came_since_is_not_in_the_list_and_is_on_the_page_of_the_body(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(monkeypatch, quick=-1)
    before = table(world, "ministry")
    task = next(row for row in world.tasks.values() if row.lead_id == world.state.science.pk and row.is_issued)
    world.report(world.owe(task, date(2026, 1, 9)), date(2026, 1, 9), "40")
    science = world.state.science
    own = dict(scores(before))[science.code].parts
    viewer = world.state.viewer(Role.AUDITOR, world.state.government)
    opened = reliability_of(viewer, science, 2026, AS_OF)
    assert scores(table(world, "ministry")) == scores(before)
    gained = [now.score.cases.counted - then.cases.counted for now, then in zip(opened.row.parts, own, strict=True)]
    assert gained == [1, 1, 0, 0, 0, 0]
    assert sum(len(part.against) + len(part.in_favour) + part.left_out for part in opened.opened) == sum(
        part.score.cases.counted for part in opened.row.parts
    )


def test_what_is_counted_quickly_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, quick=60)
    before = table(world, "ministry")
    task = next(row for row in world.tasks.values() if row.lead_id == world.state.science.pk and row.is_issued)
    world.report(world.owe(task, date(2026, 1, 9)), date(2026, 1, 9), "40")
    assert KeptCases.objects.count() == 0
    assert scores(table(world, "ministry")) != scores(before)


def test_planted_counts_that_are_kept_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(monkeypatch, quick=-1)
    before = table(world, "ministry")
    row = KeptCases.objects.filter(count__kind="ministry", count__year=2026, part="on_time").first()
    assert row is not None
    KeptCases.objects.filter(pk=row.pk).update(counted=row.counted + 7)
    assert scores(table(world, "ministry")) != scores(before)

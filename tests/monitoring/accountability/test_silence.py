"""Silence is found from obligations and reports alone; the set in SQL says what the pure function says."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.accountability.bodies import commune_under
from tests.monitoring.world import ISSUED_ON, World, document, make_world, programme
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.documents.models import Security
from thucthi.monitoring.calculations.silence import OwedReport, Silence, silence_of
from thucthi.monitoring.selectors.silence import Wanted, bodies_that_owe, silence_page
from thucthi.reporting.models import Obligation, Report

AS_OF = date(2026, 11, 25)
FRIDAYS = [date(2026, 10, 30), date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20)]
DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 31))


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    world.state.commune = commune_under(world.state.province, "ubnd-song", "UBND xã Sông")
    world.add("nv-xa", world.state.commune, date(2026, 12, 31))
    return world


def owed_by(world: World, code: str) -> list[OwedReport]:
    rows = Obligation.objects.filter(organisation__code=code)
    first = dict(Report.objects.order_by("-submitted_at").values_list("obligation_id", "submitted_at"))
    return [
        OwedReport(
            row.task_id,
            (row.period_kind, row.period_key),
            row.due_on,
            row.grace_until or row.due_on,
            first[row.pk].date() if row.pk in first else None,
        )
        for row in rows
    ]


def found(world: World, code: str, viewer: Viewer = SYSTEM, **wanted: object) -> Silence | None:
    pk = getattr(world.state, code).pk
    return next((r.silence for r in bodies_that_owe(viewer, Wanted(**wanted), AS_OF) if r.organisation_id == pk), None)


def owe_all(world: World) -> None:
    for friday in FRIDAYS:
        world.owe(world.tasks["nv-xa"], friday)


def test_three_weeks_without_a_report(world: World) -> None:
    owe_all(world)
    first = Obligation.objects.get(task__code="nv-xa", due_on=FRIDAYS[0])
    world.report(first, FRIDAYS[0], "10")
    silence = found(world, "commune")
    assert silence == Silence(3, 3, 1, FRIDAYS[1], FRIDAYS[0])
    assert (silence.days(AS_OF), silence.working_days(AS_OF)) == (19, 12)  # 24/11 is a day off


def test_one_report_among_many_ends_the_row(world: World) -> None:
    owe_all(world)
    other = world.add("nv-xa-2", world.state.commune, date(2026, 12, 31))
    world.report(world.owe(other, FRIDAYS[-1]), FRIDAYS[-1], "5")
    assert found(world, "commune") == Silence(0, 0, 0, None, FRIDAYS[-1])


def test_a_report_sent_after_the_day_asked_about_does_not_count(world: World) -> None:
    owe_all(world)
    world.report(Obligation.objects.get(task__code="nv-xa", due_on=FRIDAYS[3]), AS_OF + timedelta(days=1), "10")
    assert found(world, "commune").periods == 4


def test_days_of_grace_are_not_yet_silence(world: World) -> None:
    task = world.tasks["nv-xa"]
    Obligation.objects.create(
        task=task, organisation=task.lead, period_kind="weekly", period_key="2026-W47", due_on=date(2026, 11, 20),
        grace_until=AS_OF, period_start=date(2026, 11, 16), period_end=date(2026, 11, 22),
    )  # fmt: skip
    assert found(world, "commune") is None


def test_what_the_viewer_may_not_know_of_does_not_show(world: World) -> None:
    hidden = programme(
        world.state.science, "ct-kin", document(world.state, "kin", number="9", security=Security.SECRET)
    )
    task = world.add("nv-kin", world.state.elsewhere, date(2026, 12, 31), programme=hidden, group=None)
    for friday in FRIDAYS:
        world.owe(task, friday)
    steering = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    assert found(world, "elsewhere").periods == 4
    assert found(world, "elsewhere", viewer=steering) is None


def test_each_follows_what_stands_below_him(world: World) -> None:
    owe_all(world)
    below = world.state.viewer(Role.HEAD, world.state.province)
    aside = world.state.viewer(Role.HEAD, world.state.elsewhere)
    assert found(world, "commune", viewer=below).periods == 4
    assert found(world, "commune", viewer=aside) is None


def test_the_page_counts_with_denominators_and_opens_downwards(world: World) -> None:
    owe_all(world)
    world.state.head_post(world.state.commune)
    steering = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    with CaptureQueriesContext(connection) as queries:
        page = silence_page(steering, Wanted(periods=3), AS_OF)
    assert len(queries) <= 10
    assert (page.silent, page.owing) == (len(page.rows), sum(branch.owing for branch in page.branches))
    assert [row.silence.periods for row in page.rows] == sorted((r.silence.periods for r in page.rows), reverse=True)
    row = page.rows[0]
    assert (row.organisation, row.superior, row.last_report_on) == (world.state.commune, world.state.province, None)
    assert row.head.person.display_name == "Người đứng đầu mẫu ubnd-song"
    province = next(branch for branch in page.branches if branch.organisation == world.state.province)
    assert (province.silent, province.longest) == (2, 4)
    below = silence_page(steering, Wanted(periods=3, under=world.state.province), AS_OF)
    assert below.branches[0].organisation == world.state.commune
    assert sum(branch.owing for branch in below.branches) == below.owing


def test_filters(world: World) -> None:
    owe_all(world)
    other = document(world.state, "khac", number="5")
    assert found(world, "commune", level="province") is None
    assert found(world, "commune", level="commune").periods == 4
    assert found(world, "commune", document=other) is None
    assert found(world, "commune", document=world.resolution).periods == 4


@pytest.mark.parametrize("seed", range(6))
def test_the_set_and_the_function_agree(world: World, seed: int) -> None:
    tasks = [world.tasks["nv-xa"], *(world.add(f"nv-xa-{n}", world.state.commune, None) for n in range(3))]
    for number, task in enumerate(tasks):
        for place, friday in enumerate(FRIDAYS):
            if (number + place * 3 + seed) % 4:
                owed = world.owe(task, friday + timedelta(days=7 * (seed % 2)))
                if (number * 5 + place + seed) % 3 == 0:
                    world.report(owed, max(ISSUED_ON, friday + timedelta(days=seed * 2)), "1")
    expected = silence_of(owed_by(world, "ubnd-song"), AS_OF)
    assert found(world, "commune") == expected


@given(
    st.lists(st.tuples(st.integers(1, 3), DAYS, st.integers(0, 5), st.none() | DAYS), max_size=12),
    DAYS,
)
def test_silence_never_counts_what_is_answered_or_not_yet_late(rows: list, as_of: date) -> None:
    owed = [OwedReport(t, ("weekly", str(d)), d, d + timedelta(days=g), r) for t, d, g, r in rows]
    found = silence_of(owed, as_of)
    late = [row for row in owed if row.deadline < as_of and not (row.reported_on and row.reported_on <= as_of)]
    assert found.periods <= found.reports <= len(late)
    assert (found.since is None) == (found.reports == 0)
    if found.since and found.last_answered:
        assert found.since > found.last_answered
    more = [*owed, OwedReport(9, ("weekly", "x"), as_of, as_of, as_of)]
    assert silence_of(more, as_of).reports == 0 or max(row.due_on for row in late) > as_of

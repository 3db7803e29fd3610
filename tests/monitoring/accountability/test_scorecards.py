"""A scorecard holds figures with their parts and a place among peers; the body's own words stand beside it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.accountability.bodies import commune_under
from tests.monitoring.world import AS_OF, World, at, make_world
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, NotVisible, Refused
from thucthi.kernel.periods import Frequency, span_containing, span_of
from thucthi.ledger.models import Entry
from thucthi.monitoring.actions.statements import state_reply
from thucthi.monitoring.calculations.scorecard import Spread, median, spread_of
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.monitoring.models import Statement
from thucthi.monitoring.selectors.scorecards import Scorecard, body_for_scorecard, scorecard
from thucthi.obstacles.models import CoordinationRequest, Hop, Obstacle, RequestStep
from thucthi.programmes.models import Coordination, Dependency

QUARTER = span_of("2026-Q4")


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def card(world: World, body: str = "commune", quarter: str = "2026-Q4") -> Scorecard:
    office = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    return scorecard(office, getattr(world.state, body), span_of(quarter), AS_OF)


def ratios(found: Scorecard) -> dict[str, Ratio]:
    return {figure.title: figure.own for figure in found.figures}


def test_promised_and_delivered(world: World) -> None:
    own = ratios(card(world, quarter="2026-Q3"))
    assert own["Đúng hạn trên số đến hạn"] == Ratio(0, 1)
    assert own["Làm được trên số đã hứa"] == Ratio(1, 1)
    assert ratios(card(world))["Được nghiệm thu trên số báo hoàn thành"] == Ratio(1, 1)
    assert ratios(card(world, "province", "2026-Q3"))["Làm được trên số đã hứa"] == Ratio(0, 2)


def test_what_is_not_yet_due_is_no_case(world: World) -> None:
    world.add("nv-cuoi-nam", world.state.commune, date(2026, 12, 31))
    assert ratios(card(world))["Đúng hạn trên số đến hạn"] == Ratio(0, 0)


def test_obstacles_within_the_clock_of_their_desk(world: World) -> None:
    task = world.tasks["nv-dung-han"]
    for code, answered in (("kip", date(2026, 11, 5)), ("muon", date(2026, 11, 12)), ("im", None)):
        obstacle = Obstacle.objects.create(
            code=code, task=task, raised_by_organisation=world.state.science, raised_on=date(2026, 11, 2),
            cause="money", condition="Chưa có vốn", asked_of=world.state.elsewhere, asked_what="Bố trí vốn",
            due_on=date(2026, 12, 1),
        )  # fmt: skip
        Hop.objects.create(
            obstacle=obstacle, number=1, rung="owner", organisation=world.state.elsewhere,
            started_on=date(2026, 11, 2), due_on=date(2026, 11, 9),
        )  # fmt: skip
        if answered:
            said = {"kind": "answered", "text": "Đã rõ", "organisation": world.state.elsewhere}
            obstacle.steps.create(**said, happened_on=answered)
    found = card(world, "elsewhere")
    assert ratios(found)["Gỡ điểm nghẽn trong thời hạn"] == Ratio(1, 3)
    assert (found.obstacle_days, found.obstacles_answered) == (Decimal("6.5"), 2)


def test_requests_answered_in_full_by_their_day(world: World) -> None:
    for number, on in enumerate((date(2026, 11, 10), date(2026, 11, 16), None)):
        asked = CoordinationRequest.objects.create(
            code=f"dn-{number}", asking=world.state.science, asked=world.state.finance, text="Cho ý kiến",
            asked_on=date(2026, 11, 3), due_on=date(2026, 11, 12),
        )  # fmt: skip
        kind = RequestStep.Kind.FULL if on else RequestStep.Kind.PARTIAL
        asked.steps.create(kind=kind, text="x", organisation=world.state.finance, happened_on=on or date(2026, 11, 4))
    assert ratios(card(world, "finance"))["Trả lời phối hợp đúng hạn"] == Ratio(1, 3)


def test_reports_within_their_grace_are_on_time(world: World) -> None:
    body = world.state.elsewhere
    task = world.add("nv-an-khe", body, date(2026, 12, 31))
    for number, (due, grace, on) in enumerate(
        (
            (date(2026, 11, 6), date(2026, 11, 10), date(2026, 11, 10)),
            (date(2026, 11, 13), None, date(2026, 11, 14)),
            (date(2026, 11, 20), None, None),
        )
    ):
        owed = task.obligations.create(
            organisation=body, period_kind="weekly", period_key=f"2026-W4{5 + number}", period_start=due,
            period_end=due, due_on=due, grace_until=grace,
        )  # fmt: skip
        if on:
            world.report(owed, on, "10", moment=at(on, 23))
    found = card(world, "elsewhere")
    assert ratios(found)["Báo cáo đúng hạn"] == Ratio(1, 3)
    assert [(row.on_time, row.late, row.missing) for row in found.squares] == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_difficulty_is_counted_side_by_side(world: World) -> None:
    task, other = world.tasks["nv-qua-han"], world.tasks["nv-dung-han"]
    Coordination.objects.create(task=task, organisation=world.state.commune)
    Coordination.objects.create(task=other, organisation=world.state.province)
    Dependency.objects.create(kind="finish_start", waiting_task=task, needed_task=other, created_on=date(2026, 2, 1))
    load = card(world, "province").load.own
    assert (load.tasks, load.weight, load.crossing, load.waiting, load.coordinated) == (2, 2, 1, 1, 1)


def test_peers_are_of_the_same_level_and_kind(world: World) -> None:
    for number in range(4):
        body = commune_under(world.state.province, f"xa-{number}", f"UBND xã {number}")
        owed = world.owe(world.add(f"nv-{number}", body, date(2026, 12, 31)), date(2026, 11, 6))
        if number:
            world.report(owed, date(2026, 11, 6 if number > 1 else 7), "5")
    found = card(world)
    figure = next(figure for figure in found.figures if figure.title == "Báo cáo đúng hạn")
    assert found.peers == 5
    assert (figure.having, figure.own) == (5, Ratio(1, 4))
    assert figure.spread == Spread(Decimal(0), Decimal(25), Decimal(100), tuple(map(Decimal, (0, 0, 25, 100, 100))))
    assert next(f for f in card(world, "province").figures if f.title == "Báo cáo đúng hạn").spread is None


def test_a_page_asks_as_much_whatever_the_number_of_peers(world: World) -> None:
    card(world)
    with CaptureQueriesContext(connection) as few:
        card(world)
    for number in range(6):
        world.owe(
            world.add(f"nv-{number}", commune_under(world.state.province, f"xa-{number}", "x"), date(2026, 12, 31)),
            date(2026, 11, 6),
        )
    with CaptureQueriesContext(connection) as many:
        card(world)
    assert len(few) == len(many) <= 16


def test_the_head_replies_and_nothing_is_edited(world: World) -> None:
    head = world.state.viewer(Role.HEAD, world.state.commune)
    made = state_reply(world.state.commune, by=head, period="2026-Q4", text=" Xã mới sáp nhập. ", on=AS_OF)
    state_reply(world.state.commune, by=head, period="2026-Q4", text="Đã bố trí người.", on=AS_OF)
    assert [row.text for row in card(world).statements] == ["Xã mới sáp nhập.", "Đã bố trí người."]
    assert card(world, quarter="2026-Q3").statements == ()
    assert Entry.objects.filter(event="statement.made", subject_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("period", "text", "fields"),
    [
        ("2026-11", "Lời", ["period"]),
        ("hôm nay", "Lời", ["period"]),
        ("2027-Q1", "  ", ["period", "text"]),
        ("2026-Q4", "x" * 5001, ["text"]),
    ],
)
def test_a_reply_that_cannot_be_taken(world: World, period: str, text: str, fields: list[str]) -> None:
    head, before = world.state.viewer(Role.HEAD, world.state.commune), Entry.objects.count()
    with pytest.raises(Refused) as refused:
        state_reply(world.state.commune, by=head, period=period, text=text, on=AS_OF)
    assert [fault.field for fault in refused.value.faults] == fields
    assert (Statement.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize(("role", "body"), [(Role.REPORTER, "commune"), (Role.HEAD, "province")])
def test_only_its_head_speaks_for_a_body(world: World, role: Role, body: str) -> None:
    viewer, before = world.state.viewer(role, getattr(world.state, body)), Entry.objects.count()
    with pytest.raises(Forbidden):
        state_reply(world.state.commune, by=viewer, period="2026-Q4", text="Lời", on=AS_OF)
    assert (Statement.objects.count(), Entry.objects.count()) == (0, before)


def test_who_sees_a_scorecard(world: World) -> None:
    body_for_scorecard(world.state.viewer(Role.REPORTER, world.state.commune), "ubnd-hoa")
    body_for_scorecard(world.state.viewer(Role.HEAD, world.state.province), "ubnd-hoa")
    for role, place in ((Role.REPORTER, "province"), (Role.HEAD, "elsewhere")):
        with pytest.raises(NotVisible):
            body_for_scorecard(world.state.viewer(role, getattr(world.state, place)), "ubnd-hoa")


@given(st.lists(st.integers(0, 100), max_size=30))
def test_quartiles_lie_among_the_values(values: list[int]) -> None:
    found = spread_of(values)
    assert (found is None) == (len(values) < 4)
    if found:
        assert min(values) <= found.low <= found.middle <= found.high <= max(values)
        assert found.values == tuple(sorted(values))
        assert found.middle == median(values)


def test_the_reply_page(world: World, client: Client) -> None:
    client.force_login(world.state.person(Role.HEAD, world.state.commune))
    quarter = span_containing(timezone.localdate(), Frequency.QUARTERLY).key
    address = f"/lam-viec/phieu-theo-doi/ubnd-hoa/giai-trinh/{quarter}/"
    assert client.post(address, {"text": " "}).status_code == 422
    assert not Statement.objects.exists()
    answer = client.post(address, {"text": "Xã đã bố trí người."}, follow=True)
    assert "Xã đã bố trí người." in answer.content.decode()
    client.force_login(world.state.person(Role.REPORTER, world.state.commune))
    assert client.post(address, {"text": "Lời"}).status_code == 403
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(("chosen", "is_public"), [({}, False), ({"cho_ai": "noi-bo"}, False), ({"cho_ai": "x"}, False),
                                                   ({"cho_ai": "cong-khai"}, True)])  # fmt: skip
def test_only_who_says_so_speaks_to_the_public(
    world: World, client: Client, chosen: dict[str, str], is_public: bool
) -> None:
    client.force_login(world.state.person(Role.HEAD, world.state.commune))
    quarter = span_containing(timezone.localdate(), Frequency.QUARTERLY).key
    address = f"/lam-viec/phieu-theo-doi/ubnd-hoa/giai-trinh/{quarter}/"
    page = client.get(address).content.decode()
    assert 'value="noi-bo" checked' in page
    answer = client.post(address, {"text": "Xã đã bố trí người.", **chosen}, follow=True)
    assert Statement.objects.get().is_public is is_public
    assert Entry.objects.get(event="statement.made").content["is_public"] is is_public
    assert ("công bố cả trên trang công khai" in answer.content.decode()) is is_public

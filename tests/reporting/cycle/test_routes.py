"""Acceptance climbs: needs all below, locks, by another each time; skipped rungs are explained; delegates are named."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.world import World, now, on_plan, send, today
from thucthi.directory.actions import NewDelegation, delegate
from thucthi.directory.models import Organisation, Role
from thucthi.directory.selectors import viewer_of
from thucthi.documents.models import Document
from thucthi.kernel.errors import Fault, Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import (
    NewRoute,
    accept_report,
    end_route,
    return_report,
    set_route,
    submit_report,
)
from thucthi.reporting.calculations.routes import Climb, RouteRule, RungPlace, Skipped, climb_of, next_rung, route_for
from thucthi.reporting.models import Acceptance, AcceptanceRoute, Endorsement, OpenDuty, Report, Rung
from thucthi.reporting.selectors import review_queue
from thucthi.reporting.selectors.routes import rungs_of

RUNGS = ["own_head", "superior", "owner", "verifier"]


def place(bodies: set[int], deciders: set[int], *, head: bool = False) -> RungPlace:
    return RungPlace(frozenset(bodies), frozenset(deciders), head)


PLACES = st.fixed_dictionaries(
    {
        rung: st.builds(
            RungPlace,
            st.frozensets(st.integers(1, 3), max_size=1),
            st.frozensets(st.integers(10, 13), max_size=2),
            st.just(False),
        )
        for rung in RUNGS
    }
)


@given(st.lists(st.sampled_from(RUNGS), unique=True), PLACES)
def test_every_rung_is_climbed_or_explained(rungs: list[str], places: dict[str, RungPlace]) -> None:
    route = [rung for rung in RUNGS if rung in rungs]
    climb = climb_of(route, places)
    assert sorted([*climb.rungs, *[rung for rung, _why in climb.skipped]], key=RUNGS.index) == route
    kept = [places[rung].bodies for rung in climb.rungs]
    assert len(kept) == len(set(kept))
    assert all(places[rung].deciders for rung in climb.rungs)


def test_why_a_rung_is_left_out() -> None:
    places = {
        "own_head": place({1}, {10}, head=True), "superior": place(set(), set()), "owner": place({2}, {11}),
        "verifier": place({3}, set()),
    }  # fmt: skip
    assert climb_of(RUNGS, places) == Climb(
        ("owner",),
        (("own_head", Skipped.AUTHOR_IS_HEAD), ("superior", Skipped.NO_BODY), ("verifier", Skipped.NOBODY)),
    )
    same = {"superior": place({2}, {11}), "owner": place({2}, {11})}
    assert climb_of(["superior", "owner"], same) == Climb(("owner",), (("superior", Skipped.SAME_BODY),))


def test_the_route_of_the_own_level_then_the_longest() -> None:
    general, own = RouteRule(1, 1, "", ("superior", "owner")), RouteRule(2, 1, "commune", ("owner",))
    longer = RouteRule(3, 2, "commune", ("superior", "owner"))
    assert route_for("commune", [general, own]) == own
    assert route_for("province", [general, own]) == general
    assert route_for("commune", [general, own, longer]) == longer
    assert route_for("province", [own]) is None


@given(st.lists(st.sampled_from(RUNGS), unique=True), st.sets(st.sampled_from(RUNGS)))
def test_the_next_rung_is_the_lowest_that_has_not_agreed(route: list[str], agreed: set[str]) -> None:
    left = [rung for rung in route if rung not in agreed]
    assert next_rung(route, agreed) == (left[0] if left else "")


def routed(world: World, *rungs: str, level: str = "") -> AcceptanceRoute:
    return set_route(
        Document.objects.get(slug="nq-mau"),
        by=world.state.viewer(Role.STEERING_OFFICE, world.state.science),
        new=NewRoute(level=level, rungs=rungs, basis="12/QĐ", valid_from=today()),
    )


def agree(report: Report, by: object, rung: str | None = None) -> object:
    return accept_report(
        report, by=by, content_hash=report.content_hash, progress_accepted=None, note="", at=now(), rung=rung
    )


@pytest.fixture
def climbing(world: World) -> Report:
    """A commune's report that climbs its head, the province, the government."""
    for role, body in ((Role.HEAD, world.state.commune), (Role.APPROVER, world.state.province)):
        world.state.person(role, body)
    world.approver()
    routed(world, *RUNGS[:3])
    return send(world, world.obligation("nv-xa", today()))


def queue(by: object) -> list[tuple[int, str]]:
    return [(item.report.pk, item.rung) for item in review_queue(by)]


def test_three_rungs_in_their_order(world: World, climbing: Report) -> None:
    head, province, owner = world.head(world.state.commune), world.approver(world.state.province), world.approver()
    assert climbing.route == RUNGS[:3]
    with pytest.raises(Forbidden, match="đang chờ cấp dưới: Người đứng đầu đơn vị báo cáo"):
        agree(climbing, owner)
    assert (queue(head), queue(province), queue(owner)) == ([(climbing.pk, "own_head")], [], [])
    assert isinstance(agree(climbing, head), Endorsement)
    assert (queue(head), queue(province), queue(owner)) == ([], [(climbing.pk, "superior")], [])
    agree(climbing, province)
    assert (queue(province), queue(owner)) == ([], [(climbing.pk, "owner")])
    last = agree(climbing, owner)
    assert isinstance(last, Acceptance)
    assert queue(owner) == []
    assert [entry.event for entry in Entry.objects.order_by("pk")][2:] == [
        "report.endorsed", "report.endorsed", "report.accepted",
    ]  # fmt: skip
    assert [(step.rung, step.word) for step in rungs_of(Report.objects.get(pk=climbing.pk))] == [
        ("own_head", "Chấp nhận"), ("superior", "Chấp nhận"), ("owner", "Chấp nhận"),
    ]  # fmt: skip
    with pytest.raises(Stale):
        agree(climbing, head)
    assert (Acceptance.objects.count(), Endorsement.objects.count()) == (1, 2)


def test_a_return_from_the_middle_starts_at_the_bottom_again(world: World, climbing: Report) -> None:
    agree(climbing, world.head(world.state.commune))
    decided = return_report(
        climbing,
        by=world.approver(world.state.province),
        content_hash=climbing.content_hash,
        note="Thiếu số liệu.",
        at=now(),
    )
    assert (decided.verdict, Endorsement.objects.filter(verdict="returned").get().rung) == ("returned", "superior")
    again = send(world, climbing.obligation, on_plan("41"))
    assert (again.version, again.route) == (2, RUNGS[:3])
    assert queue(world.head(world.state.commune)) == [(again.pk, "own_head")]


def test_nobody_stands_on_two_rungs(world: World, climbing: Report) -> None:
    account = world.state.person(Role.HEAD, world.state.commune)
    account.memberships.create(organisation=world.state.province, role=Role.APPROVER, valid_from="2025-01-01")
    both = viewer_of(account)
    agree(climbing, both)
    assert queue(both) == []
    with pytest.raises(Forbidden, match="mỗi người chỉ đứng ở một cấp"):
        agree(climbing, both)
    assert Endorsement.objects.count() == 1


def test_a_page_that_offered_another_rung_is_stale(world: World, climbing: Report) -> None:
    province = world.approver(world.state.province)
    agree(climbing, world.head(world.state.commune), "own_head")
    with pytest.raises(Stale):
        agree(climbing, province, "owner")
    assert Endorsement.objects.count() == 1
    agree(climbing, province, "superior")


def test_a_lower_rung_states_no_figure_of_its_own(world: World, climbing: Report) -> None:
    from decimal import Decimal

    with pytest.raises(Refused) as refused:
        accept_report(
            climbing,
            by=world.head(world.state.commune),
            content_hash=climbing.content_hash,
            progress_accepted=Decimal(30),
            note="",
            at=now(),
        )
    assert refused.value.faults == (
        Fault("progress_accepted", "Cấp này đồng ý hoặc trả lại; tiến độ nghiệm thu do cấp cuối ghi."),
    )
    assert Endorsement.objects.count() == 0


def test_missing_rungs_are_left_out_and_said(world: World) -> None:
    """Nobody heads the commune, nobody verifies at the register, and the province's superior is the owner."""
    world.approver()
    routed(world, *RUNGS)
    report = send(world, world.obligation("nv-tinh", today()))
    assert (report.route, report.rungs_skipped) == (
        ["owner"], ["own_head:nobody", "superior:same_body", "verifier:nobody"],
    )  # fmt: skip
    entry = Entry.objects.get(event="report.submitted")
    assert entry.content["rungs_skipped"] == report.rungs_skipped
    words = {step.rung: step.word for step in rungs_of(report)}
    assert words["superior"] == "Bỏ qua: cùng một cơ quan với cấp trên của lộ trình."
    assert words["owner"] == "Chờ ý kiến"
    agree(report, world.approver())
    assert Acceptance.objects.get().report == report


def test_a_head_who_writes_himself_is_not_asked_again(world: World) -> None:
    head = world.head(world.state.commune)
    world.approver(world.state.province)
    routed(world, "own_head", "superior")
    report = submit_report(
        world.obligation("nv-xa", today()), by=head, content=on_plan(), idempotency_key=uuid4(), version=0, at=now()
    )
    assert (report.route, report.rungs_skipped) == (["superior"], ["own_head:author_is_head"])


def test_a_verifier_of_the_steering_office_is_the_last(world: World) -> None:
    world.approver()
    verifier = world.state.viewer(Role.VERIFIER, world.state.science)
    routed(world, "owner", "verifier")
    report = send(world, world.obligation("nv-xa", today()))
    assert queue(verifier) == []
    agree(report, world.approver())
    assert queue(verifier) == [(report.pk, "verifier")]
    assert isinstance(agree(report, verifier), Acceptance)


def test_reports_sent_before_keep_their_route(world: World) -> None:
    early = send(world, world.last_week)
    line = routed(world, "owner")
    world.approver()
    assert (early.route, send(world, world.this_week).route) == ([], ["owner"])
    with pytest.raises(Forbidden):
        end_route(line, by=world.approver(), last_day=today())
    end_route(line, by=world.state.viewer(Role.STEERING_OFFICE, world.state.science), last_day=today())
    assert Entry.objects.filter(event="route.ended").count() == 1


def test_a_route_needs_a_rung(world: World) -> None:
    with pytest.raises(Refused) as refused:
        routed(world)
    assert [fault.field for fault in refused.value.faults] == ["rungs"]
    assert AcceptanceRoute.objects.count() == 0


def lend(world: World, organisation: Organisation, role: Role, receiver: Role) -> object:
    """The holder of the role lends it to somebody of the same body for a week."""
    giver, taker = world.state.person(role, organisation), world.state.person(receiver, organisation)
    delegate(
        by=viewer_of(giver),
        new=NewDelegation(giver, organisation, role, taker, today(), today() + timedelta(days=6), "Đi công tác"),
        on=today(),
    )
    return viewer_of(taker)


def test_acting_for_an_absent_head_is_two_names(world: World, climbing: Report) -> None:
    deputy = lend(world, world.state.commune, Role.HEAD, Role.APPROVER)
    decided = agree(climbing, deputy)
    absent = world.state.person(Role.HEAD, world.state.commune)
    assert (decided.reviewer_id, decided.acting_for_id) == (deputy.account_id, absent.pk)
    assert Entry.objects.get(event="report.endorsed").content["acting_for"] == absent.pk
    # Whoever was represented has spoken: he does not stand on the next rung.
    absent.memberships.create(organisation=world.state.province, role=Role.APPROVER, valid_from="2025-01-01")
    with pytest.raises(Forbidden, match="mỗi người chỉ đứng ở một cấp"):
        agree(climbing, viewer_of(absent))


def test_a_delegate_does_not_judge_for_the_author(world: World) -> None:
    """The head writes for the ministry below; his deputy at the government would decide in his name."""
    account = world.state.person(Role.HEAD, world.state.government)
    account.memberships.create(organisation=world.state.science, role=Role.REPORTER, valid_from="2025-01-01")
    report = submit_report(
        world.this_week, by=viewer_of(account), content=on_plan(), idempotency_key=uuid4(), version=0, at=now()
    )
    deputy = lend(world, world.state.government, Role.HEAD, Role.AUDITOR)
    with pytest.raises(Forbidden):
        agree(report, deputy)
    assert Acceptance.objects.count() == 0


def test_the_reporter_to_whom_the_head_lends_does_not_judge_his_own(world: World, climbing: Report) -> None:
    reporter = lend(world, world.state.commune, Role.HEAD, Role.REPORTER)
    assert reporter.account_id == climbing.author_id
    with pytest.raises(Forbidden):
        agree(climbing, reporter)
    assert (Endorsement.objects.count(), OpenDuty.objects.get(report=climbing).rung) == (0, Rung.OWN_HEAD)

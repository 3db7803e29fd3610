"""Decisions, what became of them, how long each desk took, refusals, and what an obstacle holds up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kept_states import Kept
from tests.obstacles.test_climbing import climb, request_of
from tests.obstacles.test_obstacles import merge, raised
from tests.reporting.world import World, make_world, today
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.models import Contribution, Indicator, Target
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import (
    NewDecision,
    NewRefusal,
    NewRuling,
    add_decision_task,
    add_step,
    decide_obstacle,
    refuse_duty,
    rule_on_refusal,
)
from thucthi.obstacles.calculations.deciding import (
    DecisionState,
    FollowedTask,
    HopFact,
    Outcome,
    Said,
    TimeToDecision,
    state_of_decision,
    times_of,
)
from thucthi.obstacles.calculations.petition import Clear, Petition, clears_of
from thucthi.obstacles.models import Decision, DecisionTask, Hop, Obstacle, Refusal, RefusalRuling
from thucthi.obstacles.selectors import visible_requests
from thucthi.obstacles.selectors.decisions import decisions_about, time_to_decision
from thucthi.obstacles.selectors.impact import impacts_of
from thucthi.obstacles.selectors.refusals import handed_most, waiting_refusals
from thucthi.programmes.models import Dependency, Programme, Task
from thucthi.programmes.selectors.contents import TaskContent
from thucthi.programmes.selectors.downstream import downstream_of

FRIDAY, LATER = date(2026, 11, 20), date(2027, 3, 1)
DUE = date(2027, 6, 30)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def instruct(world: World, **more: Any) -> NewDecision:
    values = {"kind": "instruct", "text": "Ban hành định mức.", "responsible": world.state.finance, "due_on": DUE}
    return NewDecision(**(values | more))


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Decision, DecisionTask, Refusal, RefusalRuling, Hop, Task, Entry))


# --- decisions


def test_a_desk_it_passed_decides_and_the_ladder_stops(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    climb(date(2026, 12, 2))
    head = world.head(world.state.province)
    decision = decide_obstacle(
        obstacle, by=head, organisation=world.state.province, new=instruct(world), on=date(2026, 12, 3)
    )
    assert (decision.hop.number, decision.by_id, decision.acting_for_id, decision.due_on) == (
        2, head.account_id, None, DUE,
    )  # fmt: skip
    assert climb(LATER) == 0
    entry = Entry.objects.get(event="obstacle.decided")
    assert (entry.content["responsible"], entry.content["kind"]) == ("bo-tai-chinh", "instruct")


def test_a_deferral_does_not_stop_it(world: World) -> None:
    obstacle = raised(world, asked_of=world.state.commune)
    new = NewDecision("defer", "Xem xét sau.")
    decide_obstacle(obstacle, by=SYSTEM, organisation=world.state.commune, new=new, on=FRIDAY)
    assert climb(LATER) > 0


def test_all_faults_of_a_decision_at_once_and_nothing_moved(world: World) -> None:
    obstacle = raised(world)
    before = counts()
    new = NewDecision("instruct", " ", due_on=date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        decide_obstacle(obstacle, by=SYSTEM, organisation=world.state.finance, new=new, on=FRIDAY)
    assert [fault.field for fault in refused.value.faults] == ["text", "responsible", "due_on"]
    assert counts() == before


@pytest.mark.parametrize(
    ("role", "where"), [(Role.HEAD, "science"), (Role.REPORTER, "finance"), (Role.HEAD, "province")]
)
def test_others_do_not_decide(world: World, role: Role, where: str) -> None:
    obstacle = raised(world)
    before, body = counts(), getattr(world.state, where)
    with pytest.raises(Forbidden):
        decide_obstacle(obstacle, by=world.state.viewer(role, body), organisation=body, new=instruct(world), on=FRIDAY)
    assert counts() == before


def test_the_committee_decides_before_it_came_that_far_and_nobody_after_it_was_closed(world: World) -> None:
    obstacle, government = raised(world, asked_of=world.state.commune), world.state.government
    office = world.state.viewer(Role.STEERING_OFFICE, government)
    decide_obstacle(obstacle, by=office, organisation=government, new=instruct(world), on=FRIDAY)
    add_step(obstacle, by=SYSTEM, kind="removed", text="Xong.", organisation=world.state.science, on=FRIDAY)
    before = counts()
    with pytest.raises(Stale):
        decide_obstacle(obstacle, by=office, organisation=government, new=instruct(world), on=FRIDAY)
    assert counts() == before


def programme_of_finance(world: World) -> Programme:
    world.state.head_post(world.state.finance)
    return Programme.objects.create(
        code="ct-tc",
        organisation=world.state.finance,
        title="Chương trình tài chính",
        profile="five",
        issued_on=date(2026, 1, 5),
        issued_as="02/CTr",
    )


def content(world: World, **more: Any) -> TaskContent:
    values = {
        "text": "Ban hành thông tư định mức chi chuyển đổi số",
        "product": "Thông tư được ban hành",
        "acceptance_criterion": "Thông tư có số và ngày",
        "lead": world.state.finance,
        "deadline_raw": "30/06/2027",
    }
    return TaskContent(**(values | more))


def test_a_decision_becomes_a_task_and_is_followed_to_its_end(world: World) -> None:
    obstacle = raised(world)
    decision = decide_obstacle(obstacle, by=SYSTEM, organisation=world.state.finance, new=instruct(world), on=FRIDAY)
    assert decisions_about([obstacle], FRIDAY)[obstacle.pk][0].state == DecisionState.NO_TASK
    programme, head = programme_of_finance(world), world.head(world.state.finance)
    link = add_decision_task(decision, by=head, programme=programme, content=content(world), on=FRIDAY)
    task = link.task
    assert (task.code, task.is_issued, task.programme_id, task.resolved_end) == ("ct-tc-01", True, programme.pk, DUE)
    event = task.events.get()
    assert (event.kind, event.decision) == ("issued", f"Quyết định ngày 20/11/2026 về điểm nghẽn {obstacle.code}")
    programme.refresh_from_db()
    assert programme.version == 2
    assert [entry.event for entry in Entry.objects.order_by("-pk")[:2]] == ["decision.became_task", "task.assigned"]
    states = {
        day: decisions_about([obstacle], day, done)[obstacle.pk][0].state
        for day, done in ((FRIDAY, ()), (date(2027, 7, 1), ()), (date(2027, 7, 2), (task.pk,)))
    }
    assert list(states.values()) == [DecisionState.RUNNING, DecisionState.OVERDUE, DecisionState.DONE]


def test_a_task_that_is_not_clear_is_not_given(world: World) -> None:
    obstacle = raised(world)
    decision = decide_obstacle(obstacle, by=SYSTEM, organisation=world.state.finance, new=instruct(world), on=FRIDAY)
    programme, before = programme_of_finance(world), counts()
    vague = content(world, product="", acceptance_criterion="", deadline_raw="")
    with pytest.raises(Refused) as refused:
        add_decision_task(decision, by=SYSTEM, programme=programme, content=vague, on=FRIDAY)
    assert {fault.field for fault in refused.value.faults} == {"ct-tc-01"}
    with pytest.raises(Refused) as refused:
        add_decision_task(decision, by=SYSTEM, programme=world.programme, content=content(world), on=FRIDAY)
    assert [fault.field for fault in refused.value.faults] == ["programme"]
    with pytest.raises(Forbidden):
        add_decision_task(
            decision, by=world.head(world.state.science), programme=programme, content=content(world), on=FRIDAY
        )
    assert counts() == before


@pytest.mark.parametrize(
    ("kind", "tasks", "done", "state"),
    [
        ("decline", (), (), DecisionState.NOTHING_TO_DO),
        ("grant", (), (), DecisionState.NO_TASK),
        ("instruct", (FollowedTask(1, None),), (), DecisionState.RUNNING),
        ("instruct", (FollowedTask(1, FRIDAY),), (), DecisionState.OVERDUE),
        ("instruct", (FollowedTask(1, FRIDAY), FollowedTask(2, None)), (1,), DecisionState.RUNNING),
        ("instruct", (FollowedTask(1, FRIDAY, is_cancelled=True),), (), DecisionState.NO_TASK),
        ("instruct", (FollowedTask(1, FRIDAY),), (1,), DecisionState.DONE),
    ],
)
def test_what_became_of_a_decision(kind: str, tasks: Any, done: Any, state: DecisionState) -> None:
    assert state_of_decision(kind, DUE, tasks, done, date(2026, 11, 23)) == state


# --- time to decision


def test_every_desk_has_its_own_time() -> None:
    monday = date(2026, 11, 2)
    hops = [HopFact(3, monday, date(2026, 11, 9)), HopFact(2, date(2026, 11, 10), date(2026, 11, 16), "silence")]
    said = [Said(date(2026, 11, 12), is_decision=True)]
    assert [
        (t.organisation_id, t.until, t.working_days, t.outcome, t.is_late) for t in times_of(hops, said, LATER)
    ] == [
        (3, date(2026, 11, 9), 5, Outcome.SILENT, False),
        (2, date(2026, 11, 12), 3, Outcome.DECIDED, False),
    ]
    holding = times_of(hops, [], date(2026, 11, 18))[1]
    assert (holding.until, holding.working_days, holding.outcome) == (None, 7, Outcome.HOLDING)
    assert times_of(hops, said, monday)[0].working_days == 0


def test_time_to_decision_is_the_superiors_figure(world: World) -> None:
    state = world.state
    decided, open_one = raised(world, asked_of=state.commune), raised(world, asked_of=state.commune)
    climb(date(2026, 12, 1))
    decide_obstacle(decided, by=SYSTEM, organisation=state.province, new=instruct(world), on=date(2026, 12, 3))
    found = time_to_decision([state.commune.pk, state.province.pk, state.science.pk], FRIDAY, date(2026, 12, 4))
    assert found[state.commune.pk] == TimeToDecision(2, 0, 2, 0, 5.0, 5)
    assert found[state.province.pk] == TimeToDecision(1, 1, 0, 0, 3.0, 3)
    assert found[state.science.pk] == TimeToDecision(0, 0, 0, 0, None, None)
    assert open_one.hops.count() == 2


# --- refusals


def refusal_of(world: World, duty: Any, by: Organisation, **more: Any) -> Refusal:
    values = {"legal_basis": "Điều 5 Nghị định mẫu", "reason": "Thuộc bộ khác.", "proposed_owner": world.state.science}
    return refuse_duty(duty, by=world.head(by), organisation=by, new=NewRefusal(**(values | more)), on=FRIDAY)


def test_a_refusal_upheld_moves_the_obstacle_and_is_counted(world: World) -> None:
    obstacle = raised(world, organisation=world.state.science, asked_of=world.state.finance)
    refusal = refusal_of(world, obstacle, world.state.finance, proposed_owner=world.state.province)
    viewer = world.state.viewer(Role.HEAD, world.state.government)
    assert waiting_refusals(viewer, FRIDAY) == [refusal]
    ruling = rule_on_refusal(
        refusal,
        by=viewer,
        organisation=world.state.government,
        new=NewRuling(True, world.state.province, "Đúng thẩm quyền tỉnh."),
        on=date(2026, 11, 23),
    )
    assert (ruling.owner, waiting_refusals(viewer, FRIDAY)) == (world.state.province, [])
    desk = obstacle.hops.get(number=2)
    assert (desk.rung, desk.organisation, desk.because, desk.due_on) == (
        "owner", world.state.province, "refusal", add_working_days(date(2026, 11, 23), 5),
    )  # fmt: skip
    (handed,) = handed_most(viewer, FRIDAY)
    assert (handed.code, handed.times, handed.holder) == (obstacle.code, 1, "UBND tỉnh An Bình")
    answer = {"kind": "answered", "text": "a", "on": date(2026, 11, 25)}
    with pytest.raises(Forbidden):
        add_step(obstacle, by=world.reporter(world.state.finance), organisation=world.state.finance, **answer)
    add_step(obstacle, by=world.reporter(world.state.province), organisation=world.state.province, **answer)
    with pytest.raises(Stale):
        rule_on_refusal(
            refusal, by=SYSTEM, organisation=world.state.government, new=NewRuling(False, None, "b"), on=FRIDAY
        )
    assert RefusalRuling.objects.count() == 1


def test_a_refusal_turned_down_leaves_it_where_it_is_with_its_clock(world: World) -> None:
    obstacle = raised(world)
    refusal = refusal_of(world, obstacle, world.state.finance)
    rule_on_refusal(
        refusal, by=SYSTEM, organisation=world.state.government, new=NewRuling(False, None, "Đúng việc."), on=FRIDAY
    )
    assert (refusal.ruling.owner, obstacle.hops.count()) == (world.state.finance, 1)
    assert handed_most(SYSTEM, FRIDAY) == []


def test_a_request_and_a_task_are_refused_too(world: World) -> None:
    request, task = request_of(world), world.tasks["nv-tinh"]
    climb(FRIDAY)
    moved, kept = refusal_of(world, request, world.state.commune), refusal_of(world, task, world.state.province)
    for refusal in (moved, kept):
        rule_on_refusal(
            refusal,
            by=SYSTEM,
            organisation=world.state.government,
            new=NewRuling(True, world.state.science, "Chuyển."),
            on=FRIDAY,
        )
    assert list(request.hops.values_list("number", "organisation__code", "because")) == [
        (1, "ubnd-hoa", ""), (2, "bo-khoa-hoc", "refusal"),
    ]  # fmt: skip
    task.refresh_from_db()
    assert task.lead == world.state.province
    assert kept.ruling.owner == world.state.science


def test_whoever_may_not_read_a_request_does_not_read_its_refusal(world: World) -> None:
    """Although the task it is about is everybody's to see."""
    request = request_of(world)
    refusal = refusal_of(world, request, world.state.commune)
    outsider = world.state.viewer(Role.REPORTER, world.state.elsewhere)
    assert (request.task is not None, visible_requests(outsider, FRIDAY).count()) == (True, 0)
    assert waiting_refusals(outsider, FRIDAY) == []
    assert waiting_refusals(world.state.viewer(Role.HEAD, world.state.province), FRIDAY) == [refusal]


def test_refusing_without_law_reason_or_owner_is_itself_refused(world: World) -> None:
    obstacle = raised(world)
    before = counts()
    with pytest.raises(Refused) as refused:
        refusal_of(world, obstacle, world.state.finance, legal_basis="", reason=" ", proposed_owner=None)
    assert [fault.field for fault in refused.value.faults] == ["legal_basis", "reason", "proposed_owner"]
    with pytest.raises(Refused):
        refusal_of(world, obstacle, world.state.finance, proposed_owner=world.state.finance)
    with pytest.raises(Forbidden):
        refusal_of(world, obstacle, world.state.science)
    assert counts() == before
    refusal = refusal_of(world, obstacle, world.state.finance)
    before = counts()
    with pytest.raises(Refused):
        refusal_of(world, obstacle, world.state.finance)
    for where in ("finance", "province"):
        body = getattr(world.state, where)
        with pytest.raises(Forbidden):
            rule_on_refusal(refusal, by=world.head(body), organisation=body, new=NewRuling(False, None, "a"), on=FRIDAY)
    with pytest.raises(Refused) as refused:
        rule_on_refusal(
            refusal, by=SYSTEM, organisation=world.state.government, new=NewRuling(None, None, ""), on=FRIDAY
        )
    assert [fault.field for fault in refused.value.faults] == ["upheld", "text"]
    assert counts() == before


def test_a_body_that_is_no_more_refuses_through_its_heir(world: World) -> None:
    obstacle = raised(world)
    merge(world, world.state.finance, world.state.elsewhere, last_day=date(2026, 11, 19))
    refusal = refusal_of(world, obstacle, world.state.elsewhere)
    assert refusal.organisation == world.state.elsewhere


# --- what it holds up


def wait(needed: Task, waiting: Task, **more: Any) -> Dependency:
    values = {"kind": "finish_start", "created_on": FRIDAY}
    return Dependency.objects.create(needed_task=needed, waiting_task=waiting, **(values | more))


def test_what_waits_is_counted_through_rings_and_not_through_ended_or_competing_pairs(world: World) -> None:
    a, b, c, d = (world.task(f"n{n}", world.state.finance) for n in range(4))
    wait(a, b), wait(b, c, kind="needs_data"), wait(c, a)
    wait(c, d, ended_on=FRIDAY, ended_because="Thôi")
    wait(a, d, kind="competes")
    assert downstream_of([a.pk, d.pk]) == {a.pk: frozenset({b.pk, c.pk}), d.pk: frozenset()}
    assert downstream_of([]) == {}


def test_an_obstacle_opens_into_what_it_holds_up(world: World) -> None:
    blocked = world.tasks["nv-khoa"]
    beside = Task.objects.create(
        programme=world.programme, code="n1", lead=world.state.finance, text="a", is_issued=True, search_text="n1",
        money_vnd_million=Decimal("120.50"),
    )  # fmt: skip
    wait(blocked, world.tasks["nv-mat"])
    indicator = Indicator.objects.create(code="ct", name="Chỉ tiêu", direction="rise")
    Contribution.objects.create(task=world.tasks["nv-mat"], indicator=indicator)
    Contribution.objects.create(task=beside, indicator=indicator)
    document = world.programme.bases.get()
    for year in (2027, 2030):
        Target.objects.create(
            code=f"mt-{year}", indicator=indicator, document=document, operator=">=", low=1, period=str(year), year=year
        )
    obstacle = raised(world, affected=[beside, blocked])
    impact = impacts_of([obstacle])[obstacle.pk]
    assert (impact.direct, impact.downstream) == ({blocked.pk, beside.pk}, {world.tasks["nv-mat"].pk})
    assert (len(impact.targets), impact.money_vnd_million, impact.money_known) == (2, Decimal("120.50"), 1)
    client = signed_in(world, Role.REPORTER, world.state.province)
    page = soup(client.get(reverse("obstacles:impact", args=[obstacle.code])))
    assert [cell.get_text(strip=True) for cell in page.select("tbody th")] == ["n1", "nv-khoa", "mt-2027", "mt-2030"]
    assert "1 nhiệm vụ khác được đếm" in page.get_text()


@pytest.mark.parametrize("empty", ["information", "field", "condition", "proposed_solution", "authority"])
def test_six_clears(empty: str) -> None:
    said = dict.fromkeys(("information", "field", "condition", "proposed_solution", "authority"), "x")
    found = clears_of(Petition(**(said | {empty: " "}), asked_of=True, due_on=FRIDAY))
    assert [clear for clear, met in found.items() if not met] == [Clear(empty)]
    assert list(found) == list(Clear)
    nobody = clears_of(Petition(**said, asked_of=False, due_on=None))
    assert [clear for clear, met in nobody.items() if not met] == [Clear.AUTHORITY, Clear.TIME]


# --- pages


def signed_in(world: World, role: Role, body: Organisation) -> Client:
    client = Client()
    client.force_login(world.state.person(role, body), backend="django.contrib.auth.backends.ModelBackend")
    return client


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_a_decision_a_task_and_a_refusal_from_their_pages(world: World) -> None:
    now = today()
    obstacle = raised(world, on=now, due_on=now)
    head, above = (signed_in(world, Role.HEAD, body) for body in (world.state.finance, world.state.government))
    page = reverse("obstacles:obstacle", args=[obstacle.code])
    assert "Từ chối vì không thuộc thẩm quyền" in soup(head.get(page)).get_text()
    refuse = reverse("obstacles:refuse_obstacle", args=[obstacle.code])
    assert head.get(refuse).status_code == 200
    assert head.post(refuse, {"reason": "a"}).status_code == 422
    said = {"organisation": "bo-tai-chinh", "legal_basis": "Điều 5", "reason": "a", "proposed_owner": "bo-khoa-hoc"}
    answer = head.post(refuse, said)
    refusal = Refusal.objects.get()
    assert answer["Location"] == reverse("obstacles:refusal", args=[refusal.pk])
    assert "Chờ phân xử" in soup(head.get(reverse("obstacles:refusals"))).get_text() + soup(head.get(page)).get_text()
    assert head.post(answer["Location"], {"verdict": "stays", "text": "a"}).status_code == 403
    assert above.get(answer["Location"]).status_code == 200
    assert above.post(answer["Location"], {}).status_code == 422
    assert above.post(answer["Location"], {"verdict": "stays", "text": "Đúng việc."}).status_code == 302
    assert above.post(answer["Location"], {"verdict": "stays", "text": "Đúng việc."}).status_code == 409

    decide = reverse("obstacles:decide", args=[obstacle.code])
    assert signed_in(world, Role.HEAD, world.state.province).get(decide).status_code == 403
    assert head.post(decide, {"kind": "instruct"}).status_code == 422
    made = {"kind": "instruct", "text": "Ban hành.", "responsible": "bo-tai-chinh", "due_on": f"{DUE:%d/%m/%Y}"}
    assert head.post(decide, made).status_code == 302
    programme_of_finance(world)
    assign = reverse("obstacles:decision_task", args=[Decision.objects.get().pk])
    assert head.get(assign).status_code == 200
    assert head.post(assign, {"programme": "ct-tc"}).status_code == 422
    task = {
        "programme": "ct-tc", "text": "Ban hành thông tư định mức", "product": "Thông tư", "lead": "bo-tai-chinh",
        "acceptance_criterion": "Có số, ngày", "deadline_raw": "30/06/2027",
    }  # fmt: skip
    assert head.post(assign, task).status_code == 302
    shown = soup(head.get(page)).get_text()
    assert "ct-tc-01" in shown
    assert "Đang thực hiện" in shown


def test_the_page_of_an_obstacle_asks_few_queries_however_high_it_climbed(world: World) -> None:
    obstacle = raised(world, on=today(), due_on=today(), asked_of=world.state.commune)
    client = signed_in(world, Role.HEAD, world.state.commune)
    page = reverse("obstacles:obstacle", args=[obstacle.code])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries)

    few = asked()
    for _ in range(3):
        decide_obstacle(obstacle, by=SYSTEM, organisation=world.state.commune, new=instruct(world), on=today())
    assert few <= 20
    assert asked() <= 20


def test_clocks_are_set_from_their_page_by_the_centre_only(world: World) -> None:
    central = signed_in(world, Role.STEERING_OFFICE, world.state.government)
    local = signed_in(world, Role.STEERING_OFFICE, world.state.province)
    rules, add = reverse("obstacles:ladder_rules"), reverse("obstacles:set_ladder_rule")
    said = {"rung": "owner", "working_days": "3", "basis": "Quy chế 1", "valid_from": "01/03/2037"}
    assert local.post(add, said).status_code == 403
    assert central.post(add, said | {"working_days": "x"}).status_code == 422
    assert central.post(add, said).status_code == 302
    assert "Quy chế 1" in soup(local.get(rules)).get_text()
    end = soup(central.get(rules)).select_one("td form")["action"]
    assert soup(local.get(rules)).select_one("td form") is None
    assert (local.post(end).status_code, central.post(end).status_code) == (403, 302)
    assert central.post(end).status_code == 409


def test_an_obstacle_with_six_clears_is_raised_from_the_page(world: World) -> None:
    client = signed_in(world, Role.REPORTER, world.state.science)
    said = {
        "organisation": "bo-khoa-hoc", "task": "nv-khoa", "cause": "procurement", "condition": "Chưa đấu thầu được.",
        "asked_of": "bo-tai-chinh", "asked_what": "Hướng dẫn.", "due_on": f"{today():%d/%m/%Y}",
        "field": "Mua sắm công",
        "information": "Hai gói thầu chậm.", "proposed_solution": "Áp dụng chỉ định thầu.", "authority": "Điều 10",
        "affected": "nv-tinh nv-la",
    }  # fmt: skip
    refused = client.post(reverse("obstacles:add_obstacle"), said)
    assert (refused.status_code, Obstacle.objects.count()) == (422, 0)
    assert "Không có nhiệm vụ mang mã: nv-la." in soup(refused).get_text()
    assert client.post(reverse("obstacles:add_obstacle"), said | {"affected": "nv-tinh"}).status_code == 302
    obstacle = Obstacle.objects.get()
    assert (obstacle.field, obstacle.authority, obstacle.affected.get().task.code) == (
        "Mua sắm công", "Điều 10", "nv-tinh",
    )  # fmt: skip
    page = soup(client.get(reverse("obstacles:obstacle", args=[obstacle.code])))
    assert [word.get_text() for word in page.select("#sau-ro .tt-clarity-word")] == ["đạt"] * 6

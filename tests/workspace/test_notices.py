"""Notices: everybody who must know is told once, nobody else, and facts alone decide."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.reporting.world import World, make_world, now, send, today
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Delegation, Membership, Role
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import NewObstacle, raise_obstacle
from thucthi.obstacles.models import CoordinationRequest, Hop, Refusal, RequestStep
from thucthi.programmes.actions import add_remark
from thucthi.reporting.actions import return_report
from thucthi.reporting.models import AfterCheck, Obligation, Report
from thucthi.workspace.actions import choose_mail, derive_notices, mark_seen
from thucthi.workspace.models import Notice, NoticeChoice
from thucthi.workspace.tasks import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    for role, place in ((Role.HEAD, made.state.science), (Role.REPORTER, made.state.science)):
        made.state.person(role, place)
    return made


def told(reason: str) -> set[tuple[str, str]]:
    """(account, text) of every notice of that reason."""
    rows = Notice.objects.filter(reason=reason).select_related("account")
    return {(row.account.username, row.text) for row in rows}


def who(reason: str) -> set[str]:
    return {name for name, _text in told(reason)}


def late(world: World, code: str, due_on: date) -> Obligation:
    return Obligation.objects.create(
        task=world.tasks[code],
        organisation=world.tasks[code].lead,
        period_kind="weekly",
        period_key=f"x-{due_on:%j}",
        period_start=due_on - timedelta(days=4),
        period_end=due_on + timedelta(days=2),
        due_on=due_on,
    )


def test_a_returned_report_tells_its_author_and_those_who_report_there(world: World) -> None:
    report = send(world, world.this_week)
    return_report(report, by=world.approver(), note="Thiếu số liệu.", content_hash=report.content_hash, at=now())
    assert derive_notices(by=SYSTEM, at=now()) > 0
    assert who("returned") == {"reporter-bo-khoa-hoc", "head-bo-khoa-hoc"}
    (text,) = {text for _name, text in told("returned")}
    assert text == f"nv-khoa · {world.this_week.period_key}: Thiếu số liệu."
    assert {row.path for row in Notice.objects.filter(reason="returned")} == {
        f"/lam-viec/nhiem-vu/nv-khoa/bao-cao/{world.this_week.period_key}/"
    }


def test_a_returned_report_that_was_answered_meanwhile_is_no_news(world: World) -> None:
    report = send(world, world.this_week)
    return_report(report, by=world.approver(), note="Thiếu số liệu.", content_hash=report.content_hash, at=now())
    send(world, world.this_week)
    derive_notices(by=SYSTEM, at=now())
    assert told("returned") == set()


def test_an_overdue_duty_is_told_once_and_a_silent_body_reaches_the_nearest_head_above(world: World) -> None:
    """Missed reports must reach somebody (operately#1329): no head in the province, so the government hears of it."""
    state = world.state
    state.person(Role.REPORTER, state.commune)
    state.person(Role.HEAD, state.government)
    yesterday, long_ago = today() - timedelta(days=1), today() - timedelta(days=6)
    late(world, "nv-xa", yesterday)
    owed = late(world, "nv-xa", long_ago)
    derive_notices(by=SYSTEM, at=now())
    assert who("overdue") == {"reporter-ubnd-hoa", "head-chinh-phu"}
    assert Notice.objects.filter(account__username="reporter-ubnd-hoa", reason="overdue").count() == 2
    silent = Notice.objects.get(account__username="head-chinh-phu", reason="overdue")
    assert (silent.text, silent.path) == (f"UBND xã Hòa · {owed.period_key} · 1", "/lam-viec/tinh-hinh/ubnd-hoa/")
    assert derive_notices(by=SYSTEM, at=now()) == 0


def test_grace_days_are_waited_for(world: World) -> None:
    late(world, "nv-xa", today() - timedelta(days=1))
    world.state.person(Role.REPORTER, world.state.commune)
    Obligation.objects.create(
        task=world.tasks["nv-tinh"],
        organisation=world.state.province,
        period_kind="weekly",
        period_key="y",
        period_start=today() - timedelta(days=7),
        period_end=today() - timedelta(days=1),
        due_on=today() - timedelta(days=3),
        grace_until=today(),
    )
    world.state.person(Role.REPORTER, world.state.province)
    derive_notices(by=SYSTEM, at=now())
    assert "reporter-ubnd-an-binh" not in who("overdue")
    assert "reporter-ubnd-hoa" in who("overdue")


def test_whoever_stands_in_is_told_and_whoever_left_is_not(world: World) -> None:
    state = world.state
    head, deputy = state.person(Role.HEAD, state.commune), Account.objects.create(username="pho")
    Delegation.objects.create(
        organisation=state.commune,
        giver=head,
        receiver=deputy,
        valid_from=today(),
        valid_to=today() + timedelta(days=3),
        reason="Nghỉ phép",
    )
    gone = state.person(Role.REPORTER, state.commune)
    Membership.objects.filter(account=gone).update(valid_to=today())
    late(world, "nv-xa", today() - timedelta(days=1))
    derive_notices(by=SYSTEM, at=now())
    assert who("overdue") == {"head-ubnd-hoa", "pho"}


def test_a_duty_of_a_suspended_task_or_an_answered_one_is_not_overdue(world: World) -> None:
    send(world, world.last_week)
    derive_notices(by=SYSTEM, at=now())
    assert told("overdue") == set()


def test_a_mention_reaches_the_account_and_everyone_at_a_body_but_not_its_author(world: World) -> None:
    state = world.state
    for role in (Role.REPORTER, Role.HEAD, Role.ACCOUNT_ADMIN):
        state.person(role, state.finance)
    add_remark(
        world.tasks["nv-khoa"],
        by=world.reporter(),
        organisation=state.science,
        text="Nhờ @bo-tai-chinh và @head-bo-khoa-hoc cho ý kiến về kinh phí.",
        at=now(),
    )
    derive_notices(by=SYSTEM, at=now())
    assert who("mentioned") == {"reporter-bo-tai-chinh", "head-bo-tai-chinh", "head-bo-khoa-hoc"}
    assert all("#y-" in row.path for row in Notice.objects.filter(reason="mentioned"))


def test_waiting_reports_are_told_once_a_day_to_whoever_accepts(world: World) -> None:
    for role in (Role.APPROVER, Role.HEAD):
        world.state.person(role, world.state.government)
    send(world, world.this_week)
    derive_notices(by=SYSTEM, at=now())
    assert told("to_accept") == {
        (name, f"Chính phủ · {today():%d/%m/%Y}") for name in ("approver-chinh-phu", "head-chinh-phu")
    }
    send(world, world.last_week)
    assert derive_notices(by=SYSTEM, at=now()) == 0


def test_the_own_head_is_told_when_the_route_begins_with_him(world: World) -> None:
    report = send(world, world.this_week)
    Report.objects.create(
        obligation=world.last_week,
        task=report.task,
        version=1,
        author=report.author,
        claim="on_plan",
        progress_declared=Decimal(5),
        submitted_at=now(),
        idempotency_key="11111111-1111-4111-8111-111111111111",
        content_hash="x",
        route=["own_head", "superior"],
    )
    derive_notices(by=SYSTEM, at=now())
    assert who("to_accept") == {"head-bo-khoa-hoc"}


def test_what_comes_onto_a_desk_is_told_to_whoever_decides_there(world: World) -> None:
    state = world.state
    for place in (state.finance, state.government):
        state.person(Role.HEAD, place)
    obstacle = raise_obstacle(by=world.reporter(), new=stuck(world), on=today())
    derive_notices(by=SYSTEM, at=now())
    assert told("to_decide") == {("head-bo-tai-chinh", f"{obstacle.code} · Chưa có vốn.")}
    Hop.objects.create(
        obstacle=obstacle,
        number=2,
        rung="superior",
        organisation=state.government,
        started_on=today(),
        due_on=today() + timedelta(days=5),
    )
    derive_notices(by=SYSTEM, at=now())
    assert who("to_decide") == {"head-bo-tai-chinh", "head-chinh-phu"}


def stuck(world: World) -> NewObstacle:
    return NewObstacle(
        code=None,
        task=world.tasks["nv-khoa"],
        organisation=world.state.science,
        cause="money",
        condition="Chưa có vốn.",
        asked_of=world.state.finance,
        asked_what="Bố trí vốn.",
        due_on=today() + timedelta(days=10),
    )


def asked(world: World) -> CoordinationRequest:
    return CoordinationRequest.objects.create(
        code="dn-1",
        task=world.tasks["nv-khoa"],
        asking=world.state.science,
        asked=world.state.finance,
        text="Cho ý kiến dự thảo.",
        asked_on=today(),
        due_on=today() + timedelta(days=3),
    )


def test_a_request_is_told_until_it_is_answered(world: World) -> None:
    world.state.person(Role.REPORTER, world.state.finance)
    request = asked(world)
    RequestStep.objects.create(
        request=request, kind="full", text="Đã trả lời.", organisation=world.state.finance, happened_on=today()
    )
    derive_notices(by=SYSTEM, at=now())
    assert told("asked") == set()
    RequestStep.objects.create(
        request=request, kind="insufficient", text="Thiếu.", organisation=world.state.science, happened_on=today()
    )
    derive_notices(by=SYSTEM, at=now())
    assert told("asked") == {("reporter-bo-tai-chinh", "Bộ Khoa học: Cho ý kiến dự thảo.")}


def test_a_refusal_and_a_result_to_look_at_again_reach_a_head(world: World) -> None:
    state = world.state
    for place in (state.government, state.finance):
        state.person(Role.HEAD, place)
    Refusal.objects.create(
        request=asked(world),
        organisation=state.finance,
        legal_basis="Nghị định mẫu, Điều 3",
        reason="Không thuộc thẩm quyền.",
        proposed_owner=state.province,
        refused_on=today(),
    )
    AfterCheck.objects.create(
        task=world.tasks["nv-khoa"], due_on=today(), examiner=state.finance, what="Còn vận hành không?"
    )
    derive_notices(by=SYSTEM, at=now())
    assert ("head-chinh-phu", "Bộ Tài chính: Không thuộc thẩm quyền.") in told("to_decide")
    assert ("head-bo-tai-chinh", "nv-khoa: Còn vận hành không?") in told("to_decide")


def test_what_is_due_soon_is_told_once_per_body_and_day(world: World) -> None:
    friday = world.this_week.due_on
    at = timezone.make_aware(datetime.combine(friday - timedelta(days=1), datetime.min.time()))
    derive_notices(by=SYSTEM, at=at)
    assert told("due_soon") == {
        (name, f"Bộ Khoa học · {friday:%d/%m/%Y} · 1") for name in ("reporter-bo-khoa-hoc", "head-bo-khoa-hoc")
    }


def test_one_entry_per_run_and_none_when_nothing_is_new(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=1))
    made = derive_notices(by=SYSTEM, at=now())
    derive_notices(by=SYSTEM, at=now())
    entry = Entry.objects.get(event="notices.derived")
    assert (entry.content["count"], entry.content["overdue"]) == (made, 2)


def test_the_worker_tells_round_by_round_until_nothing_is_new(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=1))
    first, second = tell(0), tell(0)
    assert (first["notices"] > 0, first["letters"], first["digests"]) == (True, 0, 0)
    assert second == {"notices": 0, "letters": 0, "digests": 0}


def test_only_the_system_derives(world: World) -> None:
    with pytest.raises(Forbidden):
        derive_notices(by=world.head(), at=now())
    assert Notice.objects.count() == 0


def test_seen_is_ones_own_and_recorded_once(world: World) -> None:
    late(world, "nv-khoa", today() - timedelta(days=1))
    derive_notices(by=SYSTEM, at=now())
    head, reporter = world.head(), world.reporter()
    theirs = list(Notice.objects.filter(account=head.account_id).values_list("pk", flat=True))
    assert mark_seen(by=reporter, ids=theirs, at=now()) == 0
    assert mark_seen(by=head, ids=theirs, at=now()) == len(theirs)
    assert mark_seen(by=head, ids=None, at=now()) == 0
    assert Notice.objects.filter(account=reporter.account_id, seen_at__isnull=True).exists()
    assert Entry.objects.filter(event="notices.seen").count() == 1


def test_nobody_chooses_for_another_and_an_unknown_reason_is_refused(world: World) -> None:
    account = world.state.person(Role.HEAD, world.state.science)
    with pytest.raises(Forbidden):
        choose_mail(account, by=world.reporter(), reason="returned", by_mail=False, at=now())
    with pytest.raises(Refused):
        choose_mail(account, by=world.head(), reason="gì đó", by_mail=False, at=now())
    assert (NoticeChoice.objects.count(), Entry.objects.filter(event="mail.chosen").count()) == (0, 0)

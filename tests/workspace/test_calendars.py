"""Calendars behind a secret address: the right days, with the rights of this moment; nothing kept opens them."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.kept_states import Kept
from tests.reporting.world import World, make_world, now, today
from tests.workspace.test_notices import late, stuck
from thucthi.directory.models import Account, Membership, Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.obstacles.actions import raise_obstacle
from thucthi.obstacles.models import Hop
from thucthi.programmes.actions import change_deadline
from thucthi.programmes.models import (
    Checkpoint,
    CheckpointMove,
    ControlFrame,
    Programme,
    Task,
    TaskEvent,
    TaskEventKind,
)
from thucthi.reporting.models import AfterCheck
from thucthi.workspace.actions import give_calendar, revoke_calendar
from thucthi.workspace.models import CalendarKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept: Kept[World]) -> World:
    made = kept(make_world)
    dated(made, "nv-han", made.programme, today() + timedelta(days=40))
    return made


def dated(world: World, code: str, programme: Programme, end: date) -> Task:
    """A task of the ministry of science with a deadline."""
    task = Task.objects.create(
        programme=programme,
        code=code,
        lead=world.state.science,
        text=f"Việc mẫu {code}",
        product="Báo cáo",
        is_issued=True,
        search_text=code,
        deadline_raw=f"{end:%d/%m/%Y}",
        deadline_kind="date",
        resolved_end=end,
    )
    TaskEvent.objects.create(task=task, kind=TaskEventKind.ISSUED, happened_on=date(2026, 1, 5))
    world.tasks[code] = task
    return task


def give(world: World, role: Role = Role.HEAD, place: Any = None, **scope: Any) -> str:
    viewer = world.state.viewer(role, place or world.state.science)
    whole = {"organisation": None, "document": None, **scope}
    return give_calendar(by=viewer, at=now(), **whole).secret


def fetch(secret: str, **headers: str) -> Any:
    return Client().get(f"/lam-viec/lich/{secret}.ics", headers=headers)


def events(secret: str) -> dict[str, Any]:
    answer = fetch(secret)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_person_sees_the_days_of_its_own_work(world: World) -> None:
    state, day = world.state, today()
    owed = late(world, "nv-khoa", day + timedelta(days=3))
    late(world, "nv-tinh", day + timedelta(days=3))
    again = day + timedelta(days=9)
    AfterCheck.objects.create(task=world.tasks["nv-tinh"], due_on=again, examiner=state.science, what="Còn chạy?")
    obstacle = raise_obstacle(by=world.reporter(), new=stuck(world), on=day)
    Hop.objects.create(
        obstacle=obstacle,
        number=2,
        rung="superior",
        organisation=state.science,
        started_on=day,
        due_on=day + timedelta(days=5),
    )
    found = events(give(world))
    assert {title: event["dtstart"].dt for title, event in found.items()} == {
        f"Hạn báo cáo nv-khoa, kỳ {owed.period_key}": day + timedelta(days=3),
        "Thời hạn nhiệm vụ nv-han": day + timedelta(days=40),
        "Kiểm tra lại kết quả nv-tinh": again,
        f"Hạn quyết định điểm nghẽn {obstacle.code}": day + timedelta(days=5),
    }
    task = found["Thời hạn nhiệm vụ nv-han"]
    assert not isinstance(task["dtstart"].dt, datetime)
    assert task["dtend"].dt - task["dtstart"].dt == timedelta(days=1)
    assert task["uid"] == f"task-{world.tasks['nv-han'].pk}@thuc-thi"
    assert str(task["url"]).endswith("/lam-viec/nhiem-vu/nv-han/tien-do/")


def test_a_moved_deadline_keeps_its_name_and_counts_up(world: World) -> None:
    secret = give(world)
    before = events(secret)["Thời hạn nhiệm vụ nv-han"]
    change_deadline(
        world.tasks["nv-han"],
        by=world.head(world.state.government),
        new_deadline="31/12/2027",
        decision="QĐ 12",
        decided_on=today(),
        reason="Chờ vốn.",
    )
    after = events(secret)["Thời hạn nhiệm vụ nv-han"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert (before["uid"], after["dtstart"].dt) == (after["uid"], date(2027, 12, 31))


def test_a_document_has_its_tasks_and_its_checkpoints(world: World) -> None:
    document = world.programme.bases.get()
    frame = ControlFrame.objects.create(document=document, benefit_country="a", benefit_people="b", benefit_future="c")
    checkpoint = Checkpoint.objects.create(
        frame=frame,
        code="moc-1",
        text="Kết nối xong",
        due_on=today() + timedelta(days=20),
        evidence_required="Biên bản",
        examiner=world.state.government,
    )
    CheckpointMove.objects.create(
        checkpoint=checkpoint,
        old_due_on=today(),
        new_due_on=checkpoint.due_on,
        decision="QĐ 1",
        decided_on=today(),
        reason="Chờ luật.",
    )
    found = events(give(world, document=document))
    assert set(found) == {"Thời hạn nhiệm vụ nv-han", "Mốc kiểm tra moc-1"}
    assert found["Mốc kiểm tra moc-1"]["sequence"] == 1


def test_of_a_body_one_sees_what_one_may_see(world: World) -> None:
    late(world, "nv-tinh", today() + timedelta(days=3))
    state = world.state
    above = events(give(world, Role.APPROVER, state.government, organisation=state.province))
    beside = events(give(world, Role.REPORTER, state.elsewhere, organisation=state.province))
    assert (len(above), len(beside)) == (1, 0)


def test_a_restricted_task_is_in_the_calendar_of_its_own_people_alone(world: World) -> None:
    dated(world, "nv-kin", world.hidden, today() + timedelta(days=4))
    document = world.hidden.bases.get()
    assert "Thời hạn nhiệm vụ nv-kin" in events(give(world, document=document))
    assert events(give(world, Role.REPORTER, world.state.finance, document=document)) == {}


def test_rights_are_those_of_this_moment(world: World) -> None:
    secret, account = give(world), world.state.person(Role.HEAD, world.state.science)
    Membership.objects.filter(account=account).update(organisation=world.state.finance)
    assert events(secret) == {}
    Membership.objects.filter(account=account).update(valid_to=timezone.localdate())
    assert fetch(secret).status_code == 404


def test_a_closed_account_a_revoked_and_an_unknown_address_are_one_and_the_same(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    secret, other = give(world), give(world)
    key = CalendarKey.objects.order_by("pk")[0]
    revoke_calendar(key, by=world.head(), at=now())
    with caplog.at_level(logging.DEBUG):
        answers = [fetch(secret), fetch("x" * 43)]
        assert fetch(other).status_code == 200
        Account.objects.filter(pk=key.account_id).update(is_active=False)
        answers.append(fetch(other))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, "Không có lịch ở địa chỉ này.".encode())
    }
    assert [line for line in caplog.text.splitlines() if secret in line and "sql" not in line.lower()] == []


def test_no_session_opens_it_and_nothing_but_reading_is_taken(world: World) -> None:
    client = Client()
    client.force_login(
        world.state.person(Role.HEAD, world.state.science), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/lam-viec/lich/x.ics").status_code == 404
    assert client.post(f"/lam-viec/lich/{give(world)}.ics").status_code == 405


def test_the_secret_is_kept_nowhere(world: World) -> None:
    secret = give(world)
    assert CalendarKey.objects.get().secret_hash != secret
    assert secret not in str(list(Entry.objects.values()))
    assert Entry.objects.filter(event="calendar.given").count() == 1


def test_who_has_the_newest_gets_nothing_drawn(world: World) -> None:
    secret = give(world)
    first = fetch(secret)
    again = fetch(secret, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    dated(world, "nv-moi", world.programme, today() + timedelta(days=41))
    assert fetch(secret, if_none_match=first["ETag"]).status_code == 200
    assert fetch(secret).content == fetch(secret).content


def test_only_ones_own_is_revoked_and_once(world: World) -> None:
    give(world)
    key = CalendarKey.objects.get()
    with pytest.raises(Forbidden):
        revoke_calendar(key, by=world.reporter(), at=now())
    revoke_calendar(key, by=world.head(), at=now())
    with pytest.raises(Stale):
        revoke_calendar(key, by=world.head(), at=now())
    assert Entry.objects.filter(event="calendar.revoked").count() == 1


def test_both_scopes_at_once_and_too_many_addresses_are_refused(world: World) -> None:
    with pytest.raises(Refused):
        give(world, organisation=world.state.science, document=world.programme.bases.get())
    for _number in range(20):
        give(world)
    with pytest.raises(Refused):
        give(world)
    assert CalendarKey.objects.count() == Entry.objects.filter(event="calendar.given").count() == 20


def test_the_address_is_shown_once(world: World) -> None:
    client = Client()
    client.force_login(
        world.state.person(Role.HEAD, world.state.science), backend="django.contrib.auth.backends.ModelBackend"
    )
    shown = client.post("/lam-viec/lich/", {"organisation": "", "document": ""}).content.decode()
    address = shown.split('value="http://testserver')[1].split('"')[0]
    assert client.get(address).status_code == 200
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in client.get("/lam-viec/lich/").content.decode()
    assert client.post("/lam-viec/lich/", {"document": "khong-co"}).status_code == 422
    key = CalendarKey.objects.get()
    assert client.post(f"/lam-viec/lich/{key.pk}/thu-hoi/").status_code == 302
    assert client.get(address).status_code == 404
    assert client.post("/lam-viec/lich/999999/thu-hoi/").status_code == 404

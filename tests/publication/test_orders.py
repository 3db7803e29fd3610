"""What is too long for a page: ordered, done by the worker with the rights of whoever ordered it, never left open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import directory_of, prepared
from thucthi.directory.access import Viewer
from thucthi.directory.models import Membership, Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.ledger.models import Entry
from thucthi.publication import files
from thucthi.publication.actions import prepare_snapshot, publish_snapshot, return_snapshot
from thucthi.publication.models import IssueOrder, Snapshot, SnapshotPublication
from thucthi.publication.orders import selectors
from thucthi.publication.orders.actions import order_preparation, order_publication
from thucthi.publication.tasks import carry_out_order

pytestmark = pytest.mark.django_db
LOST = "Máy chủ bị dừng giữa chừng nhiều lần"
BROKEN = "Máy chủ gặp lỗi nên việc này chưa xong"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST_TASKS_ON_A_PAGE", 0)
    monkeypatch.setattr(selectors, "MOST_FILES_ON_A_PAGE", 0)


def viewer(world: World, role: Role) -> Viewer:
    return world.state.viewer(role, world.state.government)


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    person = world.state.person(role, world.state.government)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, **kwargs: int) -> str:
    return client.get(reverse(f"publication:{name}", kwargs=kwargs)).content.decode()


def the_queue_gives_up(order: IssueOrder) -> None:
    """As `take_up_abandoned` does after three lost attempts."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 3 WHERE id = %s", [order.job])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [order.job])


@pytest.mark.usefixtures("everything_is_long")
def test_the_worker_prepares_what_the_office_asked_for_and_publishes_what_the_publisher_asked_for(
    world: World, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    office, publisher = signed_in(world, Role.STEERING_OFFICE), signed_in(world, Role.PUBLISHER)
    asked = {"kind": "weekly", "as_of": "2026-11-20"}
    answer = office.post(reverse("publication:prepare_issue"), asked, follow=True)
    assert answer.redirect_chain == [(reverse("publication:issues"), 302)]
    assert "Đã ghi yêu cầu chuẩn bị kỳ 2026-W47" in answer.content.decode()
    assert "Đang chờ đến lượt" in answer.content.decode()
    assert "Tải lại" in answer.content.decode()
    assert not Snapshot.objects.exists()

    carry_out_order(IssueOrder.objects.get().pk)
    order, snapshot = IssueOrder.objects.get(), Snapshot.objects.get()
    assert (order.snapshot, order.trouble, order.begun_at is None, order.ended_at is None) == (
        snapshot,
        "",
        False,
        False,
    )
    assert snapshot.prepared_by == world.state.person(Role.STEERING_OFFICE, world.state.government)
    listed = text(office, "issues")
    assert "Đã xong" in listed
    assert "mất 1 phút" in listed
    assert "Tải lại" not in listed

    answer = publisher.post(reverse("publication:publish_issue", kwargs={"pk": snapshot.pk}), follow=True)
    assert answer.redirect_chain == [(reverse("publication:issue", kwargs={"pk": snapshot.pk}), 302)]
    waiting = answer.content.decode()
    assert "Đang phát hành." in waiting
    assert "Phát hành kỳ này" not in waiting
    assert "Trả lại kỳ này" not in waiting
    with django_capture_on_commit_callbacks(execute=True):
        carry_out_order(IssueOrder.objects.get(work="publish").pk)
    assert SnapshotPublication.objects.get().published_by == world.state.person(Role.PUBLISHER, world.state.government)
    assert files.stands_in_front(snapshot.manifest_hash, snapshot.name)
    assert "Đang phát hành." not in text(publisher, "issue", pk=snapshot.pk)
    events = Entry.objects.filter(event__startswith="issue_order") | Entry.objects.filter(event="issue.ordered")
    assert list(events.order_by("pk").values_list("event", flat=True)) == [
        "issue.ordered", "issue_order.begun", "issue.ordered", "issue_order.begun",
    ]  # fmt: skip


@pytest.mark.usefixtures("everything_is_long")
def test_a_corrected_version_is_ordered_as_well(world: World) -> None:
    wrong = prepared(world)
    publish_snapshot(wrong, by=viewer(world, Role.PUBLISHER))
    answer = signed_in(world, Role.STEERING_OFFICE).post(
        reverse("publication:prepare_version", kwargs={"pk": wrong.pk}), {}
    )
    assert answer.status_code == 302
    carry_out_order(IssueOrder.objects.get().pk)
    made = IssueOrder.objects.get().snapshot
    assert made is not None
    assert (made.name, made.corrects) == ("2026-W47-v2", wrong)


def test_what_is_short_is_done_at_once(world: World) -> None:
    office = signed_in(world, Role.STEERING_OFFICE)
    office.post(reverse("publication:prepare_issue"), {"kind": "weekly", "as_of": "2026-11-20"})
    snapshot = Snapshot.objects.get()
    signed_in(world, Role.PUBLISHER).post(reverse("publication:publish_issue", kwargs={"pk": snapshot.pk}))
    assert SnapshotPublication.objects.count() == 1
    assert not IssueOrder.objects.exists()
    assert "Việc giao cho máy chủ" not in text(office, "issues")


def test_long_begins_behind_the_last_one_that_is_short(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, seen = prepared(world), world.programme.tasks.count()
    for most, is_long in ((seen, False), (seen - 1, True)):
        monkeypatch.setattr(selectors, "MOST_TASKS_ON_A_PAGE", most)
        assert selectors.is_long_to_prepare() is is_long
    for most, is_long in ((snapshot.file_count, False), (snapshot.file_count - 1, True)):
        monkeypatch.setattr(selectors, "MOST_FILES_ON_A_PAGE", most)
        assert selectors.is_long_to_publish(snapshot) is is_long


def test_the_job_is_a_long_one(world: World) -> None:
    order = order_preparation(by=viewer(world, Role.STEERING_OFFICE), kind="weekly", as_of=AS_OF)
    job = ProcrastinateJob.objects.get()
    assert (job.pk, job.task_name, job.lock) == (order.job, "publication.carry_out_order", ONE_AT_A_TIME)
    assert job.args == {"order_id": order.pk}
    assert "publication.carry_out_order" in app.tasks


@pytest.mark.usefixtures("everything_is_long")
def test_asked_twice_is_a_sentence_and_one_row(world: World) -> None:
    office, asked = signed_in(world, Role.STEERING_OFFICE), {"kind": "weekly", "as_of": "2026-11-20"}
    office.post(reverse("publication:prepare_issue"), asked)
    again = office.post(reverse("publication:prepare_issue"), asked | {"as_of": "2026-11-19"})
    assert again.status_code == 409
    assert "Kỳ 2026-W47 đang được làm theo một yêu cầu trước." in again.content.decode()
    assert (IssueOrder.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)
    assert Entry.objects.filter(event="issue.ordered").count() == 1


def test_the_database_itself_refuses_a_second_open_order_and_an_order_of_nothing(world: World) -> None:
    order = order_preparation(by=viewer(world, Role.STEERING_OFFICE), kind="weekly", as_of=AS_OF)
    same = {"kind": "weekly", "issue": order.issue, "as_of": AS_OF, "asked_by": order.asked_by}
    for wrong in ({"work": "prepare"}, {"work": "publish"}, {"work": "prepare", "ended_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IssueOrder.objects.create(**same, **wrong)


def test_who_may_not_is_refused_at_once(world: World) -> None:
    office, publisher = viewer(world, Role.STEERING_OFFICE), viewer(world, Role.PUBLISHER)
    own = prepare_snapshot(by=office, kind="weekly", as_of=AS_OF)
    world.state.person(Role.PUBLISHER, world.state.government)
    both = Viewer(office.account_id, office.label, (*office.grants, *publisher.grants), office.units)
    before = Entry.objects.count()
    with pytest.raises(Forbidden, match="do chính ông/bà chuẩn bị"):
        order_publication(own, by=both)
    with pytest.raises(Forbidden):
        order_publication(own, by=office)
    with pytest.raises(Forbidden):
        order_preparation(by=publisher, kind="weekly", as_of=AS_OF)
    with pytest.raises(Refused, match="chưa tới"):
        order_preparation(by=office, kind="weekly", as_of=AS_OF, cut_off_at=timezone.now() + timedelta(days=1))
    return_snapshot(own, by=publisher, reason="Sai tên.")
    with pytest.raises(Refused, match="đã bị trả lại"):
        order_publication(own, by=publisher)
    assert (IssueOrder.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    assert Entry.objects.count() == before + 1


def test_what_is_out_is_not_ordered_again(world: World) -> None:
    snapshot, publisher = prepared(world), viewer(world, Role.PUBLISHER)
    publish_snapshot(snapshot, by=publisher)
    with pytest.raises(Stale, match="đã được phát hành"):
        order_publication(snapshot, by=publisher)
    assert not IssueOrder.objects.exists()


def test_a_changed_file_is_told_on_both_pages_and_nothing_is_published(world: World) -> None:
    snapshot = prepared(world)
    order = order_publication(snapshot, by=viewer(world, Role.PUBLISHER))
    (directory_of(snapshot) / "index.html").write_bytes(b"x")
    carry_out_order(order.pk)
    assert not SnapshotPublication.objects.exists()
    order.refresh_from_db()
    assert order.trouble.startswith("Tệp của kỳ này không còn khớp với bản kê (1 tệp, ví dụ index.html).")
    client = signed_in(world, Role.PUBLISHER)
    page = text(client, "issue", pk=snapshot.pk)
    assert order.trouble in page
    assert "Phát hành kỳ này" in page
    assert order.trouble in text(client, "issues")
    assert Entry.objects.get(event="issue_order.troubled").content["sentence"] == order.trouble


def test_somebody_else_was_quicker(world: World) -> None:
    snapshot = prepared(world)
    order = order_publication(snapshot, by=viewer(world, Role.PUBLISHER))
    other = world.state.viewer(Role.PUBLISHER, world.state.province)
    publish_snapshot(snapshot, by=other)
    carry_out_order(order.pk)
    order.refresh_from_db()
    assert order.trouble == "Kỳ 2026-W47 đã được phát hành."
    assert SnapshotPublication.objects.get().published_by_id == other.account_id


def test_the_rights_are_those_of_the_moment_at_which_it_is_done(world: World) -> None:
    office = viewer(world, Role.STEERING_OFFICE)
    order = order_preparation(by=office, kind="weekly", as_of=AS_OF)
    Membership.objects.filter(account_id=office.account_id).update(valid_to=timezone.localdate() - timedelta(days=1))
    carry_out_order(order.pk)
    order.refresh_from_db()
    assert order.trouble == "Chỉ cơ quan thường trực chỉ đạo mới chuẩn bị kỳ công bố."
    assert not Snapshot.objects.exists()


def test_a_job_that_runs_twice_does_it_once(world: World) -> None:
    order = order_preparation(by=viewer(world, Role.STEERING_OFFICE), kind="weekly", as_of=AS_OF)
    carry_out_order(order.pk)
    before = IssueOrder.objects.values().get()
    carry_out_order(order.pk)
    assert IssueOrder.objects.values().get() == before
    publishing = order_publication(Snapshot.objects.get(), by=viewer(world, Role.PUBLISHER))
    carry_out_order(publishing.pk)
    carry_out_order(publishing.pk)
    publishing.refresh_from_db()
    assert (publishing.trouble, SnapshotPublication.objects.count()) == ("", 1)


def test_a_worker_killed_at_it_is_followed_by_one_that_does_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = order_preparation(by=viewer(world, Role.STEERING_OFFICE), kind="weekly", as_of=AS_OF)

    def killed(*asked: object) -> None:
        raise SystemExit(1)

    with monkeypatch.context() as patch:
        patch.setattr("thucthi.publication.actions.files.write_parts", killed)
        with pytest.raises(SystemExit):
            carry_out_order(order.pk)
    order.refresh_from_db()
    assert (order.begun_at is None, order.ended_at) == (False, None)
    assert "Đang làm" in text(signed_in(world, Role.STEERING_OFFICE), "issues")
    carry_out_order(order.pk)
    order.refresh_from_db()
    assert (order.snapshot, order.trouble) == (Snapshot.objects.get(), "")


def test_what_the_queue_gave_up_is_told_and_may_be_ordered_again(world: World) -> None:
    snapshot, publisher = prepared(world), viewer(world, Role.PUBLISHER)
    lost = order_publication(snapshot, by=publisher)
    the_queue_gives_up(lost)
    page = text(signed_in(world, Role.PUBLISHER), "issue", pk=snapshot.pk)
    assert LOST in page
    assert "Phát hành kỳ này" in page
    again = order_publication(snapshot, by=publisher)
    lost.refresh_from_db()
    assert lost.trouble.startswith(LOST)
    assert lost.ended_at is not None
    carry_out_order(again.pk)
    assert SnapshotPublication.objects.count() == 1


def test_a_fault_that_nobody_knew_is_told_to_the_person_and_to_the_operator(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_preparation(by=viewer(world, Role.STEERING_OFFICE), kind="weekly", as_of=AS_OF)
    monkeypatch.setattr("thucthi.publication.actions.public_issue", lambda *asked, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        carry_out_order(order.pk)
    order.refresh_from_db()
    assert order.trouble.startswith(BROKEN)
    assert not Snapshot.objects.exists()

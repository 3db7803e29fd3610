"""A mistake is put right by another version: both stay readable, the first says so, the front page moves."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import directory_of, files_of, prepared
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.publication import files
from thucthi.publication.actions import announce_correction, prepare_snapshot, publish_snapshot, return_snapshot
from thucthi.publication.models import Snapshot, SnapshotPublication, SnapshotReturn


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def publisher(world: World) -> Viewer:
    return world.state.viewer(Role.PUBLISHER, world.state.government)


def signed_in(world: World, role: Role) -> Client:
    client = Client()
    client.force_login(
        world.state.person(role, world.state.government), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def moment() -> datetime:
    """Now, by the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def second_version(world: World, first: Snapshot) -> Snapshot:
    world.report(world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF), AS_OF, "5")
    return prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF, cut_off_at=moment(), corrects=first)


def test_both_versions_stay_readable_and_the_front_page_moves(world: World, django_capture_on_commit_callbacks) -> None:
    first = prepared(world)
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(first, by=publisher(world))
    before = files_of(first)
    second = second_version(world, first)
    assert (second.version, second.corrects, second.issue, second.name) == (2, first, "2026-W47", "2026-W47-v2")
    with pytest.raises(Refused, match="Xin đăng đính chính ở bản bị sửa trước"):
        publish_snapshot(second, by=publisher(world))
    assert SnapshotPublication.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        announce_correction(first, by=publisher(world), text="Thiếu một báo cáo", on=AS_OF)
        publish_snapshot(second, by=publisher(world))
    root = files.root()
    assert (root / files.LATEST).resolve() == directory_of(second).resolve()
    assert (root / files.BY_NAME / "2026-W47").resolve() == directory_of(first).resolve()
    assert (root / files.BY_NAME / "2026-W47-v2").resolve() == directory_of(second).resolve()
    assert files_of(first) == before
    assert files.wrong_files(first.manifest_hash) == files.wrong_files(second.manifest_hash) == []
    (notice,) = json.loads((root / files.BY_NAME / files.CORRECTIONS).read_bytes())
    assert (notice["issue"], notice["version"], notice["corrected_by"]) == ("2026-W47", 1, "2026-W47-v2")
    assert notice["manifest_hash"] == first.manifest_hash


def test_the_corrected_version_says_what_it_corrects_and_carries_the_notice(world: World) -> None:
    first = prepared(world)
    publish_snapshot(first, by=publisher(world))
    announce_correction(first, by=publisher(world), text="Thiếu một báo cáo", on=timezone.localdate())
    data = json.loads(files_of(second_version(world, first))["issue.json"])
    assert (data["header"]["issue_version"], data["header"]["corrects"]) == (2, first.manifest_hash)
    assert [(row["text"], row["corrected_by"]) for row in data["corrections"]] == [("Thiếu một báo cáo", "2026-W47-v2")]


def test_only_the_newest_published_version_of_the_same_issue_is_corrected(world: World) -> None:
    first = prepared(world)
    with pytest.raises(Refused, match="Chỉ sửa được bản mới nhất đã phát hành"):
        prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF, corrects=first)
    publish_snapshot(first, by=publisher(world))
    with pytest.raises(Refused, match="Bản sửa phải thuộc đúng kỳ"):
        prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF - timedelta(days=7), corrects=first)
    assert Snapshot.objects.count() == 1


def test_who_returns_an_issue_says_why_and_it_is_never_published(world: World) -> None:
    snapshot = prepared(world)
    with pytest.raises(Refused, match="Xin ghi rõ vì sao trả lại"):
        return_snapshot(snapshot, by=publisher(world), reason="  ")
    with pytest.raises(Forbidden):
        return_snapshot(snapshot, by=world.state.viewer(Role.STEERING_OFFICE, world.state.government), reason="Sai")
    assert SnapshotReturn.objects.count() == 0
    return_snapshot(snapshot, by=publisher(world), reason="Tỉnh An Bình gửi nhầm số")
    entry = Entry.objects.get(event="snapshot.returned")
    assert entry.content["reason"] == "Tỉnh An Bình gửi nhầm số"
    with pytest.raises(Refused, match="đã bị trả lại"):
        publish_snapshot(snapshot, by=publisher(world))
    with pytest.raises(Stale):
        return_snapshot(snapshot, by=publisher(world), reason="Lần nữa")
    assert (SnapshotPublication.objects.count(), SnapshotReturn.objects.count()) == (0, 1)


def test_a_published_issue_is_not_returned(world: World) -> None:
    snapshot = prepared(world)
    publish_snapshot(snapshot, by=publisher(world))
    with pytest.raises(Stale, match="đã được phát hành"):
        return_snapshot(snapshot, by=publisher(world), reason="Muộn rồi")
    assert SnapshotReturn.objects.count() == 0


def test_the_database_keeps_returns_and_wants_a_reason(world: World) -> None:
    snapshot, person = prepared(world), world.state.person(Role.PUBLISHER, world.state.government)
    with pytest.raises(IntegrityError, match="return_says_why"), transaction.atomic():
        SnapshotReturn.objects.create(snapshot=snapshot, reason="", returned_by=person)
    made = SnapshotReturn.objects.create(snapshot=snapshot, reason="Sai", returned_by=person)
    with pytest.raises(Exception, match=r"permission denied|only added"), transaction.atomic():
        SnapshotReturn.objects.filter(pk=made.pk).update(reason="Khác")


def test_the_page_offers_both_and_keeps_what_was_typed(world: World) -> None:
    snapshot = prepared(world)
    page = reverse("publication:issue", kwargs={"pk": snapshot.pk})
    client = signed_in(world, Role.PUBLISHER)
    text = client.get(page).content.decode()
    assert "Phát hành kỳ này" in text
    assert "Trả lại kỳ này" in text
    back = reverse("publication:return_issue", kwargs={"pk": snapshot.pk})
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "Sai số 3"}).status_code == 302
    text = client.get(page).content.decode()
    assert "Sai số 3" in text
    assert "Phát hành kỳ này" not in text


def test_the_office_prepares_the_corrected_version_from_the_page(world: World) -> None:
    first = prepared(world)
    address = reverse("publication:prepare_version", kwargs={"pk": first.pk})
    office = signed_in(world, Role.STEERING_OFFICE)
    answer = office.post(address, {"cut_off_at": ""})
    assert answer.status_code == 422
    assert "Chỉ sửa được bản mới nhất đã phát hành" in answer.content.decode()
    publish_snapshot(first, by=publisher(world))
    assert office.post(address, {"cut_off_at": "2999-01-01T10:00"}).status_code == 422
    assert Snapshot.objects.count() == 1
    assert office.post(address, {"cut_off_at": ""}).status_code == 302
    second = Snapshot.objects.get(version=2)
    assert "sửa bản 1" in office.get(reverse("publication:issue", kwargs={"pk": second.pk})).content.decode()

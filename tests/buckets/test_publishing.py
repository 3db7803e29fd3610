"""The way of an issue where machines keep nothing: prepared here, reviewed and published there, shown everywhere."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.buckets.server import PUBLISHED, Store
from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from tests.public_site.issue import directory_of, files_of, prepared
from tests.publication.test_actions import publisher
from tests.publication.test_killed import whole
from thucthi.directory.models import Role
from thucthi.kernel.errors import Refused
from thucthi.ledger.models import Entry
from thucthi.publication import bucket, files
from thucthi.publication.actions import announce_correction, publish_snapshot
from thucthi.publication.fetching import Fetching
from thucthi.publication.front import put_everything, show_report, show_what_was_signed
from thucthi.publication.models import Snapshot, SnapshotPublication


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def there(store: Store, settings: Any) -> Store:
    store.published(settings)
    return store


def publish(snapshot: Snapshot, world: World, capture: Any) -> None:
    with capture(execute=True):
        publish_snapshot(snapshot, by=publisher(world))


def move_to(settings: Any, tmp_path: Path, name: str) -> None:
    """From now on this process is another machine, with an empty disk."""
    settings.PUBLISHED_ROOT = tmp_path / name


def test_prepared_here_reviewed_and_published_there(
    world: World, there: Store, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    prepared_files = files_of(snapshot)
    assert [name for name in there.names(PUBLISHED) if not name.startswith("issues/")] == []
    move_to(settings, tmp_path, "web")
    client = Client()
    person = world.state.person(Role.PUBLISHER, world.state.government)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(reverse("publication:preview", kwargs={"pk": snapshot.pk, "path": ""}))
    assert (shown.status_code, shown.content) == (200, prepared_files["index.html"])
    publish(snapshot, world, django_capture_on_commit_callbacks)
    assert {"ky-cong-bo/2026-W47.json", "ky-cong-bo/corrections.json", "latest.json"} <= set(there.names(PUBLISHED))
    move_to(settings, tmp_path, "third")
    assert Fetching().round() == []
    assert (files.root() / files.LATEST).resolve() == directory_of(snapshot).resolve()
    assert files.wrong_files(snapshot.manifest_hash) == []
    pointer = bucket.pointer_at("ky-cong-bo/2026-W47.json")
    assert pointer is not None
    assert files.holds_checkpoint(snapshot.manifest_hash, pointer.checkpoint)


def test_without_the_store_nothing_is_prepared_and_the_next_time_it_is(world: World, there: Store) -> None:
    there.stop()
    entries = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        prepared(world)
    assert str(refused.value) == (
        "Kho tệp công bố không trả lời nên chưa đưa được tệp vào kho; các kỳ cũ còn nguyên. "
        "Xin thử lại sau ít phút; nếu vẫn vậy, xin báo người quản trị hệ thống."
    )
    assert (Snapshot.objects.count(), Entry.objects.count()) == (0, entries)
    there.start()
    assert there.names(PUBLISHED) == []
    assert bucket.holds(prepared(world).manifest_hash)


def test_signed_while_the_store_is_down_is_shown_by_the_next_job(
    world: World, there: Store, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    there.stop()
    with pytest.raises(Refused, match="Đã ký duyệt kỳ 2026-W47, nhưng chưa đưa được ra mặt trước"):
        publish(snapshot, world, django_capture_on_commit_callbacks)
    assert (SnapshotPublication.objects.count(), (files.root() / files.LATEST).is_symlink()) == (1, False)
    there.start()
    assert "latest.json" not in there.names(PUBLISHED)
    assert show_what_was_signed()
    assert bucket.pointer_at(bucket.LATEST) == bucket.Pointer(snapshot.manifest_hash)
    assert whole((files.root() / files.LATEST).resolve())
    assert not show_what_was_signed()


def test_what_was_published_before_there_was_a_bucket_goes_up_by_itself(
    world: World, store: Store, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    publish(snapshot, world, django_capture_on_commit_callbacks)
    store.published(settings)
    assert show_what_was_signed()
    assert not show_what_was_signed()
    move_to(settings, tmp_path, "web")
    assert Fetching().round() == []
    assert (files.root() / files.BY_NAME / "2026-W47").resolve() == directory_of(snapshot).resolve()


def test_corrections_and_signed_reports_reach_every_machine(
    world: World, there: Store, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    publish(snapshot, world, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        announce_correction(snapshot, by=publisher(world), text="Số đúng là 4.", on=snapshot.as_of)
    show_report("2026-10-bao-cao-ky-so.pdf", b"%PDF-")
    assert not show_what_was_signed()
    move_to(settings, tmp_path, "web")
    assert Fetching().round() == []
    assert (files.root() / files.BY_NAME / "2026-10-bao-cao-ky-so.pdf").read_bytes() == b"%PDF-"
    assert "Số đúng là 4." in (files.root() / files.BY_NAME / files.CORRECTIONS).read_text(encoding="utf-8")


def test_a_machine_without_the_newest_issue_is_not_ready(
    world: World, there: Store, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OPERATORS = (ip_network("127.0.0.0/8"),)
    publish(prepared(world), world, django_capture_on_commit_callbacks)
    assert Client().get("/readyz").json()["must"]["published"] == "ok"
    move_to(settings, tmp_path, "web")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["must"]["published"]) == (503, "not fetched yet")
    assert Fetching().round() == []
    assert Client().get("/readyz").status_code == 200


def test_a_correction_while_the_store_is_down_follows(
    world: World, there: Store, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    publish(snapshot, world, django_capture_on_commit_callbacks)
    there.stop()
    with (
        pytest.raises(Refused, match="Đã đăng đính chính, nhưng chưa đưa được ra mặt trước"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        announce_correction(snapshot, by=publisher(world), text="Số đúng là 4.", on=snapshot.as_of)
    there.start()
    assert show_what_was_signed()
    assert "Số đúng là 4." in bucket.content_of("ky-cong-bo/corrections.json").decode()


def test_a_harmed_issue_is_put_again_from_a_machine_that_has_it(
    world: World, there: Store, django_capture_on_commit_callbacks: Any
) -> None:
    snapshot = prepared(world)
    publish(snapshot, world, django_capture_on_commit_callbacks)
    key = f"issues/{snapshot.manifest_hash}/index.html"
    there.client().put_object(Bucket=PUBLISHED, Key=key, Body=b"khac")
    assert put_everything() == {"2026-W47": 1}
    assert put_everything() == {"2026-W47": 0}
    assert bucket.content_of(key) == files.read_file(snapshot.manifest_hash, "index.html")

"""Preparing, publishing, correcting: two persons, whole files, one winner."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import directory_of, files_of, prepared
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.publication import files
from thucthi.publication.actions import announce_correction, prepare_snapshot, publish_snapshot
from thucthi.publication.models import Correction, Snapshot, SnapshotPublication


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def publisher(world: World) -> Viewer:
    return world.state.viewer(Role.PUBLISHER, world.state.government)


def office(world: World) -> Viewer:
    return world.state.viewer(Role.STEERING_OFFICE, world.state.government)


def test_preparing_twice_gives_the_same_bytes_and_the_same_row(world: World) -> None:
    first = prepared(world)
    before = files_of(first)
    again = prepared(world)
    assert again.pk == first.pk
    assert files_of(again) == before
    assert Entry.objects.filter(event="snapshot.prepared").count() == 1
    assert [path.name for path in (files.root() / files.ISSUES).iterdir()] == [first.manifest_hash]


def test_the_manifest_names_every_file_and_the_directory_is_named_by_the_manifest(world: World) -> None:
    snapshot = prepared(world)
    written = files_of(snapshot)
    manifest = written.pop(files.MANIFEST)
    assert sha256_hex(manifest) == snapshot.manifest_hash
    assert json.loads(manifest)["files"] == {name: sha256_hex(content) for name, content in written.items()}
    assert snapshot.file_count == len(written)
    assert snapshot.is_simulated


def test_another_state_is_another_snapshot_of_the_same_issue(world: World) -> None:
    first = prepared(world)
    world.report(world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF), AS_OF, "5")
    second = prepared(world)
    assert (second.issue, second.kind) == (first.issue, first.kind)
    assert second.manifest_hash != first.manifest_hash
    assert files.wrong_files(first.manifest_hash) == []


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.REPORTER, Role.AUDITOR])
def test_who_may_not_prepare(world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        prepare_snapshot(by=world.state.viewer(role, world.state.government), kind="weekly", as_of=AS_OF)
    assert Snapshot.objects.count() == 0
    assert not files.root().exists()


def test_the_reading_of_an_issue_cannot_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def writing(*asked: object, **more: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_entry DEFAULT VALUES")

    monkeypatch.setattr("thucthi.publication.actions.public_issue", writing)
    with pytest.raises(Exception, match="read-only transaction"), transaction.atomic():
        prepared(world)


def test_inside_a_foreign_transaction_the_ledger_says_which_isolation_was_in_force(world: World) -> None:
    prepared(world)
    assert Entry.objects.get(event="snapshot.prepared").content["isolation"] == "read committed"


def test_publishing(world: World, django_capture_on_commit_callbacks) -> None:
    snapshot = prepared(world)
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(snapshot, by=publisher(world))
    assert (files.root() / files.LATEST).resolve() == directory_of(snapshot).resolve()
    assert (files.root() / files.BY_NAME / "2026-W47").resolve() == directory_of(snapshot).resolve()
    assert json.loads((files.root() / files.BY_NAME / files.CORRECTIONS).read_bytes()) == []
    entry = Entry.objects.get(event="snapshot.published")
    assert entry.content["manifest_hash"] == snapshot.manifest_hash


def test_the_newest_day_stands_at_the_front_whatever_is_published_last(
    world: World, django_capture_on_commit_callbacks
) -> None:
    newer = prepared(world)
    older = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF - timedelta(days=7))
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(newer, by=publisher(world))
        publish_snapshot(older, by=publisher(world))
    assert (files.root() / files.LATEST).resolve() == directory_of(newer).resolve()
    assert (files.root() / files.BY_NAME / "2026-W46").resolve() == directory_of(older).resolve()


def test_a_later_issue_carries_the_hash_of_the_one_before(world: World, django_capture_on_commit_callbacks) -> None:
    older = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF - timedelta(days=7))
    with django_capture_on_commit_callbacks(execute=True):
        publish_snapshot(older, by=publisher(world))
    assert older.manifest_hash.encode() in files_of(prepared(world))["issue.json"]


def test_who_prepared_it_does_not_publish_it(world: World) -> None:
    person = world.state.person(Role.PUBLISHER, world.state.government)
    snapshot = prepared(world)
    own = Snapshot.objects.create(
        kind="weekly", issue="2026-W47", as_of=AS_OF, manifest_hash="b" * 64, file_count=1, prepared_by=person
    )
    with pytest.raises(Forbidden):
        publish_snapshot(own, by=publisher(world))
    with pytest.raises(Forbidden):
        publish_snapshot(snapshot, by=office(world))
    with pytest.raises(Forbidden):
        publish_snapshot(snapshot, by=SYSTEM)
    assert SnapshotPublication.objects.count() == 0


def test_the_database_itself_refuses_one_person_for_both(world: World) -> None:
    person = world.state.person(Role.PUBLISHER, world.state.government)
    snapshot = prepared(world)
    with pytest.raises(IntegrityError, match="publication_by_a_second_person"), transaction.atomic():
        SnapshotPublication.objects.create(
            snapshot=snapshot, kind="weekly", issue="x", prepared_by=person, published_by=person
        )


@pytest.mark.parametrize("plant", ["changed", "missing", "added", "linked", "manifest"])
def test_one_wrong_byte_stops_the_publication(world: World, plant: str) -> None:
    snapshot = prepared(world)
    page = directory_of(snapshot) / "index.html"
    if plant == "changed":
        page.write_bytes(page.read_bytes().replace(b"<h1>", b"<h1 >", 1))
    elif plant == "missing":
        page.unlink()
    elif plant == "added":
        (directory_of(snapshot) / "them.html").write_text("thêm")
    elif plant == "linked":
        (directory_of(snapshot) / "ra-ngoai").symlink_to("/etc")
    else:
        (directory_of(snapshot) / files.MANIFEST).write_text("{}")
    with pytest.raises(Refused, match="không còn khớp"):
        publish_snapshot(snapshot, by=publisher(world))
    assert SnapshotPublication.objects.count() == 0
    assert not (files.root() / files.LATEST).exists()


def test_an_issue_is_published_once(world: World) -> None:
    first = prepared(world)
    publish_snapshot(first, by=publisher(world))
    world.report(world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF), AS_OF, "5")
    for again in (first, prepared(world)):
        with pytest.raises(Stale):
            publish_snapshot(again, by=publisher(world))
    assert [row.snapshot_id for row in SnapshotPublication.objects.all()] == [first.pk]


def test_a_correction_stands_beside_the_issue(world: World, django_capture_on_commit_callbacks) -> None:
    snapshot = prepared(world)
    with pytest.raises(Refused) as refusal:
        announce_correction(snapshot, by=publisher(world), text=" ", on=AS_OF)
    assert [fault.field for fault in refusal.value.faults] == ["text", ""]
    assert Correction.objects.count() == 0
    publish_snapshot(snapshot, by=publisher(world))
    before = files_of(snapshot)
    with pytest.raises(Forbidden):
        announce_correction(snapshot, by=office(world), text="Số 3 là 4", on=AS_OF)
    with django_capture_on_commit_callbacks(execute=True):
        announce_correction(snapshot, by=publisher(world), text="Số 3 là 4", on=AS_OF)
    notices = json.loads((files.root() / files.BY_NAME / files.CORRECTIONS).read_bytes())
    assert notices == [
        {
            "announced_on": "2026-11-20",
            "corrected_by": None,
            "issue": "2026-W47",
            "kind": "weekly",
            "manifest_hash": snapshot.manifest_hash,
            "text": "Số 3 là 4",
            "version": 1,
        }
    ]
    assert files_of(snapshot) == before
    assert "Số 3 là 4" in files_of(prepared(world))["dinh-chinh/index.html"].decode()


def test_a_name_that_leaves_the_directory_is_refused(world: World) -> None:
    for name in ("../ngoai.html", "/etc/ngoai", "manifest.json", "ky-cong-bo/x", ""):
        with pytest.raises(ValueError, match="not a name"):
            files.write_issue([(name, b"x")])
    assert list((files.root() / files.ISSUES).iterdir()) == []


def test_the_commands(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.state.person(Role.PUBLISHER, world.state.government)
    call_command("prepare_snapshot", "weekly", as_of=AS_OF)
    assert "2026-W47" in capsys.readouterr().out
    with pytest.raises(CommandError, match="chưa tới"):
        call_command("prepare_snapshot", "weekly", as_of=AS_OF.replace(year=2999))
    call_command("publish_snapshot", by="publisher-chinh-phu")
    assert SnapshotPublication.objects.get().issue == "2026-W47"
    with pytest.raises(CommandError):
        call_command("publish_snapshot", by="khong-co-ai")


def test_in_a_transaction_of_its_own_the_reading_is_of_one_moment_and_of_two_publishers_one_wins(
    fresh_database: str,
) -> None:
    world = make_world()
    snapshot = prepared(world)
    assert Entry.objects.get(event="snapshot.prepared").content["isolation"] == "repeatable read"
    viewers = [world.state.viewer(Role.PUBLISHER, unit) for unit in (world.state.government, world.state.science)]
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def publish(viewer: Viewer) -> None:
        ready.wait()
        try:
            publish_snapshot(snapshot, by=viewer)
            outcomes.append("published")
        except Stale:
            outcomes.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["published", "stale"]
    assert SnapshotPublication.objects.count() == 1
    assert Entry.objects.filter(event="snapshot.published").count() == 1
    assert (files.root() / files.LATEST).resolve() == directory_of(snapshot).resolve()

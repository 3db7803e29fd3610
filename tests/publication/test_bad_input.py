"""What may go wrong while an issue is made: a clear sentence, nothing published by half, nothing left behind."""

import errno
import os
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from django.utils import timezone

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, HIDDEN, World, make_world
from tests.public_site.issue import directory_of, files_of, prepared
from thucthi.directory.models import Organisation, Role
from thucthi.kernel.errors import Refused
from thucthi.ledger.models import Entry
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.programmes.models import Programme, ProgrammeBasis, TaskGroup
from thucthi.publication import actions, files, front
from thucthi.publication.actions import publish_snapshot
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.tasks import prepare_due

SCRIPT = "</title></script><script>window.hong=1</script><img src=x onerror=window.hong=1>'\"><svg onload=alert(1)>"
TURNED = "\u202e001 gnart\u202c \u2066x\u2069"
ARABIC = "قرار رقم ٥٧"


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


class FullDisk:
    """The disk takes so many bytes and then refuses, with the file half written."""

    def __init__(self, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room = room
        monkeypatch.setattr(files, "_pour", self.take)

    def take(self, stream: BinaryIO, piece: bytes) -> None:
        if len(piece) > self.room:
            stream.write(piece[: self.room])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), stream.name)
        self.room -= len(piece)
        stream.write(piece)


@pytest.mark.parametrize("room", [0, 1, 5_000, 200_000])
def test_a_full_disk_publishes_nothing_by_half(world: World, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    FullDisk(room, monkeypatch)
    with pytest.raises(Refused, match="Ổ đĩa của máy chủ đã đầy") as refusal:
        prepared(world)
    assert "các kỳ cũ còn nguyên" in str(refusal.value)
    assert Snapshot.objects.count() == Entry.objects.filter(event="snapshot.prepared").count() == 0
    assert list((files.root() / files.ISSUES).iterdir()) == []
    monkeypatch.undo()


def test_a_disk_that_refuses_the_links_is_made_up_for_by_the_next_job(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    snapshot = prepared(world)

    def full(link: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "_point", full)
        with pytest.raises(Refused, match="hệ thống tự làm lại"), django_capture_on_commit_callbacks(execute=True):
            publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    assert SnapshotPublication.objects.count() == 1
    assert not (files.root() / files.LATEST).exists()
    monkeypatch.setattr("thucthi.publication.tasks.runs_to_prepare", lambda now: [])
    prepare_due(timestamp=0)
    assert (files.root() / files.LATEST).resolve() == directory_of(snapshot).resolve()
    assert not front.show_what_was_signed()


def test_the_disk_has_everything_before_the_name_appears(
    world: World, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.PUBLISHED_DURABLE = True
    order: list[str] = []
    rename = Path.rename
    monkeypatch.setattr(os, "sync", lambda: order.append("sync"))
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("fsync"))
    monkeypatch.setattr(Path, "rename", lambda path, target: (order.append("rename"), rename(path, target))[1])
    files.write_issue([("index.html", b"x")])
    assert order == ["fsync", "sync", "rename", "fsync"]


def test_a_clock_set_back_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = prepared(world)
    publish_snapshot(snapshot, by=world.state.viewer(Role.PUBLISHER, world.state.government))
    early = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    monkeypatch.setattr(actions, "timezone", SimpleNamespace(**{**vars(timezone), "now": lambda: early}))
    with pytest.raises(Refused, match=re.escape("đang chỉ ngày 19/11/2026, trước ngày số liệu 20/11/2026")):
        prepared(world)
    assert Snapshot.objects.count() == 1


def test_an_organisation_without_a_name_is_refused_by_its_code(world: World) -> None:
    Organisation.objects.filter(pk=world.state.science.pk).update(official_name=" ")
    with pytest.raises(Refused, match=re.escape(f"1 cơ quan không có tên ({world.state.science.code})")):
        prepared(world)
    assert Snapshot.objects.count() == 0
    assert not (files.root() / files.ISSUES).exists()


def test_a_task_above_public_in_a_public_programme_stays_inside(world: World) -> None:
    world.add(f"{HIDDEN}-nv-tren", world.state.science, AS_OF, text=f"{HIDDEN} việc mật")
    clause = world.secret.clauses.create(path="I", start=0, end=1)
    world.tasks[f"{HIDDEN}-nv-tren"].clauses.add(clause)
    snapshot = prepared(world)
    assert [name for name, content in files_of(snapshot).items() if HIDDEN.encode() in content] == []


class Tags(HTMLParser):
    """Elements and attributes as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(name for name, _ in attrs if name.startswith("on"))]
        said = dict(attrs)
        runs = tag == "script" and not said.get("src") and said.get("type") != "application/ld+json"
        self.found += ["script-without-source"] if runs else []


def test_long_script_and_turning_texts_are_published_as_text(world: World) -> None:
    long = ("Tiêu đề rất dài " * 200)[:2000]
    hostile = f"{SCRIPT} {TURNED} {ARABIC}"
    programme = Programme.objects.create(
        code="ct-doc",
        organisation=world.state.government,
        title=hostile,
        issued_on=date(2026, 1, 5),
        issued_as=hostile[:100],
    )
    ProgrammeBasis.objects.create(programme=programme, document=world.resolution)
    group = TaskGroup.objects.create(programme=programme, title=hostile, position=1)
    world.add("nv-dai", world.state.science, AS_OF, programme=programme, group=group, text=long)
    task = world.add(
        "nv-doc", world.state.finance, AS_OF, programme=programme, group=group, text=hostile, product=hostile,
        acceptance_criterion=hostile, money_source=hostile, deadline_raw=hostile[:200],
    )  # fmt: skip
    Obstacle.objects.create(
        code="vm-doc", task=task, raised_by_organisation=world.state.finance, raised_on=AS_OF, cause=Cause.LAND,
        condition=hostile, asked_of=world.state.government, asked_what=hostile, due_on=AS_OF,
    )  # fmt: skip
    Organisation.objects.filter(pk=world.state.finance.pk).update(official_name=hostile, short_name=hostile[:100])
    snapshot = prepared(world)
    written = files_of(snapshot)
    assert files.wrong_files(snapshot.manifest_hash) == []
    for name, content in written.items():
        assert (name, files.TURNING.search(content)) == (name, None) or Path(name).suffix not in files.TEXTS
        # verify.html holds its own script and no text of the issue.
        if name.endswith(".html") and name != "verify.html":
            tags = Tags()
            tags.feed(content.decode())
            assert (name, {"img", "onerror", "onload", "script-without-source"} & set(tags.found)) == (name, set())
    assert long in written["nhiem-vu/nv-dai/index.html"].decode()
    assert ARABIC in written["nhiem-vu/nv-doc/index.html"].decode()
    assert b"<script>window.hong" not in b"".join(content for name, content in written.items() if ".html" in name)

"""A real issue with more tasks than one file holds: in pieces, with the tree in tiles, by one process and by two."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.monitoring.world import AS_OF, World
from tests.publication.proofs.test_published_issue import accept, prepared, published, replies, report, verified, world
from thucthi.directory.access import SYSTEM
from thucthi.ledger.actions import record
from thucthi.ledger.models import Entry, Leaf
from thucthi.monitoring.actions.statements import state_reply
from thucthi.public_site.api import reading as api_reading
from thucthi.public_site.rendering import book
from thucthi.publication import actions, files, proofs, sheets
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors import batches, issue, issue_summary
from thucthi.publication.selectors import proofs as reading_proofs
from thucthi.publication.selectors.consistency import _frozen
from thucthi.publication.verifier.verify import told

__all__ = ["world"]
LEDGER = "proofs/ledger.json"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, settings: Any) -> pytest.MonkeyPatch:
    """Everything that is thousands in a country is a handful here."""
    settings.SNAPSHOT_RENDERER = "thucthi.public_site.rendering.site.site_parts"
    for module in (issue, batches, book):
        monkeypatch.setattr(module, "MOST_TASK_PAGES", 5)
    for module in (sheets, book):
        monkeypatch.setattr(module, "TASKS_OF_A_SHEET", 3)
    monkeypatch.setattr(batches, "TASKS_AT_ONCE", 2)
    monkeypatch.setattr(reading_proofs, "TASKS_OF_A_PIECE", 2)
    monkeypatch.setattr(proofs, "TASKS_OF_A_PIECE", 2)
    return monkeypatch


def data_of(directory: Path) -> dict:
    return json.loads((directory / "issue.json").read_bytes())


def all_told(world: World) -> None:
    accept(world, [report(world, "nv-sap-den", "40")], "35.5")
    accept(world, [report(world, code, "60") for code in ("nv-qua-han", "nv-thuong-xuyen")])


@transaction.atomic
def much_else_happens(world: World, times: int = 300) -> None:
    """More entries than a tile has hashes."""
    for _ in range(times):
        record("draft.saved", by=SYSTEM, subject=world.tasks["nv-huy"])


def test_a_country_verifies_and_the_next_issue_continues_it(world: World, few: pytest.MonkeyPatch) -> None:
    all_told(world)
    much_else_happens(world)
    first = published(world)
    data, ledger = data_of(first), json.loads((first / LEDGER).read_bytes())
    assert (data["header"]["version"], "tasks" in data) == ("3", False)
    assert data["task_files"] == [f"nhiem-vu/quyen/{number}/index.json" for number in (1, 2, 3)]
    assert (sorted(set(ledger) & {"leaves", "figures"}), len(ledger["pieces"])) == ([], 4)
    assert (first / "proofs/tile/0/000").stat().st_size == 256 * 32
    assert (first / "proofs/tile/1/000.p/1").stat().st_size == 32
    result = verified(first)
    assert result.wrong == [], list(told(result, True))
    assert result.facts["figures"] > 10
    accept(world, [report(world, "nv-sap-den", "60", AS_OF + timedelta(days=7))])
    second = published(world, AS_OF + timedelta(days=7))
    result = verified(second, first)
    assert result.wrong == [], list(told(result, True))
    assert result.facts["continues"] == "2026-W47"


def test_replies_of_a_country_stand_in_files_of_their_own(world: World, few: pytest.MonkeyPatch) -> None:
    few.setattr(reading_proofs, "REPLIES_AT_ONCE", 1)
    replies(world)
    state_reply(world.state.commune, by=SYSTEM, period="2026-Q4", text="Xã đã nộp đủ.", on=AS_OF, is_public=True)
    much_else_happens(world)
    directory = published(world)
    ledger = json.loads((directory / LEDGER).read_bytes())
    assert ledger["replies"] == ["proofs/replies/1.json", "proofs/replies/2.json"]
    result = verified(directory)
    assert (result.wrong, result.facts["replies"]) == ([], 2), list(told(result, True))
    issue = directory / "issue.json"
    issue.write_bytes(issue.read_bytes().replace("Xã đã nộp đủ.".encode(), "Xã chưa nộp.".encode()))
    assert [row.said["name"] for row in verified(directory).wrong if row.code == "reply"] == ["ubnd-hoa"]


def test_the_bytes_do_not_depend_on_the_processes(world: World, few: pytest.MonkeyPatch, settings: Any) -> None:
    all_told(world)
    much_else_happens(world)
    hashes = set()
    for processes in (1, 2, 3):
        settings.SNAPSHOT_PROCESSES = processes
        hashes.add(prepared(world).manifest_hash)
    assert len(hashes) == 1


def test_a_country_says_what_a_small_issue_says(world: World, few: pytest.MonkeyPatch) -> None:
    all_told(world)
    country = prepared(world)
    few.undo()
    small = prepared(world)
    assert country.manifest_hash != small.manifest_hash
    data = data_of(files.issue_directory(small.manifest_hash))
    theirs = data_of(files.issue_directory(country.manifest_hash))
    tasks = [
        each
        for name in theirs["task_files"]
        for each in json.loads(files.read_file(country.manifest_hash, name))["data"]["tasks"]
    ]
    assert tasks == data["tasks"]
    left = {name: value for name, value in theirs.items() if name not in {"header", "task_files"}}
    assert left == {name: value for name, value in data.items() if name not in {"header", "tasks"}}
    assert issue_summary.summary_of(country) == issue_summary.summary_of(small)
    assert _frozen(country) == _frozen(small)
    with pytest.raises(api_reading.TooLarge):
        api_reading._read(str(files.issue_directory(country.manifest_hash)), country.manifest_hash)


def test_preparing_again_uses_the_same_tree(world: World, few: pytest.MonkeyPatch) -> None:
    all_told(world)
    first = prepared(world)
    much_else_happens(world, 1)
    assert prepared(world) == first
    assert Entry.objects.count() > json.loads(files.read_file(first.manifest_hash, LEDGER))["size"]


def test_what_is_not_in_the_tree_yet_is_pending(world: World, few: pytest.MonkeyPatch) -> None:
    all_told(world)
    few.setattr(actions, "sequence", lambda: 0)
    report(world, "nv-qua-han", "61", AS_OF - timedelta(days=35))
    snapshot: Snapshot = prepared(world)
    pending = json.loads(files.read_file(snapshot.manifest_hash, LEDGER))["pending"]
    last = Entry.objects.filter(event="report.submitted").order_by("-pk").first()
    assert last is not None
    assert not Leaf.objects.filter(entry=last).exists()
    assert str(last.uid) in pending

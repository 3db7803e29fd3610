"""Issues in a bucket: whole or not there, fetched by machines that keep nothing, held against their hashes."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.buckets.server import PUBLISHED, Store
from tests.publication.publisher import content
from tests.publication.test_killed import SIGKILL, assert_the_public_sees_something_whole, left_behind, shown, whole
from thucthi.publication import bucket, files
from thucthi.publication.fetching import Fetching

KILLS = int(os.environ.get("THUCTHI_KILLS", "8"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def node(store: Store, settings: Any, tmp_path: Path) -> Path:
    """The empty directory of a machine that keeps nothing; this process fetches as that machine."""
    store.published(settings)
    settings.PUBLISHED_ROOT = tmp_path / "node"
    return tmp_path / "node"


def run(what: str, root: Path, store: Store, generation: int, line: int = 0) -> subprocess.CompletedProcess[str]:
    told = [what, str(root), str(store.port), str(generation), str(line)]
    return subprocess.run(
        [sys.executable, "-m", "tests.buckets.publisher", *told], cwd=ROOT, check=False, capture_output=True, text=True
    )


def publish(store: Store, root: Path, generation: int, line: int = 0) -> subprocess.CompletedProcess[str]:
    return run("publish", root, store, generation, line)


def newest_hash(store: Store) -> str:
    told = json.loads(store.client().get_object(Bucket=PUBLISHED, Key="latest.json")["Body"].read())
    return str(told["issue"])


def test_an_empty_machine_fetches_and_serves_the_newest_issue(store: Store, node: Path, tmp_path: Path) -> None:
    assert publish(store, tmp_path / "one", 1).returncode == 0
    assert publish(store, tmp_path / "one", 2).returncode == 0
    assert Fetching().round() == []
    assert_the_public_sees_something_whole(node, 0)
    assert Client().get("/").content == b"<p>K\xe1\xbb\xb3 2</p>"
    assert Client().get("/ky-cong-bo/2026-W01/").content == b"<p>K\xe1\xbb\xb3 1</p>"
    assert (node / "latest" / "checkpoint").read_text(encoding="utf-8") == "chữ ký 2026-W02\n"
    assert json.loads((node / "ky-cong-bo" / "corrections.json").read_bytes()) == [{"issue": "2026-W02"}]
    written = {name: hashlib.sha256(text).hexdigest() for name, text in content(2)}
    assert json.loads((node / "latest" / "manifest.json").read_bytes())["files"] == written


def test_two_machines_show_the_same_and_follow(store: Store, node: Path, settings: Any, tmp_path: Path) -> None:
    publish(store, tmp_path / "publisher", 1)
    first, second = Fetching(), Fetching()
    for root, fetching in ((node, first), (tmp_path / "other", second)):
        settings.PUBLISHED_ROOT = root
        assert fetching.round() == []
    assert shown(node) == shown(tmp_path / "other") == "<p>Kỳ 1</p>"
    publish(store, tmp_path / "publisher", 2)
    settings.PUBLISHED_ROOT = node
    assert first.round() == []
    assert (shown(node), shown(tmp_path / "other")) == ("<p>Kỳ 2</p>", "<p>Kỳ 1</p>")
    settings.PUBLISHED_ROOT = tmp_path / "other"
    assert second.round() == []
    assert shown(tmp_path / "other") == "<p>Kỳ 2</p>"


def test_objects_say_what_they_are_and_how_long_they_hold(store: Store, node: Path, tmp_path: Path) -> None:
    publish(store, tmp_path / "one", 1)
    issue, client = newest_hash(store), store.client()
    told = {
        name: (head["ContentType"], head["CacheControl"])
        for name in (
            f"issues/{issue}/index.html",
            f"issues/{issue}/issue.json",
            "latest.json",
            "ky-cong-bo/2026-W01.json",
        )
        for head in [client.head_object(Bucket=PUBLISHED, Key=name)]
    }
    for_ever = "public, max-age=31536000, immutable"
    assert told == {
        f"issues/{issue}/index.html": ("text/html; charset=utf-8", for_ever),
        f"issues/{issue}/issue.json": ("application/json; charset=utf-8", for_ever),
        "latest.json": ("application/json; charset=utf-8", "no-cache"),
        "ky-cong-bo/2026-W01.json": ("application/json; charset=utf-8", "no-cache"),
    }


def test_a_publisher_killed_at_any_line_leaves_nothing_half_visible(store: Store, node: Path, tmp_path: Path) -> None:
    root, fetching = tmp_path / "publisher", Fetching()
    assert publish(store, root, 1).returncode == 0
    lines = int(publish(store, root, 2).stdout)
    assert lines > 300
    points = [*sorted(random.Random(20261201).sample(range(1, lines + 1), KILLS - 1)), lines - 1]  # noqa: S311
    fronts = set()
    for number, line in enumerate(points):
        generation, before = 3 + number, newest_hash(store)
        assert publish(store, root, generation, line).returncode == SIGKILL
        assert fetching.round() == []
        assert_the_public_sees_something_whole(node, line)
        fronts.add(newest_hash(store) == before)
        assert shown(node) in {f"<p>Kỳ {generation}</p>", *(f"<p>Kỳ {n}</p>" for n in range(1, generation))}
        assert files.issue_directory(newest_hash(store)) == (node / "latest").resolve()
    assert True in fronts
    assert publish(store, root, 3).returncode == 0
    assert fetching.round() == []
    assert shown(node) == "<p>Kỳ 3</p>"


def test_a_killed_upload_goes_on_where_it_stopped(store: Store, node: Path, tmp_path: Path) -> None:
    root = tmp_path / "publisher"
    lines = int(publish(store, root, 1).stdout)
    assert publish(store, root, 2, lines // 2).returncode == SIGKILL
    half = len(store.names(PUBLISHED))
    assert publish(store, root, 2).returncode == 0
    assert 64 + 3 < half < len(store.names(PUBLISHED))
    assert Fetching().round() == []
    assert shown(node) == "<p>Kỳ 2</p>"


def test_a_machine_killed_while_it_fetches_shows_whole_issues_only(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path / "publisher", 1)
    lines = int(run("fetch", tmp_path / "whole", store, 0).stdout)
    for line in (lines // 3, lines - 5):
        node = tmp_path / f"killed-{line}"
        assert run("fetch", node, store, 0, line).returncode == SIGKILL
        assert [whole(each) for each in (node / "issues").glob("[!.]*")] in ([], [True])
        assert not (node / "latest").is_symlink() or whole((node / "latest").resolve(strict=True))
        assert run("fetch", node, store, 0).returncode == 0
        assert (left_behind(node), shown(node)) == ([], "<p>Kỳ 1</p>")


@pytest.mark.parametrize("name", ["nhiem-vu/7/index.html", "manifest.json"])
@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_changed_object_is_found_out_and_the_old_issue_stays(
    store: Store, node: Path, settings: Any, name: str, change: str
) -> None:
    root = node.with_name("publisher")
    publish(store, root, 1)
    assert Fetching().round() == []
    publish(store, root, 2)
    issue = newest_hash(store)
    at = {"Bucket": PUBLISHED, "Key": f"issues/{issue}/{name}"}
    store.client().put_object(**at, Body=b"khac") if change == "changed" else store.client().delete_object(**at)
    faults = Fetching().round()
    assert faults
    assert all(issue in fault and (name in fault or change == "gone") for fault in faults)
    assert (shown(node), left_behind(node), files.issue_directory(issue).exists()) == ("<p>Kỳ 1</p>", [], False)
    settings.PUBLISHED_ROOT = root
    assert bucket.put_issue(issue, anew=True) == 1
    settings.PUBLISHED_ROOT = node
    assert Fetching().round() == []
    assert shown(node) == "<p>Kỳ 2</p>"


def put(store: Store, name: str, told: object) -> None:
    store.client().put_object(Bucket=PUBLISHED, Key=name, Body=json.dumps(told).encode())


@pytest.mark.parametrize("names", [["../ra-ngoai"], ["/etc/x"], ["a/../../../x"], ["ky-cong-bo/x"], [""]])
def test_names_that_lead_out_of_the_directory_are_refused(store: Store, node: Path, names: list[str]) -> None:
    manifest = json.dumps({"files": dict.fromkeys(names, hashlib.sha256(b"x").hexdigest())}, separators=(",", ":"))
    issue = hashlib.sha256(manifest.encode()).hexdigest()
    store.client().put_object(Bucket=PUBLISHED, Key=f"issues/{issue}/manifest.json", Body=manifest.encode())
    put(store, "latest.json", {"issue": issue, "checkpoint": None})
    assert "not a name for a file of an issue" in Fetching().round()[0]
    assert not (node / "issues").exists() or list((node / "issues").iterdir()) == []
    assert not (node / "latest").exists()


def test_pointers_that_are_none_are_told_and_passed_over(store: Store, node: Path, tmp_path: Path) -> None:
    publish(store, tmp_path / "publisher", 1)
    put(store, "ky-cong-bo/2026-W09.json", {"issue": "../../etc", "checkpoint": None})
    put(store, "ky-cong-bo/2026-W08.json", ["a"])
    store.client().put_object(Bucket=PUBLISHED, Key="ky-cong-bo/corrections.json", Body=b"<html>")
    put(store, "ky-cong-bo/..json", {"issue": newest_hash(store), "checkpoint": None})
    faults = Fetching().round()
    assert sorted(faults) == [
        "../../etc: not the hash of a manifest",
        "ky-cong-bo/2026-W08.json is not a pointer",
        "ky-cong-bo/corrections.json is no list of corrections",
    ]
    assert shown(node) == "<p>Kỳ 1</p>"
    assert sorted(path.name for path in (node / "ky-cong-bo").iterdir()) == ["2026-W01"]


def fetch_issues(store: Store, state: Path) -> subprocess.CompletedProcess[str]:
    told = store.whole_environment() | {"THUCTHI_STATE": str(state)}
    command = [sys.executable, "-m", "thucthi", "fetch-issues"]
    return subprocess.run(command, env=told, check=False, capture_output=True, text=True)


def test_the_command_needs_no_database_and_says_when_the_store_is_silent(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path / "publisher", 1)
    done = fetch_issues(store, tmp_path / "var")
    assert (done.returncode, done.stderr) == (0, "")
    assert shown(tmp_path / "var" / "published") == "<p>Kỳ 1</p>"
    store.stop()
    silent = fetch_issues(store, tmp_path / "var")
    assert silent.returncode == 1
    assert "Could not connect" in silent.stderr
    assert shown(tmp_path / "var" / "published") == "<p>Kỳ 1</p>"


def test_planted_a_publisher_that_points_first_is_caught(store: Store, node: Path, tmp_path: Path) -> None:
    """A pointer that is written before its issue leads a machine to something that is not whole: it must say so."""
    publish(store, tmp_path / "publisher", 1)
    put(store, "latest.json", {"issue": "a" * 64, "checkpoint": None})
    assert [fault[:64] for fault in Fetching().round()] == ["a" * 64]

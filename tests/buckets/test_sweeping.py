"""What broken uploads left in the bucket of issues is cleared away, and never anything else."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.buckets.server import PUBLISHED, Store
from tests.buckets.test_issues import publish
from tests.monitoring.world import World, make_world
from tests.public_site.issue import prepared
from tests.publication.test_killed import SIGKILL
from thucthi.publication import sweeping
from thucthi.publication.models import Snapshot
from thucthi.publication.sweeping import UPLOADING_LOCK, sweep_the_bucket

pytestmark = pytest.mark.django_db
FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def there(store: Store, settings: Any) -> Store:
    store.published(settings)
    return store


def now() -> datetime:
    return datetime.now(UTC)


def lay(store: Store, name: str, content: bytes = b"x", *, hours: float = 30) -> str:
    """An object that was put so many hours ago; before the server looks at its folder for the first time."""
    path = store.root / PUBLISHED / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time.time() - hours * 3600,) * 2)
    return name


def put(store: Store, name: str, content: bytes = b"x") -> str:
    store.client().put_object(Bucket=PUBLISHED, Key=name, Body=content)
    return name


def test_what_a_killed_upload_left_goes_a_day_later_and_whole_issues_stay(there: Store, tmp_path: Path) -> None:
    lines = int(publish(there, tmp_path / "one", 1).stdout)
    whole = there.names(PUBLISHED)
    assert publish(there, tmp_path / "one", 2, lines // 2).returncode == SIGKILL
    left = len(there.names(PUBLISHED)) - len(whole)
    assert left > 0
    assert sweep_the_bucket(now() + timedelta(hours=23)) == 0
    assert len(there.names(PUBLISHED)) == len(whole) + left
    assert sweep_the_bucket(now() + timedelta(hours=25)) == left
    assert there.names(PUBLISHED) == whole
    assert sweep_the_bucket(now() + timedelta(hours=25)) == 0
    assert publish(there, tmp_path / "one", 2).returncode == 0
    assert len(there.names(PUBLISHED)) == 2 * len(whole) - 2


def test_an_upload_that_still_puts_objects_is_left_alone(there: Store) -> None:
    old, gone = lay(there, f"issues/{FIRST}/a.html"), lay(there, f"issues/{SECOND}/a.html")
    fresh = put(there, f"issues/{FIRST}/b.html")
    assert there.names(PUBLISHED) == [old, fresh, gone]
    assert sweep_the_bucket(now()) == 1
    assert there.names(PUBLISHED) == [old, fresh]


def test_nothing_is_swept_while_somebody_uploads(there: Store) -> None:
    left = lay(there, f"issues/{FIRST}/a.html")
    told = connection.get_connection_params()
    other = {name: told[name] for name in ("host", "port", "dbname", "user", "password") if name in told}
    with psycopg.connect(**other) as uploading:
        uploading.execute("SELECT pg_advisory_xact_lock_shared(%s)", [UPLOADING_LOCK])
        assert sweep_the_bucket(now()) == 0
        assert there.names(PUBLISHED) == [left]
    assert sweep_the_bucket(now()) == 1
    assert there.names(PUBLISHED) == []


def test_whoever_prepares_keeps_sweepers_out_to_the_end_of_the_transaction(there: Store) -> None:
    world: World = make_world()
    prepared(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [UPLOADING_LOCK])
        assert cursor.fetchall() == [("ShareLock",)]
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        assert cursor.fetchone() == ("5s", "15min")


@pytest.mark.parametrize("names_it", ["latest.json", "ky-cong-bo/2026-W01.json"])
def test_what_a_pointer_names_stays_although_its_manifest_is_gone(there: Store, names_it: str) -> None:
    left, gone = lay(there, f"issues/{FIRST}/a.html"), lay(there, f"issues/{SECOND}/a.html")
    pointer = lay(there, names_it, f'{{"issue":"{FIRST}","checkpoint":null}}'.encode())
    assert there.names(PUBLISHED) == sorted([left, gone, pointer])
    assert sweep_the_bucket(now()) == 1
    assert there.names(PUBLISHED) == sorted([left, pointer])


def test_what_a_row_names_stays_although_its_manifest_is_gone(there: Store) -> None:
    snapshot: Snapshot = prepared(make_world())
    folder = f"issues/{snapshot.manifest_hash}/"
    there.client().delete_object(Bucket=PUBLISHED, Key=f"{folder}manifest.json")
    before = there.names(PUBLISHED)
    assert len(before) > 100
    assert sweep_the_bucket(now() + timedelta(days=2)) == 0
    assert there.names(PUBLISHED) == before


def test_an_unreadable_pointer_stops_the_sweeping(there: Store, caplog: pytest.LogCaptureFixture) -> None:
    left = [lay(there, f"issues/{FIRST}/a.html"), lay(there, "ky-cong-bo/2026-W01.json", b"khac")]
    lay(there, "ky-cong-bo/corrections.json", b"[]")
    assert sweep_the_bucket(now()) == 0
    assert there.names(PUBLISHED) == [left[0], left[1], "ky-cong-bo/corrections.json"]
    assert "stays for now" in caplog.text


def test_other_names_are_not_ours_to_sweep(there: Store) -> None:
    names = sorted([lay(there, "issues/readme.txt"), lay(there, "issues/abc/a.html"), lay(there, "other/a.html")])
    assert sweep_the_bucket(now()) == 0
    assert there.names(PUBLISHED) == names


def test_a_round_is_short_and_the_next_goes_on(there: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 3)
    for number in range(5):
        lay(there, f"issues/{FIRST}/{number}.html")
    assert [sweep_the_bucket(now()) for _ in range(3)] == [3, 2, 0]
    assert there.names(PUBLISHED) == []


def test_a_silent_store_keeps_what_it_has(there: Store, caplog: pytest.LogCaptureFixture) -> None:
    left = lay(there, f"issues/{FIRST}/a.html")
    there.stop()
    assert sweep_the_bucket(now()) == 0
    assert "stays for now" in caplog.text
    there.start()
    assert there.names(PUBLISHED) == [left]


def test_without_a_bucket_nobody_is_asked(db: None) -> None:
    assert sweep_the_bucket(now()) == 0

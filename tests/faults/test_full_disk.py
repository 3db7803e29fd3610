"""Disks that are full: small ones of memory, filled to the last byte. Only root may mount them."""

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.backup.test_drill import fill
from tests.faults.systems import WHOLE, acking, audited, loss, soon, told
from tests.publication.test_killed import assert_the_public_sees_something_whole, left_behind, publish, shown
from thucthi.config.supervisor import LocalPostgres, Trouble
from thucthi.kernel.gate import PUBLIC, door
from thucthi.kernel.kept_files import keep
from thucthi.reporting.calculations.files import place_of as place_of_file

Tell = Callable[[str, str], None]


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    where = Path(tempfile.mkdtemp(prefix="thucthi-small-"))
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "tmpfs", str(where)]
    if (
        os.geteuid()
        or not shutil.which("mount")
        or subprocess.run(mounting, check=False, capture_output=True).returncode
    ):
        where.rmdir()
        pytest.skip("a disk of memory cannot be mounted here (root and CAP_SYS_ADMIN are needed)")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=True)
        where.rmdir()


def fill_up(where: Path) -> Path:
    """To the last byte."""
    ballast = where / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**20, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    return ballast


def files(root: Path) -> list[str]:
    return sorted(each.name for each in root.rglob("*") if each.is_file() and each.name != "ballast")


def test_evidence_on_a_full_disk_leaves_no_part_of_a_file(settings: Any, tell: Tell) -> None:
    with small_disk(2) as where:
        settings.EVIDENCE_ROOT = where
        content, first, second = os.urandom(200_000), place_of_file("a" * 64), place_of_file("b" * 64)
        keep(str(first), content)
        before = files(where)
        ballast = fill_up(where)
        with pytest.raises(OSError, match="No space left"):
            keep(str(second), content)
        assert files(where) == before
        assert (where / first).read_bytes() == content
        ballast.unlink()
        keep(str(second), content)
        assert (where / second).read_bytes() == content
    tell("disk of evidence full", "refused, no part of a file, goes on when there is room")


def test_a_full_disk_of_issues_keeps_the_old_issue_whole(tell: Tell) -> None:
    with small_disk(1) as where:
        assert publish(where, 1).returncode == 0
        ballast = fill_up(where)
        assert publish(where, 2).returncode == 1
        assert_the_public_sees_something_whole(where, 0)
        assert (shown(where), left_behind(where)) == ("<p>Kỳ 1</p>", [])
        ballast.unlink()
        assert publish(where, 2).returncode == 0
        assert shown(where) == "<p>Kỳ 2</p>"
    tell("disk of issues full", "old issue whole, the new one follows when there is room")


@door(PUBLIC)
def full(request: HttpRequest) -> HttpResponse:
    raise OSError(errno.ENOSPC, "No space left on device", "/evidence/ab/cd")


urlpatterns = [path("full/", full), path("", include("thucthi.config.urls"))]


@pytest.mark.urls("tests.faults.test_full_disk")
def test_whoever_sends_a_file_to_a_full_disk_reads_what_to_do() -> None:
    answer = Client().post("/full/")
    assert answer.status_code == 507
    assert "không có gì được ghi một nửa" in answer.content.decode()
    assert "/evidence" not in answer.content.decode()


@pytest.mark.skipif(not WHOLE, reason="a cluster on a disk of its own; in make fault")
@pytest.mark.thorough
@pytest.mark.parametrize("what", ["data", "WAL"])
def test_postgres_on_a_full_disk_loses_nothing_acknowledged(postgres: LocalPostgres, tell: Tell, what: str) -> None:
    """With its log on the full disk the server stops; whoever supervises it starts it again once there is room."""
    with small_disk(400) as where, small_disk(200) as log:
        state = where / "var"
        lasting = LocalPostgres(state)
        with lasting:
            fill(postgres, lasting)
            if what == "WAL":
                lasting.stop()
                _move_log(lasting.data, log / "pg_wal")
                lasting.start()
            with acking(lasting, state) as ackers:
                soon(lambda: told(ackers) >= 200)
                ballast = fill_up(log if what == "WAL" else where)
                soon(lambda: sum(len(each.in_doubt) for each in ackers) >= 5, within=300)
                ballast.unlink()
                back = soon(lambda: _up(lasting))
                at = told(ackers)
                soon(lambda: told(ackers) > at + 20)
            found = loss(lasting, ackers)
            assert (found.lost, found.half) == (0, 0)
            assert audited(lasting, state)["wrong_leaves"] == 0
    tell(
        f"disk of PostgreSQL's {what} full", f"{found.acknowledged} acknowledged, 0 lost, 0 half, back in {back:.1f} s"
    )


def _move_log(data: Path, there: Path) -> None:
    there.parent.chmod(0o711)
    owner = data.stat()
    shutil.copytree(data / "pg_wal", there)
    for each in (there, *there.rglob("*")):
        os.chown(each, owner.st_uid, owner.st_gid)
    there.chmod(0o700)
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").symlink_to(there)


def _up(lasting: LocalPostgres) -> bool:
    """As systemd or compose would."""
    if lasting.pid is None:
        try:
            lasting.start()
        except Trouble:
            return False
    return True

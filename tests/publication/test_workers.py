"""The files of an issue made by several processes: the same bytes, the worker's own words, nothing left behind."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from thucthi.publication import files
from thucthi.publication.workers import PIECES_OF_A_LIFE, WorkerDied, in_processes

HERE = Path(__file__).resolve().parent
FEW = 12


def part(number: int) -> Iterator[tuple[str, bytes]]:
    for place in range(FEW):
        yield f"nhiem-vu/{number}-{place}/index.html", f"nhiệm vụ {number} {place}".encode() * 40


PARTS = [partial(part, number) for number in range(9)]


def bytes_of(manifest_hash: str) -> dict[str, bytes]:
    root = files.issue_directory(manifest_hash)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("index.html")}


def left_over() -> list[str]:
    return sorted(path.name for path in (files.root() / files.ISSUES).iterdir())


@pytest.fixture
def no_child_stays() -> Iterator[None]:
    before = children_of(os.getpid())
    yield
    assert children_of(os.getpid()) == before


def test_one_two_and_three_processes_write_the_same_bytes() -> None:
    alone = files.write_parts(PARTS)
    content = bytes_of(alone.manifest_hash)
    assert (alone.file_count, len(content)) == (9 * FEW, 9 * FEW)
    for processes in (2, 3):
        (files.issue_directory(alone.manifest_hash)).rename(files.root() / f"kept-{processes}")
        assert files.write_parts(PARTS, processes) == alone
        assert bytes_of(alone.manifest_hash) == content
        assert files.wrong_files(alone.manifest_hash) == []
    assert left_over() == [alone.manifest_hash]


def test_the_work_is_really_shared() -> None:
    pids = list(in_processes([os.getpid for _ in range(40)], 2))
    assert len(pids) == 40
    assert os.getpid() not in pids
    assert set(in_processes([os.getpid], 2)) == {os.getpid()}


def failing(error: Exception) -> Iterator[tuple[str, bytes]]:
    yield "a/index.html", b"a"
    raise error


class Unsendable(Exception):
    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} và {two}")


@pytest.mark.usefixtures("no_child_stays")
@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OSError, "No space left"),
        (ValueError("mẫu không có biến nhiem_vu"), ValueError, "mẫu không có biến nhiem_vu"),
        (Unsendable("một", "hai"), RuntimeError, "Unsendable: một và hai"),
    ],
)
def test_a_failing_worker_fails_the_whole_with_its_own_words(
    error: Exception, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words) as raised:
        files.write_parts([*PARTS, partial(failing, error)], 2)
    if isinstance(error, OSError):
        assert isinstance(raised.value, OSError)
        assert raised.value.errno == errno.ENOSPC
    assert left_over() == []


def test_a_name_that_two_processes_write_is_refused() -> None:
    with pytest.raises(ValueError, match="not a name"):
        files.write_parts([PARTS[0], PARTS[1], PARTS[0]], 2)
    assert left_over() == []


def killed(number: int) -> Iterator[tuple[str, bytes]]:
    yield from part(number)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("no_child_stays")
def test_a_killed_worker_leaves_nothing_half_and_the_others_do_not_live_on() -> None:
    whole = files.write_parts(PARTS[:2])
    with pytest.raises(WorkerDied):
        files.write_parts([*PARTS, partial(killed, 20), partial(endless, 21)], 2)
    assert left_over() == [whole.manifest_hash]
    assert files.wrong_files(whole.manifest_hash) == []


def endless(number: int) -> Iterator[tuple[str, bytes]]:
    place = 0
    while True:
        yield f"mai/{number}-{place}/index.html", b"x"
        place += 1
        time.sleep(0.005)


def test_what_a_worker_opened_is_closed_when_another_one_fails(tmp_path: Path) -> None:
    opened = tmp_path / "opened"

    def careful() -> Iterator[tuple[str, bytes]]:
        opened.write_text("x")
        try:
            yield from endless(1)
        finally:
            opened.unlink()

    def fails_when_it_is_open() -> Iterator[tuple[str, bytes]]:
        while not opened.exists():
            time.sleep(0.005)
        yield from failing(ValueError("hỏng"))

    with pytest.raises(ValueError, match="hỏng"):
        files.write_parts([careful, fails_when_it_is_open], 2)
    assert not opened.exists()


def asking() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_worker_cannot_use_the_connection_of_its_parent_and_that_goes_on_working() -> None:
    assert asking() == 1
    with pytest.raises(RuntimeError, match="connection of its parent"):
        list(in_processes([asking, asking], 2))
    assert asking() == 1


PUBLISHER = """
import sys, time
from django.conf import settings
settings.configure(PUBLISHED_ROOT=sys.argv[1], PUBLISHED_DURABLE=False)
from thucthi.publication import files
def slowly(number):
    for place in range(100_000):
        yield f"{number}/{place}/index.html", b"x"
        time.sleep(0.005)
files.write_parts([lambda: slowly(1), lambda: slowly(2)], 2)
"""


def test_workers_whose_publisher_was_killed_end_and_the_next_one_sweeps(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    program = [sys.executable, "-c", PUBLISHER, str(tmp_path)]
    with subprocess.Popen(program, env=environment) as publisher:
        wait_for(lambda: len(list(tmp_path.glob("issues/.dang-ghi-*/[12]/0/index.html"))) == 2)
        workers = children_of(publisher.pid)
        assert len(workers) == 2
        publisher.kill()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert len(list(tmp_path.glob("issues/.dang-ghi-*"))) == 1
    swept = [sys.executable, str(HERE / "publisher.py"), str(tmp_path), "1", "0"]
    subprocess.run(swept, env=environment, check=True, capture_output=True)
    assert list(tmp_path.glob("issues/.dang-ghi-*")) == []


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(happened: Callable[[], bool]) -> None:
    """However long that takes on a busy machine; the run's own limit ends it."""
    while not happened():
        time.sleep(0.02)


def test_nobody_does_more_than_its_share_and_everything_is_done() -> None:
    pids = list(in_processes([os.getpid for _ in range(5 * PIECES_OF_A_LIFE)], 2))
    counts = Counter(pids)
    assert len(pids) == 5 * PIECES_OF_A_LIFE
    assert max(counts.values()) == PIECES_OF_A_LIFE
    assert len(counts) >= 5

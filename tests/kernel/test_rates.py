"""Counting: processes share one count; windows begin anew; memory is bounded; whom a request counts for."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from thucthi.kernel.rates import SETS, WAYS, Policy, Table, address_of, count

COUNTING = """
import sys
from pathlib import Path
from thucthi.kernel.rates import Table
table = Table(Path(sys.argv[1]))
for _ in range(2_000):
    table.add(b"12345678", 7)
"""


def test_processes_share_one_count(tmp_path: Path) -> None:
    path = tmp_path / "rates"
    command = [sys.executable, "-c", COUNTING, str(path)]
    running = [subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2]) for _ in range(4)]
    assert [each.wait() for each in running] == [0, 0, 0, 0]
    assert Table(path).add(b"12345678", 7) == 4 * 2_000 + 1


def test_a_window_begins_anew(tmp_path: Path) -> None:
    table = Table(tmp_path / "rates")
    assert [table.add(b"12345678", 7) for _ in range(3)] == [1, 2, 3]
    assert table.add(b"12345678", 8) == 1


def test_memory_is_bounded_and_the_busiest_is_not_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "rates"
    table = Table(path)
    size = path.stat().st_size
    same_set = [(number * SETS).to_bytes(8, "little") for number in range(5 * WAYS)]
    for _ in range(50):
        table.add(same_set[0], 7)
    for key in same_set[1:]:
        assert table.add(key, 7) == 1
    assert table.add(same_set[0], 7) == 51
    assert path.stat().st_size == size == 16 * SETS * WAYS


def test_what_is_told(settings: Any, tmp_path: Path) -> None:
    settings.RATES_FILE = tmp_path / "rates"
    policy = Policy("few", 2, 60)
    told = [count(policy, "192.0.2.1", at=600.0 + each) for each in range(3)]
    assert [(each.left, each.reset, each.is_over) for each in told] == [(1, 60, False), (0, 59, False), (0, 58, True)]
    assert not count(policy, "192.0.2.2", at=602.0).is_over
    assert not count(policy, "192.0.2.1", at=660.0).is_over
    assert b"192.0.2.1" not in Path(settings.RATES_FILE).read_bytes()


@pytest.mark.parametrize(
    ("behind", "heads", "expected"),
    [
        (False, {}, "127.0.0.1"),
        (False, {"X-Forwarded-For": "192.0.2.9"}, "127.0.0.1"),
        (True, {"X-Forwarded-For": "1.1.1.1, 192.0.2.9"}, "192.0.2.9"),
        (True, {"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2"),
        (True, {}, "127.0.0.1"),
    ],
)
def test_whom_a_request_counts_for(settings: Any, behind: bool, heads: dict[str, str], expected: str) -> None:
    settings.BEHIND_PROXY = behind
    assert address_of(RequestFactory().get("/", headers=heads)) == expected

"""Requests are counted once each, whichever process of the machine answered them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from thucthi.config.operation.traffic import ANSWERS, BOUNDS, Served, Traffic, surface_of

COUNT = """
import sys
from pathlib import Path
from thucthi.config.operation.traffic import Traffic
traffic = Traffic(Path(sys.argv[1]))
for number in range(2000):
    traffic.add("workspace", 200 if number % 4 else 503, 0.02)
"""


def one(served: list[Served], surface: str) -> Served:
    return next(each for each in served if each.surface == surface)


def test_several_processes_lose_no_request(tmp_path: Path) -> None:
    counting = [subprocess.Popen([sys.executable, "-c", COUNT, str(tmp_path / "traffic")]) for _ in range(3)]
    assert [each.wait() for each in counting] == [0, 0, 0]
    served = one(Traffic(tmp_path / "traffic").read(), "workspace")
    assert dict(zip(ANSWERS, served.answers, strict=True)) == {"1xx": 0, "2xx": 4500, "3xx": 0, "4xx": 0, "5xx": 1500}
    assert (served.count, round(served.seconds, 6)) == (6000, 120.0)


def test_a_time_is_counted_within_every_bound_above_it(tmp_path: Path) -> None:
    traffic = Traffic(tmp_path / "traffic")
    for seconds in (0.005, 0.0051, 15.0, 16.0):
        traffic.add("api", 200, seconds)
    served = one(traffic.read(), "api")
    assert dict(zip(BOUNDS, served.within, strict=True)) == {
        0.005: 1, 0.01: 2, 0.025: 2, 0.05: 2, 0.1: 2, 0.25: 2, 0.5: 2, 1.0: 2, 2.5: 2, 5.0: 2, 10.0: 2, 15.0: 3,
    }  # fmt: skip
    assert served.count == 4


def test_the_counts_outlive_the_process_and_another_layout_begins_anew(tmp_path: Path) -> None:
    Traffic(tmp_path / "traffic").add("public", 304, 0.001)
    again = Traffic(tmp_path / "traffic")
    assert one(again.read(), "public").answers == (0, 0, 1, 0, 0)
    (tmp_path / "traffic").write_bytes(b"something else")
    assert one(Traffic(tmp_path / "traffic").read(), "public").count == 0


@pytest.mark.parametrize(
    ("path", "surface"),
    [
        ("/", "public"), ("/nhiem-vu/x/", "public"), ("/lam-viec/", "workspace"), ("/api/v1/tasks", "api"),
        ("/tai-khoan/login/", "sign_in"), ("/static/a.css", "static"), ("/metrics", "operation"),
    ],
)  # fmt: skip
def test_each_address_belongs_to_one_surface(path: str, surface: str) -> None:
    assert surface_of(path) == surface


def test_whoever_is_done_counting_keeps_no_file_open(tmp_path: Path) -> None:
    """Each test of a page counts in a file of its own: thousands would be left."""
    before = len(os.listdir("/proc/self/fd"))
    for number in range(20):
        Traffic(tmp_path / str(number)).add("public", 200, 0.0)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_a_strange_status_is_counted_at_the_edge(tmp_path: Path) -> None:
    traffic = Traffic(tmp_path / "traffic")
    traffic.add("public", 0, 0.0)
    traffic.add("public", 999, 0.0)
    assert one(traffic.read(), "public").answers == (1, 0, 0, 0, 1)

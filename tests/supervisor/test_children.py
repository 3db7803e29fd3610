"""Children are started again with growing pauses, and stopped in reverse order."""

import os
import signal
import sys

import pytest

from thucthi.config.supervisor import children as module
from thucthi.config.supervisor.children import Child, stop_all
from thucthi.config.supervisor.processes import wait_until
from thucthi.config.supervisor.progress import Say

SLEEPS = [sys.executable, "-c", "import signal; signal.pause()"]
DIES = [sys.executable, "-c", "raise SystemExit(3)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()",
]


def heard() -> tuple[list[str], Say]:
    lines: list[str] = []
    return lines, lambda _, english: lines.append(english)


def test_pauses_double_up_to_a_limit_and_calm_forgives(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("thucthi.config.supervisor.children.time.monotonic", lambda: now[0])
    lines, say = heard()
    child = Child(("trang web", "web"), DIES, os.environ, say)
    pauses = []
    for _ in range(7):
        child.tend()
        assert child._process is not None
        child._process.wait()
        child.tend()
        pauses.append(child._start_at - now[0])
        child.tend()
        assert child.pid is None  # not before its time
        now[0] = child._start_at
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert lines[0] == "web stopped unexpectedly (status 3); starting again in 1 s"
    child.tend()
    assert child._process is not None
    child._process.wait()
    now[0] += module.CALM_AFTER + 1
    child.tend()
    assert child.failures == 1


def test_a_killed_child_comes_back_as_another_process() -> None:
    _, say = heard()
    child = Child(("trang web", "web"), SLEEPS, os.environ, say)
    child.tend()
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        child.tend()
        return child.pid not in (None, first)

    assert wait_until(is_back, seconds=10)
    child.stop(within=5)
    assert child.pid is None


def test_all_are_stopped_even_the_deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STOP_WITHIN", 0.2)
    _, say = heard()
    both = [Child(("điếc", "deaf"), DEAF, os.environ, say), Child(("thường", "plain"), SLEEPS, os.environ, say)]
    for child in both:
        child.tend()
    pids = [child.pid for child in both]
    assert None not in pids
    stop_all(both)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid or 0, signal.SIG_DFL)

"""The largest memory of a process and all its children together, watched from outside: pages they share count once."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_SECONDS = 0.25


def family(pid: int, without: Collection[int] = ()) -> set[int]:
    """`pid` and everything below it, but for the processes in `without` and theirs."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found, left_out = {pid}, set(without)
    while more := {each for each, parent in parents.items() if parent in found} - found - left_out:
        found |= more
    return found


def resident_mb(pids: Collection[int]) -> float:
    """Proportional set size: a page that n of them share counts one n-th at each."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            said = re.search(r"^Pss:\s+(\d+)", text, flags=re.MULTILINE)
            total += int(said.group(1)) if said else 0
    return total / 1024


def families_mb(pids: Iterable[int]) -> float:
    """These processes and everything below them."""
    return resident_mb(set().union(*(family(pid) for pid in pids if pid)))


class Watched:
    """With it: `peak_mb` of this process and its children afterwards, without the processes `without`."""

    def __init__(self, without: Collection[int] = ()) -> None:
        self.peak_mb = 0.0
        self._without = [str(pid) for pid in without]

    def __enter__(self) -> Self:
        arguments = [sys.executable, "-m", "benchmarks.memory", str(os.getpid()), *self._without]
        self._watcher = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)  # noqa: S603
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watcher.send_signal(signal.SIGTERM)
        self.peak_mb = float(self._watcher.communicate()[0] or 0)


def main(pid: int, without: Collection[int]) -> None:
    peak = 0.0

    def tell(_signal: int, _frame: object) -> None:
        sys.stdout.write(f"{peak}\n")
        sys.exit(0)

    signal.signal(signal.SIGTERM, tell)
    while True:
        peak = max(peak, resident_mb(family(pid, {*without, os.getpid()})))
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(each) for each in sys.argv[2:]])

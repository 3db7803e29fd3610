"""What a run costs the machine: memory and processor of the web server, the worker and the database, and the load."""

import contextlib
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.memory import families_mb, family

EVERY_SECONDS = 10.0
_TICKS = os.sysconf("SC_CLK_TCK")


def worked(pid: int) -> float:
    """Seconds of the processor of `pid`, of everything below it, and of their children that ended."""
    total = 0
    for each in family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / _TICKS


class Watched:
    """With it: `peaks` in MB and `spent` in seconds of the processor by the names given, and `loads`, all averages."""

    def __init__(self, families: Mapping[str, int]) -> None:
        self._families = {name: pid for name, pid in families.items() if pid}
        self.peaks = dict.fromkeys(self._families, 0.0)
        self.spent: dict[str, float] = {}
        self.loads: list[float] = []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._before = {name: worked(pid) for name, pid in self._families.items()}
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._look()
        self.spent = {name: worked(pid) - self._before[name] for name, pid in self._families.items()}

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        self.loads.append(os.getloadavg()[0])
        for name, pid in self._families.items():
            self.peaks[name] = max(self.peaks[name], families_mb([pid]))

"""The web server and the worker: started, watched, started again with growing pauses, stopped together."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from thucthi.config.supervisor.processes import finish, spawn, sweep
from thucthi.config.supervisor.progress import Say

LONGEST_PAUSE = 30.0
# Whoever has worked this long does not die of his own start: a worker ends whenever its database changes places.
CALM_AFTER = 15.0
_STOP_WITHIN = 3.5


class Child:
    """One process that is to run as long as we do."""

    def __init__(
        self,
        names: tuple[str, str],
        arguments: Sequence[str],
        environment: Mapping[str, str],
        say: Say,
        *,
        last_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """`names`: in Vietnamese and in English; `last_signal`: what the kernel sends it when we are killed."""
        self._names = names
        self.failures = 0
        self._arguments = arguments
        self._environment = environment
        self._say = say
        self._last_signal = last_signal
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._start_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def tend(self) -> None:
        """Start it if its time has come; if it has died, note when to start it again."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self._process = spawn(self._arguments, environment=self._environment, last_signal=self._last_signal)
                self._started = now
        elif (status := self._process.poll()) is not None:
            sweep(self._process)
            self._process = None
            self.failures = 1 if now - self._started > CALM_AFTER else self.failures + 1
            pause = min(LONGEST_PAUSE, 2.0 ** (self.failures - 1))
            self._start_at = now + pause
            self._say(
                f"{self._names[0]} đã dừng đột ngột (mã {status}); sẽ chạy lại sau {pause:.0f} giây",
                f"{self._names[1]} stopped unexpectedly (status {status}); starting again in {pause:.0f} s",
            )

    def ask_to_stop(self) -> None:
        if self.pid is not None and self._process:
            self._process.send_signal(signal.SIGTERM)

    def stop(self, *, within: float) -> None:
        """Wait `within` seconds for it to do as it was asked; then SIGKILL, also to what it leaves."""
        if self._process:
            finish(self._process, ((signal.SIGTERM, within),))
            sweep(self._process)
            self._process = None


def stop_all(children: Sequence[Child]) -> None:
    """In reverse order of starting; all are asked first and share one patience."""
    deadline = time.monotonic() + _STOP_WITHIN
    for child in reversed(children):
        child.ask_to_stop()
    for child in reversed(children):
        child.stop(within=max(0.0, deadline - time.monotonic()))

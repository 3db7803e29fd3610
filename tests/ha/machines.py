"""Programs that are started, killed without warning, and started again."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.ha.places import Place
from thucthi.config.supervisor.children import Child
from thucthi.config.supervisor.processes import finish, spawn, sweep


class Machine:
    """One foreign program under PostgreSQL's account, its output in a file of its own."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], place: Place) -> None:
        self.name, self._command, self._environment, self._place = name, command, environment, place
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        with self._place.log(self.name).open("ab") as log:
            self._process = spawn(
                self._command,
                environment=self._environment,
                account=self._place.account,
                output=log,
                directory=Path("/"),
            )

    def kill(self) -> None:
        """SIGKILL to the program and its group, as when the machine loses its power."""
        if self._process:
            sweep(self._process)
            self._process.wait()
            self._process = None

    def stop(self, patience: float = 8.0) -> None:
        if self._process:
            finish(self._process, ((signal.SIGTERM, patience),))
            self._process = None


class Tended:
    """Programs of ours under the supervisor's own `Child`: one that dies is started again.

    They are started by a thread that lives as long as they do; the kernel ends them with it.
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._children: dict[str, Child] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tend, name="supervisor", daemon=True)

    def add(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._children[name] = Child((name, name), command, environment, self._say)

    def start(self) -> None:
        self._thread.start()

    def pid(self, name: str) -> int | None:
        return self._children[name].pid

    def kill(self, name: str) -> int:
        """SIGKILL to the program and to what it has started; the number it had."""
        pid = self.pid(name)
        if pid is None:
            raise RuntimeError(f"{name} does not run")
        os.killpg(pid, signal.SIGKILL)
        return pid

    def stop(self) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(20)

    def _tend(self) -> None:
        while not self._over.is_set():
            for child in self._children.values():
                child.tend()
            time.sleep(0.1)
        for child in self._children.values():
            child.stop(within=2.0)

"""Starting processes that cannot outlive us, and telling who still lives in a directory."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from thucthi.config.supervisor.account import Account

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PROCESSES = Path("/proc")


def dies_with_us(last_signal: signal.Signals) -> Callable[[], None]:
    """Arrange, in the child before exec, that the kernel sends it `last_signal` when our thread ends for any reason.

    Trap: the kernel forgets the arrangement when credentials change, so it is made after the change of user
    (subprocess runs the hook last), and it follows the *thread* that started the child: start from the main one.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def spawn(
    arguments: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    account: Account | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    directory: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a direct child in a session of its own: Ctrl-C reaches us alone, and we stop our children in order."""
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=directory,
        start_new_session=True,
        preexec_fn=dies_with_us(last_signal),  # noqa: PLW1509 - the hook takes no lock
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def finish(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> int:
    """Send each signal in turn, waiting its seconds, until the process has gone; then SIGKILL to its group.

    Returns the exit status.
    """
    for sent, patience in signals:
        if process.poll() is not None:
            break
        process.send_signal(sent)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        sweep(process)
    return process.wait()


def sweep(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to whatever is left of the group that `spawn` gave to the process: helpers of a killed one live on."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def is_postgres_in(pid: int, data: Path) -> bool:
    """Whether `pid` lives and is a PostgreSQL process of the cluster in `data`; a zombie or a reused number is not."""
    entry = _PROCESSES / str(pid)
    try:
        program = os.readlink(entry / "exe").removesuffix(" (deleted)")
        return Path(program).name == "postgres" and os.path.samefile(os.readlink(entry / "cwd"), data)
    except OSError:
        return False


def postgres_processes_in(data: Path) -> list[int]:
    """Every living PostgreSQL process of the cluster in `data`, postmaster and orphaned backends alike."""
    if not data.is_dir() or not _PROCESSES.is_dir():
        return []
    numbers = (int(entry.name) for entry in _PROCESSES.iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if is_postgres_in(pid, data)]


def send(pid: int, sent: signal.Signals) -> None:
    try:
        os.kill(pid, sent)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask `condition` again and again; False when `seconds` have passed without a yes."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True

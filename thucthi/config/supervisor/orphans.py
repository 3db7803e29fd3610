"""What an earlier run that was killed may have left: a living server, dying backends, a stale postmaster.pid."""

import signal
from pathlib import Path

from thucthi.config.supervisor.processes import is_postgres_in, postgres_processes_in, send, wait_until
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.trouble import Trouble

_PATIENCE = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


def clear_the_way(data: Path, say: Say) -> None:
    """Stop whatever still serves `data`, and remove a postmaster.pid whose number now belongs to something else.

    Call it holding the cluster's lock. Raises Trouble if a process will not go.
    Trap: a stale file is PostgreSQL's own interlock against writing beside orphaned backends, so it goes only after
    the list of processes has shown that there are none.
    """
    if leftovers := postgres_processes_in(data):
        say("Đang dừng PostgreSQL còn sót từ lần chạy trước", "Stopping PostgreSQL left by an earlier run")
        _stop(data, leftovers)
    pid = _recorded_pid(data)
    if pid is not None and not is_postgres_in(pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _stop(data: Path, leftovers: list[int]) -> None:
    for sent, patience in _PATIENCE:
        postmaster = _recorded_pid(data)
        for pid in [postmaster] if postmaster in leftovers and sent == signal.SIGINT else leftovers:
            send(pid, sent)
        if wait_until(lambda: not postgres_processes_in(data), seconds=patience):
            return
        leftovers = postgres_processes_in(data)
    raise Trouble(
        f"Tiến trình PostgreSQL {leftovers} của {data} không chịu dừng. Hãy dừng chúng rồi chạy lại.",
        f"The PostgreSQL processes {leftovers} of {data} will not stop. Stop them and run again.",
    )

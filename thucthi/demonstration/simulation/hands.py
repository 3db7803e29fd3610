"""Two connections that work side by side on a list of jobs, each job when those it needs are done (ADR 0047)."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Barrier

from django.db import connection
from django.db.backends.utils import CursorWrapper

Work = Callable[[CursorWrapper], None]
HANDS = 2
# Sorting and joining in memory; no flush of the log at each commit: the last one of all flushes everything.
_ROOM = (
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '768MB'",
    "SET max_parallel_maintenance_workers = 1",
    "SET synchronous_commit = off",
    "SET jit = off",
)


@dataclass(frozen=True)
class Job:
    """`seconds`: about how long it takes at a million tasks; longer ones go first, and the bar counts by it.

    `after`: names of jobs that must be done. `alone`: no other job may run that began before those were done. For
    VACUUM: the other's look at the database would still be older than the rows, which then count as not seen by all.
    """

    name: str
    work: Work
    stage: int
    seconds: float
    after: frozenset[str] = frozenset()
    alone: bool = False


@dataclass
class _State:
    waiting: list[Job]
    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)

    def next(self) -> Job | None:
        """The longest of those that can start."""
        able = [job for job in self.waiting if self._can_start(job)]
        return max(able, key=lambda job: job.seconds) if able else None

    def _can_start(self, job: Job) -> bool:
        if not job.after <= self.ended.keys():
            return False
        needed = max((self.ended[name] for name in job.after), default=0.0)
        running = [began for name, began in self.began.items() if name not in self.ended]
        return not job.alone or all(began > needed for began in running)


def work_off(jobs: Sequence[Job], done: Callable[[Job, float], None]) -> None:
    """All of them; `done` hears of each, with the seconds it took. Raises what the first that fails raised.

    After a failure nothing new begins, and the error is raised when the other hand has put down what it held.
    """
    state, running = _State(list(jobs)), dict[Future[None], Job]()
    with ThreadPoolExecutor(HANDS, initializer=_make_room) as hands:
        try:
            while state.waiting or running:
                while len(running) < HANDS and (job := state.next()):
                    state.waiting.remove(job)
                    state.began[job.name] = time.monotonic()
                    running[hands.submit(_do, job)] = job
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(future)
                    future.result()
                    state.ended[job.name] = time.monotonic()
                    done(job, state.ended[job.name] - state.began[job.name])
        finally:
            wait(running)
            together = Barrier(HANDS)
            wait([hands.submit(_leave, together) for _ in range(HANDS)])


def _make_room() -> None:
    with connection.cursor() as cursor:
        for setting in _ROOM:
            cursor.execute(setting)


def _leave(together: Barrier) -> None:
    """Each thread has a connection of its own; the barrier sees to it that each closes its own."""
    together.wait()
    connection.close()


def _do(job: Job) -> None:
    with connection.cursor() as cursor:
        job.work(cursor)

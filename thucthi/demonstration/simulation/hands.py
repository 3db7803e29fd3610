"""A few connections that work side by side on a list of jobs, each job when those it needs are done (ADR 0047)."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Barrier

from django.db import connection
from django.db.backends.utils import CursorWrapper

Work = Callable[[CursorWrapper], None]
# One more than there are cores on the smallest machine we measure on: one of them always waits for the disk.
HANDS = 3
# Sorting and joining in memory; no flush of the log at each commit: the last one of all flushes everything.
_ROOM = (
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '512MB'",
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
class Board:
    """What waits, runs and is done; moments by `clock`, in seconds."""

    waiting: list[Job]
    clock: Callable[[], float] = time.monotonic
    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)

    def take(self) -> Job | None:
        """The longest of those that can begin now; it has begun."""
        able = [job for job in self.waiting if self._can_begin(job)]
        if not able:
            return None
        job = max(able, key=lambda job: job.seconds)
        self.waiting.remove(job)
        self.began[job.name] = self.clock()
        return job

    def finish(self, job: Job) -> float:
        """How many seconds it took."""
        self.ended[job.name] = self.clock()
        return self.ended[job.name] - self.began[job.name]

    def _can_begin(self, job: Job) -> bool:
        if not job.after <= self.ended.keys():
            return False
        needed = max((self.ended[name] for name in job.after), default=0.0)
        running = [began for name, began in self.began.items() if name not in self.ended]
        return not job.alone or all(began > needed for began in running)


def work_off(jobs: Sequence[Job], done: Callable[[Job, float], None]) -> None:
    """All of them; `done` hears of each, with the seconds it took. Raises what the first that fails raised.

    After a failure nothing new begins, and the error is raised when the other hands have put down what they held.
    """
    board, running = Board(list(jobs)), dict[Future[None], Job]()
    with ThreadPoolExecutor(HANDS, initializer=_make_room) as hands:
        try:
            while board.waiting or running:
                while len(running) < HANDS and (job := board.take()):
                    running[hands.submit(_do, job)] = job
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    job = running.pop(future)
                    future.result()
                    done(job, board.finish(job))
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

"""One event played before the running system: broken, watched, mended, counted."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from tests.ha.application import Application
from tests.ha.cluster import Cluster
from tests.ha.reckoning import Reckoning, reckon, standing
from tests.ha.writers import Pool, Readers
from thucthi.config.supervisor.processes import wait_until

WHOLE_WITHIN = 180.0
_CALM = 3.0  # seconds of writes before and after an event
GIVE_UP = 90.0


@dataclass(frozen=True)
class Event:
    """`act` breaks something; `mend` puts back what a person or systemd would; `bar`: seconds without writes allowed.

    `watched`: how long to look at least. `also`: what else must come back by itself, in seconds after `act`; it is held
    to the bar where it is what was killed (`also_barred`).
    """

    name: str
    bar: float
    act: Callable[[], None]
    mend: Callable[[], None] = lambda: None
    watched: float = 5.0
    also: tuple[str, Callable[[], float]] | None = None
    also_barred: bool = False


@dataclass
class Told:
    """One line of the table."""

    event: Event
    cost: Reckoning
    back: float
    public: int
    public_errors: int
    moments: tuple[float, float] = (0.0, 0.0)
    probed: dict[str, float] = field(default_factory=dict)

    @property
    def unavailable(self) -> float:
        """Seconds without an acknowledged write; of what was killed where that writes nothing."""
        return max([self.cost.silence, *(self.probed.values() if self.event.also_barred else ())])

    @property
    def stands(self) -> bool:
        whole = not self.cost.lost and not self.cost.doubled and not self.public_errors
        return whole and self.unavailable <= self.event.bar


@dataclass
class Stage:
    """What the events act on."""

    cluster: Cluster
    application: Application
    pool: Pool
    readers: Readers

    def play(self, event: Event) -> Told:
        """Do it under writes, wait until writes flow again, mend, wait until three nodes are together."""
        begun = self._calm()
        visited, errors = self.readers.public, len(self.readers.public_errors)
        acted = time.monotonic()
        event.act()
        probed = {event.also[0]: event.also[1]()} if event.also else {}
        self._writes_flow(acted + event.watched)
        event.mend()
        back = self.cluster.wait_until_whole(WHOLE_WITHIN)
        ended = self._calm() + _CALM
        cost = reckon(self.pool.writes, standing(self.cluster.url("app")), begun, ended)
        return Told(
            event,
            cost,
            back,
            self.readers.public - visited,
            len(self.readers.public_errors) - errors,
            (begun, ended),
            probed,
        )

    def _calm(self) -> float:
        """Writes of everybody for a while; when it began. What starting cost belongs to no event."""
        self._writes_flow(time.monotonic())
        begun = time.monotonic()
        time.sleep(_CALM)
        return begun

    def _writes_flow(self, after: float) -> None:
        """Until `after`, and until every writer had a write acknowledged since then. Raises RuntimeError."""
        time.sleep(max(0.0, after - time.monotonic()))
        since = time.monotonic()
        if not wait_until(lambda: len(self._writing(since)) == len(self.pool.world), seconds=GIVE_UP):
            raise RuntimeError(f"writes did not come back within {GIVE_UP:.0f} s")

    def _writing(self, since: float) -> set[int]:
        recent = self.pool.writes[-500:]
        return {write.writer for write in recent if write.acknowledged is not None and write.acknowledged >= since}

    # --- what must come back besides the writes ------------------------------------------------------------------

    def job_done(self) -> float:
        """Seconds until a job that is put into the queue now was worked off."""
        return self._until(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'ledger.check_receipts', '{\"timestamp\": 0}') RETURNING id",
            "SELECT 1 WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE id = %s AND status <> 'succeeded')",
        )

    def entry_placed(self) -> float:
        """Seconds until the newest entry of the ledger has its place."""
        return self._until("SELECT max(id) FROM ledger_entry", "SELECT 1 FROM ledger_leaf WHERE entry_id = %s")

    def _until(self, first: str, done: str) -> float:
        """Seconds until `done` answers for what `first` gave, through however many primaries."""
        begun, given = time.monotonic(), None
        while time.monotonic() - begun < GIVE_UP:
            try:
                with psycopg.connect(self.cluster.url("app"), autocommit=True, connect_timeout=3) as database:
                    given = given or database.execute(first).fetchone()
                    while database.execute(done, given).fetchone() is None:
                        time.sleep(0.05)
                        if time.monotonic() - begun > GIVE_UP:
                            return GIVE_UP
                    return time.monotonic() - begun
            except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction):
                time.sleep(0.2)  # gone, or back and not yet the primary again
        return GIVE_UP

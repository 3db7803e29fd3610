"""What is done to the system, one after the other, and what each may cost."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.ha.cluster import MEMBERS
from tests.ha.stage import GIVE_UP, Event, Stage

NODE_DEATH, PROCESS_DEATH = 25.0, 7.0
_BEHIND = 1.5


@dataclass
class Hands:
    """What breaks, and remembers what it broke until it is mended."""

    stage: Stage
    _broken: list[str] = field(default_factory=list)

    def _leader(self) -> str:
        for _attempt in range(100):
            if found := self.stage.cluster.primary():
                return found
            time.sleep(0.2)
        raise RuntimeError("no primary")

    def kill_postgres(self) -> None:
        self.stage.cluster.kill_postgres(self._leader())

    def kill_primary(self) -> None:
        self._broken.append(self._leader())
        self.stage.cluster.kill_node(self._broken[-1])

    def kill_standby(self) -> None:
        self._broken.append(self.stage.cluster.synchronous()[0])
        self.stage.cluster.kill_node(self._broken[-1])

    def stall_and_kill(self) -> None:
        """The standbys hear nothing of the primary any more; then it dies. Clients still reach it meanwhile."""
        leader = self._leader()
        self.stage.cluster.network.cut(f"{leader}-standbys")
        time.sleep(_BEHIND)
        self._broken.append(leader)
        self.stage.cluster.kill_node(leader)
        self.stage.cluster.network.drop(f"{leader}-standbys")

    def node_again(self) -> None:
        """As systemd does on a machine that has started again."""
        self.stage.cluster.nodes[self._broken.pop()].start()

    def cut_off(self) -> None:
        self.stage.cluster.network.cut(*self.stage.cluster.links_of(self._leader()))

    def heal(self) -> None:
        self.stage.cluster.network.heal()

    def kill_etcd(self) -> None:
        self.stage.cluster.members[MEMBERS[0]].kill()

    def etcd_again(self) -> None:
        self.stage.cluster.members[MEMBERS[0]].start()

    def kill_web(self) -> None:
        self.stage.application.tended.kill("web1")

    def kill_worker(self) -> None:
        self.stage.application.tended.kill("worker")

    def kill_sequencer(self) -> None:
        self.stage.application.tended.kill("sequencer")


def events(stage: Stage) -> Sequence[Event]:
    hands = Hands(stage)
    job, placed = ("job done", stage.job_done), ("entry placed", stage.entry_placed)
    return (
        Event("kill -9 PostgreSQL of the primary", PROCESS_DEATH, hands.kill_postgres, watched=12, also=job),
        Event("kill -9 the primary's node", NODE_DEATH, hands.kill_primary, hands.node_again, watched=8, also=job),
        Event("kill -9 the synchronous standby", PROCESS_DEATH, hands.kill_standby, hands.node_again, watched=10),
        Event("kill -9 a web server", PROCESS_DEATH, hands.kill_web, watched=8),
        Event("kill -9 the worker", PROCESS_DEATH, hands.kill_worker, also=job, also_barred=True),
        Event("kill -9 the ledger's sequencer", PROCESS_DEATH, hands.kill_sequencer, also=placed, also_barred=True),
        Event("kill -9 one etcd of three", PROCESS_DEATH, hands.kill_etcd, hands.etcd_again),
        Event("the primary's node cut off", NODE_DEATH, hands.cut_off, hands.heal, watched=15, also=job),
        Event("standbys behind, then node death", NODE_DEATH, hands.stall_and_kill, hands.node_again),
    )


def control(stage: Stage) -> Event:
    """The last event again; without synchronous commit it must be able to lose."""
    last = events(stage)[-1]
    return Event(f"asynchronous: {last.name}", GIVE_UP, last.act, last.mend)

"""Three nodes of PostgreSQL under Patroni, three members of etcd, HAProxy: the configurations of `deploy/`."""

import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

from tests.ha.machines import Machine
from tests.ha.network import Network
from tests.ha.places import DEPLOY, LOOPBACK, Place, Ports, clean_environment, program
from thucthi.config.supervisor import roles
from thucthi.config.supervisor.binaries import find_binaries
from thucthi.config.supervisor.processes import postgres_processes_in, send, wait_until

NODES = ("node1", "node2", "node3")
MEMBERS = ("etcd1", "etcd2", "etcd3")
DATABASE = "thucthi"
_LIGHT = "64MB"


@dataclass(frozen=True)
class NodePorts:
    """Where a node listens, and where the others reach it: through links that can be pulled."""

    postgres: int
    restapi: int
    for_standbys: int
    for_clients: int
    for_peers: int
    for_checks: int


def _read_env(path: Path) -> dict[str, str]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


class Cluster:
    """After `start()`: `url(role)` is the database through HAProxy; `primary()` the node that leads."""

    def __init__(self, place: Place, ports: Ports, environment: dict[str, str]) -> None:
        self.place = place
        self.binaries = find_binaries("system")
        self.primary_port, self.replicas_port, self.web_port = ports(), ports(), ports()
        self.web = (ports(), ports())
        self.node_ports = {name: NodePorts(*(ports() for _each in range(6))) for name in NODES}
        self._etcd = {name: (ports(), ports()) for name in MEMBERS}
        self._to_etcd = {(node, member): ports() for node in NODES for member in MEMBERS}
        self._superuser, self._replicator = secrets.token_hex(12), secrets.token_hex(12)
        self._passwords = roles.Passwords(secrets.token_hex(12), secrets.token_hex(12))
        self.network = Network(ports(), self._links(), environment)
        self.members = {name: self._member(name) for name in MEMBERS}
        self.nodes = {name: self._node(name) for name in NODES}
        self.haproxy = self._haproxy()

    # --- what is made of deploy/ ---------------------------------------------------------------------------------

    def _links(self) -> dict[str, tuple[int, int]]:
        links = {}
        for name, at in self.node_ports.items():
            links[f"{name}-standbys"] = (at.for_standbys, at.postgres)
            links[f"{name}-clients"] = (at.for_clients, at.postgres)
            links[f"{name}-peers"] = (at.for_peers, at.restapi)
            links[f"{name}-checks"] = (at.for_checks, at.restapi)
        for (node, member), port in self._to_etcd.items():
            links[f"{node}-{member}"] = (port, self._etcd[member][0])
        return links

    def links_of(self, node: str) -> list[str]:
        return [name for name in self._links() if name.startswith(f"{node}-")]

    def _member(self, name: str) -> Machine:
        client, peer = (f"http://{LOOPBACK}:{port}" for port in self._etcd[name])
        everyone = ",".join(f"{each}=http://{LOOPBACK}:{at[1]}" for each, at in self._etcd.items())
        environment = _read_env(DEPLOY / "etcd" / "etcd.env") | {
            "ETCD_NAME": name,
            "ETCD_LISTEN_PEER_URLS": peer,
            "ETCD_INITIAL_ADVERTISE_PEER_URLS": peer,
            "ETCD_LISTEN_CLIENT_URLS": client,
            "ETCD_ADVERTISE_CLIENT_URLS": client,
            "ETCD_DATA_DIR": str(self.place.owned(name) / "data"),
            "ETCD_INITIAL_CLUSTER": everyone,
        }
        return Machine(name, [program("etcd")], clean_environment() | environment, self.place)

    def data(self, node: str) -> Path:
        return self.place.directory / node / "data"

    def _node(self, name: str) -> Machine:
        home, at = self.place.owned(name), self.node_ports[name]
        told = yaml.safe_load((DEPLOY / "patroni" / "patroni.yml").read_text(encoding="utf-8"))
        told["postgresql"]["parameters"] |= {"shared_buffers": _LIGHT, "unix_socket_directories": ""}
        told["postgresql"]["pg_hba"] = [
            line.replace("10.0.0.0/24", f"{LOOPBACK}/32") for line in told["postgresql"]["pg_hba"]
        ]
        path = home / "patroni.yml"
        path.write_text(yaml.safe_dump(told), encoding="utf-8")
        path.chmod(0o644)
        environment = _read_env(DEPLOY / "patroni" / "node.env") | {
            "PATRONI_NAME": name,
            "PATRONI_ETCD3_HOSTS": ",".join(f"'{LOOPBACK}:{self._to_etcd[name, member]}'" for member in MEMBERS),
            # Patroni would otherwise learn where the members really listen, and go round the links.
            "PATRONI_ETCD3_USE_PROXIES": "true",
            "PATRONI_RESTAPI_LISTEN": f"{LOOPBACK}:{at.restapi}",
            "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{LOOPBACK}:{at.for_peers}",
            "PATRONI_POSTGRESQL_LISTEN": f"{LOOPBACK}:{at.postgres}",
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{LOOPBACK}:{at.for_standbys}",
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.data(name)),
            "PATRONI_POSTGRESQL_BIN_DIR": str(self.binaries.directory),
            "PATRONI_POSTGRESQL_PGPASS": str(home / "pgpass"),
            "PATRONI_SUPERUSER_PASSWORD": self._superuser,
            "PATRONI_REPLICATION_PASSWORD": self._replicator,
        }
        return Machine(name, [program("patroni"), str(path)], clean_environment() | environment, self.place)

    def _haproxy(self) -> Machine:
        environment = _read_env(DEPLOY / "haproxy" / "haproxy.env") | {
            "HAPROXY_SOCKET": str(self.place.owned("haproxy") / "admin.sock"),
            "PRIMARY_BIND": f"{LOOPBACK}:{self.primary_port}",
            "REPLICAS_BIND": f"{LOOPBACK}:{self.replicas_port}",
            "WEB_BIND": f"{LOOPBACK}:{self.web_port}",
            "WEB1": f"{LOOPBACK}:{self.web[0]}",
            "WEB2": f"{LOOPBACK}:{self.web[1]}",
        }
        for name, at in self.node_ports.items():
            upper = name.upper()
            environment |= {
                upper: f"{LOOPBACK}:{at.for_clients}",
                f"{upper}_CHECK_HOST": LOOPBACK,
                f"{upper}_CHECK_PORT": str(at.for_checks),
            }
        told = self.place.owned("haproxy") / "haproxy.cfg"
        told.write_text((DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8"), encoding="utf-8")
        told.chmod(0o644)
        return Machine(
            "haproxy", [program("haproxy"), "-db", "-f", str(told)], clean_environment() | environment, self.place
        )

    # --- running ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.network.start()
        for machine in (*self.members.values(), self.haproxy):
            machine.start()
        # Patroni 3.0 ends when the members have not agreed yet; systemd would start it again.
        self._wait("three members of etcd", self._members_agree, 60)
        self.nodes["node1"].start()
        self._wait("the first node", lambda: self.primary() == "node1", 90)
        for name in NODES[1:]:
            self.nodes[name].start()
        self.wait_until_whole(120)
        self._prepare()

    def stop(self) -> None:
        for machine in (*self.nodes.values(), self.haproxy, *self.members.values()):
            machine.stop()
        self.network.stop()

    def url(self, role: str, database: str = DATABASE, *, of_standbys: bool = False) -> str:
        """Through HAProxy."""
        names = {
            "superuser": (roles.SUPERUSER, self._superuser),
            "owner": (roles.OWNER, self._passwords.owner),
            "app": (roles.APPLICATION, self._passwords.application),
        }
        name, word = names[role]
        port = self.replicas_port if of_standbys else self.primary_port
        return f"postgresql://{name}:{word}@{LOOPBACK}:{port}/{database}"

    def _prepare(self) -> None:
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as server:
            roles.make_roles(server, self._passwords)
            roles.create_database(server, DATABASE)
        with psycopg.connect(self.url("superuser"), autocommit=True) as inside:
            roles.prepare_database(inside)

    # --- asking ----------------------------------------------------------------------------------------------------

    def ask(self, node: str, path: str, *, send_json: Any = None, method: str = "GET") -> dict[str, Any]:
        """What Patroni of a node says, asked behind the links. An empty answer when it does not."""
        address = f"http://{LOOPBACK}:{self.node_ports[node].restapi}{path}"
        body = None if send_json is None else json.dumps(send_json).encode()
        request = urllib.request.Request(address, data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return dict(json.loads(refusal.read() or b"{}")) if path == "/patroni" else {}
        except (OSError, ValueError):
            return {}

    def _members_agree(self) -> bool:
        told = [_json_of(f"http://{LOOPBACK}:{client}/version") for client, _peer in self._etcd.values()]
        return all(each.get("etcdcluster", "not_decided") != "not_decided" for each in told)

    def primary(self) -> str | None:
        told = {name: self.ask(name, "/patroni") for name in NODES}
        leading = [name for name, said in told.items() if said.get("role") in ("master", "primary")]
        running = [name for name in leading if told[name].get("state") == "running"]
        return running[0] if len(running) == 1 else None

    def synchronous(self) -> list[str]:
        leader = self.primary()
        said = self.ask(leader, "/cluster") if leader else {}
        return [each["name"] for each in said.get("members", ()) if each.get("role") == "sync_standby"]

    def is_whole(self) -> bool:
        """One primary, two standbys that follow it closely, one of them synchronous where that is asked for."""
        leader = self.primary()
        said = self.ask(leader, "/cluster") if leader else {}
        members = said.get("members", [])
        following = [each for each in members if each.get("role") != "leader" and _follows(each)]
        wants = self.ask(leader, "/config").get("synchronous_mode") if leader else None
        has = any(each.get("role") == "sync_standby" for each in following)
        return len(following) == 2 and (has or not wants)

    def wait_until_whole(self, seconds: float) -> float:
        """Seconds it took. Raises RuntimeError when the cluster does not come together."""
        started = time.monotonic()
        self._wait("three nodes together", self.is_whole, seconds)
        return time.monotonic() - started

    def _wait(self, what: str, condition: Any, seconds: float) -> None:
        if not wait_until(condition, seconds=seconds, every=0.3):
            raise RuntimeError(f"{what}: not within {seconds:.0f} s; see {self.place.ours('logs')}")

    def configure(self, **settings: Any) -> None:
        leader = self.primary()
        if leader is None or not self.ask(leader, "/config", send_json=settings, method="PATCH"):
            raise RuntimeError("nobody took the new configuration")

    # --- destroying ------------------------------------------------------------------------------------------------

    def kill_postgres(self, node: str) -> None:
        """SIGKILL to the postmaster alone; Patroni lives."""
        pid = int((self.data(node) / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        send(pid, 9)  # type: ignore[arg-type]

    def kill_node(self, node: str) -> None:
        """SIGKILL to Patroni and to every process of its PostgreSQL."""
        self.nodes[node].kill()
        for pid in postgres_processes_in(self.data(node)):
            send(pid, 9)  # type: ignore[arg-type]


def _json_of(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(address, timeout=3) as answer:  # noqa: S310 - our own address
            return dict(json.loads(answer.read()))
    except (OSError, ValueError):
        return {}


def _follows(member: dict[str, Any]) -> bool:
    return member.get("state") in ("running", "streaming") and member.get("lag", 1) == 0

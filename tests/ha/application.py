"""The application on the cluster: two web servers, the worker, the sequencer, and nginx with the published files."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.database import place_of_the_dump
from tests.ha.cluster import Cluster
from tests.ha.machines import Machine, Tended
from tests.ha.places import DEPLOY, LOOPBACK, ROOT, Place, Ports, clean_environment, program
from thucthi.config.supervisor.environment import SETTINGS, STEPS
from thucthi.config.supervisor.running import web_command, worker_command
from thucthi.ledger.key_files import make_key_file

WEB = ("web1", "web2")


def environment_of_ours(place: Place) -> dict[str, str]:
    """What every program of ours finds, without an address of the database."""
    state = place.ours("state")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "THUCTHI_STATE": str(state),
        "THUCTHI_SECRET_KEY": secrets.token_hex(32),
        "THUCTHI_BEHIND_PROXY": "true",
        # Each refusal of a database that is away would be a line.
        "THUCTHI_LOG_LEVEL": "CRITICAL",
    }


class Application:
    def __init__(self, place: Place, cluster: Cluster, ports: Ports, environment: dict[str, str]) -> None:
        self._place, self._cluster = place, cluster
        self._environment = environment | {
            "DATABASE_URL": cluster.url("app"),
            "THUCTHI_DATABASE_ROLE": "application",
            "THUCTHI_REPLICA_URL": cluster.url("app", of_standbys=True),
        }
        self.public_port = ports()
        self.tended = Tended(self._note)
        self.nginx: Machine | None = None
        self.world: list[dict[str, Any]] = []

    @property
    def published(self) -> Path:
        return self._place.directory / "state" / "published" / "latest"

    def prepare(self) -> None:
        """Migrate as the owner (or restore what the tests have kept migrated), fill, publish, gather static files."""
        make_key_file(self._place.ours("state") / "ledger-key")
        kept = place_of_the_dump(self._cluster.binaries.major)
        if kept is not None and kept.exists():
            restore = [str(self._cluster.binaries.program("pg_restore")), "--clean", "--if-exists", "--exit-on-error"]
            self._run([*restore, "--dbname", self._cluster.url("superuser"), str(kept)])
        else:
            owner = {"THUCTHI_DATABASE_ROLE": "owner", "DATABASE_OWNER_URL": self._cluster.url("owner")}
            self._run([*STEPS, "migrate"], owner)
        self.world = json.loads(self._run([sys.executable, "-m", "tests.ha.world"]))
        self._run([*STEPS, "static"])

    def start(self) -> None:
        for name, port in zip(WEB, self._cluster.web, strict=True):
            self._tend(name, web_command(LOOPBACK, port))
        self._tend("worker", worker_command())
        self._tend("sequencer", [sys.executable, "-m", "tests.ha.sequencer"])
        self.tended.start()
        self.nginx = self._nginx()
        self.nginx.start()

    def stop(self) -> None:
        self.tended.stop()
        if self.nginx:
            self.nginx.stop()

    def _note(self, _vietnamese: str, english: str) -> None:
        with self._place.log("supervisor").open("a", encoding="utf-8") as log:
            log.write(f"{english}\n")

    def _tend(self, name: str, command: Sequence[str]) -> None:
        into = 'log=$1; shift; exec "$@" >>"$log" 2>&1'
        logged = ["/bin/sh", "-c", into, "sh", str(self._place.log(name)), *command]
        self.tended.add(name, logged, self._environment)

    def _run(self, command: Sequence[str], more: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            command, env=self._environment | (more or {}), cwd=ROOT, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stderr[-3000:]}")
        return done.stdout

    def _nginx(self) -> Machine:
        """deploy/nginx/site.conf with this run's port and directory."""
        home = self._place.owned("nginx")
        site = (DEPLOY / "nginx" / "site.conf").read_text(encoding="utf-8")
        site = site.replace("listen 80;", f"listen {LOOPBACK}:{self.public_port};", 1)
        site = site.replace("root /srv/thuc-thi/published/latest;", f"root {self.published};", 1)
        paths = " ".join(f"{kind}_temp_path {home};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        told = home / "nginx.conf"
        told.write_text(
            f"daemon off; pid {home}/pid; error_log stderr;\nevents {{}}\n"
            f"http {{ access_log off; {paths}\n{site}\n}}\n",
            encoding="utf-8",
        )
        told.chmod(0o644)
        return Machine("nginx", [program("nginx"), "-c", str(told)], clean_environment(), self._place)

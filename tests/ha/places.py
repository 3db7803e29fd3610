"""Where everything of one run lies: free ports, one directory, programs of Debian's packages."""

import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from thucthi.config.supervisor.account import Account, account_for_postgres
from thucthi.config.supervisor.places import private_directory
from thucthi.config.supervisor.trouble import Trouble

LOOPBACK = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
_LOWEST, _HIGHEST = 10_000, 32_000  # below the ports that the kernel hands out to clients
_WHERE = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
PACKAGES = {"patroni": "patroni", "etcd": "etcd-server", "haproxy": "haproxy", "nginx": "nginx-light"}


@dataclass
class Ports:
    """Free ports, each given once."""

    _given: set[int] = field(default_factory=set)

    def __call__(self) -> int:
        while True:
            port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
            if port not in self._given and _is_free(port):
                self._given.add(port)
                return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def program(name: str) -> str:
    """Its path. Raises Trouble with the package that brings it."""
    if found := shutil.which(name, path=_WHERE):
        return found
    raise Trouble(
        f"Máy chưa có {name}. Hãy cài gói {PACKAGES[name]}, hoặc chạy scripts/ha-packages dưới quyền root.",
        f"{name} is not on this machine. Install {PACKAGES[name]}, or run scripts/ha-packages as root.",
    )


def clean_environment() -> dict[str, str]:
    """For programs that are not ours: nothing of the caller's Python or PostgreSQL."""
    return {"PATH": _WHERE, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


@dataclass(frozen=True)
class Place:
    """The directory of a run; what PostgreSQL's account runs lies in folders that belong to it."""

    directory: Path
    account: Account | None

    def owned(self, name: str) -> Path:
        return private_directory(self.directory / name, self.account)

    def ours(self, name: str) -> Path:
        path = self.directory / name
        path.mkdir(exist_ok=True)
        return path

    def log(self, name: str) -> Path:
        return self.ours("logs") / f"{name}.log"


def new_place() -> Place:
    """On the disk, not in memory: the writes of this test are durable ones."""
    path = Path(tempfile.mkdtemp(prefix="thucthi-ha-"))
    path.chmod(0o711)
    return Place(path, account_for_postgres())

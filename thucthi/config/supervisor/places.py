"""Where a cluster, its socket and its secrets lie, without touching a permission that is not ours."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from thucthi.config.supervisor.account import Account, can_enter
from thucthi.config.supervisor.processes import wait_until
from thucthi.config.supervisor.trouble import AlreadyRunning, Trouble

SYSTEM_STATE = Path("/var/lib/thucthi")
NOTE = "WHERE-IS-THE-DATABASE.txt"
LONGEST_SOCKET_DIRECTORY = 90  # the kernel takes 107 bytes for the whole address, the file name included
_PASSABLE = 0o711
_BLINK = 0.3  # longer than another command needs to ask whether the lock is held


def cluster_home(directory: Path, account: Account | None, system_state: Path = SYSTEM_STATE) -> Path:
    """The directory that holds the cluster: `directory` itself, or one of `system_state` if the account cannot enter.

    Raises Trouble when the account can enter neither.
    """
    own_directory(directory)
    if account is None or can_enter(directory, account):
        return directory
    name = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:16]
    own_directory(system_state)
    home = own_directory(system_state / name)
    if not can_enter(home, account):
        raise Trouble(
            f"Tài khoản {account.name} không vào được {directory} lẫn {home}. Hãy chuyển dự án đến nơi khác.",
            f"The account {account.name} can enter neither {directory} nor {home}. Move the project where it can.",
        )
    (directory / NOTE).write_text(
        f"Cơ sở dữ liệu nằm tại / the database lies in:\n{home}\n"
        f"vì tài khoản {account.name} không vào được thư mục này / because {account.name} cannot enter this one.\n",
        encoding="utf-8",
    )
    return home


def own_directory(path: Path) -> Path:
    """Make `path` if missing, passable for PostgreSQL's account if we are root; an existing one is left as it is."""
    if path.is_dir():
        return path
    path.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        path.chmod(_PASSABLE)
    return path


def private_directory(path: Path, account: Account | None) -> Path:
    """A directory of mode 0700 that belongs to the account."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def socket_directory(home: Path, name: str, account: Account | None) -> Path:
    """A private directory for the socket, in `home` if that address is short enough, else a temporary one.

    Raises Trouble when no place is short enough and within the account's reach.
    """
    wanted = home / name
    if len(os.fsencode(wanted)) < LONGEST_SOCKET_DIRECTORY:
        return private_directory(wanted, account)
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - mkdtemp makes a private name in it
        if len(os.fsencode(parent)) < LONGEST_SOCKET_DIRECTORY - 20 and can_enter(parent, account):
            return private_directory(Path(tempfile.mkdtemp(prefix="thucthi-", dir=parent)), account)
    raise Trouble(
        f"Đường dẫn {home} quá dài cho ổ cắm PostgreSQL và không có thư mục tạm thay thế. Hãy đặt TMPDIR ngắn hơn.",
        f"The path {home} is too long for PostgreSQL's socket and no temporary directory serves. Set a shorter TMPDIR.",
    )


def throwaway_directory() -> Path:
    """A new directory for a database that nobody will miss: in memory if there is room, else on disk."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private name in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    path = Path(tempfile.mkdtemp(prefix="thucthi-", dir=memory if roomy else None))
    if os.geteuid() == 0:
        path.chmod(_PASSABLE)
    return path


def write_secret(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one step, so that a crash leaves the old one or the new one."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Lock:
    """Held while we live; the kernel lets it go when we die, however we die."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises AlreadyRunning when another process holds it."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not wait_until(lambda: _locked(descriptor), seconds=_BLINK):
            os.close(descriptor)
            raise AlreadyRunning(
                f"Một tiến trình khác của Thực Thi đang giữ {self.path}. Hãy dừng nó trước (Ctrl-C ở cửa sổ kia).",
                f"Another process of Thực Thi holds {self.path}. Stop it first (Ctrl-C in its window).",
            )
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def held_by_another(self) -> bool:
        try:
            self.take()
        except AlreadyRunning:
            return True
        self.release()
        return False

"""Under which account of the operating system PostgreSQL runs: it refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from thucthi.config.supervisor.trouble import Trouble

OWN_ACCOUNT = "thucthi"


@dataclass(frozen=True)
class Account:
    """An unprivileged account that root becomes; None elsewhere stands for "the account we already are"."""

    name: str
    uid: int
    gid: int


def account_for_postgres() -> Account | None:
    """The account to run PostgreSQL under: None unless we are root.

    Raises Trouble when root finds no unprivileged account and cannot make one.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", OWN_ACCOUNT):
        if found := _lookup(name):
            return found
    _create()
    if found := _lookup(OWN_ACCOUNT) or _lookup("nobody"):
        return found
    raise Trouble(
        "PostgreSQL không chạy dưới quyền root và không tạo được tài khoản riêng. Hãy chạy bằng tài khoản thường.",
        "PostgreSQL refuses to run as root and no account could be made for it. Please run as an ordinary user.",
    )


def name_of_current_account() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _lookup(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def _create() -> None:
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*command, OWN_ACCOUNT], check=False, capture_output=True)
    except FileNotFoundError:
        return


def can_enter(directory: Path, account: Account | None) -> bool:
    """Whether the account may really step into `directory`: asked of the kernel, which knows about every parent."""
    return _succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)], account)


def can_run(program: Path, account: Account | None) -> bool:
    """Whether the account may run `program`, its libraries included."""
    return _succeeds([str(program), "--version"], account)


def _succeeds(command: list[str], account: Account | None) -> bool:
    try:
        outcome = subprocess.run(
            command,
            check=False,
            capture_output=True,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError:
        return False
    return outcome.returncode == 0

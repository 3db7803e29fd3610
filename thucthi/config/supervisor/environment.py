"""What our children find in their environment: the address of their role and nothing of the other's."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import thucthi
from thucthi.config.supervisor.addresses import APPLICATION_VARIABLE, OWNER_VARIABLE, Addresses
from thucthi.config.supervisor.places import own_directory, write_secret
from thucthi.config.supervisor.processes import dies_with_us, finish, spawn
from thucthi.config.supervisor.trouble import Trouble
from thucthi.ledger.key_files import make_key_file

SETTINGS = "thucthi.config.settings"
DJANGO = (sys.executable, "-m", "django")
STEPS = (sys.executable, "-m", "thucthi.config.supervisor.steps")
WORKER = (sys.executable, "-m", "thucthi.config.working")
ACCOUNTS = "demonstration-accounts.txt"


def state_directory() -> Path:
    """Where this installation keeps what it makes: THUCTHI_STATE, or `var` beside the package."""
    given = os.environ.get("THUCTHI_STATE")
    return Path(given).absolute() if given else Path(thucthi.__file__).resolve().parent.parent / "var"


def in_production() -> bool:
    return os.environ.get("THUCTHI_PRODUCTION", "").lower() in ("1", "true", "yes", "on")


# glibc keeps a heap for each thread, and gives back late what a large job has used.
THRIFTY = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}


def environment_for(addresses: Addresses, *, owner: bool = False) -> dict[str, str]:
    """The environment of a child that speaks to the database; `owner` only for migrations.

    Raises Trouble when the owner's address is wanted and nobody gave it.
    """
    told = {"DJANGO_SETTINGS_MODULE": SETTINGS, APPLICATION_VARIABLE: addresses.application}
    environment = {**THRIFTY, **os.environ, **told}
    environment.pop(OWNER_VARIABLE, None)
    environment["THUCTHI_DATABASE_ROLE"] = "application"
    if owner:
        if addresses.owner is None:
            raise Trouble(
                f"Cần {OWNER_VARIABLE} (vai thucthi_owner) để cập nhật cấu trúc dữ liệu.",
                f"{OWNER_VARIABLE} (the role thucthi_owner) is needed to migrate.",
            )
        environment |= {OWNER_VARIABLE: addresses.owner, "THUCTHI_DATABASE_ROLE": "owner"}
    if not in_production():
        environment.setdefault("THUCTHI_SECRET_KEY", _kept_secret_key())
        _keep_ledger_key()
    environment["THUCTHI_STATE"] = str(state_directory())
    return environment


def step(arguments: Sequence[str], addresses: Addresses, *, owner: bool = False) -> int:
    """Run one of our steps to its end, away from the keyboard; stopped with us. Returns its exit status."""
    process = spawn(arguments, environment=environment_for(addresses, owner=owner))
    try:
        return process.wait()
    finally:
        finish(process, ((signal.SIGTERM, 3.0),))


def foreground(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run a command that may talk with the person at the keyboard. Returns its exit status."""
    process = subprocess.Popen(
        arguments,
        env=environment,
        preexec_fn=dies_with_us(signal.SIGTERM),  # noqa: PLW1509 - no other threads start children here
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child got it too and decides


def _kept_secret_key() -> str:
    path = own_directory(state_directory()) / "secret-key"
    if not path.is_file():
        write_secret(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def _keep_ledger_key() -> None:
    """The key that signs for the ledger, made once; in production somebody makes and keeps it (docs/operations.md)."""
    if "THUCTHI_LEDGER_KEY_FILE" not in os.environ:
        with suppress(FileExistsError):
            make_key_file(own_directory(state_directory()) / "ledger-key")

"""The programs of PostgreSQL that backups are made of, run to their end."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from thucthi.config.supervisor.account import Account
from thucthi.config.supervisor.binaries import Binaries
from thucthi.config.supervisor.trouble import Trouble


def has(binaries: Binaries, name: str) -> bool:
    return binaries.program(name).is_file()


def attempt(
    binaries: Binaries, name: str, arguments: Sequence[str | Path], *, account: Account | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, whatever that is."""
    return subprocess.run(
        [str(binaries.program(name)), *map(str, arguments)],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def run(binaries: Binaries, name: str, arguments: Sequence[str | Path], *, account: Account | None = None) -> str:
    """Its output. Raises Trouble with the end of what it said when it fails or is not there."""
    if not has(binaries, name):
        raise Trouble(
            f"Máy này không có {name} của PostgreSQL {binaries.major}. Hãy cài gói postgresql-{binaries.major}.",
            f"{name} of PostgreSQL {binaries.major} is not here. Install the package postgresql-{binaries.major}.",
        )
    done = attempt(binaries, name, arguments, account=account)
    if done.returncode:
        said = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-8:])
        raise Trouble(f"{name} không thành công; các dòng cuối ở dưới.", f"{name} failed:\n{said}")
    return done.stdout

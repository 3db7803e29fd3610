"""`thucthi backup`: a base backup, verified, with the files and a sheet; whole under its name or not there at all."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from thucthi.config.backup.buckets import copy_from_buckets
from thucthi.config.backup.copying import copy_files
from thucthi.config.backup.facts import facts_of
from thucthi.config.backup.programs import run
from thucthi.config.backup.sheet import BASE, KEY, SHEET, Sheet, write_sheet
from thucthi.config.supervisor import roles
from thucthi.config.supervisor.addresses import Addresses, database, given_addresses
from thucthi.config.supervisor.binaries import find_binaries
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.trouble import Trouble

REPLICATION_VARIABLE = "THUCTHI_BACKUP_URL"


@dataclass(frozen=True)
class Server:
    """`major` decides which programs are used; `superuser` is who made the cluster."""

    text: str
    major: int
    superuser: str
    database: str


def take(into: Path, state: Path, *, key: Path | None, say: Say) -> Path:
    """The directory of a new backup below `into`. `key`: a file with the private key, only where it was asked for.

    Raises Trouble; then nothing new stands below `into`.
    """
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    with database(state, say) as addresses:
        return _take(into, state, addresses, key, say)


def _take(into: Path, state: Path, addresses: Addresses, key: Path | None, say: Say) -> Path:
    source = replication_address(addresses)
    server, begun = server_of(addresses.application), _clock(addresses.application)
    unfinished = into / f".{begun:%Y%m%dT%H%M%SZ}.unfinished"
    finished = into / f"{begun:%Y%m%dT%H%M%SZ}"
    earlier = max((path.parent for path in into.glob(f"[0-9]*/{SHEET}")), default=None)
    try:
        unfinished.mkdir(mode=0o700)
        facts = facts_of(addresses, state)
        say("Đang sao chép cơ sở dữ liệu", "Copying the database")
        base = unfinished / BASE
        binaries = find_binaries("auto", [server.major])
        options = ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password"]
        run(binaries, "pg_basebackup", ["-d", source, "-D", base, *options])
        consistent = _clock(addresses.application)
        say("Đang kiểm tra bản sao", "Verifying the copy")
        run(binaries, "pg_verifybackup", [base])
        say("Đang sao chép minh chứng và kỳ công bố", "Copying evidence and published issues")
        copy_from_buckets(state, unfinished, earlier, say)
        copied = copy_files(state, unfinished, earlier)
        if key:
            shutil.copyfile(key, unfinished / KEY)
            (unfinished / KEY).chmod(0o600)
        sheet = Sheet(
            begun_at=begun,
            consistent_from=consistent,
            server=server.text,
            database=server.database,
            superuser=server.superuser,
            facts=facts,
            file_count=len(copied.files),
            file_bytes=copied.size,
            holds_key=key is not None,
        )
        write_sheet(unfinished, sheet)
        os.sync()
        unfinished.rename(finished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return finished


def replication_address(addresses: Addresses) -> str:
    """Whom pg_basebackup asks: THUCTHI_BACKUP_URL, or the superuser of the cluster that this account supervises.

    Raises Trouble where the server was given and nobody said with which role it may be copied.
    """
    if told := os.environ.get(REPLICATION_VARIABLE):
        return told
    if given_addresses():
        raise Trouble(
            f"Cần {REPLICATION_VARIABLE}: địa chỉ với vai có quyền REPLICATION trên máy chủ này.",
            f"{REPLICATION_VARIABLE} is needed: an address whose role has REPLICATION on this server, for example\n"
            "  CREATE ROLE thucthi_backup LOGIN REPLICATION PASSWORD '…';   and in pg_hba.conf:\n"
            "  hostssl replication thucthi_backup <this machine>/32 scram-sha-256",
        )
    parts = urlsplit(addresses.application)
    return urlunsplit(parts._replace(netloc=f"{roles.SUPERUSER}@{parts.netloc.rpartition('@')[2]}"))


def server_of(address: str) -> Server:
    row = _one(address, "SELECT version(), (SELECT rolname FROM pg_roles WHERE oid = 10), current_database()")
    number = _one(address, "SELECT current_setting('server_version_num')::int / 10000")[0]
    return Server(row[0].partition(",")[0], number, row[1], row[2])


def _clock(address: str) -> datetime:
    """The clock of the database, in UTC: moments to restore to are told by it."""
    return datetime.fromisoformat(_one(address, "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text || '+00:00'")[0])


def _one(address: str, query: str) -> tuple[Any, ...]:
    with psycopg.connect(address) as connection:
        row: tuple[Any, ...] | None = connection.execute(query).fetchone()
    if row is None:
        raise Trouble("Cơ sở dữ liệu không trả lời.", "The database gave no answer.")
    return row

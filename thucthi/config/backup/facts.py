"""What a database says of itself, asked for the sheet of a backup and again after a restore."""

import json
import os
import secrets
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from thucthi.config.backup.sheet import Facts, Ledger
from thucthi.config.database_roles import FACT
from thucthi.config.supervisor.addresses import Addresses
from thucthi.config.supervisor.environment import DJANGO, SETTINGS
from thucthi.config.supervisor.trouble import Trouble


def facts_of(addresses: Addresses, state: Path) -> Facts:
    """Counts first: whatever is written meanwhile is more than the sheet says, never less. Raises Trouble."""
    with psycopg.connect(addresses.application) as connection:
        ((at,),) = connection.execute("SELECT clock_timestamp()").fetchall()
        schema = [f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations")]
        present = {
            name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }
    rows = rows_of(addresses.application, [table for table in FACT if table in present])
    told = ledger_of(addresses, state)
    ledger = Ledger(told["origin"], told["size"], told["root"], told["key_fingerprint"])
    return Facts(at, version("thucthi"), ledger, sorted(schema), rows)


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(counted[0]) if counted else 0


def rows_of(address: str, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table has, seen with the eyes of the system."""
    with psycopg.connect(address) as connection:
        connection.execute("SELECT set_config('thucthi.viewer', 'system', false)")  # or some would not be counted
        return {table: _count(connection, table) for table in tables}


def ledger_of(addresses: Addresses, state: Path, *options: str, origin: str = "") -> dict[str, Any]:
    """What `thucthi manage describe_ledger` says. Raises Trouble with its words when it fails."""
    command: Sequence[str] = [*DJANGO, "describe_ledger", *options]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": addresses.application,
        "THUCTHI_DATABASE_ROLE": "application",
        "THUCTHI_STATE": str(state),
        # Nothing is signed; and no key is made for a state that only waits for its own.
        "THUCTHI_SECRET_KEY": os.environ.get("THUCTHI_SECRET_KEY") or secrets.token_urlsafe(48),
        **({"THUCTHI_LEDGER_ORIGIN": origin} if origin else {}),
    }
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(
            "Không đọc được sổ cái trong cơ sở dữ liệu này; lý do ở dòng dưới.",
            f"The ledger in this database cannot be read: {done.stderr.strip()[-600:]}",
        )
    told: dict[str, Any] = json.loads(done.stdout)
    return told

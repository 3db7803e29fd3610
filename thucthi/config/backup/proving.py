"""Whether a restored database is whole: rows, indexes, pages, files, and the ledger against what was published."""

import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from thucthi.config.backup.facts import ledger_of, rows_of
from thucthi.config.backup.programs import attempt, has
from thucthi.config.backup.sheet import Sheet
from thucthi.config.supervisor.account import Account
from thucthi.config.supervisor.addresses import Addresses
from thucthi.config.supervisor.binaries import Binaries
from thucthi.config.supervisor.postgres import LocalPostgres

CLEAN, NOT_HERE = "clean", "not available"


@dataclass(frozen=True)
class Proof:
    """What was found. `rows`: tables with fewer rows than the sheet promised. `amcheck`: "clean", or what it said.

    `shown_size` and `shown_fault`: the checkpoint it was held against, and why it may not go on ("" when it may).
    `bad_pages`: None where the program that counts them is missing.
    """

    size: int
    root: str
    wrong_leaves: int
    wrong_subtrees: int
    rows: dict[str, tuple[int, int]]
    files: list[str]
    amcheck: str
    shown_size: int | None
    shown_fault: str
    bad_pages: int | None = None

    @property
    def is_whole(self) -> bool:
        sound = not (self.wrong_leaves or self.wrong_subtrees or self.rows or self.files or self.bad_pages)
        return sound and self.amcheck in (CLEAN, NOT_HERE)


def prove(postgres: LocalPostgres, state: Path, sheet: Sheet, shown: tuple[str, ...], wrong_files: list[str]) -> Proof:
    """Examine a running restored cluster."""
    addresses = Addresses(postgres.url("app"), postgres.url("owner"))
    counted = rows_of(addresses.application, sheet.facts.rows)
    told = ledger_of(addresses, state, "--audit", *shown, origin=sheet.facts.ledger.origin)
    compared = told["shown"] or {}
    fault = compared.get("fault", "")
    if compared and not compared.get("signed", True):
        fault = fault or "Điểm chốt không do khóa nào của sổ cái này ký · no key of this ledger signed the checkpoint"
    return Proof(
        size=told["size"],
        root=told["root"],
        wrong_leaves=told["wrong_leaves"],
        wrong_subtrees=told["wrong_subtrees"],
        rows={name: (counted[name], least) for name, least in sheet.facts.rows.items() if counted[name] < least},
        files=wrong_files,
        amcheck=_amcheck(postgres),
        shown_size=compared.get("size"),
        shown_fault=fault,
    )


def _amcheck(postgres: LocalPostgres) -> str:
    """Every table and index, and every row in its indexes. The extension goes again: it is no part of the schema."""
    if postgres.binaries is None or not has(postgres.binaries, "pg_amcheck"):
        return NOT_HERE
    address = postgres.url("superuser")
    with psycopg.connect(address, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchone():
            return NOT_HERE
        had = server.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'").fetchone()
        at = conninfo_to_dict(address)
        where = ["-h", str(at["host"]), "-p", str(at["port"]), "-U", str(at["user"]), str(at["dbname"])]
        done = attempt(postgres.binaries, "pg_amcheck", ["--install-missing", "--heapallindexed", *where])
        if not had:
            server.execute("DROP EXTENSION IF EXISTS amcheck")
    said = (done.stdout + done.stderr).strip()
    return CLEAN if not done.returncode and not said else said[-2000:] or f"status {done.returncode}"


def prove_pages(binaries: Binaries, data: Path, account: Account | None) -> int | None:
    """How many pages of a stopped cluster do not fit their checksum."""
    if not has(binaries, "pg_checksums"):
        return None
    done = attempt(binaries, "pg_checksums", ["--check", "-D", data], account=account)
    counted = re.search(r"Bad checksums:\s+(\d+)", done.stdout)
    return int(counted[1]) if counted else None

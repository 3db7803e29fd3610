"""The simulated country's side: who owes and who reads, their passwords, and whether the rows are right afterwards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import psycopg

from benchmarks.rush.figures import Acknowledged
from benchmarks.rush.plan import READERS, Reader, Unit

# One duty of each body that goes on, the newest; communes and provinces come before departments.
_OWED = """
SELECT login, code, period FROM (
    SELECT DISTINCT ON (o.id) o.id, o.kind, 'mp-bc-' || o.id AS login, t.code, b.period_key AS period
    FROM reporting_openduty d
    JOIN reporting_obligation b ON b.id = d.obligation_id
    JOIN programmes_task t ON t.id = d.task_id
    JOIN directory_organisation o ON o.id = d.organisation_id AND o.valid_to IS NULL
    WHERE d.state = 'owed' ORDER BY o.id, d.period_end DESC, t.id
) duty ORDER BY kind IN ('department', 'ministry'), hashint8(id) LIMIT %s
"""
# Heads of a kind of body that lead a task: the body, and one of its tasks.
_READERS = """
SELECT o.id, min(t.code) FROM directory_organisation o JOIN programmes_task t ON t.lead_id = o.id AND t.is_issued
WHERE o.kind = %s AND o.valid_to IS NULL GROUP BY o.id ORDER BY hashint8(o.id) LIMIT %s
"""
# The government leads none: any task, then.
_ANY_TASK = "SELECT code FROM programmes_task WHERE is_issued ORDER BY id LIMIT 1"
_WRITTEN = "SELECT idempotency_key::text, id FROM reporting_report WHERE recorded_at >= %s AND NOT is_simulated"
_ENTERED = (
    "SELECT subject_id, count(*) FROM ledger_entry WHERE event = 'report.submitted' AND recorded_at >= %s GROUP BY 1"
)


@dataclass(frozen=True)
class Rows:
    """What is wrong with the rows, as numbers of reports; `unsaid` were written, but nobody was told so."""

    acknowledged: int
    missing: tuple[int, ...]
    more_than_once: tuple[int, ...]
    not_in_the_ledger: tuple[int, ...]
    unsaid: tuple[int, ...]

    @property
    def faults(self) -> list[str]:
        named = {
            "acknowledged and not there": self.missing,
            "acknowledged and there more than once": self.more_than_once,
            "without exactly one entry in the ledger": self.not_in_the_ledger,
        }
        return [f"{len(numbers)} × {words}" for words, numbers in named.items() if numbers]


def connected(url: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(url, options="-c thucthi.viewer=system", autocommit=True)


def units_of(url: str, count: int) -> tuple[Unit, ...]:
    """Raises ValueError where fewer bodies owe a report."""
    with connected(url) as server:
        found = tuple(Unit(*row) for row in server.execute(_OWED, [count]))
    if len(found) < count:
        raise ValueError(f"{len(found)} bodies owe a report, not {count}")
    return found


def readers_of(url: str, documents: int) -> tuple[Reader, ...]:
    """As many of each kind as READERS says, or as there are; kinds mixed, so that turns go round among them."""
    with connected(url) as server:
        (any_task,) = server.execute(_ANY_TASK).fetchone() or ("",)
        rows = [(1, any_task)]
        for kind, count in READERS.items():
            rows += server.execute(_READERS, [kind, count]).fetchall() if kind != "government" else []
    found = [_reader(pk, code, n % documents + 1) for n, (pk, code) in enumerate(rows)]
    return tuple(found[place] for start in range(4) for place in range(start, len(found), 4))


def _reader(pk: int, code: str, document: int) -> Reader:
    body = f"mp-dv-{pk}"
    paths = (f"tinh-hinh/{body}/", "", f"van-ban/mp-nq-{document}/", f"don-vi/{body}/", f"nhiem-vu/{code}/")
    return Reader(f"mp-dd-{pk}", tuple(f"/lam-viec/{path}" for path in paths))


def open_accounts(url: str, logins: Sequence[str]) -> str:
    """Gives invented people the demonstration's password, hashed as for anybody; returns it."""
    from django.contrib.auth.hashers import make_password

    from thucthi.demonstration.loading_people import PASSWORD

    with connected(url) as server:
        statement = "UPDATE directory_account SET password = %s WHERE username = ANY(%s)"
        server.execute(statement, [make_password(PASSWORD), list(logins)])
    return PASSWORD


def moment(url: str) -> datetime:
    """Of the database's clock."""
    with connected(url) as server:
        row = server.execute("SELECT clock_timestamp()").fetchone()
    return cast(datetime, row[0] if row else None)


def check(url: str, acknowledged: Sequence[Acknowledged], since: datetime) -> Rows:
    """Compares what was acknowledged with what was written since: each report once, with one entry in the ledger."""
    with connected(url) as server:
        written = [(str(key), int(number)) for key, number in server.execute(_WRITTEN, [since])]
        entered = dict(server.execute(_ENTERED, [since]).fetchall())
    there, told = Counter(written), Counter((each.key, each.report) for each in acknowledged)
    keys = Counter(key for key, _ in written)
    return Rows(
        acknowledged=len(acknowledged),
        missing=tuple(sorted(number for key, number in told if not there[key, number])),
        more_than_once=tuple(sorted(number for (key, number), times in told.items() if times > 1 or keys[key] > 1)),
        not_in_the_ledger=tuple(sorted(number for _, number in there if entered.get(number) != 1)),
        unsaid=tuple(sorted(number for key, number in written if not told[key, number])),
    )


def files_of_the_issue(published: Path) -> list[str]:
    """Relative paths in the newest issue, without the issues before it, its bulk data and what is not for reading."""
    issue = (published / "latest").resolve()
    found = (path.relative_to(issue) for path in issue.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] not in {"ky-cong-bo", "data", "assets", "nhung"})

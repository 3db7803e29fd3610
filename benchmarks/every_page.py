"""One table of every page below lam-viec/ on a simulated country: `python -m benchmarks.hot_pages --every --url …`.

Each is asked by the head of the government, the head of a province and the reporter of a commune, as the web process
asks: nothing kept from before at first, statements of ten seconds at most.
"""

import logging
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.addresses import OTHERS, Asked, addresses

SLOW_MS, LARGE, MANY = 300.0, 200_000, 20
# A page that took longer than this is not asked again.
PATIENCE_S = 2.0
ANSWERED = (200, 400, 422)
REFUSED = (302, 403, 404, 405)


@dataclass(frozen=True)
class Seen:
    """One page as one person got it; `first`: nothing kept; times in milliseconds, `dearest` of one statement.

    `python`, `server`: of the first time, what the processors did here and in the database's process; the same whatever
    else runs on the machine.
    """

    path: str
    login: str
    status: int
    size: int
    queries: int
    first: float
    python: float
    server: float
    best: float
    middle: float
    dearest: float
    statement: str
    problem: str = ""

    @property
    def worked(self) -> float:
        return self.python + self.server

    @property
    def is_finding(self) -> bool:
        slow = self.worked > SLOW_MS or self.size > LARGE or self.queries > MANY
        return slow or self.status not in (*ANSWERED, *REFUSED)


def look_at_every_page(commune: int, rounds: int, only: str) -> None:
    seen = list(_everything(commune, rounds, re.compile(only)))
    sys.stdout.write("\n".join(_table(seen)) + "\n")


def _everything(commune: int, rounds: int, only: re.Pattern[str]) -> Iterator[Seen]:
    from thucthi.kernel.sight import EVERYTHING, looking_as

    logging.disable(logging.CRITICAL)  # what is refused or breaks stands in the table
    with looking_as(EVERYTHING):
        asked = list(addresses(commune))
    clients: dict[str, Any] = {}
    for each in asked:
        if not each.path:
            sys.stderr.write(f"nothing to ask: {each.name}\n")
        elif only.search(f"{each.name} {each.path}"):
            for row in _of_one(each, clients, commune, rounds):
                told = f"{row.python:6.0f} {row.server:6.0f} {row.first:7.0f} {row.status} {row.login:12}"
                sys.stderr.write(f"{told} {row.path} {row.problem}\n")
                if row.is_finding:
                    sys.stderr.write(f"        {row.dearest:.0f} ms: {' '.join(row.statement.split())[:3000]}\n")
                yield row


def _of_one(asked: Asked, clients: dict[str, Any], commune: int, rounds: int) -> Iterator[Seen]:
    """As each of the three; where none may open it, as the first of the others who may."""
    opened = False
    for login in asked.logins:
        row = _look(asked.path, login.format(commune=commune), clients, rounds)
        if row.status not in REFUSED:
            opened = True
            yield row
        elif row.status == 405:
            return
    for login in () if opened else OTHERS:
        row = _look(asked.path, login, clients, rounds)
        if row.status not in REFUSED:
            yield row
            return
    if not opened:
        sys.stderr.write(f"refused: {asked.name} {asked.path} ({row.status})\n")


def _look(path: str, login: str, clients: dict[str, Any], rounds: int) -> Seen:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from thucthi.kernel.answers import ANSWERS

    client = clients.get(login) or clients.setdefault(login, _client(login))
    ANSWERS.forget()
    before = _worked()
    with CaptureQueriesContext(connection) as queries:
        took, answer, problem = _ask(client, path)
    python, server = (after - earlier for after, earlier in zip(_worked(), before, strict=True))
    rows = [row for row in queries.captured_queries if "SAVEPOINT" not in row["sql"]]
    dearest = max(rows, key=lambda row: float(row["time"]), default={"time": "0", "sql": ""})
    again = [took]
    if took < PATIENCE_S * 1000 and answer.status_code in ANSWERED:
        again = [_ask(client, path)[0] for _ in range(rounds)] or again
    size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
    return Seen(
        path,
        login,
        answer.status_code,
        size,
        len(rows),
        took,
        python,
        server,
        min(again),
        median(again),
        float(dearest["time"]) * 1000,
        dearest["sql"],
        problem,
    )


def _worked() -> tuple[float, float]:
    """Milliseconds of processor up to now: here, and in the process of the database that serves us."""
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    return time.process_time() * 1000, int(backend.split()[0]) / 1e6


def _client(login: str) -> Any:
    from django.test import Client

    from thucthi.directory.models import Account

    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _ask(client: Any, path: str) -> tuple[float, Any, str]:
    begun = time.perf_counter()
    answer = client.get(path)
    raised = answer.exc_info[1] if answer.exc_info else None
    return (time.perf_counter() - begun) * 1000, answer, type(raised).__name__ if raised else ""


def _table(seen: list[Seen]) -> Iterator[str]:
    yield "| page | who | status | bytes | queries | python | server | first ms | best | median | dearest statement |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for row in sorted(seen, key=lambda row: -row.worked):
        mark = "**" if row.is_finding else ""
        work = f"{row.python:.0f} | {row.server:.0f}"
        times = f"{row.first:.0f} | {row.best:.0f} | {row.middle:.0f} | {row.dearest:.0f}"
        page = f"{mark}{row.path.removeprefix('/lam-viec/') or '(home)'}{mark}"
        yield f"| {page} | {row.login} | {row.status} | {row.size:,} | {row.queries} | {work} | {times} |"
    yield f"\n{len(seen)} pages asked, {sum(row.is_finding for row in seen)} of them with a finding."

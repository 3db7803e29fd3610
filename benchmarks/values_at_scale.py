"""Figures over 20,000 organisations: `python -m benchmarks.values_at_scale [--rows 10000000]`.

Starts its own database, invents 2,000 indicators for every 10 million values (60 months each: most of them stated by 34
provinces and the country, a few by 3,321 communes), fills it by COPY in steps of 1, 2, 5 and 10 million, and measures
at each step what the pages ask of the engine. Every call is the whole function, Django included, as the application
role in a read-only transaction.
"""

import math
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
import psycopg

from benchmarks.measure import migrated_database
from benchmarks.memory import families_mb
from thucthi.config.supervisor import LocalPostgres
from thucthi.kernel.periods import Span, span_of, spans_between

MONTHS = list(spans_between(span_of("2021-11"), span_of("2026-10")))
DATES = {month.key: (month.key, f"{month.end}", f"{month.end + timedelta(days=20)}") for month in MONTHS}
AS_OF = date(2026, 11, 20)
PROVINCES, COMMUNES, BODIES = 34, 3_321, 20_000
OF_PROVINCES, OF_COMMUNES, ALL_INDICATORS, ALL_ROWS = 1_971, 29, 2_000, 9_916_000
STEPS = (1_000_000, 2_000_000, 5_000_000, 10_000_000)
COLUMNS = (
    "indicator_id, organisation_id, period, period_end, kind, breakdown, state, amount, numerator, denominator, source,"
    " remark, is_simulated, available_on"
)
TASKS = {"one series": 2.0, "34 provinces × 60 months": 15.0, "whole tree": 300.0, "whole tree, weighted": 300.0}
OPERATORS = ("sum", "weighted_mean", "ratio_of_sums", "max", "count_meeting_floor")


def organisations() -> Iterator[tuple[int, int | None, str]]:
    """(id, parent, kind): a government; provinces and ministries; communes; departments of all of them."""
    yield 1, None, "government"
    yield from ((2 + place, 1, "province") for place in range(PROVINCES))
    yield from ((40 + place, 1, "ministry") for place in range(60))
    yield from ((100 + place, 2 + place % PROVINCES, "commune") for place in range(COMMUNES))
    free = range(100 + COMMUNES, BODIES + 5)
    yield from (
        (pk, (100 + place % COMMUNES) if place % 4 else 2 + place % 94, "department") for place, pk in enumerate(free)
    )


class Filler:
    """Writes the facts, as superuser and without the checks of foreign keys: the rows are made to fit."""

    def __init__(self, url: str) -> None:
        self.server = psycopg.connect(url)
        self.server.execute("SET session_replication_role = replica")
        self.chance = random.Random(7)  # noqa: S311 - invented values, not secrets
        self.of_provinces = self.of_communes = self.rows = 0

    def directory(self) -> None:
        with self.server.cursor() as cursor:
            with cursor.copy(
                "COPY directory_organisation (id, parent_id, kind, code, tree, level, official_name, short_name,"
                " aliases, unit_code, path, search_text, sort_key) FROM STDIN"
            ) as copy:
                for pk, parent, kind in organisations():
                    name = f"Đơn vị mẫu {pk}"
                    copy.write_row(
                        (pk, parent, kind, f"dv-{pk}", "state", "central", name, name, "{}", "", "{}", "", "")
                    )
            with cursor.copy("COPY directory_placement (organisation_id, parent_id) FROM STDIN") as copy:
                for pk, parent, _ in organisations():
                    copy.write_row((pk, parent))
        self.server.commit()

    def fill_to(self, rows: int) -> float:
        """Adds indicators until there are about `rows` values; returns seconds of COPY."""
        share = min(1.0, rows / ALL_ROWS)
        begun = time.perf_counter()
        bodies = [None, *range(2, 2 + PROVINCES)]
        while self.of_provinces < round(OF_PROVINCES * share):
            self._indicator(self.of_provinces + 1, OPERATORS[self.of_provinces % 5], bodies)
            self.of_provinces += 1
        communes = list(range(100, 100 + COMMUNES))
        while self.of_communes < max(2, round(OF_COMMUNES * share)):
            operator = ("sum", "weighted_mean")[self.of_communes % 2]
            self._indicator(10_001 + self.of_communes, operator, communes)
            self.of_communes += 1
        self.server.commit()
        taken = time.perf_counter() - begun
        self.server.autocommit = True
        self.server.execute("VACUUM ANALYZE")
        self.server.autocommit = False
        return taken

    def _indicator(self, pk: int, operator: str, bodies: list[int | None]) -> None:
        self.server.execute(
            "INSERT INTO indicators_indicator (id, code, name, name_en, unit, unit_en, direction, kind, scale,"
            " definition, method, limits, source, contact, frequency, delay_days, rubric, metadata, version)"
            " VALUES (%s, %s, %s, '', '', '', 'rise', 'stock', 100, '', '', '', '', '', 'monthly', 30, '{}', '{}', 1)",
            [pk, f"ct-{pk}", f"Chỉ tiêu mẫu {pk}"],
        )
        weight = {1: None, 10_001: None}.get(pk, 10_001 if pk > 10_000 else 1) if operator == "weighted_mean" else None
        made = ("children", operator, weight, 50 if operator == "count_meeting_floor" else None)
        stated = ("own", "none", None, None)
        source = ("source", operator, *made[2:]) if pk % 10 == 3 else made
        levels = {"country": source, "province": made if len(bodies) > 1_000 else stated}
        levels |= {"commune": stated} if len(bodies) > 1_000 else {}
        for unit, rule in levels.items():
            self.server.execute(
                "INSERT INTO indicators_rolluprule (indicator_id, unit, kind, origin, operator, weight_id, floor)"
                " VALUES (%s, %s, '', %s, %s, %s, %s)",
                [pk, unit, *rule],
            )
        with self.server.cursor().copy(f"COPY indicators_observation ({COLUMNS}) FROM STDIN") as copy:
            for month in MONTHS:
                copy.write("".join(self._line(pk, body, month) for body in bodies))
        self.rows += len(bodies) * len(MONTHS)

    def _line(self, pk: int, body: int | None, month: Span) -> str:
        draw = self.chance.random()
        key, end, known = DATES[month.key]
        whose, amount = "\\N" if body is None else body, f"{draw * 90 + 1:.2f}"
        if draw >= 0.03:
            said = f"number\t{amount}\t{amount}\t100"
        elif draw >= 0.0105:
            said = f"provisional\t{amount}\t{amount}\t100"
        else:
            said = "not_reported\t\\N\t\\N\t\\N" if draw < 0.01 else "confidential\t\\N\t\\N\t\\N"
        return f"{pk}\t{whose}\t{key}\t{end}\tactual\t\t{said}\tSố liệu mẫu\t\tt\t{known}\n"

    def correct(self, share: float = 0.02) -> int:
        """Corrects some of the rows that have not been corrected, each by a row two months later."""
        done = self.server.execute(
            f"INSERT INTO indicators_observation ({COLUMNS}, corrects_id)"  # noqa: S608
            f" SELECT {COLUMNS.replace('available_on', 'available_on + 60').replace('amount,', 'amount + 1,')}, o.id"
            "   FROM indicators_observation o WHERE corrects_id IS NULL AND state = 'number'"
            "    AND mod(hashint8(o.id)::bigint + 2147483648, 1000) < %s * 1000"
            "    AND NOT EXISTS (SELECT FROM indicators_observation c WHERE c.corrects_id = o.id)",
            [share],
        )
        self.server.commit()
        self.rows += done.rowcount
        return done.rowcount


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds: median and 95th percentile on the clock, and what this process and the server's worked on average.

    Other work on the machine lengthens the first two and hardly touches the third.
    """

    median: float
    p95: float
    worked: float


def worked_ms(pids: list[int]) -> float:
    """Time these processes have had a processor so far."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6


def timed(call: Callable[[], object], rounds: int) -> Taken:
    """The first call warms up and does not count."""
    from django.db import connection, transaction

    with transaction.atomic():
        call()
    pids = [os.getpid(), connection.connection.info.backend_pid]
    taken = []
    before = worked_ms(pids)
    for _ in range(rounds):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            begun = time.perf_counter()
            call()
            taken.append((time.perf_counter() - begun) * 1000)
    worked = (worked_ms(pids) - before) / rounds
    taken.sort()
    return Taken(statistics.median(taken), taken[math.ceil(len(taken) * 0.95) - 1], worked)


def measure(filler: Filler, rounds: int) -> dict[str, Taken]:
    from thucthi.monitoring.selectors.figures import figures, series_figures

    chance = random.Random(11)  # noqa: S311
    months, provinces = [month.key for month in MONTHS], list(range(2, 2 + PROVINCES))

    def small() -> int:
        return chance.randrange(1, filler.of_provinces + 1)

    def large(odd: int) -> int:
        return 10_001 + 2 * chance.randrange(0, filler.of_communes // 2) + odd

    def one_series() -> object:
        return series_figures(small(), chance.choice(provinces), first=months[0], last=months[-1], as_of=AS_OF)

    def tree(odd: int) -> Callable[[], object]:
        return lambda: figures([large(odd)], [chance.choice(months)], as_of=AS_OF)

    found = {
        "one series": timed(one_series, rounds * 10),
        "34 provinces × 60 months": timed(lambda: figures([small()], months, as_of=AS_OF, units=provinces), rounds),
        "country × 60 months from provinces": timed(lambda: figures([small()], months, as_of=AS_OF, units=[0]), rounds),
        "whole tree": timed(tree(0), rounds),
        "whole tree, weighted": timed(tree(1), rounds),
    }
    every = [*range(1, filler.of_provinces + 1), *range(10_001, 10_001 + filler.of_communes)]
    name = f"all {len(every):,} indicators, one month"
    found[name] = timed(lambda: figures(every, [chance.choice(months)], as_of=AS_OF), 2)
    return found


@click.command(help=__doc__)
@click.option("--rows", default=10_000_000)
@click.option("--rounds", default=40)
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
@click.option("--explain", is_flag=True, help="Also print how the database reads one series.")
def main(rows: int, rounds: int, directory: str | None, explain: bool) -> None:
    click.echo(f"`python -m benchmarks.values_at_scale --rows {rows}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, ")
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ")
    click.echo(f"load average {os.getloadavg()[0]:.1f} at the start; {BODIES:,} organisations.\n")
    with migrated_database(directory) as postgres:
        filler = Filler(postgres.url("superuser"))
        filler.directory()
        for step in [step for step in STEPS if step <= rows] or [rows]:
            report(filler, postgres, step, rounds)
        if explain:
            explain_series(filler)


def report(filler: Filler, postgres: LocalPostgres, step: int, rounds: int) -> None:
    before, seconds = filler.rows, filler.fill_to(step)
    written = filler.rows - before
    filler.correct()
    server = filler.server.execute("SELECT version()").fetchone()
    size = filler.server.execute("SELECT pg_total_relation_size('indicators_observation') / 1048576").fetchone()
    filler.server.commit()
    click.echo(f"### {filler.rows:,} values\n")
    click.echo(f"{server[0].split(',')[0] if server else ''}; table and indexes {size[0] if size else 0:,} MB; ")
    click.echo(f"COPY of {written:,} rows {seconds:.0f} s, making up the rows included.\n")
    click.echo("| question | median ms | p95 ms | processor ms | asked: p95 ≤ ms |\n|---|---|---|---|---|")
    for name, taken in measure(filler, rounds).items():
        asked = TASKS.get(name, 60_000.0 if name.startswith("all") else 0)
        clock = f"{taken.median:,.1f} | {taken.p95:,.1f} | {taken.worked:,.1f}"
        click.echo(f"| {name} | {clock} | {f'{asked:,.0f}' if asked else '–'} |")
    memory = families_mb([os.getpid()])
    click.echo(f"\nResident (PSS): this process and the database {memory:,.0f} MB; load {os.getloadavg()[0]:.1f}.\n")
    sys.stdout.flush()


def explain_series(filler: Filler) -> None:
    for row in filler.server.execute(
        "EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM indicators_observation WHERE indicator_id = 5 AND organisation_id = 7"
        " AND kind = 'actual' AND breakdown = '' AND corrects_id IS NULL AND period BETWEEN '2021-11' AND '2026-10'"
    ):
        click.echo(row[0])


if __name__ == "__main__":
    main()

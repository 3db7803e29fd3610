"""Where the time of the pages goes: `python -m benchmarks.hot_pages --tasks 100000`, or `--url` of a simulated country.

Opens the pages of `benchmarks.serving` and those about the whole country in this process; prints for each its server
time, its queries, and the plan of every query that took long. For the part of the processor run it below a profiler.
"""

import os
import sys
import time
from datetime import UTC, datetime

import click

from benchmarks.bench import DOCUMENTS, ORGANISATIONS, simulate
from benchmarks.every_page import look_at_every_page
from benchmarks.measure import migrated_database
from benchmarks.serving import PAGES
from thucthi.demonstration.simulation.plan import Bodies

ROUNDS = 7
# Pages about the whole country, and long ones, besides those of `benchmarks.serving`.
WIDE = tuple(
    (name, "mp-dd-1", f"/lam-viec/{path}/")
    for name, path in (
        ("five checks of all resolutions", "nam-nhat-quan"),
        ("five checks of one", "nam-nhat-quan/mp-nq-1"),
        ("money by resolution", "nguon-luc"),
        ("tasks short of money", "nguon-luc/chua-du-von"),
        ("early clocks", "ba-som"),
        ("early clocks of one resolution", "ba-som/mp-nq-1"),
        ("sectors", "trien-khai/nganh"),
        ("reliability", "do-tin-cay"),
        ("questions about figures", "dau-hieu"),
        ("quality of data", "chat-luong-so-lieu"),
        ("tasks on which nothing happens", "viec-de-lau"),
        ("moved deadlines", "gia-han-chuyen-viec"),
        ("who answers", "trach-nhiem"),
        ("obstacles", "diem-nghen"),
        ("board of obstacles", "diem-nghen/bang"),
        ("refusals", "tu-choi"),
        ("one programme", "chuong-trinh/mp-ct-1"),
        ("indicators", "chi-tieu"),
    )
)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def look_at_pages(commune: int, slow_ms: float) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from thucthi.directory.models import Account

    for name, login, path in (*PAGES, *WIDE):
        client = Client()
        account = Account.objects.get(username=login.format(commune=commune))
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        taken = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            client.get(path)
            taken.append((time.perf_counter() - begun) * 1000)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        inside = sum(float(query["time"]) for query in asked.captured_queries) * 1000
        said = f"{min(taken):.0f} ms at best, {sorted(taken)[ROUNDS // 2]:.0f} in the median"
        say(f"\n## {name} ({answer.status_code}): {said}")
        say(f"{len(asked)} queries, {inside:.0f} ms of them; {len(answer.content):,} bytes")
        for query in asked.captured_queries:
            if float(query["time"]) * 1000 >= slow_ms:
                explain(query["sql"], float(query["time"]) * 1000)


def explain(query: str, milliseconds: float) -> None:
    from django.db import connection

    say(f"\n{milliseconds:.0f} ms: {query[:1500]}")
    if query.lstrip().upper().startswith(("SELECT", "WITH")):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query.replace("%", "%%"), [])
            say("\n".join(row[0] for row in cursor.fetchall()))


@click.command(help=__doc__)
@click.option("--tasks", default=100_000)
@click.option("--organisations", default=ORGANISATIONS)
@click.option("--slow", default=5.0, help="Milliseconds from which a query is explained.")
@click.option("--url", default="", help="A simulated country that is there; otherwise one is made.")
@click.option("--every", is_flag=True, help="All pages of the workspace, in one table.")
@click.option("--rounds", default=3, help="How often each of all pages is asked after the first time.")
@click.option("--only", default="", help="A regular expression: of all pages those whose name or address it finds.")
def main(*, tasks: int, organisations: int, slow: float, url: str, every: bool, rounds: int, only: str) -> None:
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}.")
    commune = Bodies(organisations).first_commune

    def look() -> None:
        # The first commune has been merged; of all pages those of one that stands are asked.
        look_at_every_page(commune + 1, rounds, only) if every else look_at_pages(commune, slow)

    if every:
        os.environ.setdefault("THUCTHI_DATABASE_VIEWER", "nobody")
    if url:
        import django

        os.environ.update({"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "thucthi.config.settings"})
        django.setup()
        look()
        return
    with migrated_database(None) as postgres:
        row = simulate(postgres, tasks, organisations)
        say(f"{tasks:,} tasks, {DOCUMENTS} resolutions, simulated in {row.cost / 1000:.0f} s.")
        look()


if __name__ == "__main__":
    main()

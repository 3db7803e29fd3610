"""Figures of the whole product on the demonstration, in Markdown. Not a test: nothing here can fail a build.

    .venv/bin/python -m benchmarks.measure > benchmarks/figures.md

Starts its own database, loads the demonstration, serves it, and measures: server time, queries, page weight, time to
make an issue, resident memory. Other work on the machine shows in the figures; the load average stands beside them.
"""

import contextlib
import gzip
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.memory import families_mb
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.running import web_command

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    ("my work, reporter", "bao-cao-bkhcn", "/lam-viec/"),
    ("report form", "bao-cao-bkhcn", "/lam-viec/nhiem-vu/ct-cp-nq57-002/bao-cao/{week}/"),
    ("my work, approver", "nghiem-thu-cp", "/lam-viec/"),
    ("review queue", "nghiem-thu-cp", "/lam-viec/cho-duyet/"),
    ("task", "bao-cao-bkhcn", "/lam-viec/nhiem-vu/ct-cp-nq57-002/"),
    ("programme", "bao-cao-bkhcn", "/lam-viec/chuong-trinh/ct-cp-nq57/"),
    ("programme editor", "soan-vptw", "/lam-viec/chuong-trinh/dt-xiv-nhanh/sua/"),
    ("search without accents", "bao-cao-bkhcn", "/lam-viec/tim-kiem/?q=chuyen+doi+so"),
    ("obstacles", "thuong-truc-1", "/lam-viec/diem-nghen/"),
    ("organisation", "thuong-truc-1", "/lam-viec/don-vi/bkhcn/"),
)
PUBLIC_PAGES = ("", "nghi-quyet/nq57/", "don-vi/bkhcn/", "nhiem-vu/ct-cp-nq57-002/", "diem-nghen/", "nhiem-vu/")
ROUNDS = 40


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(environment: dict[str, str], *arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - started


@contextlib.contextmanager
def migrated_database(directory: str | None) -> Iterator[LocalPostgres]:
    """A cluster of its own below `directory` (None: a temporary place), migrated, with this process as the application.

    Models may be imported only inside: Django reads its settings from the environment that is set here.
    """
    with tempfile.TemporaryDirectory(dir=directory) as folder, LocalPostgres(Path(folder), durable=True) as postgres:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
            "DATABASE_URL": postgres.url("app"),
            "THUCTHI_STATE": str(Path(folder) / "var"),
        }
        owner = {**environment, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
        run(owner, "-m", "thucthi.config.supervisor.steps", "migrate")
        os.environ.update(environment)
        import django

        django.setup()
        yield postgres


@contextlib.contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def measure_pages(week: str) -> None:
    """Server time and queries of the workspace, in one process, without the network."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from thucthi.directory.models import Account

    say("\n| workspace page | median ms | p95 ms | queries | KB |\n|---|---|---|---|---|")
    for name, username, address in PAGES:
        client, path = Client(), address.format(week=week)
        client.force_login(Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(path)
        asked = len(queries)
        taken = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            client.get(path)
            taken.append((time.perf_counter() - started) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        say(
            f"| {name} ({answer.status_code}) | {statistics.median(taken):.0f} | {p95:.0f} | {asked} "
            f"| {len(answer.content) / 1024:.0f} |"
        )


def measure_public(published: Path) -> None:
    """Weight of the first view: the page and what it loads, compressed as a web server would."""
    say("\n| public page | requests | KB gzip | KB plain | third-party |\n|---|---|---|---|---|")
    for page in PUBLIC_PAGES:
        html = (published / page / "index.html").read_text(encoding="utf-8")
        linked = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', html)
        files = {(published / page / target).resolve() for target in linked if "//" not in target}
        loaded = [path for path in files if path.suffix in {".css", ".woff2", ".svg", ".js", ".png"}]
        fonts = set((published / "assets").rglob("*.woff2")) - set(loaded)
        everything = [html.encode(), *(path.read_bytes() for path in [*loaded, *fonts])]
        outside = sum("//" in target for target in linked)
        say(
            f"| /{page} | {1 + len(loaded) + len(fonts)} | {sum(len(gzip.compress(x)) for x in everything) / 1024:.0f} "
            f"| {sum(map(len, everything)) / 1024:.0f} | {outside} |"
        )


def main() -> None:
    from thucthi.config.supervisor import LocalPostgres

    say(f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores, ")
    say(f"Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f} at the start.")
    with tempfile.TemporaryDirectory() as folder, LocalPostgres(None, durable=True) as postgres:
        state = Path(folder) / "var"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "thucthi.config.settings",
            "DATABASE_URL": postgres.url("app"),
            "THUCTHI_STATE": str(state),
        }
        owner = {**environment, "DATABASE_OWNER_URL": postgres.url("owner"), "THUCTHI_DATABASE_ROLE": "owner"}
        run(owner, "-m", "thucthi.config.supervisor.steps", "migrate")
        run(environment, "-m", "django", "collectstatic", "--noinput")
        load = run(environment, "-m", "django", "load_demonstration")
        os.environ.update(environment)
        import django

        django.setup()
        week = "{}-W{:02d}".format(*datetime.now(UTC).isocalendar()[:2])
        measure_pages(week)
        measure_public(state / "published" / "latest")
        issue = run(environment, "-m", "django", "prepare_snapshot", "weekly", "--as-of", "2026-11-20")
        server = web_command("127.0.0.1", 8977)[1:]
        worker = ("-m", "django", "procrastinate", "worker")
        with (
            running(environment, *server) as web,
            running(environment, *worker) as jobs,
        ):
            time.sleep(8)
            memory = families_mb([web.pid, jobs.pid, postgres.pid or 0])
        say("\n| whole product | figure |\n|---|---|")
        say(f"| demonstration loaded, three issues published | {load:.0f} s |")
        say(f"| one weekly issue prepared (a process of its own) | {issue:.0f} s |")
        say(f"| web, worker and database resident (PSS) | {memory:.0f} MB |")
        say(f"| load average at the end | {os.getloadavg()[0]:.1f} |")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

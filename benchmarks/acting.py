"""Reports and their acceptances through the real actions, rights and ledger included, by eight people at once."""

import os
import time
import uuid
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing import get_context
from statistics import median

import psycopg

from benchmarks.kept import Row, p95

PROCESSES, THREADS = 2, 4
EACH = 40
BAR, AT_LEAST = 25.0, 500.0
# Owed by a body that goes on; who reports there, and who heads the owner of the programme.
OWED = """
SELECT d.obligation_id, r.id, h.id FROM reporting_openduty d
JOIN programmes_programme p ON p.id = d.programme_id
JOIN directory_organisation o ON o.id = d.organisation_id AND o.valid_to IS NULL
JOIN directory_account r ON r.username = 'mp-bc-' || o.id
JOIN directory_account h ON h.username = 'mp-dd-' || p.organisation_id
WHERE d.state = 'owed' AND p.organisation_id <> o.id ORDER BY hashint8(d.obligation_id) LIMIT %s
"""
Owed = tuple[int, int, int]


@dataclass(frozen=True)
class Done:
    milliseconds: list[float]
    refused: int


def measure_actions(url: str, size: int) -> Row:
    """`url` as the application; the rows that are written stay."""
    wanted = PROCESSES * THREADS * EACH
    with psycopg.connect(url, options="-c thucthi.viewer=system") as server:
        owed: list[Owed] = [tuple(row) for row in server.execute(OWED, [wanted + PROCESSES * THREADS])]  # type: ignore[misc]
    parts = [owed[place::PROCESSES] for place in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _open) as pool:
        # The first of each warms up: imports, connections, plans.
        list(pool.map(_work, [part[:THREADS] for part in parts]))
        begun = time.perf_counter()
        done = list(pool.map(_work, [part[THREADS:] for part in parts]))
        seconds = time.perf_counter() - begun
    taken = [each for part in done for each in part.milliseconds]
    if any(part.refused for part in done) or not taken:
        raise RuntimeError(f"{sum(part.refused for part in done)} of {len(owed)} reports were refused")
    rate = len(taken) / seconds
    return Row("report and acceptance, real actions", size, median(taken), p95(taken), BAR, rate, AT_LEAST)


def _open() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "thucthi.config.settings"
    import django

    django.setup()


def _work(owed: list[Owed]) -> Done:
    with ThreadPoolExecutor(THREADS) as pool:
        taken = list(pool.map(_one, owed))
    return Done([each for each in taken if each is not None], sum(each is None for each in taken))


def _one(owed: Owed) -> float | None:
    """One report sent and accepted, as two requests would do it with the eyes of their viewers; None when refused."""
    from thucthi.directory.access import sight_of
    from thucthi.directory.models import Account
    from thucthi.directory.selectors import viewer_of
    from thucthi.kernel.errors import ThucThiError
    from thucthi.kernel.sight import looking_as
    from thucthi.reporting.actions import ReportContent, accept_report, submit_report
    from thucthi.reporting.models import Obligation

    obligation, reporter, head = owed
    content = ReportContent(claim="on_plan", progress=Decimal(41), note="Đúng tiến độ (phép đo).")
    begun = time.perf_counter()
    try:
        sender = viewer_of(Account.objects.get(pk=reporter))
        with looking_as(sight_of(sender)):
            report = submit_report(
                Obligation.objects.select_related("organisation").get(pk=obligation),
                by=sender,
                content=content,
                idempotency_key=uuid.uuid4(),
                version=0,
                at=datetime.now(UTC),
            )
        reviewer = viewer_of(Account.objects.get(pk=head))
        with looking_as(sight_of(reviewer)):
            accept_report(
                report,
                by=reviewer,
                content_hash=report.content_hash,
                progress_accepted=None,
                note="",
                at=datetime.now(UTC),
            )
    except ThucThiError:
        return None
    return (time.perf_counter() - begun) * 1000

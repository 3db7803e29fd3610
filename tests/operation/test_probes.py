"""Alive, ready, busy: what probes are told, and who may ask."""

from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from psycopg.types.json import Jsonb

from tests.operation.readers import kinds, samples
from thucthi.config.operation import views
from thucthi.config.operation.measures import measures
from thucthi.config.operation.readiness import readiness
from thucthi.config.supervisor import LocalPostgres
from thucthi.ledger.actions import sequence
from thucthi.ledger.models import Entry
from thucthi.monitoring.models.rollups import Counts

TOKEN = "a" * 40


@pytest.fixture
def operator(settings: Any) -> Client:
    settings.OPERATORS = (ip_network("127.0.0.0/8"),)
    return Client()


def an_entry(minutes: int) -> Entry:
    moment = timezone.now() - timedelta(minutes=minutes)
    return Entry.objects.create(
        uid=uuid4(), event="x", recorded_at=moment, actor_label="", subject_type="x", content_hash="", commitment=""
    )


def silent(*given: object, **named: object) -> None:
    raise OperationalError("no answer")


def test_alive_asks_no_database() -> None:
    """pytest refuses the database to this test."""
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert Client().post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_names_what_must_and_what_should_be(operator: Client) -> None:
    answer = operator.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["must"] == {"database": "ok", "migrations": "ok", "published": "ok", "ledger": "ok"}
    assert set(answer.json()["should"]) == {
        "sequencer", "worker", "jobs", "publisher", "evidence",
        "disk of state", "disk of evidence", "disk of published",
    }  # fmt: skip
    assert answer.json()["should"]["worker"] == "not seen"


@pytest.mark.django_db
def test_a_release_whose_migrations_are_not_applied_is_not_ready(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = frozenset({("ledger", "0001_initial"), ("ledger", "9999_of_tomorrow")})
    monkeypatch.setattr("thucthi.config.operation.readiness._shipped", lambda: shipped)
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["must"]["migrations"]) == (503, "pending")


@pytest.mark.django_db
def test_a_front_that_leads_nowhere_is_not_ready(operator: Client, settings: Any) -> None:
    settings.PUBLISHED_ROOT.mkdir()
    (settings.PUBLISHED_ROOT / "latest").symlink_to("issues/gone")
    assert operator.get("/readyz").json()["must"]["published"] == "broken"
    (settings.PUBLISHED_ROOT / "issues" / "gone").mkdir(parents=True)
    assert operator.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_late_sequencer_wants_attention_and_keeps_the_process_in_service(operator: Client) -> None:
    an_entry(minutes=6)
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["should"]["sequencer"]) == (200, "late")


@pytest.fixture
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "readiness", silent)
    monkeypatch.setattr(views, "measures", silent)


@pytest.mark.usefixtures("_no_database")
def test_a_silent_database_is_not_ready_and_still_counted(operator: Client) -> None:
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["must"]) == (503, {"database": "silent"})
    told = samples(operator.get("/metrics").content.decode())
    assert told["thucthi_database_up", ()] == 0
    assert told["thucthi_requests_total", (("surface", "operation"), ("answer", "5xx"))] == 1
    assert ("thucthi_jobs_waiting", ()) not in told


@pytest.mark.usefixtures("_no_database")
@pytest.mark.parametrize("page", ["/readyz", "/metrics"])
@pytest.mark.parametrize(
    ("networks", "heads", "admitted"),
    [
        ("127.0.0.0/8", {}, True),
        ("10.0.0.0/8", {}, False),
        ("", {}, False),
        ("127.0.0.0/8", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.0/8", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.0/8", {"X-Forwarded-Proto": "https"}, False),
        ("", {"Authorization": f"Bearer {TOKEN}"}, True),
        ("", {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}, True),
        ("", {"Authorization": f"Bearer {TOKEN}x"}, False),
        ("", {"Authorization": "Bearer "}, False),
        ("", {"Authorization": f"Basic {TOKEN}"}, False),
    ],
)
def test_only_those_who_run_it_are_admitted(
    page: str, networks: str, heads: dict[str, str], admitted: bool, settings: Any
) -> None:
    settings.OPERATORS = (ip_network(networks),) if networks else ()
    settings.OPERATORS_TOKEN = TOKEN
    answer = Client().get(page, headers=heads)
    assert (answer.status_code != 404) is admitted


def test_without_a_token_in_the_settings_an_empty_one_opens_nothing(settings: Any) -> None:
    settings.OPERATORS_TOKEN = ""
    for value in ("Bearer", "Bearer ", "bearer x", ""):
        assert Client().get("/metrics", headers={"Authorization": value}).status_code == 404


@pytest.mark.usefixtures("_no_database")
def test_behind_a_proxy_the_address_that_the_proxy_wrote_decides(settings: Any) -> None:
    settings.BEHIND_PROXY, settings.OPERATORS = True, (ip_network("10.1.0.0/16"),)
    told = {"10.1.2.3": 200, "203.0.113.9, 10.1.2.3": 200, "10.1.2.3, 203.0.113.9": 404, "nonsense": 404}
    for forwarded, status in told.items():
        assert Client().get("/metrics", headers={"X-Forwarded-For": forwarded}).status_code == status


@pytest.mark.django_db
def test_metrics_are_readable_and_say_what_there_is(operator: Client) -> None:
    an_entry(minutes=2)
    an_entry(minutes=1)
    text = operator.get("/metrics").content.decode()
    told = samples(text)
    assert told["thucthi_database_up", ()] == 1
    assert told["thucthi_unsequenced_entries", ()] == 2
    assert 100 <= told["thucthi_oldest_unsequenced_seconds", ()] < 600
    assert told["thucthi_letters_waiting", ()] == 0
    assert told["thucthi_database_connections", ()] >= 1
    assert told["thucthi_database_connections_limit", ()] > 10
    assert ("thucthi_worker_seen_seconds", ()) not in told  # no worker ever lived here
    assert kinds(text)["thucthi_request_seconds"] == "histogram"
    buckets = [
        value for (name, labels), value in told.items()
        if name == "thucthi_request_seconds_bucket" and labels[0] == ("surface", "public")
    ]  # fmt: skip
    assert buckets == sorted(buckets)
    assert buckets[-1] == told["thucthi_request_seconds_count", (("surface", "public"),)]


@pytest.mark.django_db
def test_what_waits_is_counted_where_it_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES"
            " ('default', 'x', 'todo', now() - interval '7 minutes'),"
            " ('default', 'x', 'todo', now() + interval '1 day'),"
            " ('default', 'x', 'failed', NULL), ('default', 'x', 'succeeded', NULL)"
        )
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '3 minutes')")
    found = measures()
    assert (found.jobs_waiting, round(found.oldest_job), found.jobs_failed) == (1, 420, 1)
    assert found.worker_seen is not None
    assert round(found.worker_seen) == 180
    assert readiness().should["worker"] == "not seen"


def test_sequenced_entries_no_longer_wait(fresh_database: str) -> None:
    an_entry(minutes=1)
    assert measures().unsequenced == 1
    assert sequence() == 1
    assert (measures().unsequenced, measures().oldest_unsequenced) == (0, 0)


def test_changes_that_no_summary_holds_yet_are_counted(fresh_database: str, postgres: LocalPostgres) -> None:
    """From the day on which they count; only triggers write them."""
    assert measures().deltas == 0
    with psycopg.connect(postgres.url("superuser", "fresh")) as server:
        for days in (0, 40):
            server.execute(
                "INSERT INTO monitoring_rollupdelta SELECT (jsonb_populate_record(NULL::monitoring_rollupdelta, %s)).*",
                [Jsonb(_delta(timezone.localdate() + timedelta(days=days), pk=days + 1))],
            )
    assert measures().deltas == 1


def _delta(day: date, pk: int) -> dict[str, object]:
    numbers = {each.name: 0 for each in Counts._meta.get_fields() if each.name not in {"id"}}
    return {"id": pk, "lead_id": 1, "document_id": 0, "day": day.isoformat(), **numbers}


def test_the_id_of_a_request_is_taken_over_when_sane_and_given_back() -> None:
    known = "6f1c2b3a-0000-4000-8000-1234567890ab"
    assert Client().get("/healthz", headers={"X-Request-Id": known})["X-Request-Id"] == known
    for strange in ("", "012345678901", "nguyen.van.a@example.vn-0000000", "x" * 65, "a b" * 10, "é" * 30):
        given = Client().get("/healthz", headers={"X-Request-Id": strange})["X-Request-Id"]
        assert given != strange
        assert len(given) == 32

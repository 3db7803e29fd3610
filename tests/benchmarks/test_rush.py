"""The rush counts what it should: planted errors turn up as errors, and a lost report is found. A village, served."""

import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks import serving
from benchmarks.rush import country, figures, plan
from benchmarks.rush.driving import Rush
from benchmarks.rush.figures import Acknowledged, Driven, Shot
from benchmarks.rush.plan import Arrival, Plan, Reader, Unit
from benchmarks.rush.publishing import take_over
from tests.database import copy_of_the_migrated
from tests.demonstration.simulation.conftest import simulated
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.addresses import Addresses
from thucthi.kernel.canonical import canonical_json

PAGES = {"index.html": b"front", "nhiem-vu/index.html": b"tasks", "nhiem-vu/tasks.csv": b"a,b"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def some_plan(**changes: Any) -> Plan:
    units = tuple(Unit(f"u{n}", f"t{n}", "2026-11") for n in range(4))
    readers = (Reader("a", ("/1", "/2", "/3", "/4", "/5")), Reader("b", ("/6", "/7", "/8", "/9", "/10")))
    made = Plan("http://127.0.0.1:9", "word", 100.0, 2.0, 1.0, False, units, readers, (("list", "/x/"),))
    return replace(made, **changes)


def shots(*milliseconds: float, kind: str = "sign-in", error: str = "", ended: float = 1.0) -> tuple[Shot, ...]:
    return tuple(Shot(kind, taken, ended, error) for taken in milliseconds)


def driven(*asked: Shot, planned: int | None = None, seconds: float = 10.0) -> Driven:
    return Driven(asked, (), (), seconds, 0.0, len(asked) if planned is None else planned)


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_the_mix_of_ten_minutes_adds_up_to_the_rate() -> None:
    assert [plan.units_in(seconds) for seconds in (3_600, 600, 60, 0.1)] == [3_356, 559, 56, 1]
    hour = some_plan(seconds=600.0, rate=51.0, units=tuple(Unit(str(n), "t", "p") for n in range(559)))
    assert (hour.pages_read, hour.visits, hour.requests) == (2_795, 24_451, 30_600)
    assert replace(hour, signed_in=True).requests == 30_600
    assert replace(hour, signed_in=True).visits == 25_569


def test_every_arrival_has_its_moment_and_the_last_unit_ends_within_the_time() -> None:
    found = plan.arrivals(some_plan())
    assert Counter(each.sort for each in found) == {"unit": 4, "official": 20, "public": 156}
    assert [each for each in found if each.sort == "unit"] == [
        Arrival(12.125, "unit", 0), Arrival(36.375, "unit", 1), Arrival(60.625, "unit", 2), Arrival(84.875, "unit", 3),
    ]  # fmt: skip
    assert [each.at for each in found] == sorted(each.at for each in found)
    with pytest.raises(ValueError, match=r"a unit takes 3\.0 s"):
        plan.arrivals(some_plan(seconds=3.0))


def test_officials_read_every_page_in_turn() -> None:
    read = Counter((who.login, kind, path) for who, kind, path in plan.turns(some_plan()))
    assert read == Counter(
        {(who, kind, f"/{5 * n + place}"): 2
         for n, who in enumerate("ab") for place, kind in enumerate(plan.READING, 1)}
    )  # fmt: skip


def test_visitors_ask_for_pages_and_twins_by_their_shares() -> None:
    names = [
        *PAGES,
        "nhiem-vu/a/index.html",
        "nhiem-vu/a/index.json",
        "nhiem-vu/a/oembed.json",
        "en/index.html",
        "assets/x.css",
        "proofs/a.json",
    ]
    asked = plan.public_requests(names, 20_000)
    by_kind = Counter(kind for kind, _ in asked)
    assert {kind: round(count / 1_000) for kind, count in by_kind.items()} == plan.PUBLIC
    assert set(asked) == {
        ("front page", "/"),
        ("list", "/nhiem-vu/"),
        ("single page", "/nhiem-vu/a/"),
        ("page in English", "/en/"),
        ("JSON or CSV twin", "/nhiem-vu/tasks.csv"),
        ("JSON or CSV twin", "/nhiem-vu/a/index.json"),
    }
    assert plan.public_requests(names, 20_000) == asked
    assert plan.public_requests([]) == ()


def test_the_driver_reads_the_plan_as_it_was_written() -> None:
    assert plan.read(plan.written(some_plan())) == some_plan()


# --- what came back -------------------------------------------------------------------------------------------------


def test_percentiles_are_of_every_request_errors_included() -> None:
    taken = driven(*shots(*range(1, 100)), *shots(1000.0, error="answered 500"))
    assert figures.table(taken)[2:] == [
        "| sign-in | 100 | 50 | 95 | 99 | 1 |",
        "| **units** | 100 | 50 | 95 | 99 | 1 |",
        "| **all** | 100 | 50 | 95 | 99 | 1 |",
    ]


def test_what_misses_the_bar_is_named() -> None:
    good = shots(*[300.0] * 500)
    assert figures.misses(driven(*good)) == []
    assert figures.misses(driven(*good[1:])) == ["49.9 answers a second, not 50"]
    late = driven(*good, *shots(1.0, ended=20.0))
    assert figures.misses(late) == ["25.1 answers a second, not 50"]
    slow = driven(*good, *shots(*[301.0] * 26, kind="list (public)"))
    assert figures.misses(slow) == ["p95 of public 301 ms, not 300"]
    slower = driven(*good, *shots(*[301.0] * 27, kind="list (public)"))
    assert figures.misses(slower) == ["p95 of public 301 ms, not 300", "p95 of all 301 ms, not 300"]
    failed = driven(*good, *shots(1.0, error="answered 500"), planned=503)
    assert figures.misses(failed) == ["2 × never asked, for an error before it", "1 × sign-in: answered 500"]


def test_an_error_before_the_clock_counts_too() -> None:
    found = replace(driven(*shots(1.0)), prepared=shots(9.0, error="answered 502"))
    assert found.errors == Counter({"sign-in: answered 502": 1})
    assert figures.read(figures.written(found)) == found


@pytest.mark.parametrize(
    ("signed_in", "before", "first", "visits", "never"),
    [(False, 4, "sign-in page", 0, 20), (True, 8, "my work of a unit", 4, 12)],
)
def test_where_nobody_answers_everything_is_an_error(
    signed_in: bool, before: int, first: str, visits: int, never: int
) -> None:
    base = f"http://127.0.0.1:{free_port()}"
    nobody = Rush(some_plan(base=base, seconds=0.5, rate=80.0, think=0.01, signed_in=signed_in)).run()
    seen = Counter((shot.kind, shot.error) for shot in nobody.shots)
    refused = {f"{kind} (official)": 4 for kind in plan.READING} | {first: 4} | {"list (public)": visits}
    assert seen == Counter({(kind, "ConnectionError"): count for kind, count in refused.items()})
    assert Counter(shot.error for shot in nobody.prepared) == {"ConnectionError": before}
    assert nobody.errors["never asked, for an error before it"] == never
    assert nobody.acknowledged == ()


# --- a village, served as `thucthi run` serves it -------------------------------------------------------------------


@dataclass(frozen=True)
class Village:
    url: str
    superuser: str
    base: str


def publish_a_few_pages(published: Path) -> None:
    issue = published / "issues" / "a"
    for name, content in PAGES.items():
        (issue / name).parent.mkdir(parents=True, exist_ok=True)
        (issue / name).write_bytes(content)
    (issue / "manifest.json").write_bytes(canonical_json({"files": dict.fromkeys(PAGES, "0")}))
    (published / "latest").symlink_to(Path("issues") / "a")


def test_an_issue_is_taken_over_without_the_checkpoint_of_its_ledger(tmp_path: Path) -> None:
    publish_a_few_pages(tmp_path / "from")
    (tmp_path / "from" / "issues" / "a" / "checkpoint").write_text("9539")
    take_over(tmp_path / "from", tmp_path / "to")
    assert country.files_of_the_issue(tmp_path / "to") == sorted([*PAGES, "manifest.json"])
    assert (tmp_path / "to" / "latest").is_symlink()


@pytest.fixture
def village(
    postgres: LocalPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[Village]:
    # What the served application knows; elsewhere tests hash cheaply.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    copy_of_the_migrated(postgres, "rush")
    made = simulated(postgres, "rush")
    assert made.status == 0, made.errors
    url, port = postgres.url("app", "rush"), free_port()
    publish_a_few_pages(tmp_path / "published")
    monkeypatch.setenv("THUCTHI_STATE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("THUCTHI_WEB_PROCESSES", "1")
    monkeypatch.setattr(serving, "PORT", port)
    subprocess.run([sys.executable, "-m", "thucthi.config.supervisor.steps", "static"], check=True, capture_output=True)
    with serving.served(Addresses(url, None)):
        yield Village(url, postgres.url("superuser", "rush"), f"http://127.0.0.1:{port}")
    postgres.drop_database("rush")


def a_plan_with_errors(village: Village) -> Plan:
    """Of four units one may not sign in and one opens a form that there is not; every other visit finds nothing."""
    units = country.units_of(village.url, 4)
    readers = country.readers_of(village.url, documents=2)
    word = country.open_accounts(village.url, [each.login for each in (*units[1:], *readers)])
    return Plan(
        base=village.base,
        password=word,
        seconds=3.0,
        rate=20.0,
        think=0.2,
        signed_in=False,
        units=(units[0], replace(units[1], code="khong-co"), *units[2:]),
        readers=readers,
        public=(("front page", "/"), ("list", "/khong-co/")),
    )


@pytest.mark.thorough
def test_planted_errors_are_counted_and_a_lost_report_is_found(village: Village) -> None:
    since = country.moment(village.url)
    asked = a_plan_with_errors(village)
    found = Rush(asked).run()
    assert found.errors == Counter(
        {
            "never asked, for an error before it": 6,
            "sign-in: answered 200": 1,
            "report form: answered 404": 1,
            "list (public): answered 404": 8,
        }
    )
    assert len(found.shots) == asked.requests - 6 == 54
    assert {shot.kind for shot in found.shots} <= {kind for kinds in figures.GROUPS.values() for kind in kinds}
    said = found.acknowledged
    assert len(said) == 2
    assert country.check(village.url, said, since) == country.Rows(2, (), (), (), ())
    plant_and_find(village, said, since)


def plant_and_find(village: Village, said: tuple[Acknowledged, ...], since: datetime) -> None:
    first, second = sorted(said, key=lambda each: each.report)
    # Acknowledged twice, acknowledged to nobody, acknowledged under a key of which nobody knows.
    assert country.check(village.url, [*said, first], since).more_than_once == (first.report,)
    assert country.check(village.url, [first], since).unsaid == (second.report,)
    other = replace(first, key="00000000-0000-0000-0000-000000000000")
    assert country.check(village.url, [other, second], since).missing == (first.report,)
    with psycopg.connect(village.superuser, autocommit=True) as server:
        for table in ("ledger_entry", "reporting_report"):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        server.execute("DELETE FROM ledger_entry WHERE subject_id = %s AND event = 'report.submitted'", [first.report])
        server.execute("DELETE FROM reporting_report WHERE id = %s", [second.report])
    rows = country.check(village.url, said, since)
    assert rows == country.Rows(2, (second.report,), (), (first.report,), ())
    assert rows.faults == [
        "1 × acknowledged and not there",
        "1 × without exactly one entry in the ledger",
    ]

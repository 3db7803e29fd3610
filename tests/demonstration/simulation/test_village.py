"""The simulated village keeps every promise of the database, says what it is, and can be worked in."""

import json
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.models import Count
from django.test import Client

from tests.database import ADDRESS, TEMPLATE, copy_of_the_migrated, point_django_at
from tests.demonstration.simulation.catalogue import broken_promises, fingerprints, promises
from tests.demonstration.simulation.conftest import UNTIL, simulated
from tests.publication.proofs.test_demonstration import figures_in
from thucthi.config.supervisor import LocalPostgres
from thucthi.demonstration.loading_people import viewer_named
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Organisation, Person, Succession
from thucthi.directory.selectors import answering_for
from thucthi.indicators.models import Observation
from thucthi.kernel.canonical import content_hash
from thucthi.kernel.vietnamese_text import fold
from thucthi.ledger.models import Entry
from thucthi.monitoring.models import TaskStanding
from thucthi.monitoring.selectors.rollup_check import mismatches
from thucthi.obstacles.models import Hop, Obstacle
from thucthi.programmes.models import Task
from thucthi.publication.actions import prepare_snapshot, publish_snapshot
from thucthi.publication.files import issue_directory
from thucthi.publication.verifier.verify import Folder, Verification
from thucthi.reporting.models import Acceptance, Report
from thucthi.reporting.selectors.obligations import seal_of


def _counts(rows: Any, field: str) -> dict[str, int]:
    return dict(rows.order_by(field).values_list(field).annotate(Count("pk")))


def test_the_sizes_are_those_asked_for(in_village: str) -> None:
    assert Organisation.objects.count() == 12
    assert Task.objects.filter(is_issued=True).count() == 40
    assert Observation.objects.count() == 500
    assert Report.objects.count() == 100


def test_everything_says_that_it_is_simulated(in_village: str) -> None:
    for model in (Report, Acceptance, Observation, Obstacle, Hop):
        assert model._base_manager.exists()
        assert not model._base_manager.filter(is_simulated=False).exists()
    assert not Person.objects.filter(is_invented=False).exists()
    assert not Organisation.objects.exclude(official_name__contains="mô phỏng").exists()
    assert not Task.objects.exclude(text__endswith="(mô phỏng)").exists()


def test_the_database_promises_what_it_promised_before(postgres: LocalPostgres, village: str) -> None:
    filled, empty = (psycopg.connect(postgres.url("superuser", name)) for name in (village, TEMPLATE))
    with filled, empty:
        assert promises(filled) == promises(empty)


def test_no_row_breaks_a_promise(postgres: LocalPostgres, village: str) -> None:
    """Keys and checks row by row; what is unique or excludes is proved by making every index anew."""
    copy_of_the_migrated(postgres, "village_again", template=village)
    with psycopg.connect(postgres.url("superuser", "village_again"), autocommit=True) as server:
        assert broken_promises(server) == {}
        server.execute("REINDEX DATABASE village_again")
    postgres.drop_database("village_again")


def test_planted_a_row_that_points_nowhere_is_found(postgres: LocalPostgres, village: str) -> None:
    copy_of_the_migrated(postgres, "village_planted", template=village)
    with psycopg.connect(postgres.url("superuser", "village_planted"), autocommit=True) as server:
        server.execute("SET session_replication_role = replica")
        server.execute("UPDATE directory_post SET organisation_id = 999 WHERE id = 1")
        assert broken_promises(server) == {"directory_post_organisation_id_4f2419b5_fk_directory": 1}
    postgres.drop_database("village_planted")


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_the_same_seed_gives_the_same_rows(postgres: LocalPostgres, village: str, seed: int, same: bool) -> None:
    copy_of_the_migrated(postgres, "village_twin")
    assert simulated(postgres, "village_twin", seed=seed).status == 0
    first, second = (psycopg.connect(postgres.url("superuser", name)) for name in (village, "village_twin"))
    with first, second:
        before, after = fingerprints(first), fingerprints(second)
    postgres.drop_database("village_twin")
    assert (before == after) is same
    assert (before["programmes_task"] == after["programmes_task"]) is same


def test_what_is_not_empty_is_refused_and_stays_as_it_was(postgres: LocalPostgres, village: str) -> None:
    with psycopg.connect(postgres.url("superuser", village)) as server:
        before = fingerprints(server)
        entries = server.execute("SELECT count(*) FROM ledger_entry").fetchone()
    made = simulated(postgres, village)
    assert made.status == 1
    assert "Cơ sở dữ liệu đã có dữ liệu; dữ liệu mô phỏng chỉ nạp vào cơ sở dữ liệu trống." in made.errors
    with psycopg.connect(postgres.url("superuser", village)) as server:
        assert fingerprints(server) == before
        assert server.execute("SELECT count(*) FROM ledger_entry").fetchone() == entries


def test_the_application_may_not(postgres: LocalPostgres) -> None:
    copy_of_the_migrated(postgres, "village_refused")
    made = simulated(postgres, "village_refused", role="application")
    assert made.status == 1
    assert "Lệnh này cần vai sở hữu cơ sở dữ liệu; hãy chạy thucthi simulate." in made.errors
    with psycopg.connect(postgres.url("superuser", "village_refused")) as server:
        assert server.execute("SELECT count(*) FROM directory_organisation").fetchone() == (0,)
    postgres.drop_database("village_refused")


def test_sizes_that_do_not_fit_are_refused_in_words(postgres: LocalPostgres) -> None:
    copy_of_the_migrated(postgres, "village_refused")
    made = simulated(postgres, "village_refused", reports=5_000)
    assert (made.status, made.output) == (1, "")
    assert "Đề nghị giảm --reports hoặc tăng --tasks." in made.errors
    postgres.drop_database("village_refused")


def test_a_plain_line_for_each_step_where_nobody_watches(postgres: LocalPostgres) -> None:
    copy_of_the_migrated(postgres, "village_told")
    made = simulated(postgres, "village_told", values=0, reports=0)
    assert made.output.splitlines() == [
        "→ Đang dựng cơ quan, con người, văn bản",
        "→ Đang ghi chương trình và nhiệm vụ",
        "→ Đang ghi báo cáo và kết quả nghiệm thu",
        "→ Đang ghi giá trị chỉ tiêu",
        "→ Đang dựng chỉ mục và kiểm tra mọi ràng buộc",
        "→ Đang để vướng mắc lên thang xử lý",
        "→ Đã dựng xong đất nước mô phỏng",
    ]
    postgres.drop_database("village_told")


def test_the_hash_of_a_report_is_that_of_what_it_says(in_village: str) -> None:
    reports = list(Report.objects.select_related("task", "obligation", "obstacle", "acceptance"))
    assert len(reports) == 100
    for report in reports:
        assert report.content_hash == content_hash(seal_of(report, []))
        if hasattr(report, "acceptance"):
            assert report.acceptance.content_hash == report.content_hash


def test_tasks_are_found_by_their_words(in_village: str) -> None:
    for task in Task.objects.all():
        assert task.search_text == fold(f"{task.code} {task.text} {task.product}")


def test_what_is_open_is_what_a_rebuild_would_find(postgres: LocalPostgres, village: str) -> None:
    copy_of_the_migrated(postgres, "village_open", template=village)
    everything = "SELECT to_jsonb(d)::text FROM reporting_openduty d ORDER BY 1"
    pauses = "SELECT task_id, since, until FROM reporting_pause ORDER BY 1, 2, 3"
    with psycopg.connect(postgres.url("superuser", "village_open")) as server:
        before = server.execute(everything).fetchall(), server.execute(pauses).fetchall()
        server.execute("SELECT reporting_rebuild_open_duties(), reporting_rebuild_pauses()")
        assert (server.execute(everything).fetchall(), server.execute(pauses).fetchall()) == before
    assert all(before)
    postgres.drop_database("village_open")


def test_the_counts_are_those_of_a_recount(in_village: str) -> None:
    assert TaskStanding.objects.count() == 40
    assert mismatches() == []


def test_a_commune_ended_in_mid_period_and_another_answers(in_village: str) -> None:
    [merged] = Succession.objects.select_related("predecessor", "successor", "event")
    assert (merged.predecessor.code, merged.successor.code) == ("mp-dv-6", "mp-dv-8")
    assert f"{merged.event.effective_on}" == "2026-09-16"
    assert [heir.code for heir in answering_for(merged.predecessor, merged.event.effective_on)] == ["mp-dv-8"]
    followers = Organisation.objects.filter(placements__valid_from=merged.event.effective_on)
    assert {row.parent_id for row in followers} == {8}


def test_the_ledger_names_the_sizes_once(in_village: str) -> None:
    [entry] = Entry.objects.filter(event="country.simulated")
    assert entry.content["tasks"] == 40
    assert entry.content["until"] == UNTIL


@pytest.mark.parametrize("login", ["mp-bc-6", "mp-bc-2", "mp-dd-1", "mp-dd-2", "mp-thuong-truc"])
def test_pages_of_the_workspace_open(in_village: str, login: str) -> None:
    client = Client()
    client.force_login(Account.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    for address in (
        "",
        "nhiem-vu/mp-nv-7/",
        "don-vi/mp-dv-2/",
        "chuong-trinh/mp-ct-1/",
        "van-ban/mp-nq-1/",
        "tinh-hinh/",
    ):
        assert client.get(f"/lam-viec/{address}").status_code == 200, address


def test_an_issue_of_the_week_can_be_prepared(in_village: str) -> None:
    snapshot = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=datetime(2026, 11, 15, tzinfo=UTC).date())
    assert snapshot.pk


def test_its_published_issue_verifies_and_says_that_the_figures_share_one_entry(
    postgres: LocalPostgres, village: str, django_db_setup: None, django_db_blocker: Any
) -> None:
    copy_of_the_migrated(postgres, "village_issue", template=village)
    before = {key: connections.settings["default"][key] for key in ADDRESS}
    with django_db_blocker.unblock():
        point_django_at(postgres.url("app", "village_issue"))
        try:
            snapshot = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=date(2026, 11, 15))
            publish_snapshot(snapshot, by=viewer_named("mp-cong-bo-2"))
        finally:
            connections.close_all()
            connections.settings["default"].update(before)
    directory = issue_directory(snapshot.manifest_hash)
    result = Verification(Folder(str(directory)), wanted={"hash": directory.name}).run()
    assert result.wrong == []
    issue = json.loads((directory / "issue.json").read_bytes())
    assert (result.facts["figures"], result.facts["covered"]) == (0, figures_in(issue))

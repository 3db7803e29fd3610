"""Every page of the workspace, on the demonstration: clean markup, and exactly the queries that were agreed.

`query_counts.json` is the reviewed file. After a change that was meant: THUCTHI_PIN_QUERIES=1 pytest … writes it anew.
"""

import itertools
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from tests.architecture.access_pages_api import LISTED, OWN, PLAIN, pages_of_webhooks
from tests.architecture.access_pages_feeds import feed_pages
from tests.architecture.pages import faults_of_page
from tests.architecture.samples_of_the_ladder import READERS_OF_THE_LADDER, sample_of_the_ladder
from tests.architecture.samples_of_values import READERS_OF_VALUES, sample_of_values
from tests.architecture.test_gate import leaves
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Organisation
from thucthi.intake.actions import keep_reading, take_in
from thucthi.intake.models import TaskDraft
from thucthi.intake.reading.shapes import HeaderRead, Reading, TaskRead
from thucthi.intake.selectors.copies import names_mask
from thucthi.kernel.working_days import weekly_period
from thucthi.monitoring.selectors.question_board import board
from thucthi.monitoring.selectors.questions import asked_of
from thucthi.programmes.models import Checkpoint, Dependency, Programme, Task
from thucthi.publication.models import Snapshot
from thucthi.reporting.models import AfterCheck, Report

COUNTS = Path(__file__).with_name("query_counts.json")
MOST_QUERIES = 20
PLANTED = [
    ('<p style="color:red">', "inline style on <p>"),
    ("<style>p{}</style>", "inline <style>"),
    ("<script>1</script>", "inline <script>"),
    ('<a href="/" onclick="x()">a</a>', "handler onclick on <a>"),
    ('<img src="https://elsewhere.example/a.png">', "<img> loads from elsewhere.example"),
    ("<h1>a</h1>", "2 headings of the first level"),
    ('<p id="a"></p><p id="a"></p>', "two elements share the id a"),
]
# Addresses that only take a form; who may post to them is a matter of the access table.
POST_ONLY = {
    "directory:set_language", "directory:grant_role", "directory:end_role", "directory:replace_password",
    "directory:deactivate", "documents:add_relation", "programmes:issue_programme", "programmes:remove_task",
    "programmes:grant_exception", "programmes:receive_task", "programmes:decide_step", "reporting:save_report_draft",
    "reporting:repeat_report", "reporting:report_on_plan", "reporting:store_report_evidence", "reporting:accept_report",
    "reporting:return_report", "reporting:accept_reports", "reporting:set_calendar", "reporting:set_route",
    "reporting:end_calendar", "reporting:end_route", "directory:revoke_delegation",
    "publication:prepare_issue", "publication:publish_issue", "publication:correct_issue",
    "publication:return_issue", "publication:prepare_version",
    "intake:read_again", "intake:accept_above", "intake:accept", "intake:drop", "intake:restore", "intake:split",
    "intake:merge", "intake:assign", "intake:rehearse_workbook", "intake:apply_workbook",
    "intake:suggest", "indicators:drop_dimension",
    "indicators:withdraw_dispute",
    "documents:enter_stage", "documents:link_issued_document", "documents:state_conflict", "documents:answer_conflict",
    "documents:set_clock", "documents:end_clock", "programmes:state_money", "programmes:correct_money",
    "obstacles:put_on_agenda", "obstacles:take_off_agenda", "obstacles:move_on_agenda", "obstacles:read_paper",
    "monitoring:drop_data_need",
    "indicators:run_feed", "indicators:give_secret", "indicators:revoke_secret",
    "workspace:see_notices", "workspace:revoke_calendar", "programmes:close_remark",
    "obstacles:end_ladder_rule",
    "directory:revoke_token", "webhooks:close", "webhooks:replay",
}  # fmt: skip
# Not pages of ours in the frame of the workspace: a file, and the frozen pages of an issue.
FILES = {
    "operation:alive",
    "operation:ready",
    "operation:metrics",
    "api:observations",
    "api:run",
    "api:openapi",
    "indicators:grid_row",
    "indicators:confirm_upload",
    "indicators:drop_upload",
    "indicators:template",
    "intake:download_workbook",
    "monitoring:take_away",
    "reporting:bulk_row",
    "reporting:bulk_template",
    "reporting:confirm_bulk_file",
    "monitoring:dossier",
    "reporting:evidence",
    "reporting:receipt_file",
    "obstacles:agenda_paper",
    "publication:preview_issue",
    "publication:preview",
    "workspace:calendar_feed",
    "workspace:unsubscribe",
    "public_site:published_file",
    "public_site:oembed",
    *(f"public_api:{name}" for name in (*PLAIN, *(f"{kind}_one" for kind in LISTED))),
    *(f"organisation_api:{name}" for name in (*OWN, "tasks_code", "obstacles_code", "reports_number")),
}
OF_A_FILE = {"intake:result", "intake:review", "intake:source", "intake:uncovered", "intake:changes"}
OF_AN_INDICATOR = ("sheet", "revise", "versions", "rules", "dimensions", "target", "change_target", "cascade")
OF_A_FEED = {"indicators:feed", "indicators:add_feed", "indicators:edit_feed", "indicators:feed_run"}
TASK, DRAFT, STARTABLE, WAITING = "ct-cp-nq57-002", "dt-xiv-nhanh", "kh-bkhcn-nq57-009", "ct-cp-nq72-012"
OF_A_WAITING_TASK = ("ties", "graph_of_task", "chain_of_task", "add_tie", "add_data_need")
READERS = {
    "directory:accounts": "tai-khoan", "directory:create_account": "tai-khoan", "directory:account": "tai-khoan",
    "directory:record_event": "thuong-truc-1", "documents:add_document": "thuong-truc-1",
    "programmes:create_frame": "thuong-truc-1", "programmes:move_checkpoint": "thuong-truc-1",
    "programmes:create_programme": "soan-vptw", "programmes:edit_programme": "soan-vptw",
    "programmes:add_task": "soan-vptw", "programmes:edit_task": "soan-vptw", "programmes:change_task": "dung-dau-cp",
    "reporting:bulk": "bao-cao-ubnd-01", "reporting:bulk_file": "bao-cao-ubnd-01",
    "reporting:correct_report": "bao-cao-bkhcn",
    "reporting:review_queue": "nghiem-thu-cp", "reporting:review_report": "nghiem-thu-cp",
    "reporting:receipt": "nghiem-thu-cp",
    "publication:issues": "cong-bo-2", "publication:issue": "cong-bo-2",
    "intake:read_document": "soan-vptw", "intake:paste_table": "soan-vptw", "intake:result": "soan-vptw",
    "intake:review": "soan-vptw", "intake:draft": "soan-vptw", "intake:source": "soan-vptw",
    "intake:uncovered": "soan-vptw", "intake:changes": "soan-vptw", "intake:workbook": "soan-vptw",
    "intake:copies": "soan-vptw",
    "indicators:define": "thuong-truc-1", "indicators:revise": "thuong-truc-1", "indicators:rules": "thuong-truc-1",
    "indicators:dimensions": "thuong-truc-1", "indicators:change_target": "thuong-truc-1",
    "indicators:add_target": "thuong-truc-1", "indicators:core_indicators": "thuong-truc-1",
    "monitoring:signals": "dung-dau-cp", "monitoring:signal_methods": "dung-dau-cp", "monitoring:signal": "dung-dau-cp",
    "monitoring:signals_of": "dung-dau-cp", "monitoring:reliability": "dung-dau-cp",
    "monitoring:reliability_parts": "dung-dau-cp",
    "documents:owe_instrument": "thuong-truc-1", "documents:edit_instrument": "thuong-truc-1",
    "programmes:start_task": "bao-cao-bkhcn",
    "obstacles:call_meeting": "thuong-truc-1", "obstacles:meeting": "thuong-truc-1",
    "obstacles:minutes": "thuong-truc-1",
    "monitoring:silence": "thuong-truc-1", "monitoring:heads": "dung-dau-bkhcn", "monitoring:tenure": "dung-dau-bkhcn",
    "monitoring:reply": "dung-dau-bkhcn", "monitoring:oblige": "thuong-truc-1", "monitoring:lift_duty": "thuong-truc-1",
    "indicators:feeds": "thuong-truc-1", "indicators:feed": "thuong-truc-1",
    "indicators:add_feed": "thuong-truc-1", "indicators:edit_feed": "thuong-truc-1",
    "indicators:feed_run": "thuong-truc-1",
    "monitoring:add_tie": "dung-dau-cp", "monitoring:end_tie": "dung-dau-cp", "monitoring:add_data_need": "dung-dau-cp",
    "workspace:letters": "thuong-truc-1",
    "directory:tokens": "dung-dau-bkhcn", "webhooks:endpoints": "dung-dau-bkhcn", "webhooks:endpoint": "dung-dau-bkhcn",
}  # fmt: skip


def pages() -> list[str]:
    """Names of all our addresses that answer a GET with a page."""
    resolver = get_resolver("thucthi.config.urls")
    names = [
        f"{parent.namespace}:{leaf.name}"
        for parent in resolver.url_patterns
        if getattr(parent, "namespace", None)
        for leaf in leaves([parent])
    ]
    return sorted(dict.fromkeys(name for name in names if name not in POST_ONLY | FILES))


def read_document() -> TaskDraft:
    """The first draft of a new version of a long annex, both versions read into the draft programme."""
    programme = Programme.objects.get(code=DRAFT)
    for version in ("một", "hai"):
        lines = [f"Xây dựng kho dữ liệu số {number} của bản {version}." for number in range(140)]
        text = "\n".join(lines)
        read = [
            TaskRead(text=line, start=text.index(line), end=text.index(line) + len(line), lead=(lead,), confidence=0.9)
            for line, lead in zip(lines, itertools.cycle(["Bộ Khoa học và Công nghệ", "Các bộ, ngành"]), strict=False)
        ]
        header = HeaderRead(number="99-CT/TW", issued_on=date(2026, 1, 5))
        file = take_in(programme, by=SYSTEM, file_name=f"ban-{version}.txt", content=text.encode())
        reading = Reading(text=text, header=header, clauses=(), targets=(), tasks=tuple(read), warnings=())
        kept = keep_reading(file, by=SYSTEM, reading=reading)
    return kept.drafts.first()


def a_question() -> dict[str, str]:
    """Something that a ministry of the demonstration is asked this year."""
    today = timezone.localdate()
    asked = board(SYSTEM, "ministry", today.year, today).rows[0].organisation
    check, _, period, subject = asked_of(SYSTEM, asked, today.year, today).asked[0].question.key
    return {"code": asked.code, "check": check, "period": period, "subject": subject}


def sample(name: str) -> dict[str, Any]:
    """What fills the address: things of the demonstration that its reader may see."""
    draft = Task.objects.filter(programme__code=DRAFT).order_by("code").values_list("code", flat=True)[0]
    waiting = Report.objects.filter(acceptance__isnull=True, task__programme__code="ct-cp-nq57").order_by("pk")
    checkpoint = Checkpoint.objects.select_related("frame__document").order_by("code")[0]
    if name in OF_A_FILE or name == "intake:draft":
        draft = read_document()
        return {"pk": draft.pk if name == "intake:draft" else draft.reading.file_id}
    if name == "monitoring:signal":
        return a_question()
    if (filled := sample_of_values(name)) or name in READERS_OF_VALUES:
        return filled
    if name == "webhooks:endpoint":
        return pages_of_webhooks(Organisation.objects.get(code="bkhcn"))[name]
    if name in OF_A_FEED:
        return feed_pages(
            Organisation.objects.filter(memberships__account__username="thuong-truc-1").order_by("pk")[0]
        )[name]
    return {
        "directory:organisation": {"code": "bkhcn"},
        "directory:record_event": {"code": "bkhcn"},
        "directory:account": {"username": "soan-vptw"},
        "documents:document": {"slug": "nq57"},
        **{f"documents:{page}": {"slug": "nq57"} for page in ("instruments", "owe_instrument")},
        **{f"documents:{page}": {"code": "nq57-vb-01"} for page in ("instrument", "edit_instrument")},
        **{f"programmes:{page}": {"code": TASK} for page in ("resources", "task_instruments")},
        "documents:drafter": {"code": "bkhcn"},
        "programmes:start_task": {"code": STARTABLE},
        "monitoring:early_of": {"slug": "nq57"},
        "publication:consistency_of": {"slug": "nq57"},
        "programmes:frame": {"slug": "nq57"},
        "programmes:create_frame": {"slug": "nqcp03-2025"},
        "programmes:move_checkpoint": {"slug": checkpoint.frame.document.slug, "code": checkpoint.code},
        "programmes:programme": {"code": "ct-cp-nq57"},
        "programmes:edit_programme": {"code": DRAFT},
        "programmes:add_task": {"code": DRAFT},
        "intake:read_document": {"code": DRAFT},
        "intake:paste_table": {"code": DRAFT},
        "intake:workbook": {"code": DRAFT},
        "intake:copies": {"code": DRAFT},
        "programmes:task": {"code": TASK},
        "programmes:remarks": {"code": TASK},
        **{f"workspace:{page}": {"code": TASK} for page in ("task_progress", "task_stuck")},
        "workspace:overview_of": {"code": "ubnd-01"},
        "programmes:edit_task": {"code": draft},
        "programmes:change_task": {"code": TASK},
        "reporting:edit_report": {"code": TASK, "period_key": weekly_period(timezone.localdate()).key},
        **{
            f"reporting:{page}": {"pk": waiting.values_list("pk", flat=True)[0]}
            for page in ("review_report", "receipt")
        },
        "reporting:cycle": {"slug": "nq57"},
        "reporting:checks_of_task": {"code": TASK},
        "reporting:record_after_check": {"pk": AfterCheck.objects.values_list("pk", flat=True).first()},
        "reporting:correct_report": {"pk": correctable()},
        "obstacles:obstacle": {"code": "dn-2026-001"},
        "obstacles:request": {"code": "yc-2026-001"},
        "obstacles:meeting": {"code": "ph-2026-001"},
        "obstacles:minutes": {"code": "ph-2026-002"},
        **sample_of_the_ladder(name),
        **{f"indicators:{page}": {"code": "nq57-tfp"} for page in OF_AN_INDICATOR},
        **{f"indicators:{page}": {"slug": "nq57"} for page in ("targets", "add_target", "core_indicators")},
        "monitoring:signals_of": {"code": "bkhcn"},
        **{f"monitoring:{page}": {"slug": "nq72"} for page in ("graph_of_document", "chain_of_document")},
        **{f"monitoring:{page}": {"code": WAITING} for page in OF_A_WAITING_TASK},
        "monitoring:graph_of_organisation": {"code": "byt"},
        "monitoring:chain_of_target": {"code": "nq72-bac-si-tram"},
        "monitoring:end_tie": {"code": WAITING, "pk": Dependency.objects.filter(waiting_task__code=WAITING)[0].pk},
        "monitoring:reliability_parts": {"code": "bkhcn"},
        **{f"monitoring:{page}": {"code": "bkhcn"} for page in ("scorecard", "heads")},
        **{f"monitoring:{page}": {"slug": "nq57"} for page in ("cascade", "oblige")},
        "monitoring:lift_duty": {"slug": "nq57", "code": "ubnd-79"},
        "monitoring:indicator": {"code": "nq57-kinh-te-so-2030"},
        "monitoring:provinces": {"code": "nq57-kinh-te-so-2030"},
        "monitoring:value": {"code": "nq57-kinh-te-so-2030", "unit": "ca-nuoc", "period": "2025-Q4"},
        "publication:issue": {"pk": Snapshot.objects.order_by("-as_of").values_list("pk", flat=True)[0]},
    }.get(name, {})


def correctable() -> int | None:
    """An accepted report of the body that the reader reports for, not replaced by a newer version."""
    accepted = Report.objects.filter(obligation__organisation__code="bkhcn", acceptance__verdict="accepted", version=1)
    return accepted.filter(obligation__open=None).order_by("pk").values_list("pk", flat=True).first()


@pytest.mark.parametrize(("markup", "fault"), PLANTED, ids=[fault for _, fault in PLANTED])
def test_planted_markup_is_found(markup: str, fault: str) -> None:
    page = f"<!doctype html><html lang='vi'><head><title>t</title></head><body><h1>t</h1>{markup}</body></html>"
    assert faults_of_page(page) == [fault]


def test_a_clean_page_has_no_fault() -> None:
    assert faults_of_page("<html lang='vi'><head><title>t</title></head><body><h1>t</h1></body></html>") == []


def reader(name: str) -> Client:
    client = Client()
    readers = READERS | READERS_OF_VALUES | READERS_OF_THE_LADDER
    account = Account.objects.get(username=readers.get(name, "bao-cao-bkhcn"))
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.usefixtures("in_demonstration")
@pytest.mark.parametrize("name", pages())
def test_a_page_is_clean_and_asks_no_more_than_agreed(name: str) -> None:
    client, address = reader(name), reverse(name, kwargs=sample(name))
    names_mask()  # what a process remembers from then on: whichever page came first would pay for it
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    asked = sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries)
    assert answer.status_code == 200, answer.content[:500]
    assert faults_of_page(answer.content.decode()) == []
    assert "Số liệu mô phỏng" in answer.content.decode()
    if os.environ.get("THUCTHI_PIN_QUERIES"):
        pin(name, asked)
    assert asked == json.loads(COUNTS.read_text(encoding="utf-8"))[name]
    assert asked <= MOST_QUERIES


def pin(name: str, asked: int) -> None:
    counts = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else {}
    counts[name] = asked
    COUNTS.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def test_the_reviewed_counts_name_exactly_our_pages() -> None:
    assert sorted(json.loads(COUNTS.read_text(encoding="utf-8"))) == pages()


@pytest.mark.usefixtures("in_demonstration")
def test_a_planted_query_is_noticed() -> None:
    client = reader("workspace:search")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("workspace:search"))
        Account.objects.exists()
    asked = sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries)
    assert asked != json.loads(COUNTS.read_text(encoding="utf-8"))["workspace:search"]

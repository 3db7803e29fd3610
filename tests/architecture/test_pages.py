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

from tests.architecture.pages import faults_of_page
from tests.architecture.test_gate import leaves
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account
from thucthi.intake.actions import keep_reading, take_in
from thucthi.intake.models import TaskDraft
from thucthi.intake.reading.shapes import HeaderRead, Reading, TaskRead
from thucthi.kernel.working_days import weekly_period
from thucthi.programmes.models import Checkpoint, Programme, Task
from thucthi.publication.models import Snapshot
from thucthi.reporting.models import Report

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
    "reporting:return_report", "publication:prepare_issue", "publication:publish_issue", "publication:correct_issue",
    "intake:read_again", "intake:accept_above", "intake:accept", "intake:drop", "intake:restore", "intake:split",
    "intake:merge", "intake:assign", "intake:rehearse_workbook", "intake:apply_workbook",
    "intake:suggest",
}  # fmt: skip
# Not pages of ours in the frame of the workspace: a file, and the frozen pages of an issue.
FILES = {
    "intake:download_workbook",
    "reporting:evidence",
    "publication:preview_issue",
    "publication:preview",
    "public_site:published_file",
}
OF_A_FILE = {"intake:result", "intake:review", "intake:source", "intake:uncovered", "intake:changes"}
TASK, DRAFT = "ct-cp-nq57-002", "dt-xiv-nhanh"
READERS = {
    "directory:accounts": "tai-khoan", "directory:create_account": "tai-khoan", "directory:account": "tai-khoan",
    "directory:record_event": "thuong-truc-1", "documents:add_document": "thuong-truc-1",
    "programmes:create_frame": "thuong-truc-1", "programmes:move_checkpoint": "thuong-truc-1",
    "programmes:create_programme": "soan-vptw", "programmes:edit_programme": "soan-vptw",
    "programmes:add_task": "soan-vptw", "programmes:edit_task": "soan-vptw", "programmes:change_task": "dung-dau-cp",
    "reporting:review_queue": "nghiem-thu-cp", "reporting:review_report": "nghiem-thu-cp",
    "publication:issues": "cong-bo-2", "publication:issue": "cong-bo-2",
    "intake:read_document": "soan-vptw", "intake:paste_table": "soan-vptw", "intake:result": "soan-vptw",
    "intake:review": "soan-vptw", "intake:draft": "soan-vptw", "intake:source": "soan-vptw",
    "intake:uncovered": "soan-vptw", "intake:changes": "soan-vptw", "intake:workbook": "soan-vptw",
    "intake:copies": "soan-vptw",
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


def sample(name: str) -> dict[str, Any]:
    """What fills the address: things of the demonstration that its reader may see."""
    draft = Task.objects.filter(programme__code=DRAFT).order_by("code").values_list("code", flat=True)[0]
    waiting = Report.objects.filter(acceptance__isnull=True, task__programme__code="ct-cp-nq57").order_by("pk")
    checkpoint = Checkpoint.objects.select_related("frame__document").order_by("code")[0]
    if name in OF_A_FILE or name == "intake:draft":
        draft = read_document()
        return {"pk": draft.pk if name == "intake:draft" else draft.reading.file_id}
    return {
        "directory:organisation": {"code": "bkhcn"},
        "directory:record_event": {"code": "bkhcn"},
        "directory:account": {"username": "soan-vptw"},
        "documents:document": {"slug": "nq57"},
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
        "workspace:task_progress": {"code": TASK},
        "workspace:overview_of": {"code": "ubnd-01"},
        "programmes:edit_task": {"code": draft},
        "programmes:change_task": {"code": TASK},
        "reporting:edit_report": {"code": TASK, "period_key": weekly_period(timezone.localdate()).key},
        "reporting:review_report": {"pk": waiting.values_list("pk", flat=True)[0]},
        "obstacles:obstacle": {"code": "dn-2026-001"},
        "publication:issue": {"pk": Snapshot.objects.order_by("-as_of").values_list("pk", flat=True)[0]},
    }.get(name, {})


@pytest.mark.parametrize(("markup", "fault"), PLANTED, ids=[fault for _, fault in PLANTED])
def test_planted_markup_is_found(markup: str, fault: str) -> None:
    page = f"<!doctype html><html lang='vi'><head><title>t</title></head><body><h1>t</h1>{markup}</body></html>"
    assert faults_of_page(page) == [fault]


def test_a_clean_page_has_no_fault() -> None:
    assert faults_of_page("<html lang='vi'><head><title>t</title></head><body><h1>t</h1></body></html>") == []


def reader(name: str) -> Client:
    client = Client()
    account = Account.objects.get(username=READERS.get(name, "bao-cao-bkhcn"))
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.usefixtures("in_demonstration")
@pytest.mark.parametrize("name", pages())
def test_a_page_is_clean_and_asks_no_more_than_agreed(name: str) -> None:
    client, address = reader(name), reverse(name, kwargs=sample(name))
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

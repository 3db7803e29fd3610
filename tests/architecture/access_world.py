"""One small world with something behind every address, and an actor for each role in each relation to it.

The task `viec` of the issued programme is led by the province, coordinated by finance; the committee of the Party owns
the programme and keeps the register; the government stands above the province, the commune below it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.architecture.access_pages_accountability import pages_of_accountability
from tests.architecture.access_pages_attention import pages_of_attention
from tests.architecture.access_pages_bulk import pages_of_bulk
from tests.architecture.access_pages_coordination import pages_of_coordination
from tests.architecture.access_pages_cycle import pages_of_cycle
from tests.architecture.access_pages_definitions import pages_of_definitions
from tests.architecture.access_pages_entry import pages_of_entry
from tests.architecture.access_pages_feeds import feed_pages
from tests.architecture.access_pages_figures import pages_of_figures
from tests.architecture.access_pages_graph import pages_of_dependencies
from tests.architecture.access_pages_honesty import pages_of_honesty
from tests.architecture.access_pages_instruments import pages_of_instruments
from tests.architecture.access_pages_ladder import pages_of_the_ladder
from tests.architecture.access_pages_quality import pages_of_quality
from tests.people import State, make_state
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Organisation, Role
from thucthi.documents.actions import NewDocument, register_document
from thucthi.documents.models import Document, DocumentType, Security
from thucthi.intake.actions import fail_reading, keep_reading, take_in
from thucthi.intake.reading.shapes import HeaderRead, Reading, TaskRead
from thucthi.kernel.working_days import report_due_on, weekly_period
from thucthi.obstacles.actions import NewObstacle, raise_obstacle
from thucthi.programmes.models import (
    Checkpoint,
    ControlFrame,
    Coordination,
    Programme,
    ProgrammeBasis,
    Task,
    TaskEvent,
    TaskEventKind,
)
from thucthi.publication.actions import prepare_snapshot
from thucthi.reporting.actions import ReportContent, store_evidence, submit_report
from thucthi.reporting.models import Obligation

SINCE = date(2026, 1, 5)
LIBRARY = ("account_", "mfa_", "socialaccount_", "openid_connect_")


@dataclass
class World:
    state: State
    pages: dict[str, dict[str, Any]]

    @property
    def relations(self) -> dict[str, Organisation]:
        """What the organisations of the small state are to the task `viec`."""
        state = self.state
        return {
            "lead": state.province,
            "owner": state.committee,
            "superior": state.government,
            "subordinate": state.commune,
            "coordinator": state.finance,
            "unrelated": state.elsewhere,
        }

    def actor(self, role: str, relation: str) -> Account:
        return self.state.person(Role(role), self.relations[relation])


def address_names(urlconf: str | None = None) -> list[str]:
    """Names of all addresses, `app:name` where an app has a space of its own; nameless ones stay shut (test_gate)."""

    def leaves(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from leaves(pattern.url_patterns, inner)
            elif pattern.name:
                yield space + pattern.name

    return sorted(set(leaves(get_resolver(urlconf).url_patterns, "")))


TASK_PAGES = ("programmes:task", "workspace:task_progress", "workspace:task_stuck")


def make_world() -> World:
    state = make_state()
    public, internal = _document(state, "cong-khai", "1", Security.PUBLIC), _document(state, "noi-bo", "2", "internal")
    issued = _programme(state.committee, "da-giao", public, SINCE)
    draft = _programme(state.committee, "du-thao", public, None)
    kept_inside = _programme(state.committee, "noi-bo", internal, SINCE)
    below = _programme(state.province, "du-thao-tinh", public, None)
    task = _task(issued, "viec", state.province)
    Coordination.objects.create(task=task, organisation=state.finance)
    _task(draft, "viec-du-thao", state.province)
    _task(kept_inside, "viec-noi-bo", state.province)
    frame = ControlFrame.objects.create(
        document=public, benefit_country="Mạnh hơn", benefit_people="Nhanh hơn", benefit_future="Xanh hơn"
    )
    Checkpoint.objects.create(
        frame=frame,
        code="moc",
        text="Kết nối xong",
        due_on=date(2027, 1, 1),
        evidence_required="Biên bản",
        examiner=state.government,
    )
    pages = {**_plain_pages(), **_pages_of_programmes(), **_pages_of_facts(state, task, below)}
    pages |= pages_of_definitions(public, internal)
    pages |= pages_of_accountability(state, public, internal)
    pages |= pages_of_cycle(state, task)
    pages |= pages_of_quality(state)
    pages |= pages_of_coordination(state)
    pages |= pages_of_the_ladder(state, task, timezone.localdate())
    pages |= pages_of_honesty(state)
    pages |= pages_of_figures()
    pages |= feed_pages(state.province)
    pages |= pages_of_entry(state)
    pages |= pages_of_instruments(state, public, internal, task)
    pages |= pages_of_dependencies(state, public, task)
    pages |= pages_of_bulk()
    pages |= pages_of_attention(state)
    return World(state, {**pages, **_pages_of_intake(draft)})


def _document(state: State, slug: str, number: str, security: str) -> Document:
    new = NewDocument(
        slug=slug,
        number=number,
        symbol="-NQ/TW",
        year=2025,
        issuer=state.committee,
        type=DocumentType.RESOLUTION,
        issued_on=date(2025, 3, 1),
        title=f"Nghị quyết mẫu {number}",
        register=state.committee,
        text="Kết nối các cơ sở dữ liệu.",
        security=security,
    )
    return register_document(by=SYSTEM, new=new)


def _programme(owner: Organisation, code: str, basis: Document, issued_on: date | None) -> Programme:
    made = Programme.objects.create(
        code=code, organisation=owner, title=f"Chương trình {code}", issued_on=issued_on, issued_as="01/CTr"
    )
    ProgrammeBasis.objects.create(programme=made, document=basis)
    return made


def _task(programme: Programme, code: str, lead: Organisation) -> Task:
    made = Task.objects.create(
        programme=programme,
        code=code,
        lead=lead,
        text=f"Việc mẫu {code}",
        product="Báo cáo",
        is_issued=programme.is_issued,
        search_text=code,
    )
    if programme.is_issued:
        TaskEvent.objects.create(task=made, kind=TaskEventKind.ISSUED, happened_on=SINCE)
    return made


def _obligation(task: Task, day: date) -> Obligation:
    period = weekly_period(day)
    return Obligation.objects.create(
        task=task,
        organisation=task.lead,
        period_kind="weekly",
        period_key=period.key,
        period_start=period.start,
        period_end=period.end,
        due_on=report_due_on(period),
    )


def _plain_pages() -> dict[str, dict[str, Any]]:
    """Addresses that name no thing; those of the sign-in library with something made up where they want it."""
    wanted = {
        "account_confirm_email": {"key": "x"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "openid_connect_login": {"provider_id": "x"},
        "openid_connect_callback": {"provider_id": "x"},
    }
    plain = [
        "workspace:home", "workspace:search", "workspace:overview", "documents:documents", "documents:add_document",
        "directory:organisations", "directory:accounts", "directory:create_account", "directory:set_language",
        "programmes:programmes", "programmes:create_programme", "reporting:review_queue", "obstacles:obstacles",
        "obstacles:add_obstacle", "publication:issues", "publication:prepare_issue",
    ]  # fmt: skip
    library = [name for name in address_names() if name.startswith(LIBRARY)]
    return {name: wanted.get(name, {}) for name in (*plain, *library)} | {
        "public_site:published_file": {"path": "chuong-trinh/"}
    }


def _pages_of_programmes() -> dict[str, dict[str, Any]]:
    programmes = {"issued": "da-giao", "draft": "du-thao", "internal": "noi-bo"}
    tasks = {"issued": "viec", "draft": "viec-du-thao", "internal": "viec-noi-bo"}
    pages: dict[str, dict[str, Any]] = {"programmes:programme#draft-of-lead": {"code": "du-thao-tinh"}}
    for state, code in programmes.items():
        pages |= {f"programmes:{name}#{state}": {"code": code} for name in ("programme", "edit_programme")}
    for name in ("add_task", "issue_programme"):
        pages[f"programmes:{name}#draft"] = {"code": "du-thao"}
    for state, code in tasks.items():
        pages |= {f"{name}#{state}": {"code": code} for name in TASK_PAGES}
    wanted = {
        "edit_task": ("draft", "issued"),
        "remove_task": ("draft",),
        "grant_exception": ("draft",),
        "receive_task": ("issued", "draft"),
        "decide_step": ("issued", "internal"),
        "change_task": ("issued", "internal"),
    }
    pages |= {f"programmes:{n}#{state}": {"code": tasks[state]} for n, states in wanted.items() for state in states}
    for state, slug in {"public": "cong-khai", "internal": "noi-bo"}.items():
        pages |= {f"documents:{n}#{state}": {"slug": slug} for n in ("document", "add_relation")}
        pages[f"programmes:frame#{state}"] = {"slug": slug}
    pages["programmes:create_frame#internal"] = {"slug": "noi-bo"}
    pages["programmes:move_checkpoint"] = {"slug": "cong-khai", "code": "moc"}
    return pages


def _pages_of_intake(programme: Programme) -> dict[str, dict[str, Any]]:
    """A file that was read into a draft, and one that cannot be read, both of the draft programme of the owner."""
    file, broken = (
        take_in(programme, by=SYSTEM, file_name=f"{name}.txt", content=name.encode()) for name in ("doc", "hong")
    )
    fail_reading(broken, by=SYSTEM, sentence="Tệp bị hỏng.")
    words = "Kết nối các cơ sở dữ liệu."
    read = TaskRead(text=words, start=0, end=len(words), lead=("UBND tỉnh An Bình",), confidence=0.9)
    reading = Reading(text=words, header=HeaderRead(), clauses=(), targets=(), tasks=(read,), warnings=())
    draft = keep_reading(file, by=SYSTEM, reading=reading).drafts.get()
    of_the_file = ("result", "review", "source", "uncovered", "changes", "accept_above", "suggest")
    of_the_draft = ("draft", "accept", "drop", "restore", "split", "merge", "assign")
    pages: dict[str, dict[str, Any]] = {f"intake:{name}": {"pk": file.pk} for name in of_the_file}
    pages |= {f"intake:{name}": {"pk": draft.pk} for name in of_the_draft}
    of_the_programme = (
        "read_document", "paste_table", "workbook", "download_workbook", "rehearse_workbook", "apply_workbook",
        "copies",
    )  # fmt: skip
    pages |= {f"intake:{name}": {"code": programme.code} for name in of_the_programme}
    return pages | {"intake:read_again": {"pk": broken.pk}, "intake:result#unread": {"pk": broken.pk}}


def _pages_of_facts(state: State, task: Task, below: Programme) -> dict[str, dict[str, Any]]:
    """A report that was sent with a file, one still owed, an obstacle, an account, a prepared issue."""
    today, author = timezone.localdate(), state.viewer(Role.REPORTER, state.province)
    sent, owed = _obligation(task, date(2026, 2, 2)), _obligation(task, date(2026, 2, 9))
    file = store_evidence(sent, by=author, file_name="so.csv", content="Việc,Số\nTập huấn,3\n".encode())
    report = submit_report(
        sent,
        by=author,
        content=ReportContent(claim="on_plan", progress=Decimal(10)),
        idempotency_key=uuid4(),
        version=0,
        at=timezone.now(),
    )
    new = NewObstacle(
        code="nghen",
        task=task,
        organisation=state.province,
        cause="money",
        condition="Chưa có hướng dẫn định mức chi.",
        asked_of=state.finance,
        asked_what="Ban hành hướng dẫn.",
        due_on=date(2027, 1, 1),
    )
    raise_obstacle(by=author, new=new, on=today)
    issue = prepare_snapshot(by=state.viewer(Role.STEERING_OFFICE, state.science), kind="weekly", as_of=today)
    target = state.person(Role.REPORTER, state.province)
    pages: dict[str, dict[str, Any]] = {
        "directory:organisation": {"code": state.province.code},
        "workspace:overview_of": {"code": state.province.code},
        "directory:record_event": {"code": state.province.code},
        "directory:end_role": {"username": target.username, "pk": target.memberships.get().pk},
        "reporting:evidence": {"pk": file.pk},
        "obstacles:obstacle": {"code": "nghen"},
        "publication:preview_issue": {"pk": issue.pk, "path": "index.html"},
    }
    pages |= {f"directory:{n}": {"username": target.username} for n in ("account", "grant_role", "replace_password")}
    pages["directory:deactivate"] = {"username": target.username}
    pages |= {f"reporting:{n}": {"pk": report.pk} for n in ("review_report", "accept_report", "return_report")}
    form = {"code": task.code, "period_key": owed.period_key}
    writing = ("edit_report", "save_report_draft", "repeat_report", "report_on_plan", "store_report_evidence")
    pages |= {f"reporting:{name}": form for name in writing}
    showing = ("issue", "publish_issue", "correct_issue", "return_issue", "prepare_version", "preview")
    return pages | {f"publication:{name}": {"pk": issue.pk} for name in showing}

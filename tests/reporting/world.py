"""One issued programme of the government with tasks of several leads. All names and figures are invented.

    nv-khoa   science, coordinated by finance
    nv-tinh   province
    nv-xa     commune, below the province
    nv-mat    science, in a programme of science on an internal document
Obligation of `nv-khoa`: week 47/2026 (16–22/11), due on Friday 20/11; the week before it is there too.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from tests.people import State, make_state
from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.directory.selectors import viewer_of
from thucthi.documents.models import Document, DocumentType, Security
from thucthi.kernel.working_days import report_due_on, weekly_period
from thucthi.programmes.models import Coordination, Programme, ProgrammeBasis, Task, TaskEvent, TaskEventKind
from thucthi.reporting.actions import ReportContent, submit_report
from thucthi.reporting.models import Obligation, Report

ISSUED_ON = date(2026, 1, 5)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
CSV = "Việc,Số\nTập huấn,3\n".encode()


@dataclass
class World:
    state: State
    programme: Programme
    hidden: Programme
    tasks: dict[str, Task] = field(default_factory=dict)

    def task(
        self, code: str, lead: Organisation, programme: Programme | None = None, *, kind: str = "nhiem_vu"
    ) -> Task:
        made = Task.objects.create(
            programme=programme or self.programme,
            code=code,
            kind=kind,
            lead=lead,
            text=f"Việc mẫu {code}",
            product="Báo cáo kết quả",
            is_issued=True,
            search_text=code,
        )
        TaskEvent.objects.create(task=made, kind=TaskEventKind.ISSUED, happened_on=ISSUED_ON)
        self.tasks[code] = made
        return made

    def obligation(self, code: str, day: date) -> Obligation:
        period = weekly_period(day)
        task = self.tasks[code]
        return Obligation.objects.get_or_create(
            task=task,
            period_kind="weekly",
            period_key=period.key,
            defaults={
                "organisation": task.lead,
                "period_start": period.start,
                "period_end": period.end,
                "due_on": report_due_on(period),
            },
        )[0]

    @property
    def this_week(self) -> Obligation:
        return self.obligation("nv-khoa", today())

    @property
    def last_week(self) -> Obligation:
        return self.obligation("nv-khoa", today() - timedelta(days=7))

    def reporter(self, organisation: Organisation | None = None) -> Viewer:
        return self.state.viewer(Role.REPORTER, organisation or self.state.science)

    def approver(self, organisation: Organisation | None = None) -> Viewer:
        return self.state.viewer(Role.APPROVER, organisation or self.state.government)

    def head(self, organisation: Organisation | None = None) -> Viewer:
        return viewer_of(self.state.person(Role.HEAD, organisation or self.state.science))


def today() -> date:
    return timezone.localdate()


def now() -> datetime:
    """Where the site is: its date is the day of reports also between midnight in Hà Nội and midnight in UTC."""
    return timezone.localtime()


def make_world() -> World:
    state = make_state()
    public = _document(state, "nq-mau", "1", Security.PUBLIC)
    secret = _document(state, "nq-noi-bo", "2", Security.INTERNAL)
    world = World(state, _programme(state.government, "ct-mau", public), _programme(state.science, "ct-noi-bo", secret))
    Coordination.objects.create(task=world.task("nv-khoa", state.science), organisation=state.finance)
    world.task("nv-tinh", state.province)
    world.task("nv-xa", state.commune)
    world.task("nv-mat", state.science, world.hidden)
    return world


def _document(state: State, slug: str, number: str, security: Security) -> Document:
    return Document.objects.create(
        slug=slug,
        number=number,
        symbol="-NQ/TW",
        year=2025,
        issuer=state.committee,
        type=DocumentType.RESOLUTION,
        issued_on=date(2025, 3, 1),
        title=f"Nghị quyết mẫu {number}",
        security=security,
        register=state.science,
        search_text=slug,
    )


def _programme(owner: Organisation, code: str, basis: Document) -> Programme:
    made = Programme.objects.create(
        code=code, organisation=owner, title=f"Chương trình {code}", issued_on=ISSUED_ON, issued_as="01/CTr"
    )
    ProgrammeBasis.objects.create(programme=made, document=basis)
    return made


def on_plan(progress: str = "40", **more: object) -> ReportContent:
    return ReportContent(claim="on_plan", progress=Decimal(progress), **more)


def behind(world: World, **more: object) -> ReportContent:
    values = {
        "claim": "behind",
        "progress": Decimal("35"),
        "note": "Chưa có hướng dẫn định mức chi.",
        "cause": "money",
        "done_about_it": "Đã gửi hai công văn xin ý kiến.",
        "asked_of": world.state.finance,
        "asked_what": "Ban hành hướng dẫn định mức chi.",
        "asked_due_on": today() + timedelta(days=30),
    }
    return ReportContent(**(values | more))


def send(world: World, obligation: Obligation, content: ReportContent | None = None) -> Report:
    return submit_report(
        obligation,
        by=world.reporter(obligation.organisation),
        content=content or on_plan(),
        idempotency_key=uuid4(),
        version=0,
        at=now(),
    )

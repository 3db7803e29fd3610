"""A small issued programme whose every count is known by heart. All names and figures are invented.

Nghị quyết 1-NQ/TW (public) ← chương trình `ct` of the government, issued 05/01/2026:
    nv-dung-han    science   due 31/12/2026, reported every week
    nv-sap-den     finance   due 25/11/2026, received, last period not reported
    nv-qua-han     province  due 30/09/2026, obstacle open
    nv-xong-som    science   due 31/12/2026, completion handed in 30/10/2026 and accepted 02/11/2026
    nv-xong-muon   commune   due 30/09/2026, completion handed in 09/10/2026 and accepted 12/10/2026
    nv-thuong-xuyen commune  recurring
    nv-tam-dung    province  due 30/09/2026, suspended 01/08/2026
    nv-huy         finance   cancelled 01/08/2026
Draft programme `ct-du-thao` on the same document; programme `ct-mat` issued on an internal document.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from tests.people import State, make_state
from thucthi.directory.models import Account, Organisation, Role
from thucthi.documents.models import Clause, Document, DocumentType, Security
from thucthi.indicators.models import Contribution, Indicator, Observation, ObservationKind, Target
from thucthi.obstacles.models import Cause, Obstacle
from thucthi.programmes.models import (
    Checkpoint,
    ControlFrame,
    FrameResponsibility,
    Goal,
    GoalKind,
    Programme,
    ProgrammeBasis,
    Task,
    TaskEvent,
    TaskEventKind,
    TaskGroup,
)
from thucthi.reporting.models import Acceptance, Claim, Obligation, PeriodKind, Report, Verdict

AS_OF = date(2026, 11, 20)
ISSUED_ON = date(2026, 1, 5)
HIDDEN = "bi-mat-khong-duoc-lo"


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())


def document(state: State, slug: str, *, number: str, security: Security = Security.PUBLIC, text: str = "") -> Document:
    return Document.objects.create(
        slug=slug,
        number=number,
        symbol="-NQ/TW",
        year=2025,
        issuer=state.committee,
        type=DocumentType.RESOLUTION,
        issued_on=date(2025, 3, 1),
        title=f"Nghị quyết mẫu {slug}",
        text=text,
        text_is_summary=True,
        security=security,
        register=state.committee,
        search_text=slug,
    )


def programme(owner: Organisation, code: str, basis: Document, issued_on: date | None = ISSUED_ON) -> Programme:
    made = Programme.objects.create(
        code=code,
        organisation=owner,
        title=f"Chương trình mẫu {code}",
        issued_on=issued_on,
        issued_as="01/CTr-CP" if issued_on else "",
    )
    ProgrammeBasis.objects.create(programme=made, document=basis)
    return made


@dataclass
class World:
    state: State
    resolution: Document
    secret: Document
    programme: Programme
    draft: Programme
    hidden: Programme
    group: TaskGroup
    tasks: dict[str, Task] = field(default_factory=dict)

    def add(self, code: str, lead: Organisation | None, end: date | None, **more: object) -> Task:
        values = {
            "programme": self.programme,
            "group": self.group,
            "text": f"Việc mẫu {code}",
            "product": "Báo cáo kết quả",
            "deadline_kind": "date" if end else "none",
            "deadline_raw": f"{end:%d/%m/%Y}" if end else "Thường xuyên",
            "resolved_end": end,
            "is_issued": True,
            "search_text": code,
        }
        made = Task.objects.create(code=code, lead=lead, **(values | more))
        if made.is_issued:
            self.step(made, TaskEventKind.ISSUED, ISSUED_ON)
        self.tasks[code] = made
        return made

    def step(self, task: Task, kind: TaskEventKind, on: date) -> TaskEvent:
        needs_decision = kind not in {TaskEventKind.ISSUED, TaskEventKind.RECEIVED}
        decision = {"decision": "12/QĐ-CP", "reason": "Lý do mẫu"} if needs_decision else {}
        return TaskEvent.objects.create(task=task, kind=kind, happened_on=on, **decision)

    def owe(self, task: Task, friday: date) -> Obligation:
        monday = friday - timedelta(days=4)
        year, week, _ = friday.isocalendar()
        return Obligation.objects.create(
            task=task,
            organisation=task.lead,
            period_kind=PeriodKind.WEEKLY,
            period_key=f"{year}-W{week:02d}",
            period_start=monday,
            period_end=monday + timedelta(days=6),
            due_on=friday,
        )

    def report(self, obligation: Obligation, on: date, declared: str, **more: object) -> Report:
        return Report.objects.create(
            obligation=obligation,
            task=obligation.task,
            version=obligation.reports.count() + 1,
            author=self.author(obligation.organisation),
            claim=more.pop("claim", Claim.ON_PLAN),
            progress_declared=Decimal(declared),
            submitted_at=more.pop("moment", at(on)),
            idempotency_key=uuid4(),
            content_hash="0" * 64,
            is_simulated=True,
            **more,
        )

    def author(self, organisation: Organisation) -> Account:
        return self.state.person(Role.REPORTER, organisation)

    def decide(self, report: Report, on: date, progress: str | None) -> Acceptance:
        return Acceptance.objects.create(
            report=report,
            verdict=Verdict.ACCEPTED if progress else Verdict.RETURNED,
            progress_accepted=Decimal(progress) if progress else None,
            note="" if progress else "Thiếu minh chứng",
            author=report.author,
            reviewer=self.state.person(Role.APPROVER, self.state.government),
            content_hash="0" * 64,
            decided_at=at(on),
            is_simulated=True,
        )


def make_world() -> World:
    state = make_state()
    resolution = document(state, "1-nq-tw", number="1", text="Phải xong việc một. Phải xong việc hai.")
    secret = document(state, f"{HIDDEN}-van-ban", number="2", security=Security.INTERNAL)
    world = World(
        state,
        resolution,
        secret,
        programme(state.government, "ct", resolution),
        programme(state.government, f"{HIDDEN}-du-thao", resolution, issued_on=None),
        programme(state.government, f"{HIDDEN}-mat", secret),
        group=None,  # type: ignore[arg-type]
    )
    world.group = TaskGroup.objects.create(programme=world.programme, title="Nhóm một", position=1)
    _frame(world)
    _tasks(world)
    _reports(world)
    _indicator(world)
    return world


def _frame(world: World) -> None:
    frame = ControlFrame.objects.create(
        document=world.resolution, benefit_country="Nước", benefit_people="Dân", benefit_future="Mai sau"
    )
    FrameResponsibility.objects.create(
        frame=frame, node="Toàn bộ", committee=world.state.committee, head=world.state.head_post(world.state.committee)
    )
    clause = Clause.objects.create(document=world.resolution, path="I.1", start=0, end=19)
    Goal.objects.create(
        frame=frame,
        code="muc-tieu-1",
        kind=GoalKind.QUALITATIVE,
        text="Người dân hài lòng",
        rubric=["Thấp", "Cao"],
        clause=clause,
    )
    Checkpoint.objects.create(
        frame=frame,
        code="moc-1",
        text="Sơ kết",
        due_on=date(2026, 12, 31),
        evidence_required="Báo cáo",
        examiner=world.state.committee,
    )


def _tasks(world: World) -> None:
    state, end_of_year, september = world.state, date(2026, 12, 31), date(2026, 9, 30)
    world.add("nv-dung-han", state.science, end_of_year)
    world.step(world.add("nv-sap-den", state.finance, date(2026, 11, 25)), TaskEventKind.RECEIVED, date(2026, 1, 9))
    late = world.add("nv-qua-han", state.province, september)
    world.add("nv-xong-som", state.science, end_of_year)
    world.add("nv-xong-muon", state.commune, september)
    world.add("nv-thuong-xuyen", state.commune, None, deadline_kind="recurring", deadline_recurrence="monthly")
    world.step(world.add("nv-tam-dung", state.province, september), TaskEventKind.SUSPENDED, date(2026, 8, 1))
    world.step(world.add("nv-huy", state.finance, september), TaskEventKind.CANCELLED, date(2026, 8, 1))
    world.add(f"{HIDDEN}-nv-du-thao", state.science, end_of_year, programme=world.draft, group=None, is_issued=False)
    world.add(f"{HIDDEN}-nv-mat", state.science, september, programme=world.hidden, group=None)
    Obstacle.objects.create(
        code="vm-1",
        task=late,
        raised_by_organisation=state.province,
        raised_on=date(2026, 9, 1),
        cause=Cause.LAND,
        condition="Chưa có mặt bằng",
        asked_of=state.government,
        asked_what="Quyết định giao đất",
        due_on=date(2026, 10, 1),
        is_simulated=True,
    )


def _reports(world: World) -> None:
    fridays = [date(2026, 11, 6), date(2026, 11, 13), date(2026, 11, 20)]
    for week, friday in enumerate(fridays):
        report = world.report(world.owe(world.tasks["nv-dung-han"], friday), friday, str(40 + 5 * week))
        if week == 0:
            world.decide(report, friday + timedelta(days=3), "35")
        world.owe(world.tasks["nv-sap-den"], friday)
        late = world.owe(world.tasks["nv-qua-han"], friday)
        if week < 2:
            world.report(late, friday + timedelta(days=1), "60", claim=Claim.BEHIND, cause=Cause.LAND)
        world.owe(world.tasks["nv-thuong-xuyen"], friday)
    early = world.owe(world.tasks["nv-xong-som"], date(2026, 10, 30))
    done = world.report(early, date(2026, 10, 30), "100", claims_completion=True)
    world.decide(done, date(2026, 11, 2), "100")
    late = world.owe(world.tasks["nv-xong-muon"], date(2026, 10, 9))
    world.decide(world.report(late, date(2026, 10, 9), "100", claims_completion=True), date(2026, 10, 12), "100")


def _indicator(world: World) -> None:
    indicator = Indicator.objects.create(
        code="ct-mau", name="Tỷ lệ mẫu", name_en="Sample rate", unit="%", unit_en="%", direction="rise"
    )
    Target.objects.create(
        code="ct-mau-2030",
        indicator=indicator,
        document=world.resolution,
        operator=">=",
        low=Decimal(50),
        baseline=Decimal(10),
        period="năm",
        year=2030,
    )
    Contribution.objects.create(task=world.tasks["nv-dung-han"], indicator=indicator)
    for period, end, amount in (("2026-Q1", date(2026, 3, 31), "12"), ("2026-Q3", date(2026, 9, 30), "20")):
        Observation.objects.create(
            indicator=indicator,
            period=period,
            period_end=end,
            kind=ObservationKind.ACTUAL,
            state="number",
            amount=Decimal(amount),
            source="Số liệu mẫu",
            is_simulated=True,
            available_on=end + timedelta(days=20),
        )

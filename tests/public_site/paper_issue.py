"""Issues made by hand, as small as a sentence needs them. All names and figures are invented."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from thucthi.public_site.rendering.book import Book
from thucthi.publication.shapes import (
    ChangesData,
    CheckpointData,
    DocumentData,
    FigureData,
    FrameData,
    Header,
    IndicatorData,
    IssueData,
    ObstacleData,
    OrganisationData,
    ProgrammeData,
    ResourcesData,
    Responsibility,
    StandingData,
    TallyData,
    TargetData,
    TaskData,
    Word,
)

AS_OF = date(2026, 10, 31)
STAGES = ("issued", "in_progress", "done")
SCHEDULES = ("no_deadline", "on_time", "due_soon", "overdue", "done_early", "done_on_time", "done_late")
HEADER = Header(
    "2", "monthly", "2026-10", "Tháng 10/2026", "October 2026", AS_OF, date(2026, 9, 30), date(2026, 11, 24), True
)  # fmt: skip


def tally(total: int = 0, *, done: int = 0, overdue: int = 0, owed: int = 0, reported: int = 0) -> TallyData:
    schedules = dict.fromkeys(SCHEDULES, 0) | {"overdue": overdue, "done_on_time": done}
    schedules["on_time"] = total - done - overdue
    stages = dict.fromkeys(STAGES, 0) | {"done": done, "in_progress": total - done}
    return TallyData(total, stages, schedules, owed, reported, None, None)


def task(code: str, schedule: str = "on_time", due_on: date | None = None, **more: object) -> TaskData:
    standing = StandingData(
        "done" if schedule.startswith("done") else "in_progress",
        schedule,
        "reported",
        None,
        None,
        None,
        None,
        None,
        None,
    )
    made = TaskData(
        code=code, kind="task", text=f"Việc mẫu {code}", product="", acceptance_criterion="", programme="ct", group="",
        documents=("1-nq-tw",), clauses=(), lead="bo-mau", answering=("bo-mau",), lead_post="Bộ trưởng",
        coordinators=(), start_on=None, deadline_text="", due_on=due_on,
        resources=ResourcesData(None, "", "", "", ""), milestones=(), standing=standing, clarity=(), changes=(),
        steps=(), history=(), indicators=(), obstacles=(),
    )  # fmt: skip
    return replace(made, **more)


def obstacle(code: str, working_days: int, asked_of: str = "chinh-phu") -> ObstacleData:
    return ObstacleData(
        code, "nv-1", "bo-mau", date(2026, 9, 1), "land", "Chưa có mặt bằng", asked_of, "Quyết định giao đất",
        date(2026, 10, 1), "open", None, working_days, (),
    )  # fmt: skip


def indicator(
    code: str, *, amount: str | None, way: str | None, state: str = "number", met: bool | None = False
) -> IndicatorData:
    value = Decimal(amount) if amount else None
    figure = FigureData("2026-Q3", state, value, value, None, 1, 1, 0, 0, 0)
    target = TargetData(f"{code}-2030", "1-nq-tw", ">=", Decimal(50), None, None, 2030, "≥ 50 %", "≥ 50%", met, "")
    return IndicatorData(
        code=code, name=f"Tỷ lệ {code}", name_en=f"Rate {code}", unit="%", unit_en="%", direction="rise",
        kind="outcome", definition="", method="", limits="", source="Nguồn mẫu", source_owner=None, owner=None,
        frequency="", targets=(target,), observations=(), figures=(figure,), units_period="", units=(),
        computation=None,
        achievement=Decimal(way) if way else None, tasks=(),
    )  # fmt: skip


def organisation(code: str, name: str, post: str = "", **more: object) -> OrganisationData:
    made = OrganisationData(
        code=code, official_name=name, short_name=name, tree="state", level="central", unit_code="", parent=None,
        children=(), head_post=post, valid_from=None, valid_to=None, origins=(), own=tally(), subtree=tally(), led=(),
        coordinates=(), discipline=(), raised_obstacles=(), asked_obstacles=(),
    )  # fmt: skip
    return replace(made, **more)


def frame(*checkpoints: tuple[date, str]) -> FrameData:
    return FrameData(
        "Nước", "Dân", "Mai sau", (Responsibility("Toàn bộ", "dang-uy", "Bí thư Đảng ủy"),), (),
        tuple(
            CheckpointData(f"moc-{n}", text, due, "Báo cáo", "dang-uy", ()) for n, (due, text) in enumerate(checkpoints)
        ),
    )  # fmt: skip


DOCUMENT = DocumentData(
    slug="1-nq-tw", code="1-NQ/TW", type="resolution", title="Về đột phá mẫu", issuer="dang-uy",
    issued_on=date(2025, 3, 1), source="", text_is_summary=True, frame=frame((date(2026, 12, 31), "Sơ kết hai năm")),
    clauses=(), programmes=("ct",), targets=(), tally=tally(),
)  # fmt: skip
PROGRAMME = ProgrammeData(
    "ct", "Chương trình mẫu", "chinh-phu", "Thủ tướng Chính phủ", date(2026, 1, 5), "01/CTr-CP", "monthly",
    ("1-nq-tw",), (), tally(),
)  # fmt: skip


def book_of(
    document: DocumentData = DOCUMENT,
    *,
    tasks: tuple[TaskData, ...] = (),
    indicators: tuple[IndicatorData, ...] = (),
    obstacles: tuple[ObstacleData, ...] = (),
    header: Header = HEADER,
) -> Book:
    bodies = (
        organisation("dang-uy", "Đảng ủy Chính phủ", "Bí thư"),
        organisation("chinh-phu", "Chính phủ", "Thủ tướng Chính phủ"),
        organisation("bo-mau", "Bộ Mẫu", "Bộ trưởng", own=document.tally),
    )
    return Book(
        IssueData(
            header=header, tally=document.tally, trend=(), changes=ChangesData((), (), (), ()), documents=(document,),
            programmes=(PROGRAMME,), tasks=tasks, organisations=bodies, indicators=indicators, obstacles=obstacles,
            corrections=(), earlier=(), vocabulary={"document_type": {"resolution": Word("Nghị quyết", "Resolution")}},
        )
    )  # fmt: skip

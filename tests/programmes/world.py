"""A small programme to test with, on top of tests.people: a document, its frame, a draft programme and clear tasks."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.documents.actions import NewClause, NewDocument, register_document
from thucthi.documents.models import Document, DocumentType, Security
from thucthi.programmes.actions import (
    MilestoneContent,
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewProgramme,
    NewResponsibility,
    TaskContent,
    add_tasks,
    create_frame,
    create_programme,
    issue_programme,
)
from thucthi.programmes.models import ControlFrame, Programme, Task

TODAY = date(2026, 3, 2)
ISSUED_ON = date(2026, 3, 10)
TEXT = "Kết nối mười hai cơ sở dữ liệu.\nĐào tạo 500 cán bộ."


@dataclass
class World:
    state: State
    document: Document

    @property
    def editor(self) -> Viewer:
        return self.state.viewer(Role.PROGRAMME_EDITOR, self.state.science)

    @property
    def head(self) -> Viewer:
        return self.state.viewer(Role.HEAD, self.state.science)

    @property
    def steering(self) -> Viewer:
        return self.state.viewer(Role.STEERING_OFFICE, self.state.government)

    def clear_task(self, **other: object) -> TaskContent:
        """Clear by every "rõ" of the seven."""
        content = TaskContent(
            code="ct57-01",
            text="Kết nối 12 cơ sở dữ liệu trọng yếu với trung tâm dữ liệu",
            group="Dữ liệu",
            product="Hệ thống 12 kết nối hoạt động",
            acceptance_criterion="Biên bản kiểm tra 12 kết nối",
            lead=self.state.finance,
            coordinators=(self.state.province,),
            start_on=date(2026, 4, 1),
            deadline_raw="31/12/2026",
            money_vnd_million=Decimal("1200.50"),
            money_source="Chi khoa học, công nghệ năm 2026",
            people="5 kỹ sư",
            facilities="Trung tâm dữ liệu hiện có",
            authority_basis="Nghị định 63/2025",
            clauses=(self.document.clauses.get(path="1"),),
            milestones=(MilestoneContent(date(2026, 9, 30), "6 cơ sở dữ liệu đã kết nối"),),
        )
        return replace(content, **other)

    def draft(self, *contents: TaskContent, **other: object) -> Programme:
        """A draft programme of the ministry of science with these tasks (one clear task when none is given)."""
        new = NewProgramme(
            code="ct57",
            organisation=self.state.science,
            title="Chương trình hành động thực hiện Nghị quyết 57",
            documents=(self.document,),
            groups=("Dữ liệu", "Con người"),
        )
        programme = create_programme(by=self.editor, new=replace(new, **other))
        self.state.head_post(self.state.finance)
        add_tasks(programme, by=self.editor, contents=contents or (self.clear_task(),), on=TODAY)
        programme.refresh_from_db()
        return programme

    def issued(self, *contents: TaskContent) -> Task:
        """The first task of an issued programme."""
        programme = issue_programme(self.draft(*contents), by=self.head, issued_on=ISSUED_ON, issued_as="12/CTr-BKH")
        return programme.tasks.order_by("code").first()

    def frame(self) -> ControlFrame:
        committee = self.state.committee
        return create_frame(
            self.document,
            by=self.steering,
            new=NewFrame(
                benefit_country="Năng suất cao hơn",
                benefit_people="Thủ tục nhanh hơn",
                benefit_future="Kỹ năng số cho lớp trẻ",
                responsibilities=(NewResponsibility("Toàn bộ nghị quyết", committee, self.state.head_post(committee)),),
                goals=(
                    NewGoal("nq57-g1", "Tỷ lệ hồ sơ trực tuyến"),
                    NewGoal("nq57-g2", "Người dân hài lòng", ("thấp", "vừa", "cao")),
                ),
                checkpoints=(
                    NewCheckpoint("nq57-m1", "Kết nối xong", date(2026, 12, 31), "Biên bản", self.state.government),
                ),
            ),
        )


def make_world(security: str = Security.PUBLIC) -> World:
    state = make_state()
    document = register_document(
        by=SYSTEM,
        new=NewDocument(
            slug="nq57",
            number="57",
            symbol="-NQ/TW",
            year=2024,
            issuer=state.committee,
            type=DocumentType.RESOLUTION,
            issued_on=date(2024, 12, 22),
            title="Nghị quyết về đột phá khoa học, công nghệ",
            register=state.government,
            text=TEXT,
            security=security,
            clauses=(NewClause("1", 0, 31), NewClause("2", 32, len(TEXT))),
        ),
    )
    return World(state, document)

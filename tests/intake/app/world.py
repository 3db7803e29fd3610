"""A draft programme to take documents into, on top of tests.people, and readings made by hand."""

from dataclasses import dataclass, replace
from datetime import date

from tests.people import State
from tests.programmes.world import make_world as make_programmes
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.actions import NewEvent, record_event
from thucthi.directory.models import Role
from thucthi.documents.models import Document
from thucthi.intake.actions import keep_reading, take_in
from thucthi.intake.models import DocumentReading, SourceFile, TaskDraft
from thucthi.intake.reading.shapes import ClauseRead, HeaderRead, Reading, TaskRead, Warned
from thucthi.kernel.deadlines import parse_deadline
from thucthi.programmes.actions import NewProgramme, create_programme
from thucthi.programmes.models import Programme

TODAY = date(2026, 3, 2)
READ_ON = date(2024, 12, 22)


@dataclass
class World:
    state: State
    document: Document
    programme: Programme

    @property
    def editor(self) -> Viewer:
        return self.state.viewer(Role.PROGRAMME_EDITOR, self.state.science)

    @property
    def outsider(self) -> Viewer:
        return self.state.viewer(Role.PROGRAMME_EDITOR, self.state.finance)

    def file(self, content: bytes = b"noi dung", name: str = "phu-luc.txt", **more: object) -> SourceFile:
        return take_in(self.programme, by=self.editor, file_name=name, content=content, **more)  # type: ignore[arg-type]

    def read(self, reading: Reading, **more: object) -> DocumentReading:
        content = reading.text.encode() or b"-"
        return keep_reading(self.file(content, **more), by=SYSTEM, reading=reading)

    def drafts(self, *tasks: TaskRead) -> list[TaskDraft]:
        """Drafts of a document with these tasks, one a line."""
        reading = self.read(reading_of(*tasks))
        return list(reading.drafts.select_related("reading__file__programme__organisation").order_by("position"))

    def dissolve_finance(self) -> None:
        """Finance goes into the ministry of science on 1 January 2026."""
        record_event(
            by=SYSTEM,
            event=NewEvent(
                code="nhap-tai-chinh",
                kind="merge",
                effective_on=date(2026, 1, 1),
                legal_basis="Nghị quyết mẫu 176",
                predecessors=(self.state.finance,),
                successors=(self.state.science,),
            ),
        )


def make_world() -> World:
    around = make_programmes()
    new = NewProgramme(
        code="ct57",
        organisation=around.state.science,
        title="Chương trình hành động thực hiện Nghị quyết 57",
        documents=(around.document,),
        groups=("Dữ liệu", "Con người"),
        authority_basis="Nghị định mẫu 63",
        resource_source="Chi khoa học năm 2026: 1.200 triệu đồng",
    )
    return World(around.state, around.document, create_programme(by=around.editor, new=new))


def task_of(text: str, **more: object) -> TaskRead:
    """A sure task led by the ministry of finance unless said otherwise."""
    said: dict[str, object] = {
        "lead": ("Bộ Tài chính",),
        "deadline": parse_deadline("Quý IV/2026"),
        "product": "Báo cáo",
        "confidence": 0.95,
    }
    return replace(TaskRead(text=text, start=0, end=0, action=text), **{**said, **more})  # type: ignore[arg-type]


def reading_of(*tasks: TaskRead, number: str | None = "57-NQ/TW", heading: str = "PHỤ LỤC", **more: object) -> Reading:
    """A document of one line per task, under a heading."""
    lines, placed, offset = [heading], [], len(heading) + 1
    for task in tasks:
        placed.append(replace(task, start=offset, end=offset + len(task.text)))
        lines.append(task.text)
        offset += len(task.text) + 1
    said: dict[str, object] = {
        "header": HeaderRead(number=number, type="nghị quyết", issued_on=READ_ON, title="Về đột phá"),
        "clauses": (),
        "warnings": (),
        **more,
    }
    return Reading(text="\n".join(lines), targets=(), tasks=tuple(placed), **said)  # type: ignore[arg-type]


def clause(path: str, start: int, end: int, text: str, parent: int | None = None) -> ClauseRead:
    return ClauseRead(path=path, start=start, end=end, text=text, label=path, kind="khoản", parent=parent)


WARNING = Warned("Phụ lục", "Văn bản nêu 10 nhóm, đọc được 7 nhóm.")

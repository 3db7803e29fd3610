"""A draft programme as rows of a sheet, and what a sheet that came back would make of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.documents.selectors import organisation_typed
from thucthi.intake.worksheets.columns import COLUMNS, IDENTITY, VERSION, Choices, SheetRow, letter_of
from thucthi.intake.worksheets.differences import Differences, RowChange, compare
from thucthi.intake.worksheets.reading import SheetFault, SheetRead
from thucthi.intake.worksheets.writing import Sheet
from thucthi.kernel.errors import Fault
from thucthi.programmes.actions import TaskEdit
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors.contents import TaskContent, content_of
from thucthi.programmes.selectors.drafts import faults_of_drafts

# More bodies than this make a drop-down nobody scrolls; any name may still be typed.
MOST_OFFERED_BODIES = 300
HEADING_ROW, FIRST_ROW = 3, 4
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
_PLAIN = ("text", "group", "deadline_raw", "product", "acceptance_criterion", "money_source")


@dataclass(frozen=True)
class CellFault:
    """A fault as shown: the cell, the row, the heading of its column, and what to do."""

    cell: str
    row: int | None
    heading: str
    sentence: str


@dataclass(frozen=True)
class Revision:
    """What a sheet would change. With faults nothing may be applied; `edits` and `added` are then incomplete."""

    differences: Differences
    faults: tuple[CellFault, ...]
    edits: tuple[TaskEdit, ...]
    added: tuple[TaskContent, ...]

    @property
    def is_ready(self) -> bool:
        return not self.faults and bool(self.edits or self.added)


def headings() -> dict[str, str]:
    return {column.key: _(column.heading) for column in COLUMNS}


def sheet_of(programme: Programme) -> Sheet:
    """The programme's tasks, ready to be written as a workbook."""
    tasks = _tasks(programme)
    named = {body.official_name for task in tasks for body in (task.lead, *task.coordinators.all()) if body}
    others = Organisation.objects.live(timezone.localdate()).filter(level=programme.organisation.level)
    offered = [*named, *others.order_by("sort_key").values_list("official_name", flat=True)[:MOST_OFFERED_BODIES]]
    return Sheet(
        programme=programme.code,
        title=programme.title,
        notes=_("Chỉ sửa các ô trắng; thêm nhiệm vụ vào các dòng trống ở cuối. Tải ngày %(day)s.")
        % {"day": f"{timezone.localdate():%d/%m/%Y}"},
        headings=headings(),
        rows=[_row(FIRST_ROW + place, task, with_identity=True) for place, task in enumerate(tasks)],
        choices={
            Choices.GROUPS: [group.title for group in programme.groups.all()],
            Choices.BODIES: sorted(dict.fromkeys(offered), key=str.casefold),
        },
    )


def revision_of(programme: Programme, read: SheetRead, on: date) -> Revision:
    """Compare a sheet with the programme as it stands, and check everything that would change."""
    tasks = {task.pk: task for task in _tasks(programme)}
    standing = [_row(FIRST_ROW, task) for task in tasks.values()]
    found = compare(standing, read.rows)
    faults = [*read.faults, *found.faults]
    if read.programme != programme.code and not read.faults:
        sentence = _("Bảng này là của chương trình %(code)s. Đề nghị chọn đúng tệp.") % {"code": read.programme}
        return Revision(found, (CellFault("", None, "", sentence),), (), ())
    edits, added = [], []
    known: dict[str, Organisation | None] = {}
    for change in found.changes:
        task = tasks.get(change.identity) if change.identity else None
        content, own = _content(change, task, known)
        faults += [*own, *_draft_faults(programme, change, task, content, on)]
        if task is None:
            added.append(content)
        else:
            edits.append(TaskEdit(task, change.row.version or 0, content))
    return Revision(found, tuple(_shown(fault) for fault in faults), tuple(edits), tuple(added))


def _tasks(programme: Programme) -> list[Task]:
    rows = programme.tasks.select_related("lead", "group").prefetch_related("coordinators", "clauses", "milestones")
    return list(rows.order_by("code"))


def _row(number: int, task: Task, *, with_identity: bool = False) -> SheetRow:
    money = task.money_vnd_million
    values = {
        "code": task.code,
        "group": task.group.title if task.group else "",
        "text": task.text,
        "lead": task.lead.official_name if task.lead else task.lead_text,
        "coordinators": "\n".join(body.official_name for body in task.coordinators.all()),
        "deadline_raw": task.deadline_raw,
        "product": task.product,
        "acceptance_criterion": task.acceptance_criterion,
        "money_vnd_million": "" if money is None else f"{money.normalize():f}".replace(".", ","),
        "money_source": task.money_source,
        "weight": str(task.weight),
    }
    values = {key: _as_read(words) for key, words in values.items()}
    if with_identity:
        values |= {IDENTITY: str(task.pk), VERSION: str(task.version)}
    return SheetRow(number, task.pk, task.version, values)


def _as_read(words: str) -> str:
    """As the sheet gives it back: single spaces, no empty lines."""
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(line for line in lines if line)


class _Row:
    """One changed row on its way to a content: the values that changed, and the faults found in them."""

    def __init__(self, change: RowChange, known: dict[str, Organisation | None]) -> None:
        self.number = change.row.number
        self.changed = {cell.field: cell.after for cell in change.cells}
        self.known = known
        self.faults: list[SheetFault] = []

    def fault(self, field: str, sentence: str) -> None:
        cell = f"{letter_of(field)}{self.number}"
        self.faults.append(SheetFault(cell, self.number, field, sentence, self.changed[field]))

    def bodies(self) -> dict[str, Any]:
        news: dict[str, Any] = {}
        if "lead" in self.changed:
            body = _body(self.changed["lead"], self.known)
            news |= {"lead": body, "lead_text": "" if body else self.changed["lead"]}
        if "coordinators" in self.changed:
            lines = self.changed["coordinators"].splitlines()
            names = [name.strip() for line in lines for name in line.split(";") if name.strip()]
            found = {name: _body(name, self.known) for name in names}
            news["coordinators"] = tuple(body for body in found.values() if body)
            if unknown := [name for name, body in found.items() if body is None]:
                self.fault("coordinators", _unknown_bodies(unknown))
        return news

    def figures(self) -> dict[str, Any]:
        news: dict[str, Any] = {}
        if (money := self.changed.get("money_vnd_million")) is not None:
            news["money_vnd_million"] = _number(money)
            if money and news["money_vnd_million"] is None:
                self.fault("money_vnd_million", _("Kinh phí là một số, tính bằng triệu đồng. Ví dụ: 1.250,5"))
        if (weight := self.changed.get("weight")) is not None:
            news["weight"] = int(weight) if weight.isdecimal() else 1
            if weight and not weight.isdecimal():
                self.fault("weight", _("Trọng số là số nguyên từ 1 đến 100."))
        return news


def _content(
    change: RowChange, task: Task | None, known: dict[str, Organisation | None]
) -> tuple[TaskContent, list[SheetFault]]:
    row = _Row(change, known)
    news: dict[str, Any] = {key: row.changed[key] for key in _PLAIN if key in row.changed}
    news |= row.bodies() | row.figures()
    base = content_of(task) if task else TaskContent(text="")
    return replace(base, **news), row.faults


def _unknown_bodies(names: Sequence[str]) -> str:
    return _("Chưa nhận ra: %(names)s. Đề nghị ghi tên chính thức, mỗi dòng một cơ quan.") % {"names": "; ".join(names)}


def _body(name: str, known: dict[str, Organisation | None]) -> Organisation | None:
    if name not in known:
        known[name] = organisation_typed(name) if name else None
    return known[name]


def _number(words: str) -> Decimal | None:
    """ "1.250,5" and "1250.5" alike; None for what is no number."""
    plain = words.replace(" ", "")
    if "," in plain or _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _draft_faults(
    programme: Programme, change: RowChange, task: Task | None, content: TaskContent, on: date
) -> list[SheetFault]:
    found = faults_of_drafts(programme, [replace(content, code=change.code or "moi")], on, edited=task, named=False)
    return [_at_cell(change, fault) for fault in found if fault.field != "code"]


def _at_cell(change: RowChange, fault: Fault) -> SheetFault:
    letters: Mapping[str, str] = {column.key: letter_of(column.key) for column in COLUMNS}
    letter = letters.get(fault.field, letters["text"])
    return SheetFault(f"{letter}{change.row.number}", change.row.number, fault.field, str(fault.text))


def _shown(fault: SheetFault) -> CellFault:
    return CellFault(fault.cell, fault.row, headings().get(fault.field, ""), _(fault.sentence))

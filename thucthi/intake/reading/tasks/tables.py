"""Reads tasks from the rows of tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.bodies import Gazetteer, NamedBody
from thucthi.intake.reading.shapes import HeaderRead, TaskRead, Warned
from thucthi.intake.reading.source import Cell, Line, Source, Table
from thucthi.intake.reading.tasks import doubts
from thucthi.intake.reading.tasks.grid import TaskRow, body_rows, group_title, is_group, is_under
from thucthi.intake.reading.tasks.guessing import guess_columns
from thucthi.intake.reading.tasks.headings import ColumnKind, Heading, find_heading
from thucthi.intake.reading.tasks.labels import Labelled, read_labels
from thucthi.intake.reading.tasks.wording import action_of, is_bulleted, opening_number
from thucthi.kernel.deadlines import parse_deadline

_LONGEST_STAMP = 40
_SURE, _GUESSED = 0.95, 0.5
_EACH_DOUBT = 0.1
_LONGEST_BODY_NAME = 90


def read_task_tables(source: Source, gazetteer: Gazetteer, header: HeaderRead) -> tuple[TaskRead, ...]:
    """One task for each row of every table whose columns are of tasks, or may be guessed to be."""
    tasks: list[TaskRead] = []
    heading: Heading | None = None
    group = _Group()
    for table, follows in _tables(source):
        own = find_heading(table)
        is_continued = follows and heading is not None and (own is None or own.kinds == heading.kinds)
        group = group if is_continued else _Group()
        heading = own or (_continued(table, heading) if is_continued else None) or guess_columns(table, gazetteer)
        if heading is None or not heading.is_of_tasks:
            heading = None
            continue
        reading = _TableReading(table, heading, gazetteer, header, group, is_guessed=own is None and not is_continued)
        tasks += reading.tasks(is_continued=is_continued, before=tasks)
        group = reading.group
    return tuple(tasks)


def table_warnings(source: Source, tasks: tuple[TaskRead, ...]) -> tuple[Warned, ...]:
    """Tables read without a heading."""
    guessed = [task for task in tasks if doubts.GUESSED_COLUMNS in task.doubts and task.cell]
    places = dict.fromkeys(str(task.cell).rsplit(" row", 1)[0] for task in guessed)
    return tuple(
        Warned(place.replace("table", "bảng"), doubts.GUESSED_COLUMNS + " Đề nghị kiểm tra từng cột.")
        for place in places
    )


def _tables(source: Source) -> list[tuple[Table, bool]]:
    """Each table, with whether nothing but a page's stamp stands between it and the one before."""
    found: list[tuple[Table, bool]] = []
    follows = False
    for block in source.blocks:
        if isinstance(block, Line):
            follows = follows and len(block.text) <= _LONGEST_STAMP and not block.is_strong
        else:
            found.append((block, follows))
            follows = True
    return found


def _continued(table: Table, heading: Heading | None) -> Heading | None:
    """The columns of the table before, for one that goes on with it."""
    width = max(len(row.cells) for row in table.rows)
    return Heading(heading.kinds, ()) if heading and len(heading.kinds) == width else None


@dataclass(frozen=True, slots=True)
class _Group:
    """The group of tasks that a row stands in, with what its own row says for all of them."""

    title: str | None = None
    lead: str = ""
    coordinators: str = ""
    deadline: str = ""


class _TableReading:
    def __init__(
        self,
        table: Table,
        heading: Heading,
        gazetteer: Gazetteer,
        header: HeaderRead,
        group: _Group,
        *,
        is_guessed: bool,
    ) -> None:
        self._table, self._heading, self._gazetteer, self._header = table, heading, gazetteer, header
        self._is_guessed = is_guessed
        self.group = group
        self._parents: list[tuple[str, _Group]] = []

    def tasks(self, *, is_continued: bool, before: Sequence[TaskRead]) -> list[TaskRead]:
        rows = body_rows(self._table, self._heading, is_continued=is_continued)
        found: list[TaskRead] = []
        for place, row in enumerate(rows):
            if is_group(row, rows[place + 1 :]):
                self._enter(row)
            elif self._goes_on(row) and found:
                found[-1] = self._joined(found[-1], row)
            elif row.own:
                found.append(self._task(row))
        return found

    def _enter(self, row: TaskRow) -> None:
        """A group's row: its title, and a lead when it is a body's name ("A. BỘ …") or has one in its column."""
        own = row.cell(ColumnKind.TASK) or (row.own[0] if row.own else None)
        title = group_title(own.text) if own else None
        lead = row.cell(ColumnKind.LEAD) if not row.is_merged_across else None
        said = lead.text if lead and lead is not own else self._body_named(title or "")
        deadline = row.cell(ColumnKind.DEADLINE) if not row.is_merged_across else None
        helpers = row.cell(ColumnKind.COORDINATORS) if not row.is_merged_across else None
        due = deadline.text if deadline and not parse_deadline(deadline.text).is_unreadable else ""
        self.group = _Group(title, said, helpers.text if helpers else "", due)
        self._parents.clear()

    def _body_named(self, title: str) -> str:
        bodies = self._gazetteer.split(title) if len(title) <= _LONGEST_BODY_NAME else ()
        return title if bodies and all(body.known or body.is_collective for body in bodies) else ""

    def _goes_on(self, row: TaskRow) -> bool:
        """The rest of a row that a page's end has cut, or more lines of the row above."""
        if row.index or not self._heading.places(ColumnKind.INDEX):
            return False
        task = row.cell(ColumnKind.TASK)
        if task is None:
            return True
        if task.is_repeat or is_bulleted(task.text):
            return False
        says_nobody = not row.cell(ColumnKind.LEAD) and not row.cell(ColumnKind.DEADLINE)
        return says_nobody or (row.is_first_of_part and task.text[:1].islower())

    def _joined(self, task: TaskRead, row: TaskRow) -> TaskRead:
        """The task with what its continued row adds to each field."""
        words = row.cell(ColumnKind.TASK)
        deadline, product = row.cell(ColumnKind.DEADLINE), row.cell(ColumnKind.PRODUCT)
        told = {"rest": words.text} if words else None
        own_deadline = task.deadline.raw if task.deadline else ""
        more = f"{own_deadline} {deadline.text}".strip() if deadline and not deadline.is_repeat else own_deadline
        return replace(
            task,
            lead=(*task.lead, *self._names(row, ColumnKind.LEAD, task.lead)),
            coordinators=(*task.coordinators, *self._names(row, ColumnKind.COORDINATORS, task.coordinators)),
            deadline=parse_deadline(more, issued_on=self._header.issued_on),
            product=" ".join(filter(None, (task.product, product.text if product and not product.is_repeat else "")))
            or None,
            doubts=(*task.doubts, *([doubts.BROKEN_ROW % told] if told else [])),
        )

    def _names(self, row: TaskRow, kind: ColumnKind, known: Sequence[str]) -> list[str]:
        cell = row.cell(kind)
        bodies = self._split(cell.text) if cell and not cell.is_repeat else ()
        return [body.name for body in bodies if body.name not in known]

    def _split(self, text: str) -> tuple[NamedBody, ...]:
        return self._gazetteer.split(text, self._header.issued_on)

    def _task(self, row: TaskRow) -> TaskRead:
        cell = row.cell(ColumnKind.TASK) or Cell("", row.row.start, row.row.end)
        number = opening_number(cell.text) if not row.index else None
        begins = number.end() if number else 0
        labelled = read_labels(cell.text[begins:])
        index = row.index or (number[0] if number else "")
        from_above = self._above(index)
        said = _Said(row, labelled, from_above)
        leads, helpers = self._split(said.lead), self._split(said.coordinators)
        deadline = parse_deadline(said.deadline, issued_on=self._header.issued_on)
        text = cell.text[begins : begins + labelled.end]
        self._parents.append((index, _Group(None, said.lead, said.coordinators, said.deadline)))
        found = [
            *doubts.about_leads(leads),
            *([doubts.INHERITED_LEAD] if said.is_lead_from_group else []),
            *doubts.about_deadline(deadline, self._header.issued_on),
            *([doubts.INHERITED_DEADLINE] if said.is_deadline_from_group else []),
            *([] if text else [doubts.NO_WORDS]),
            *([doubts.SHARED_WORDS] if cell.is_repeat else []),
            *([doubts.GUESSED_COLUMNS] if self._is_guessed else []),
        ]
        return TaskRead(
            text=text,
            start=cell.start + begins,
            end=cell.start + begins + len(text),
            cell=row.place,
            index=index.strip("(). -–+*•") or None,
            group=" ".join(row.texts(ColumnKind.GROUP)) or self.group.title,
            action=action_of(text) or None,
            lead=tuple(body.name for body in leads),
            coordinators=tuple(body.name for body in helpers),
            collective_lead=bool(leads) and all(body.is_collective for body in leads),
            deadline=deadline,
            product=said.get(ColumnKind.PRODUCT, "product") or None,
            resources=said.get(ColumnKind.RESOURCES, "resources") or None,
            head="; ".join(row.texts(ColumnKind.HEAD)) or None,
            confidence=self._confidence(found),
            doubts=tuple(found),
        )

    def _above(self, index: str) -> _Group:
        """What an empty cell takes: from the task whose number this one's begins with, else from the group's row."""
        for above, said in reversed(self._parents):
            if is_under(index, above) or (is_bulleted(f"{index} ") and not is_bulleted(f"{above} ")):
                lead, due = said.lead or self.group.lead, said.deadline or self.group.deadline
                return _Group(None, lead, said.coordinators, due)
        return self.group

    def _confidence(self, found: Sequence[str]) -> float:
        base = _GUESSED if self._is_guessed else _SURE
        return round(max(base - _EACH_DOUBT * min(len(found), 3), 0.1), 2)


class _Said:
    """The words for each field of one row: its own cell, a label inside the task's cell, the group's row."""

    def __init__(self, row: TaskRow, labelled: Labelled, above: _Group) -> None:
        self._row, self._labelled = row, labelled
        own_lead, own_deadline = self.get(ColumnKind.LEAD, "lead"), self.get(ColumnKind.DEADLINE, "deadline")
        self.is_lead_from_group = not own_lead and bool(above.lead)
        self.is_deadline_from_group = not own_deadline and bool(above.deadline)
        self.lead = own_lead or above.lead
        helpers = above.coordinators if self.is_lead_from_group else ""
        self.coordinators = self.get(ColumnKind.COORDINATORS, "coordinators") or helpers
        self.deadline = self._from_start(own_deadline) or above.deadline

    def get(self, kind: ColumnKind, label: str) -> str:
        cell = self._row.cell(kind)
        return cell.text if cell else self._labelled.said.get(label, "")

    def _from_start(self, deadline: str) -> str:
        """ "Bắt đầu" and "Kết thúc" in columns of their own make one range."""
        start = self._row.cell(ColumnKind.START)
        is_plain = re.fullmatch(r"[\d/.\-]+", start.text.strip()) if start else None
        return f"{start.text.strip()} - {deadline}" if start and is_plain and deadline else deadline

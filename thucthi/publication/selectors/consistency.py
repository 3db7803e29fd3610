"""The fifth check of a resolution: the published text equals the data (D13); and all five beside each other.

The newest published issue is compared, task by task, with what the data says of the moment the issue was prepared:
today's words with every decision taken back that was recorded after that moment, or that takes effect after the issue's
day. A decision recorded afterwards that took effect before that day makes the issue wrong too: it calls for a notice.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.monitoring.calculations.consistency_of_resolutions import Check, CheckKey, Line, Problem, check_of
from thucthi.monitoring.selectors.consistency_lists import lists_of
from thucthi.monitoring.selectors.consistency_of_resolutions import (
    Checked,
    Consistency,
    consistency_of,
    read_of,
)
from thucthi.monitoring.selectors.early import resolutions
from thucthi.programmes.calculations.resources import Sums
from thucthi.programmes.models import ChangedField, ProgrammeBasis, Task, TaskChange, TaskEvent, TaskEventKind
from thucthi.programmes.selectors.visibility import closed_programmes
from thucthi.publication import files
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors.public import public_tasks
from thucthi.publication.selectors.published import newest_published
from thucthi.publication.sheets import told_tasks

NO_ISSUE = (1, (Line("", "", Problem.NO_ISSUE),))
WORDS = 300


@dataclass(frozen=True)
class Frozen:
    """A task as an issue shows it; `lead` is the code of an organisation."""

    code: str
    text: str
    lead: str
    deadline: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """The same, as the data says it; `lead` by name, because a decision keeps names."""

    text: str
    lead: str
    deadline: str


@dataclass(frozen=True)
class ConsistencyBook:
    """All five checks of some resolutions; `issue` is the one the fifth looked at, None when none is out."""

    as_of: date
    issue: Snapshot | None
    rows: tuple[Consistency, ...]


@dataclass(frozen=True)
class ConsistencyPage:
    """One resolution, with the list behind each of its checks."""

    as_of: date
    issue: Snapshot | None
    row: Consistency
    lists: Mapping[CheckKey, Sequence[Line]]


def resolutions_checked(viewer: Viewer, as_of: date) -> QuerySet[Document]:
    """Issued by that day, the newest first; without their text."""
    return resolutions(viewer).filter(issued_on__lte=as_of).defer("text")


def consistency_book(viewer: Viewer, documents: Collection[Document], as_of: date) -> Answer[ConsistencyBook]:
    """`documents` are of `resolutions_checked`; the number of queries does not depend on how many.

    Kept, if it took long, for whoever sees the same programmes.
    """
    issue = newest_published()
    ids = tuple(row.pk for row in documents)
    question = ("consistency", ids, issue.pk if issue else None, closed_programmes(viewer), as_of)
    found = ANSWERS.answer(question, lambda: _checks(viewer, documents, issue, as_of))
    rows = tuple(Consistency(row, *found.value[row.pk]) for row in documents)
    return Answer(ConsistencyBook(as_of, issue, rows), found.kept_since)


def _checks(
    viewer: Viewer, documents: Collection[Document], issue: Snapshot | None, as_of: date
) -> dict[int, tuple[Mapping[CheckKey, Check], Sums]]:
    published = check_published(issue, documents)
    found = consistency_of(read_of(viewer, documents, as_of))
    return {pk: (_all_five(checked, published[pk]), checked.sums) for pk, checked in found.items()}


def _all_five(checked: Checked, published: tuple[int, Sequence[Line]]) -> Mapping[CheckKey, Check]:
    return {**checked.checks, CheckKey.PUBLISHED: check_of(CheckKey.PUBLISHED, *published)}


def consistency_page(viewer: Viewer, document: Document, as_of: date) -> ConsistencyPage:
    """One resolution; `document` comes from `document_for`."""
    issue = newest_published()
    published = check_published(issue, [document])[document.pk]
    read = read_of(viewer, [document], as_of)
    checked = consistency_of(read)[document.pk]
    row = Consistency(document, _all_five(checked, published), checked.sums)
    return ConsistencyPage(as_of, issue, row, {**lists_of(document, read, checked), CheckKey.PUBLISHED: published[1]})


def check_published(issue: Snapshot | None, documents: Iterable[Document]) -> dict[int, tuple[int, Sequence[Line]]]:
    """By document: how many were looked at, and the faults.

    An issue that is missing, or whose files are not on this machine, cannot be judged.
    """
    documents = list(documents)
    frozen = _frozen(issue)
    if issue is None or frozen is None:
        return {row.pk: NO_ISSUE for row in documents}
    wanted = {row.slug for row in documents}
    relevant = [row for row in frozen.values() if wanted.intersection(row.documents)]
    comparison = _Comparison(issue, {row.code: row for row in relevant}, documents)
    return {row.pk: comparison.check(row) for row in documents}


def _frozen(issue: Snapshot | None) -> Mapping[str, Frozen] | None:
    if issue is None:
        return None
    try:
        stamp = (files.issue_directory(issue.manifest_hash) / files.DATA).stat()
        return _read_issue(issue.manifest_hash, stamp.st_mtime_ns, stamp.st_size)
    except OSError:
        return None


@lru_cache(maxsize=4)
def _read_issue(manifest_hash: str, modified_ns: int, size: int) -> Mapping[str, Frozen]:
    """Kept while the file stands as it was: whoever changes it shall be found out. Raises FileNotFoundError."""
    data = json.loads(files.read_file(manifest_hash, files.DATA))
    return {row["code"]: _frozen_task(row) for row in told_tasks(data, partial(files.read_file, manifest_hash))}


def _frozen_task(row: Mapping[str, Any]) -> Frozen:
    return Frozen(row["code"], row["text"], row["lead"], row["deadline_text"], tuple(row["documents"]))


class _Comparison:
    """The issue beside the data; three queries."""

    def __init__(self, issue: Snapshot, frozen: Mapping[str, Frozen], documents: list[Document]) -> None:
        self.issue, self.frozen = issue, frozen
        changes = Prefetch("changes", queryset=TaskChange.objects.order_by("decided_on", "pk"))
        later = TaskEvent.objects.filter(kind=TaskEventKind.ISSUED, happened_on__gt=issue.as_of).values("task")
        bases = ProgrammeBasis.objects.filter(document__in=documents)
        under = public_tasks(issue.as_of).exclude(pk__in=later).filter(programme__in=bases.values("programme"))
        carried = ArraySubquery(bases.filter(programme=OuterRef("programme")).values("document"))
        rows: QuerySet[Any] = under.annotate(carried=carried).select_related("lead").prefetch_related(changes)
        self.tasks = {row.code: row for row in rows}
        codes = {row.lead for row in frozen.values()}
        self.names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "official_name"))

    def check(self, document: Document) -> tuple[int, Sequence[Line]]:
        published = [row for row in self.frozen.values() if document.slug in row.documents]
        live = [row for row in self.tasks.values() if document.pk in row.carried]
        lines = [line for row in published for line in self._lines(row)]
        lines += [
            Line(row.code, row.text[:WORDS], Problem.NOT_PUBLISHED) for row in live if row.code not in self.frozen
        ]
        missing = sum(row.code not in self.frozen for row in live)
        return len(published) + missing, lines

    def _lines(self, frozen: Frozen) -> Iterable[Line]:
        task = self.tasks.get(frozen.code)
        if task is None:
            yield Line(frozen.code, frozen.text[:WORDS], Problem.NOT_LIVE)
            return
        then = said_at(task, task.changes.all(), self.issue.as_of, self.issue.prepared_at)
        pairs = (
            (Problem.TEXT_DIFFERS, frozen.text, then.text),
            (Problem.LEAD_DIFFERS, self.names.get(frozen.lead, frozen.lead), then.lead),
            (Problem.DEADLINE_DIFFERS, frozen.deadline, then.deadline),
        )
        for problem, shown, kept in pairs:
            if shown != kept:
                yield Line(task.code, task.text[:WORDS], problem, f"{shown[:WORDS]} ≠ {kept[:WORDS]}")
        for change in task.changes.all():
            is_afterwards = change.decided_on <= self.issue.as_of and change.recorded_at > self.issue.prepared_at
            if is_afterwards and change.field in COMPARED:
                yield Line(task.code, task.text[:WORDS], Problem.DECIDED_AFTERWARDS, change.decision)


COMPARED = frozenset({ChangedField.TEXT, ChangedField.LEAD, ChangedField.DEADLINE})


def said_at(task: Task, changes: Iterable[TaskChange], as_of: date, moment: datetime) -> Said:
    """What the data said of the task at `moment` about the day `as_of`; `changes` by the day they were decided.

    A change of lead counts from the moment it was recorded, as issues show who leads when they are prepared.
    """
    rows = list(changes)
    lead = task.lead.official_name if task.lead else ""
    return Said(
        text=_then(rows, ChangedField.TEXT, task.text, as_of, moment),
        lead=_then(rows, ChangedField.LEAD, lead, date.max, moment),
        deadline=_then(rows, ChangedField.DEADLINE, task.deadline_raw, as_of, moment),
    )


def _then(rows: list[TaskChange], field: ChangedField, now: str, as_of: date, moment: datetime) -> str:
    undone = [row for row in rows if row.field == field and (row.decided_on > as_of or row.recorded_at > moment)]
    return undone[0].old_value if undone else now

"""Remarks on a task, in threads: what was said, what was answered, whether it is settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Organisation
from thucthi.kernel.errors import NotVisible
from thucthi.programmes.access import can_close_thread
from thucthi.programmes.models import Remark, RemarkClosing, Task


@dataclass(frozen=True)
class Thread:
    """A first remark with its answers, oldest first; `closing` None while it is open."""

    remark: Remark
    answers: tuple[Remark, ...]
    closing: RemarkClosing | None
    can_close: bool


@dataclass(frozen=True)
class Called:
    """Whom the names of a text stand for; `unknown` are those that stand for nobody."""

    accounts: tuple[Account, ...]
    organisations: tuple[Organisation, ...]
    unknown: tuple[str, ...]


def first_remarks(task: Task) -> QuerySet[Remark]:
    """One per thread: open ones first, the newest on top."""
    return (
        Remark.objects.filter(task=task, answers__isnull=True)
        .select_related("author", "organisation", "closing__by")
        .order_by(F("closing__closed_at").desc(nulls_first=True), "-written_at", "-pk")
    )


def threads(firsts: Iterable[Remark], viewer: Viewer, task: Task) -> list[Thread]:
    """The threads of these first remarks; one query for all their answers."""
    rows = list(firsts)
    answers: dict[int | None, list[Remark]] = {row.pk: [] for row in rows}
    said = Remark.objects.filter(answers__in=rows).select_related("author", "organisation")
    for answer in said.order_by("written_at", "pk"):
        answers[answer.answers_id].append(answer)
    return [
        Thread(
            remark=row,
            answers=tuple(answers[row.pk]),
            closing=getattr(row, "closing", None),
            can_close=can_close_thread(viewer, row.author_id, task.lead_id),
        )
        for row in rows
    ]


def first_remark_for(task: Task, pk: int) -> Remark:
    """The first remark of a thread of this task. Raises NotVisible."""
    found = Remark.objects.filter(task=task, pk=pk, answers__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def called_upon(names: Iterable[str]) -> Called:
    """Accounts by their name, organisations by their code; an account goes first where both have the name."""
    wanted = tuple(names)
    accounts = {row.username.lower(): row for row in Account.objects.filter(username__in=wanted, is_active=True)}
    left = [name for name in wanted if name.lower() not in accounts]
    bodies = {row.code: row for row in Organisation.objects.filter(code__in=[name.lower() for name in left])}
    return Called(
        accounts=tuple(accounts.values()),
        organisations=tuple(bodies.values()),
        unknown=tuple(name for name in left if name.lower() not in bodies),
    )


def speaks_as(viewer: Viewer) -> QuerySet[Organisation]:
    """In whose name the viewer may remark: the organisations where it works."""
    return Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key")

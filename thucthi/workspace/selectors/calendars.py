"""The days of an account, an organisation or a document, for calendar programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from thucthi.directory.access import WORKING_ROLES, Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import viewer_of
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.canonical import sha256_hex
from thucthi.obstacles.models import Obstacle
from thucthi.obstacles.selectors import visible_obstacles
from thucthi.obstacles.selectors.ladder import standing_hops
from thucthi.programmes.models import ChangedField, Checkpoint, Programme, Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import AfterCheck, AfterCheckResult, Obligation
from thucthi.reporting.selectors.obligations import still_reports
from thucthi.workspace.calculations import Happening
from thucthi.workspace.models import CalendarKey

MOST_OF_A_KIND = 1_000
# Of what was entered before changes were recorded.
SINCE_EVER = datetime(2025, 1, 1, tzinfo=UTC)
BACK, AHEAD = timedelta(days=60), timedelta(days=1_100)


@dataclass(frozen=True)
class Subscription:
    """What an address of a calendar opens: whose rights, which part of the world."""

    key: CalendarKey
    viewer: Viewer


@dataclass(frozen=True)
class Days:
    """A calendar: its name and what is due, by day."""

    name: str
    happenings: tuple[Happening, ...]


def subscription_behind(secret: str) -> Subscription | None:
    """None for an unknown or revoked address, and for an account that is closed or works nowhere any more."""
    found = CalendarKey.objects.select_related("account", "organisation", "document")
    key = found.filter(secret_hash=sha256_hex(secret.encode()), revoked_at__isnull=True).first()
    viewer = viewer_of(key.account) if key else None
    return Subscription(key, viewer) if key and viewer and may_work(viewer) else None


def calendar_keys_of(viewer: Viewer) -> QuerySet[CalendarKey]:
    """Those in use first."""
    rows = CalendarKey.objects.filter(account=viewer.account_id).select_related("organisation", "document")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-pk")


def days_of(subscription: Subscription, on: date) -> Days:
    """With the rights that the account has at this moment; at most `MOST_OF_A_KIND` of each kind."""
    key, viewer = subscription.key, subscription.viewer
    if key.document is not None:
        found, name = _of_document(viewer, key.document, on), str(key.document)
    elif key.organisation is not None:
        found, name = _of_bodies(viewer, _readable(viewer, key.organisation), on), key.organisation.short_name
    else:
        found, name = _of_bodies(viewer, viewer.organisation_ids(), on), _("Việc của tôi")
    ordered = sorted(found, key=lambda one: (one.day, one.uid))
    return Days(_("Thực Thi – %(name)s") % {"name": name}, tuple(ordered))


def _readable(viewer: Viewer, body: Organisation) -> frozenset[int]:
    """Its reports and desks are for those who work there or above."""
    return frozenset({body.pk} if viewer.is_in_or_above(body.path, *WORKING_ROLES) else ())


def _of_bodies(viewer: Viewer, bodies: frozenset[int], on: date) -> list[Happening]:
    tasks = visible_tasks(viewer).filter(lead__in=bodies)
    checkpoints = Checkpoint.objects.filter(
        examiner__in=bodies, frame__document__in=visible_documents(viewer).order_by().values("pk")
    )
    return [
        *_obligations(bodies, on),
        *_task_ends(tasks, on),
        *_checkpoints(checkpoints, on),
        *_hops(viewer, bodies, on),
        *_after_checks(bodies, on),
    ]


def _of_document(viewer: Viewer, document: Document, on: date) -> list[Happening]:
    if not visible_documents(viewer).filter(pk=document.pk).exists():
        return []
    programmes = Programme.objects.filter(bases=document).values("pk")
    checkpoints = Checkpoint.objects.filter(frame__document=document)
    return [*_task_ends(visible_tasks(viewer).filter(programme__in=programmes), on), *_checkpoints(checkpoints, on)]


def _within(on: date, field: str) -> Q:
    return Q(**{f"{field}__gte": on - BACK, f"{field}__lte": on + AHEAD})


def _obligations(bodies: frozenset[int], on: date) -> Iterable[Happening]:
    """What is still to be reported; an answered duty leaves the calendar."""
    owed = Obligation.objects.filter(_within(on, "due_on"), organisation__in=bodies, reports__isnull=True)
    rows = owed.filter(still_reports(on)).select_related("task")
    for row in rows.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        path = reverse("reporting:edit_report", kwargs={"code": row.task.code, "period_key": row.period_key})
        title = _("Hạn báo cáo %(code)s, kỳ %(period)s") % {"code": row.task.code, "period": row.period_key}
        yield _happening(
            f"obligation-{row.pk}", row.due_on, (title, row.task.text), path=path, changed_at=row.created_at
        )


def _task_ends(tasks: QuerySet[Task], on: date) -> Iterable[Happening]:
    issued = tasks.filter(_within(on, "resolved_end"), is_issued=True).prefetch_related("changes", "events")
    for row in issued.order_by("resolved_end", "pk")[:MOST_OF_A_KIND]:
        moves = [change for change in row.changes.all() if change.field == ChangedField.DEADLINE]
        recorded = [event.recorded_at for event in row.events.all()] + [move.recorded_at for move in moves]
        title = _("Thời hạn nhiệm vụ %(code)s") % {"code": row.code}
        path = reverse("workspace:task_progress", kwargs={"code": row.code})
        changed_at = max(recorded, default=SINCE_EVER)
        if row.resolved_end:
            yield _happening(
                f"task-{row.pk}",
                row.resolved_end,
                (title, row.text),
                path=path,
                changed_at=changed_at,
                sequence=len(moves),
            )


def _checkpoints(checkpoints: QuerySet[Checkpoint], on: date) -> Iterable[Happening]:
    rows = checkpoints.filter(_within(on, "due_on")).select_related("frame__document").prefetch_related("moves")
    for row in rows.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        moves = list(row.moves.all())
        path = reverse("programmes:frame", kwargs={"slug": row.frame.document.slug})
        changed_at = max((move.recorded_at for move in moves), default=SINCE_EVER)
        title = _("Mốc kiểm tra %(code)s") % {"code": row.code}
        yield _happening(
            f"checkpoint-{row.pk}",
            row.due_on,
            (title, row.text),
            path=path,
            changed_at=changed_at,
            sequence=len(moves),
        )


def _hops(viewer: Viewer, bodies: frozenset[int], on: date) -> Iterable[Happening]:
    """Obstacles that lie with these bodies now, until somebody decides."""
    here = standing_hops(Q(organisation__in=bodies))
    rows = here.filter(_within(on, "due_on"), obstacle__in=visible_obstacles(viewer))
    for row in rows.select_related("obstacle").order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        obstacle = cast(Obstacle, row.obstacle)
        title = _("Hạn quyết định điểm nghẽn %(code)s") % {"code": obstacle.code}
        path = reverse("obstacles:obstacle", kwargs={"code": obstacle.code})
        yield _happening(
            f"hop-{row.pk}", row.due_on, (title, obstacle.asked_what), path=path, changed_at=row.recorded_at
        )


def _after_checks(bodies: frozenset[int], on: date) -> Iterable[Happening]:
    done = AfterCheckResult.objects.filter(check_of=OuterRef("pk"))
    rows = AfterCheck.objects.filter(_within(on, "due_on"), ~Exists(done), examiner__in=bodies).select_related("task")
    for row in rows.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        title = _("Kiểm tra lại kết quả %(code)s") % {"code": row.task.code}
        path = reverse("workspace:task_progress", kwargs={"code": row.task.code})
        yield _happening(f"after-check-{row.pk}", row.due_on, (title, row.what), path=path, changed_at=row.recorded_at)


def _happening(
    name: str, day: date, words: tuple[str, str], *, path: str, changed_at: datetime, sequence: int = 0
) -> Happening:
    """`words`: title and text."""
    return Happening(f"{name}@thuc-thi", day, *words, settings.SITE_URL + path, sequence, changed_at)

"""What waits for a decision or an answer of the viewer's organisations, whatever kind of thing it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Role
from thucthi.kernel.composed import Composed, among, given_day, given_ids
from thucthi.obstacles.access import ANSWERING_ROLES
from thucthi.obstacles.models import (
    ANSWERING,
    CoordinationRequest,
    Hop,
    LadderRung,
    Obstacle,
    Refusal,
    RequestStep,
)
from thucthi.obstacles.selectors.ladder import last_answer, last_step, standing_hops
from thucthi.obstacles.selectors.register import obstacles_seen_by_given
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.visibility import told_of_sight
from thucthi.reporting.models import AfterCheck, AfterCheckResult
from thucthi.workspace.selectors.addresses import address_if_any, address_of_request

SHOWN = 10


@dataclass(frozen=True)
class Waiting:
    """One thing on a desk. `due_on` None: no day was set; `days_left` is negative when it has passed."""

    kind: str
    title: str
    asked_by: str
    due_on: date | None
    days_left: int | None
    path: str
    button: str


@dataclass(frozen=True)
class Desk:
    """The most urgent of what waits, and how many there are in all."""

    shown: tuple[Waiting, ...]
    total: int


def desk_of(viewer: Viewer, on: date) -> Desk:
    """Obstacles and requests that lie with the viewer's bodies, refusals to rule on, results to look at again."""
    own = sorted(viewer.organisation_ids(*ANSWERING_ROLES))
    if not own:
        return Desk((), 0)
    found: list[Waiting] = []
    total = 0
    for rows, shape in _readings(viewer, own, on):
        total += rows[0].of_all if rows else 0
        found += [shape(row, on) for row in rows]
    found.sort(key=lambda row: (row.due_on is None, row.due_on or on))
    return Desk(tuple(found[:SHOWN]), total)


def _readings(viewer: Viewer, own: list[int], on: date) -> Iterator[tuple[list[Any], Callable[[Any, date], Waiting]]]:
    """Of each kind the first that wait; only heads rule on refusals, only examiners look again."""
    sees, seen = told_of_sight(viewer)
    heads = sorted(viewer.organisation_ids(Role.HEAD))
    examining = sorted(viewer.organisation_ids(Role.HEAD, Role.APPROVER, Role.VERIFIER))
    yield _STANDING.rows(own=own), _of_hop
    yield _BARE_OBSTACLES.rows(sees, own=own, **seen), _of_obstacle
    yield _REQUESTS.rows(own=own), _of_request
    if heads:
        yield _REFUSALS.rows(heads=heads), _of_refusal
    if examining:
        yield _AFTER_CHECKS.rows(examining=examining, day=on), _of_after_check


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.annotate(of_all=Window(Count("pk")))[:SHOWN]
    return counted


def _standing() -> QuerySet[Hop]:
    hops = standing_hops(Q(among("organisation", "own")))
    hops = hops.select_related("obstacle__raised_by_organisation", "request__asking")
    return _counted(hops.order_by("due_on", "pk"))


def _bare_obstacles(sees: str) -> QuerySet[Obstacle]:
    """Put to us before any clock ran."""
    return _counted(
        obstacles_seen_by_given(sees)
        .filter(~Exists(Hop.objects.filter(obstacle=OuterRef("pk"))), among("asked_of", "own"))
        .annotate(last_step=last_step(OuterRef("pk")))
        .exclude(last_step__in=ANSWERING)
        .select_related("raised_by_organisation")
        .order_by("due_on", "pk")
    )


def _requests() -> QuerySet[CoordinationRequest]:
    """Asked of us and not fully answered, or sent back as insufficient; those on the ladder stand there."""
    return _counted(
        CoordinationRequest.objects.filter(among("asked", "own"))
        .filter(~Exists(Hop.objects.filter(request=OuterRef("pk"), organisation=OuterRef("asked"))))
        .annotate(last_answer=last_answer(OuterRef("pk")))
        .exclude(last_answer__in=[RequestStep.Kind.FULL, RequestStep.Kind.WITHDRAWN])
        .select_related("asking")
        .order_by("due_on", "pk")
    )


def _refusals() -> QuerySet[Refusal]:
    """Bodies below that say a duty is not theirs; nobody ruled on it yet."""
    heads = given_ids("heads")
    return _counted(
        Refusal.objects.filter(organisation__path__overlap=heads, ruling__isnull=True)
        .exclude(among("organisation", "heads"))
        .select_related("organisation", "obstacle", "request", "task")
        .order_by("refused_on", "pk")
    )


def _after_checks() -> QuerySet[AfterCheck]:
    done = AfterCheckResult.objects.filter(check_of=OuterRef("pk"))
    return _counted(
        AfterCheck.objects.filter(~Exists(done), among("examiner", "examining"), due_on__lte=given_day("day"))
        .select_related("task", "examiner")
        .order_by("due_on", "pk")
    )


_STANDING = Composed("workspace_standing", _standing)
_BARE_OBSTACLES = Composed("workspace_bare_obstacles", _bare_obstacles)
_REQUESTS = Composed("workspace_requests", _requests)
_REFUSALS = Composed("workspace_refusals", _refusals)
_AFTER_CHECKS = Composed("workspace_after_checks", _after_checks)


def _of_hop(hop: Hop, on: date) -> Waiting:
    if hop.obstacle is not None:
        waiting, asked_by = hop.obstacle.asked_what, hop.obstacle.raised_by_organisation.short_name
        path = reverse("obstacles:obstacle", kwargs={"code": hop.obstacle.code})
    else:
        request = cast(CoordinationRequest, hop.request)
        waiting, asked_by, path = request.text, request.asking.short_name, address_of_request(request.code)
    kind, act = _("Chờ quyết định"), _("Quyết định")
    if hop.rung == LadderRung.OWNER:
        kind, act = (_("Điểm nghẽn") if hop.obstacle is not None else _("Đề nghị phối hợp")), _("Trả lời")
    return Waiting(kind, waiting, asked_by, hop.due_on, (hop.due_on - on).days, path, act)


def _of_obstacle(row: Obstacle, on: date) -> Waiting:
    path = reverse("obstacles:obstacle", kwargs={"code": row.code})
    asked_by = row.raised_by_organisation.short_name
    return Waiting(_("Điểm nghẽn"), row.asked_what, asked_by, row.due_on, (row.due_on - on).days, path, _("Trả lời"))


def _of_request(row: CoordinationRequest, on: date) -> Waiting:
    path, asked_by = address_of_request(row.code), row.asking.short_name
    return Waiting(_("Đề nghị phối hợp"), row.text, asked_by, row.due_on, (row.due_on - on).days, path, _("Trả lời"))


def _of_refusal(row: Refusal, on: date) -> Waiting:
    path = address_if_any("obstacles:refusal", pk=row.pk) or _address_of_refused(row)
    return Waiting(_("Từ chối thẩm quyền"), row.reason, row.organisation.short_name, None, None, path, _("Kết luận"))


def _address_of_refused(row: Refusal) -> str:
    if row.obstacle is not None:
        return reverse("obstacles:obstacle", kwargs={"code": row.obstacle.code})
    if row.request is not None:
        return address_of_request(row.request.code)
    return reverse("workspace:task_progress", kwargs={"code": cast(Task, row.task).code})


def _of_after_check(row: AfterCheck, on: date) -> Waiting:
    path = reverse("workspace:task_progress", kwargs={"code": row.task.code})
    days = (row.due_on - on).days
    return Waiting(_("Kiểm tra lại kết quả"), row.what, row.task.code, row.due_on, days, path, _("Kiểm tra"))

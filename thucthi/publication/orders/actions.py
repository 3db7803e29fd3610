"""Asking the worker for an issue, and what it says of it. What is made is made by the actions of publication."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.publication import access
from thucthi.publication.calculations import issue_of
from thucthi.publication.models import IssueOrder, OrderedWork, Snapshot, SnapshotPublication
from thucthi.publication.orders.selectors import lost_orders, why_lost
from thucthi.publication.selectors.refusals import faults_of_clock, faults_of_request, faults_of_snapshot

CARRY_OUT = "publication.carry_out_order"


@transaction.atomic
def order_preparation(
    *, by: Viewer, kind: str, as_of: date, cut_off_at: datetime | None = None, corrects: Snapshot | None = None
) -> IssueOrder:
    """As `prepare_snapshot`, by the worker. Raises what can be told at once, and Stale while it is under way."""
    require(access.may_prepare(by), _("Chỉ cơ quan thường trực chỉ đạo mới chuẩn bị kỳ công bố."))
    refuse_if([*faults_of_clock(timezone.now()), *faults_of_request(kind, as_of, cut_off_at, corrects)])
    order = IssueOrder(work=OrderedWork.PREPARE, kind=kind, issue=issue_of(kind, as_of).key, as_of=as_of)
    order.cut_off_at, order.corrects = cut_off_at, corrects
    return _give(order, by)


@transaction.atomic
def order_publication(snapshot: Snapshot, *, by: Viewer) -> IssueOrder:
    """As `publish_snapshot`, by the worker. Raises what can be told at once, and Stale while it is under way."""
    require(access.may_publish(by), _("Chỉ người có vai trò công bố mới phát hành được kỳ công bố."))
    require(
        access.can_publish(by, snapshot.prepared_by_id),
        _("Kỳ này do chính ông/bà chuẩn bị; việc phát hành phải do người khác thực hiện."),
    )
    refuse_if([*faults_of_clock(timezone.now()), *faults_of_snapshot(snapshot)])
    same = SnapshotPublication.objects.filter(kind=snapshot.kind, issue=snapshot.issue, version=snapshot.version)
    if same.exists():
        raise Stale(_("Kỳ %(issue)s đã được phát hành.") % {"issue": snapshot.name})
    order = IssueOrder(work=OrderedWork.PUBLISH, kind=snapshot.kind, issue=snapshot.issue, as_of=snapshot.as_of)
    order.snapshot = snapshot
    return _give(order, by)


def _give(order: IssueOrder, by: Viewer) -> IssueOrder:
    require(by.account_id is not None, _("Việc này phải do một người làm, không phải hệ thống."))
    before = lost_orders().filter(work=order.work, kind=order.kind, issue=order.issue)
    IssueOrder.objects.filter(pk__in=[each.pk for each in before]).update(ended_at=Now(), trouble=why_lost())
    order.asked_by_id = by.account_id or 0
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        sentence = _("Kỳ %(issue)s đang được làm theo một yêu cầu trước. Xin chờ việc đó xong rồi xem lại.")
        raise Stale(sentence % {"issue": order.issue}) from error
    record(
        "issue.ordered",
        by=by,
        subject=order,
        work=str(order.work),
        kind=str(order.kind),
        issue=order.issue,
        as_of=order.as_of,
        cut_off_at=order.cut_off_at,
        manifest_hash=order.snapshot.manifest_hash if order.snapshot else "",
    )
    order.job = app.configure_task(CARRY_OUT).defer(order_id=order.pk)
    order.save(update_fields=["job"])
    return order


@transaction.atomic
def begin_order(order: IssueOrder, *, by: Viewer) -> bool:
    """Whether there is anything left to do; also for the next worker after one that was killed at it."""
    if not IssueOrder.objects.filter(pk=order.pk, ended_at=None).update(begun_at=timezone.now()):
        return False
    record("issue_order.begun", by=by, subject=order)
    return True


@transaction.atomic
def end_in_trouble(order: IssueOrder, *, by: Viewer, sentence: str) -> None:
    """Nothing came of it, or it was published and something after that went wrong; the first sentence stands."""
    standing = IssueOrder.objects.filter(pk=order.pk, trouble="")
    if standing.update(trouble=sentence, ended_at=Coalesce("ended_at", Now())):
        record("issue_order.troubled", by=by, subject=order, sentence=sentence)

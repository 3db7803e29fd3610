"""What the worker does: issues are prepared when their hour has come; publishing always takes a person to order it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import ThucThiError
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.publication.actions import prepare_snapshot, publish_snapshot
from thucthi.publication.front import show_what_was_signed
from thucthi.publication.models import IssueOrder, OrderedWork
from thucthi.publication.orders.actions import CARRY_OUT, begin_order, end_in_trouble
from thucthi.publication.selectors.published import runs_to_prepare
from thucthi.publication.sweeping import sweep_the_bucket


# The hours are settings (THUCTHI_ISSUE_…); asking often also makes up for a run that was missed.
@app.periodic(cron="*/10 * * * *")
@app.task(name="publication.prepare_due", queueing_lock="publication.prepare_due", lock=ONE_AT_A_TIME)
def prepare_due(timestamp: int) -> None:
    show_what_was_signed()
    for run in runs_to_prepare(timezone.now()):
        prepare_snapshot(by=SYSTEM, kind=run.kind, as_of=run.as_of, cut_off_at=run.cut_off_at)


@app.periodic(cron="41 * * * *")
@app.task(name="publication.sweep_bucket", queueing_lock="publication.sweep_bucket", lock=ONE_AT_A_TIME)
def sweep_bucket(timestamp: int) -> None:
    sweep_the_bucket(timezone.now())


@app.task(name=CARRY_OUT, lock=ONE_AT_A_TIME)
def carry_out_order(order_id: int) -> None:
    """Once, however often the job runs, with the rights of today. Whatever goes wrong, the page gets a sentence."""
    order = IssueOrder.objects.select_related("asked_by", "corrects", "snapshot").get(pk=order_id)
    if not begin_order(order, by=SYSTEM):
        return
    try:
        _carry_out(order, viewer_of(order.asked_by))
    except ThucThiError as fault:
        end_in_trouble(order, by=SYSTEM, sentence=str(fault))
    except Exception:
        # Known to nobody yet: the person is not left waiting, and the failed job shows it to the operator.
        sentence = _("Máy chủ gặp lỗi nên việc này chưa xong; các kỳ đã phát hành còn nguyên. Đề nghị báo quản trị.")
        end_in_trouble(order, by=SYSTEM, sentence=sentence)
        raise


def _carry_out(order: IssueOrder, by: Viewer) -> None:
    if order.work == OrderedWork.PUBLISH and order.snapshot is not None:
        publish_snapshot(order.snapshot, by=by, order=order)
        return
    prepare_snapshot(
        by=by, kind=order.kind, as_of=order.as_of, cut_off_at=order.cut_off_at, corrects=order.corrects, order=order
    )

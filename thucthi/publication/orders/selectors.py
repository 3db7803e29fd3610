"""What is given to the worker, and how it stands."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from thucthi.directory.access import Viewer
from thucthi.programmes.models import Task
from thucthi.publication import access
from thucthi.publication.models import IssueOrder, OrderedWork, Snapshot

# Measured on two cores on 2026-12-01. 100,000 tasks took eight minutes: these take the half minute that the page tells.
MOST_TASKS_ON_A_PAGE = 5_000
# 222,000 files were compared in 80 seconds: these are in seven.
MOST_FILES_ON_A_PAGE = 20_000
SHOWN = 10


def is_long_to_prepare() -> bool:
    """More issued tasks that everybody sees than a page can wait for."""
    tasks = Task.objects.filter(programme__is_open=True).order_by()
    return tasks[: MOST_TASKS_ON_A_PAGE + 1].count() > MOST_TASKS_ON_A_PAGE


def is_long_to_publish(snapshot: Snapshot) -> bool:
    return snapshot.file_count > MOST_FILES_ON_A_PAGE


class OrderState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class OrderLine:
    """`minutes`: what it took, at least one; `minutes_before`: what the last one of its kind took. None: not known."""

    order: IssueOrder
    state: OrderState
    trouble: str
    minutes: int | None
    minutes_before: int | None

    @property
    def is_open(self) -> bool:
        return self.state in {OrderState.WAITING, OrderState.WORKING}


def newest_orders(viewer: Viewer) -> list[OrderLine]:
    """The last few, newest first."""
    return [_line(order) for order in _orders_for(viewer)[:SHOWN]]


def newest_publishing_of(snapshot: Snapshot, viewer: Viewer) -> OrderLine | None:
    order = _orders_for(viewer).filter(work=OrderedWork.PUBLISH, snapshot=snapshot).first()
    return _line(order) if order else None


def lost_orders() -> QuerySet[IssueOrder]:
    """Without an end, and the queue has given their job up: its worker was killed at each attempt."""
    return IssueOrder.objects.filter(~Exists(_jobs_to_come()), ended_at=None)


def why_lost() -> str:
    return _(
        "Máy chủ bị dừng giữa chừng nhiều lần nên việc này không được làm tiếp; chưa có gì thay đổi. "
        "Xin yêu cầu lại; nếu vẫn vậy, xin báo người quản trị máy chủ."
    )


def _jobs_to_come() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(pk=OuterRef("job"), status__in=["todo", "doing"])


def _orders_for(viewer: Viewer) -> QuerySet[IssueOrder]:
    if not access.may_see_issues(viewer):
        return IssueOrder.objects.none()
    took = F("ended_at") - F("begun_at")
    done = IssueOrder.objects.filter(trouble="", ended_at__isnull=False)
    before = done.filter(work=OuterRef("work"), kind=OuterRef("kind"), pk__lt=OuterRef("pk")).order_by("-pk")
    rows = IssueOrder.objects.select_related("asked_by", "snapshot")
    return rows.annotate(
        is_to_come=Exists(_jobs_to_come()),
        took=took,
        took_before=Subquery(before.annotate(took=took).values("took")[:1]),
    ).order_by("-pk")


def _line(order: Any) -> OrderLine:
    state, trouble = _state(order), order.trouble
    if state is OrderState.TROUBLE and not trouble:
        trouble = why_lost()
    return OrderLine(order, state, trouble, _minutes(order.took), _minutes(order.took_before))


def _state(order: Any) -> OrderState:
    if order.ended_at is not None:
        return OrderState.TROUBLE if order.trouble else OrderState.DONE
    if not order.is_to_come:
        return OrderState.TROUBLE
    return OrderState.WORKING if order.begun_at else OrderState.WAITING


def _minutes(took: timedelta | None) -> int | None:
    return None if took is None else max(1, round(took.total_seconds() / 60))

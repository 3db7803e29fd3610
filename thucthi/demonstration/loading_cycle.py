"""A calendar that begins next year, a chain with a report on its way, an absence, checks after closing."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from thucthi.demonstration.loading_people import viewer_named
from thucthi.directory.actions import NewDelegation, delegate
from thucthi.directory.models import Account, Organisation, Role
from thucthi.documents.models import Document
from thucthi.programmes.models import Task
from thucthi.reporting.actions import (
    NewAfterCheck,
    NewCalendar,
    NewRoute,
    ReportContent,
    accept_report,
    record_after_check,
    set_after_check,
    set_calendar,
    set_route,
    submit_report,
)
from thucthi.reporting.models import OpenDuty, OpenState
from thucthi.reporting.selectors import tasks_that_report

OFFICE = "thuong-truc-1"
CLOSED = "ct-cp-nq57-001"
BASIS = "Quyết định mô phỏng số 01"
NEXT_YEAR = date(2027, 1, 1)


def load_cycle(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """After the story and this week's obligations: nothing here changes what is owed this year."""
    for level, rhythm, grace in (("province", "monthly", 2), ("", "half_yearly", 0), ("", "yearly", 5)):
        set_calendar(
            documents["nq57"],
            by=viewer_named(OFFICE),
            new=NewCalendar(level=level, rhythm=rhythm, basis=BASIS, valid_from=NEXT_YEAR, grace_days=grace),
        )
    _climb(documents["nq57"])
    _lend(organisations["bkhcn"])
    _look_again(organisations["ttcp"])


def _climb(document: Document) -> None:
    """A province's report has its own head's agreement and waits for the owner of the programme."""
    today = timezone.localdate()
    set_route(
        document,
        by=viewer_named(OFFICE),
        new=NewRoute(level="province", rungs=("own_head", "owner", "verifier"), basis=BASIS, valid_from=today),
    )
    owed = OpenDuty.objects.filter(
        organisation__level="province", state=OpenState.OWED, programme__bases=document, period_end__gte=today
    ).select_related("obligation__organisation", "task")
    duty = owed.order_by("task__code").first()
    if duty is None:
        return
    code = duty.obligation.organisation.code
    report = submit_report(
        duty.obligation,
        by=viewer_named(f"bao-cao-{code}"),
        content=ReportContent("on_plan", Decimal(42), "Đã hoàn thành phần việc của quý (mô phỏng).", is_simulated=True),
        idempotency_key=uuid5(NAMESPACE_URL, duty.task.code),
        version=0,
        at=timezone.now(),
    )
    accept_report(
        report,
        by=viewer_named(f"dung-dau-{code}"),
        content_hash=report.content_hash,
        progress_accepted=None,
        note="Đồng ý với nội dung báo cáo (mô phỏng).",
        at=timezone.now(),
    )


def _lend(ministry: Organisation) -> None:
    today = timezone.localdate()
    giver, receiver = (Account.objects.get(username=name) for name in ("dung-dau-bkhcn", "nghiem-thu-bkhcn"))
    new = NewDelegation(
        giver=giver,
        organisation=ministry,
        role=Role.HEAD,
        receiver=receiver,
        valid_from=today,
        valid_to=today + timedelta(days=13),
        reason="Đi công tác (mô phỏng)",
    )
    delegate(by=viewer_named(giver.username), new=new, on=today)


def _look_again(examiner: Organisation) -> None:
    """One check made, one to come."""
    today, task = timezone.localdate(), Task.objects.get(code=CLOSED)
    if tasks_that_report(today).filter(pk=task.pk).exists():
        return
    past, _to_come = (
        set_after_check(
            task,
            by=viewer_named("nghiem-thu-cp"),
            new=NewAfterCheck(
                due_on=today + timedelta(days=days),
                examiner=examiner,
                what="Văn bản đã ban hành có được thực hiện không (mô phỏng).",
                is_simulated=True,
            ),
            on=today,
        )
        for days in (-20, 160)
    )
    record_after_check(
        past,
        by=viewer_named(f"dung-dau-{examiner.code}"),
        finding="partly",
        text="Đã thực hiện ở 21/34 tỉnh, thành phố (mô phỏng).",
        on=today - timedelta(days=18),
    )

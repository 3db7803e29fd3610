"""Notices: derived from facts by the system, looked at by the account they are for (D22, D60)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.actions import record
from thucthi.reporting.selectors.obligations import tasks_that_report
from thucthi.workspace import access
from thucthi.workspace.actions import notice_sources as sources
from thucthi.workspace.models import Notice, NoticeChoice, Reason
from thucthi.workspace.selectors.addresses import address_if_any, address_of_request

NOTICES_LOCK = 7310
# A worker that stood still for a week loses no notice; older matters stand on the page of one's work all the same.
WINDOW = timedelta(days=7)
# Grace ends at most twenty working days after the due day, and Tết may lie between.
LONGEST_GRACE = timedelta(days=45)
WORKING_DAYS_OF_SILENCE = 3
DAYS_BEFORE = 2
# Of each table of facts, and of new notices in one transaction: what is left over comes in the next run.
NEWEST_FACTS = 50_000
AT_ONCE = 20_000
# Duties are looked through so many bodies at a time, so that no statement runs into its limit of ten seconds.
BODIES_AT_ONCE = 2_500
SLICES = """
SELECT min(id), max(id)
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS slice FROM directory_organisation) ordered
GROUP BY slice ORDER BY slice"""
SOURCES = (
    (Reason.RETURNED, sources.RETURNED),
    (Reason.OVERDUE, sources.OVERDUE),
    (Reason.OVERDUE, sources.SILENT),
    (Reason.MENTIONED, sources.MENTIONED),
    (Reason.TO_ACCEPT, sources.TO_ACCEPT),
    (Reason.TO_DECIDE, sources.HOPS),
    (Reason.TO_DECIDE, sources.OBSTACLES),
    (Reason.TO_DECIDE, sources.REFUSALS),
    (Reason.TO_DECIDE, sources.AFTER_CHECKS),
    (Reason.ASKED, sources.ASKED),
    (Reason.DUE_SOON, sources.DUE_SOON),
)


@transaction.atomic
def derive_notices(*, by: Viewer, at: datetime) -> int:
    """Tell whoever must know of what happened in the last seven days; returns how many notices are new.

    Safe to repeat and to run twice at once: an account is told of one thing once. At most `AT_ONCE` per source; call
    again until nothing is new.
    """
    require(access.may_run_the_post(by), _("Chỉ hệ thống lập thông báo."))
    reports, reports_on = _still_reports(localdate(at))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NOTICES_LOCK])
        made: dict[str, int] = {}
        cursor.execute(SLICES, [BODIES_AT_ONCE])
        slices = cursor.fetchall()
        for reason, source in SOURCES:
            for first, last in slices if "%(first)s" in source else slices[:1]:
                whole = {**_parameters(at), **reports_on, "reason": reason.value, "first": first, "last": last}
                cursor.execute(_insertion(source.replace(sources.STILL_REPORTS, reports)), whole)
                made[reason.value] = made.get(reason.value, 0) + cursor.rowcount
    total = sum(made.values())
    if total:
        record("notices.derived", by=by, subject=Notice.objects.order_by("-pk")[0], at=at, count=total, **made)
    return total


def _still_reports(on: date) -> tuple[str, dict[str, Any]]:
    """Whether the task `t` reports on that day, in the words of `tasks_that_report`, and the parameters they need."""
    reporting = tasks_that_report(on).order_by().filter(pk=RawSQL("t.id", ())).values("pk")
    words, values = reporting.query.sql_with_params()
    named = {f"reports_{n}": value for n, value in enumerate(values)}
    return f"EXISTS ({words % tuple(f'%({name})s' for name in named)})", named


def _insertion(source: str) -> str:
    return f"""
        WITH {sources.HOLDERS}, found AS ({source})
        INSERT INTO workspace_notice (account_id, reason, subject, text, path, created_at)
        SELECT DISTINCT ON (f.account_id, f.subject)
            f.account_id, %(reason)s, f.subject, left(f.text, 500), left(f.path, 300), %(at)s
        FROM found f
        WHERE NOT EXISTS (
            SELECT 1 FROM workspace_notice n
            WHERE n.account_id = f.account_id AND n.reason = %(reason)s AND n.subject = f.subject
        )
        ORDER BY f.account_id, f.subject
        LIMIT %(at_once)s
        ON CONFLICT DO NOTHING"""  # noqa: S608 - every part is a constant of ours


def _parameters(at: datetime) -> dict[str, Any]:
    on = localdate(at)
    return {
        "at": at,
        "on": on,
        "since": at - WINDOW,
        "soon": on + timedelta(days=DAYS_BEFORE),
        "late_from": on - WINDOW - LONGEST_GRACE,
        "late_to": add_working_days(on, -WORKING_DAYS_OF_SILENCE),
        "recent": NEWEST_FACTS,
        "at_once": AT_ONCE,
        "zone": settings.TIME_ZONE,
        "at_report": reverse("reporting:edit_report", kwargs={"code": "CODE", "period_key": "PERIOD"}),
        "at_task": reverse("workspace:task_progress", kwargs={"code": "CODE"}),
        "at_body": reverse("workspace:overview_of", kwargs={"code": "CODE"}),
        "at_remarks": reverse("programmes:remarks", kwargs={"code": "CODE"}),
        "at_obstacle": reverse("obstacles:obstacle", kwargs={"code": "CODE"}),
        "at_request": address_of_request("CODE"),
        "at_refusal": address_if_any("obstacles:refusal", pk=0),
        "at_queue": reverse("reporting:review_queue"),
        "at_home": reverse("workspace:home"),
    }


@transaction.atomic
def mark_seen(*, by: Viewer, ids: Collection[int] | None, at: datetime) -> int:
    """The account has seen these of its notices (None: all); returns how many were new to it."""
    require(by.account_id is not None, _("Đề nghị đăng nhập để xem thông báo."))
    unseen = Notice.objects.filter(account=by.account_id, seen_at__isnull=True)
    if ids is not None:
        unseen = unseen.filter(pk__in=ids)
    seen = unseen.update(seen_at=at)
    if seen:
        record("notices.seen", by=by, subject=Account.objects.get(pk=cast(int, by.account_id)), count=seen, at=at)
    return seen


@transaction.atomic
def choose_mail(account: Account, *, by: Viewer, reason: str, by_mail: bool, at: datetime) -> NoticeChoice:
    """Mail for this reason, or none; the pages tell of it all the same. Raises Forbidden, Refused."""
    require(by.is_system or by.account_id == account.pk, _("Mỗi người tự chọn thư mình nhận."))
    refuse_if([] if reason in Reason.values else [Fault("reason", _("Đề nghị chọn loại thư trong danh sách."))])
    choice, _made = NoticeChoice.objects.update_or_create(
        account=account, reason=reason, defaults={"by_mail": by_mail, "changed_at": at}
    )
    record("mail.chosen", by=by, subject=account, reason=str(reason), by_mail=by_mail, at=at)
    return choice

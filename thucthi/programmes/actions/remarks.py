"""What officials say to each other about a task (internal, never published)."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from thucthi.directory.access import Grant, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.vietnamese_text import nfc
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.calculations.mentions import mentioned_names
from thucthi.programmes.models import Remark, RemarkClosing, RemarkMention, Task
from thucthi.programmes.selectors.remarks import Called, called_upon
from thucthi.programmes.selectors.visibility import facts_of_programme

LONGEST_REMARK = 4_000
MOST_MENTIONS = 20


@transaction.atomic
def add_remark(
    task: Task, *, by: Viewer, organisation: Organisation | None, text: str, at: datetime, answers: Remark | None = None
) -> Remark:
    """Say something about a task, or answer; everyone named with @ is called upon, and told.

    An answer belongs to the thread of what it answers. Raises Forbidden, Refused, Stale once the thread is settled.
    """
    task = _locked_task(task.pk)
    facts = facts_of_programme(task.programme)
    require(
        by.account_id is not None and access.can_see_programme(by, facts),
        _("Chỉ người được xem nhiệm vụ mới trao đổi về nhiệm vụ này."),
    )
    first = (answers.answers or answers) if answers else None
    _refuse_settled(first, text)
    said = nfc(text.strip())
    called = called_upon(mentioned_names(said)[: MOST_MENTIONS + 1])
    may_speak = organisation is not None and access.can_remark(by, facts, organisation.pk)
    refuse_if([*_faults_of(said, called, facts, at), *([] if may_speak else [_not_yours()])])
    remark = Remark.objects.create(
        task=task,
        answers=first,
        text=said,
        organisation=cast(Organisation, organisation),
        author_id=cast(int, by.account_id),
        written_at=at,
    )
    _call_upon(called, remark)
    record(
        "remark.added",
        by=by,
        subject=remark,
        task=task.code,
        answers=first.pk if first else None,
        text=said,
        accounts=[row.username for row in called.accounts],
        organisations=[row.code for row in called.organisations],
        at=at,
    )
    return remark


@transaction.atomic
def close_thread(remark: Remark, *, by: Viewer, at: datetime) -> RemarkClosing:
    """Say that the matter is settled. Raises Forbidden, and Stale when somebody said so before."""
    task = _locked_task(remark.task_id)
    require(
        by.account_id is not None
        and access.can_see_programme(by, facts_of_programme(task.programme))
        and access.can_close_thread(by, remark.author_id, task.lead_id),
        _("Chỉ người nêu ý kiến hoặc cơ quan chủ trì được ghi là đã giải quyết xong."),
    )
    refuse_if([Fault("", _("Chỉ khép được cả chủ đề, không khép riêng một câu trả lời."))] if remark.answers_id else [])
    _refuse_settled(remark, "")
    closing = RemarkClosing.objects.create(remark=remark, by_id=cast(int, by.account_id), closed_at=at)
    record("remark.settled", by=by, subject=remark, task=task.code, at=at)
    return closing


def _call_upon(called: Called, remark: Remark) -> None:
    RemarkMention.objects.bulk_create(
        [RemarkMention(remark=remark, account=account) for account in called.accounts]
        + [RemarkMention(remark=remark, organisation=body) for body in called.organisations]
    )


def _locked_task(pk: int) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("programme__organisation").get(pk=pk)


def _refuse_settled(first: Remark | None, text: str) -> None:
    closing = RemarkClosing.objects.filter(remark=first).select_related("by").first() if first else None
    if closing:
        raise Stale(
            _("Chủ đề này đã được ghi là giải quyết xong ngày %(day)s. Nếu còn vướng, đề nghị mở chủ đề mới.")
            % {"day": f"{localdate(closing.closed_at):%d/%m/%Y}"},
            current=closing,
            submitted=text,
        )


def _faults_of(text: str, called: Called, facts: access.ProgrammeFacts, at: datetime) -> list[Fault]:
    faults = []
    if not text:
        faults.append(Fault("text", _("Đề nghị ghi nội dung trao đổi.")))
    if len(text) > LONGEST_REMARK:
        faults.append(Fault("text", _("Nội dung dài quá %(n)s ký tự; đề nghị rút gọn.") % {"n": LONGEST_REMARK}))
    if len(called.accounts) + len(called.organisations) + len(called.unknown) > MOST_MENTIONS:
        faults.append(Fault("text", _("Mỗi ý kiến nhắc tên tối đa %(n)s nơi.") % {"n": MOST_MENTIONS}))
    faults += [
        Fault("text", _("Không có tài khoản hoặc cơ quan nào mang tên “@%(name)s”.") % {"name": name})
        for name in called.unknown
    ]
    blind = [
        row.username for row in called.accounts if not access.can_see_programme(viewer_of(row, localdate(at)), facts)
    ]
    blind += [body.code for body in called.organisations if not access.can_see_programme(_anyone_of(body), facts)]
    faults += [
        Fault("text", _("“@%(name)s” không được xem nhiệm vụ này nên không nhắc tên được.") % {"name": name})
        for name in blind
    ]
    return faults


def _not_yours() -> Fault:
    return Fault("organisation", _("Đề nghị chọn cơ quan nơi ông/bà làm việc."))


def _anyone_of(body: Organisation) -> Viewer:
    return Viewer(account_id=None, label=body.code, grants=(Grant(body.pk, Role.REPORTER),))

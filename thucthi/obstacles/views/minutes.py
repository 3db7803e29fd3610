"""The minutes come back: item by item on a page, or in the filled-in paper, which is shown before it is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Stale, require
from thucthi.kernel.gate import door
from thucthi.obstacles.access import can_hold_meeting, may_hold_meetings
from thucthi.obstacles.actions import record_minutes
from thucthi.obstacles.calculations.minutes_paper import MOST_BYTES, PaperFlaw, ReadMinutes, read_minutes
from thucthi.obstacles.forms import MinutesForm, PaperForm
from thucthi.obstacles.models import Decision
from thucthi.obstacles.selectors import MeetingPage, meeting_page

FLAW_WORDS = {
    PaperFlaw.EMPTY: gettext_lazy("Tệp này rỗng; hãy chọn tệp khác."),
    PaperFlaw.TOO_BIG: gettext_lazy("Tệp này quá lớn; hãy bỏ hình ảnh kèm theo rồi gửi lại (tối đa 5 MB)."),
    PaperFlaw.NOT_WORD: gettext_lazy("Tệp này không phải tệp .docx; hãy lưu lại dưới dạng .docx rồi gửi."),
    PaperFlaw.BOMB: gettext_lazy("Tệp này có cấu trúc nén bất thường nên không được đọc."),
    PaperFlaw.MACRO: gettext_lazy("Tệp này chứa macro nên không được đọc; hãy lưu lại dưới dạng .docx."),
    PaperFlaw.DECLARATIONS: gettext_lazy("Tệp này chứa khai báo XML không được phép nên không được đọc."),
    PaperFlaw.BROKEN: gettext_lazy("Tệp này bị hỏng; hãy mở bằng Word, lưu lại rồi gửi."),
    PaperFlaw.NO_TABLE: gettext_lazy("Không thấy bảng có các cột Mã, Kết luận, Cơ quan thực hiện, Thời hạn."),
}


@door(may_hold_meetings)
def minutes(request: Any, code: str) -> HttpResponseBase:
    page = _held(request, code)
    obstacles = [row.obstacle for row in page.rows]
    if request.method != "POST":
        if page.is_shut:
            return redirect("obstacles:meeting", code=code)
        return _page(request, page, MinutesForm(obstacles=obstacles), 200)
    form = MinutesForm(request.POST, obstacles=obstacles)
    try:
        decisions = attempt(form, lambda: _record(request, page, form))
    except Stale as stale:
        return _page(request, page, form, 409, clash=str(stale))
    if decisions is None:
        return _page(request, page, form, 422)
    messages.success(request, _("Số kết luận vừa ghi: %(n)s.") % {"n": len(decisions)})
    return redirect("obstacles:meeting", code=code)


@door(may_hold_meetings)
@require_POST
def read_paper(request: Any, code: str) -> HttpResponseBase:
    """Nothing is recorded: the page of the minutes, filled from the paper, with what was understood and what not."""
    page = _held(request, code)
    paper = PaperForm(request.POST, request.FILES)
    obstacles = [row.obstacle for row in page.rows]
    read: ReadMinutes | PaperFlaw | None = None
    if paper.is_valid():
        file = paper.cleaned_data["file"]
        read = PaperFlaw.TOO_BIG if file.size > MOST_BYTES else read_minutes(file.read())
    if isinstance(read, ReadMinutes):
        form = MinutesForm(_as_typed(read), obstacles=obstacles)
        form.full_clean()
        return _page(request, page, form, 200, doubts=_doubts(read, page))
    if read is not None:
        paper.add_error("file", str(FLAW_WORDS[read]))
    context = {"page": page, "paper_form": paper, "form": paper}
    return render(request, "obstacles/meeting.html", context, status=422, using="jinja2")


def _held(request: Any, code: str) -> MeetingPage:
    page = meeting_page(request.viewer, code, timezone.localdate())
    require(
        can_hold_meeting(request.viewer, page.meeting.committee_id),
        _("Chỉ cơ quan thường trực hoặc người đứng đầu của chính ban, cơ quan họp được ghi kết luận."),
    )
    return page


def _record(request: Any, page: MeetingPage, form: MinutesForm) -> list[Decision]:
    return record_minutes(
        page.meeting,
        by=request.viewer,
        number=form.cleaned_data.get("number", ""),
        minutes_on=form.cleaned_data.get("minutes_on"),
        conclusions=form.conclusions(),
        on=timezone.localdate(),
    )


def _as_typed(read: ReadMinutes) -> dict[str, str]:
    typed = {"number": read.number, "minutes_on": read.minutes_on.isoformat() if read.minutes_on else ""}
    for row in read.rows:
        due = row.due_on.isoformat() if row.due_on else row.due
        told = {"kind": row.kind, "text": row.text, "responsible": row.responsible, "due_on": due}
        typed |= {f"{name}-{row.code}": value for name, value in told.items()}
    return typed


def _doubts(read: ReadMinutes, page: MeetingPage) -> list[str]:
    """What in the paper says something that could not be understood."""
    known = {row.obstacle.code for row in page.rows}
    doubts = []
    for row in read.rows:
        if row.is_empty:
            continue
        if row.code not in known:
            doubts.append(_("%(code)s: không có trong chương trình họp, bỏ qua.") % {"code": row.code})
        elif not row.kind:
            doubts.append(_("%(code)s: chưa rõ loại kết luận, hãy chọn.") % {"code": row.code})
        if row.due and not row.due_on:
            doubts.append(_("%(code)s: chưa hiểu thời hạn “%(due)s”.") % {"code": row.code, "due": row.due})
    return doubts


def _page(
    request: Any,
    page: MeetingPage,
    form: MinutesForm,
    status: int,
    *,
    clash: str = "",
    doubts: list[str] | None = None,
) -> HttpResponse:
    context = {"page": page, "form": form, "clash": clash, "doubts": doubts}
    return render(request, "obstacles/minutes.html", context, status=status, using="jinja2")

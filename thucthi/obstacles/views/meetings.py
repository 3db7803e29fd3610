"""Meetings of a committee: called, their agenda kept and taken away as a paper."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thucthi.directory.access import may_work
from thucthi.directory.forms import attempt
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Refused, Stale
from thucthi.kernel.gate import door
from thucthi.obstacles.access import may_hold_meetings
from thucthi.obstacles.actions import NewMeeting, create_meeting, move_on_agenda, put_on_agenda, take_off_agenda
from thucthi.obstacles.calculations.agenda_paper import agenda_docx
from thucthi.obstacles.forms import MeetingForm, PaperForm
from thucthi.obstacles.models import Meeting
from thucthi.obstacles.selectors import (
    committees_held_by,
    list_meetings,
    meeting_for,
    meeting_page,
    obstacle_for,
    visible_obstacles,
)
from thucthi.obstacles.selectors.papers import paper_of

ROWS = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door(may_work)
@require_safe
def meetings(request: Any) -> HttpResponse:
    context = {
        "page": Paginator(list_meetings(request.viewer), ROWS).get_page(request.GET.get("trang")),
        "may_hold": may_hold_meetings(request.viewer),
    }
    return render(request, "obstacles/meetings.html", context, using="jinja2")


@door(may_hold_meetings)
def call_meeting(request: Any) -> HttpResponseBase:
    committees = committees_held_by(request.viewer)
    if request.method != "POST":
        return _call_page(request, MeetingForm(committees=committees), 200)
    form = MeetingForm(request.POST, committees=committees)
    meeting = attempt(form, lambda: _call(request, form, committees))
    if meeting is None:
        return _call_page(request, form, 422)
    messages.success(request, _("Đã lập phiên họp %(code)s.") % {"code": meeting.code})
    return redirect("obstacles:meeting", code=meeting.code)


def _call(request: Any, form: MeetingForm, committees: list[Organisation]) -> Meeting:
    read = form.cleaned_data
    if form.body is None:
        form.add_error("committee", _("Hãy chọn ban, cơ quan họp."))
    new = NewMeeting(
        committee=form.body or committees[0],
        title=read.get("title", ""),
        held_on=read.get("held_on"),
        place=read.get("place", ""),
        chair=read.get("chair", ""),
    )
    return create_meeting(by=request.viewer, new=new, on=timezone.localdate())


def _call_page(request: Any, form: MeetingForm, status: int) -> HttpResponse:
    return render(request, "obstacles/call_meeting.html", {"form": form}, status=status, using="jinja2")


@door(may_work)
@require_safe
def meeting(request: Any, code: str) -> HttpResponse:
    context = {"page": meeting_page(request.viewer, code, timezone.localdate()), "paper_form": PaperForm()}
    return render(request, "obstacles/meeting.html", context, using="jinja2")


@door(may_hold_meetings)
@require_POST
def put_on(request: Any) -> HttpResponseBase:
    """The cards ticked on the board, onto the agenda chosen there; what cannot be taken is told on the board again."""
    found = meeting_for(request.viewer, request.POST.get("phien-hop", ""))
    codes = request.POST.getlist("diem-nghen")
    rows = {row.code: row for row in visible_obstacles(request.viewer).filter(code__in=codes)}
    chosen = [rows[code] for code in dict.fromkeys(codes) if code in rows]
    try:
        added = put_on_agenda(found, by=request.viewer, obstacles=chosen, on=timezone.localdate())
    except (Refused, Stale) as refused:
        messages.error(request, str(refused))
        return redirect(_back_to(request, "obstacles:board"))
    messages.success(request, _("Số điểm nghẽn vừa đưa vào chương trình: %(n)s.") % {"n": len(added)})
    return redirect("obstacles:meeting", code=found.code)


@door(may_hold_meetings)
@require_POST
def take_off(request: Any, code: str) -> HttpResponseBase:
    found, row = meeting_for(request.viewer, code), obstacle_for(request.viewer, request.POST.get("diem-nghen", ""))
    try:
        take_off_agenda(found, by=request.viewer, obstacle=row)
    except Stale as stale:
        messages.error(request, str(stale))
        return redirect("obstacles:meeting", code=code)
    messages.success(request, _("Đã đưa %(code)s ra khỏi chương trình.") % {"code": row.code})
    return redirect("obstacles:meeting", code=code)


@door(may_hold_meetings)
@require_POST
def move(request: Any, code: str) -> HttpResponseBase:
    found, row = meeting_for(request.viewer, code), obstacle_for(request.viewer, request.POST.get("diem-nghen", ""))
    try:
        move_on_agenda(found, by=request.viewer, obstacle=row, up=request.POST.get("chieu") == "len")
    except Stale as stale:
        messages.error(request, str(stale))
    return redirect("obstacles:meeting", code=code)


@door(may_work)
@require_safe
def agenda_paper(request: Any, code: str) -> HttpResponse:
    page = meeting_page(request.viewer, code, timezone.localdate())
    with translation.override("vi"):
        content = agenda_docx(paper_of(page))
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="chuong-trinh-{page.meeting.code}.docx"'
    return response


def _back_to(request: Any, otherwise: str) -> str:
    wanted = request.POST.get("ve", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise

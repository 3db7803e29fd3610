"""The board of obstacles."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from thucthi.directory.access import may_work
from thucthi.kernel.gate import door
from thucthi.obstacles.access import may_hold_meetings, may_raise_obstacles
from thucthi.obstacles.calculations import Column
from thucthi.obstacles.forms import BoardFilterForm
from thucthi.obstacles.selectors import (
    COLUMN_WORDS,
    BoardFilter,
    board_documents,
    board_of,
    meetings_to_prepare,
    organisations_around,
)

FEW, MANY = 10, 50
FILTERS = ("cause", "document", "level", "organisation")


@door(may_work)
@require_safe
def board(request: Any) -> HttpResponse:
    """Ten cards of each column; `?cot=` one column by itself, fifty a page."""
    viewer = request.viewer
    form = BoardFilterForm(request.GET, documents=board_documents(viewer), organisations=organisations_around(viewer))
    form.is_valid()
    read = form.cleaned_data
    wanted = BoardFilter(
        cause=read.get("cause", ""),
        document=form.documents.get(read.get("document", "")),
        level=read.get("level", ""),
        organisation=form.organisations.get(read.get("organisation", "")),
    )
    only = next((column for column in Column if column.value == request.GET.get("cot")), None)
    page = int(number) if (number := request.GET.get("trang", "")).isdecimal() and len(number) < 7 else 1
    meetings = meetings_to_prepare(viewer)
    context = {
        "board": board_of(viewer, wanted, timezone.localdate(), most=MANY if only else FEW, only=only, page=page),
        "only": only,
        "column_words": COLUMN_WORDS,
        "filter": form,
        "query": urlencode({name: read.get(name, "") for name in FILTERS}),
        "meetings": meetings,
        "meeting_choices": [(row.code, f"{row.title} · {row.held_on:%d/%m/%Y}") for row in meetings],
        "may_hold": may_hold_meetings(viewer),
        "may_raise": may_raise_obstacles(viewer),
    }
    return render(request, "obstacles/board.html", context, using="jinja2")

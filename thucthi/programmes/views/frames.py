"""The control frame of a document: reading it, setting it up, moving a checkpoint."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thucthi.directory.forms import attempt
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for
from thucthi.kernel.errors import require
from thucthi.kernel.gate import door
from thucthi.programmes import access
from thucthi.programmes.actions import create_frame, move_checkpoint
from thucthi.programmes.forms import FrameForm, MoveForm
from thucthi.programmes.selectors import checkpoint_for, frame_for
from thucthi.programmes.selectors.pages import frame_page


@door(access.may_open_programmes)
@require_safe
def frame(request: Any, slug: str) -> HttpResponse:
    document = document_for(request.viewer, slug)
    found = frame_for(request.viewer, slug)
    context = {
        "document": document,
        "page": frame_page(found, timezone.localdate()) if found else None,
        "can_keep": access.can_keep_frame_of(request.viewer, document.register.path),
        "today": timezone.localdate(),
    }
    return render(request, "programmes/frame.html", context, using="jinja2")


@door(access.may_keep_frames)
def create(request: Any, slug: str) -> HttpResponseBase:
    document = document_for(request.viewer, slug)
    _require_keeper(request, document)
    form = FrameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(form, lambda: create_frame(document, by=request.viewer, new=form.content(document)))
        if made is not None:
            messages.success(request, _("Đã lập khung kiểm soát thực thi."))
            return redirect("programmes:frame", slug=slug)
    context = {"document": document, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/create_frame.html", context, status=status, using="jinja2")


@door(access.may_keep_frames)
def move(request: Any, slug: str, code: str) -> HttpResponseBase:
    checkpoint = checkpoint_for(request.viewer, slug, code)
    _require_keeper(request, checkpoint.frame.document)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        moved = attempt(form, lambda: move_checkpoint(checkpoint, by=request.viewer, **_of(form)))
        if moved is not None:
            messages.success(request, _("Đã dời mốc kiểm tra; ngày cũ vẫn đọc được."))
            return redirect("programmes:frame", slug=slug)
    context = {"checkpoint": checkpoint, "document": document_for(request.viewer, slug), "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "programmes/move_checkpoint.html", context, status=status, using="jinja2")


def _require_keeper(request: Any, document: Document) -> None:
    require(
        access.can_keep_frame_of(request.viewer, document.register.path),
        _("Khung kiểm soát của văn bản này do cơ quan khác giữ."),
    )


def _of(form: MoveForm) -> dict[str, Any]:
    """What was typed; where the form itself is at fault a day stands in, and the action is taken back."""
    read = {name: form.cleaned_data.get(name, "") for name in form.fields}
    return {**read, **{name: read[name] or timezone.localdate() for name in ("decided_on", "new_due_on")}}

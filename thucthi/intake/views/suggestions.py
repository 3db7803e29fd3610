"""Asking a language model about what the rules left out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thucthi.intake import access, actions
from thucthi.intake.selectors.files import reading_for
from thucthi.kernel.errors import Refused
from thucthi.kernel.gate import door


@door(access.may_take_in)
@require_POST
def suggest(request: Any, pk: int) -> HttpResponseBase:
    try:
        actions.ask_for_suggestions(reading_for(request.viewer, pk), by=request.viewer)
        told = _("Đã hỏi mô hình; gợi ý sẽ vào danh sách chờ xem lại, có ghi rõ là gợi ý.")
        messages.success(request, told)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("intake:uncovered", pk=pk)

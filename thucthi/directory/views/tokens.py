"""Tokens of the API: those of the bodies the viewer answers for, a new one, one taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from thucthi.directory import actions
from thucthi.directory.access import may_keep_tokens
from thucthi.directory.forms import TokenForm, attempt
from thucthi.directory.selectors import bodies_with_tokens_kept_by, token_for, tokens_kept_by
from thucthi.kernel.gate import door

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@door(may_keep_tokens)
def tokens(request: Any) -> HttpResponseBase:
    """A new token is answered with the token itself and no redirect: it is shown once and kept nowhere."""
    bodies = bodies_with_tokens_kept_by(request.viewer)
    form = TokenForm(
        request.POST if request.method == "POST" else None,
        within=lambda: bodies.values_list("pk", flat=True),
        initial={"organisation": bodies.first()},
    )
    if not form.is_bound:
        return _page(request, form, 200)
    form.is_valid()
    given = attempt(
        form, lambda: actions.give_token(by=request.viewer, new=form.token_of(), today=timezone.localdate())
    )
    if given is None:
        return _page(request, form, 422)
    answer = render(request, "directory/new_token.html", {"given": given}, using="jinja2")
    answer["Cache-Control"] = "no-store"
    return answer


def _page(request: Any, form: TokenForm, status: int) -> HttpResponse:
    shown = {
        "form": form,
        "rows": tokens_kept_by(request.viewer)[:SHOWN],
        "today": timezone.localdate(),
        "zone": timezone.get_current_timezone(),
    }
    return render(request, "directory/tokens.html", shown, using="jinja2", status=status)


@require_POST
@door(may_keep_tokens)
def revoke(request: Any, pk: int) -> HttpResponseBase:
    actions.revoke_token(token_for(request.viewer, pk), by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã thu hồi khóa; có hiệu lực ngay."))
    return redirect("directory:tokens")

"""Accounts of the organisations that the viewer administers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thucthi.directory import actions
from thucthi.directory.access import may_administer_accounts
from thucthi.directory.forms import AccountForm, PasswordForm, RoleForm, asked_in, attempt
from thucthi.directory.models import Account
from thucthi.directory.selectors import account_for, administered_organisations, membership_for, search_accounts
from thucthi.kernel.gate import GuardedRequest, door

ON_ONE_PAGE = 50


def _administered(request: GuardedRequest) -> Any:
    return lambda: administered_organisations(request.viewer).values_list("pk", flat=True)


@require_safe
@door(may_administer_accounts)
def accounts(request: GuardedRequest) -> HttpResponse:
    asked = asked_in(request.GET)
    page = Paginator(search_accounts(request.viewer, asked), ON_ONE_PAGE).get_page(request.GET.get("trang"))
    shown = {"asked": asked, "page": page, "today": timezone.localdate()}
    return render(request, "directory/accounts.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@door(may_administer_accounts)
def create_account(request: GuardedRequest) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None, within=_administered(request))
    if form.is_bound:
        form.is_valid()
        new = form.account_of(timezone.localdate())
        made = attempt(form, lambda: actions.open_account(by=request.viewer, new=new))
        if made:
            messages.success(request, _("Đã mở tài khoản %(name)s.") % {"name": made.username})
            return redirect("directory:account", username=made.username)
    shown = {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "directory/create_account.html", shown, using="jinja2", status=status)


@require_safe
@door(may_administer_accounts)
def account(request: GuardedRequest, username: str) -> HttpResponse:
    return _account_page(request, account_for(request.viewer, username))


@require_POST
@door(may_administer_accounts)
def grant_role(request: GuardedRequest, username: str) -> HttpResponse:
    concerned = account_for(request.viewer, username)
    form = RoleForm(request.POST, within=_administered(request))
    form.is_valid()
    place, role = form.cleaned_data.get("organisation"), form.cleaned_data.get("role", "")
    today = timezone.localdate()
    if place and attempt(
        form,
        lambda: actions.grant_role(concerned, by=request.viewer, organisation=place, role=role, valid_from=today),
    ):
        messages.success(request, _("Đã giao vai trò; có hiệu lực ngay."))
        return redirect("directory:account", username=username)
    return _account_page(request, concerned, form)


@require_POST
@door(may_administer_accounts)
def end_role(request: GuardedRequest, username: str, pk: int) -> HttpResponse:
    concerned = account_for(request.viewer, username)
    membership = membership_for(request.viewer, username, pk)
    form = Form(request.POST)
    today = timezone.localdate()
    if attempt(form, lambda: actions.end_role(membership, by=request.viewer, valid_to=today)):
        messages.success(request, _("Đã thôi vai trò; có hiệu lực ngay."))
        return redirect("directory:account", username=username)
    return _account_page(request, concerned, form)


@require_POST
@door(may_administer_accounts)
def replace_password(request: GuardedRequest, username: str) -> HttpResponse:
    concerned = account_for(request.viewer, username)
    form = PasswordForm(request.POST)
    form.is_valid()
    password = form.cleaned_data.get("password", "")
    if attempt(form, lambda: actions.set_password(concerned, by=request.viewer, password=password)):
        messages.success(request, _("Đã đặt mật khẩu mới; mọi phiên đang mở của tài khoản này đã kết thúc."))
        return redirect("directory:account", username=username)
    return _account_page(request, concerned, form)


@require_POST
@door(may_administer_accounts)
def deactivate(request: GuardedRequest, username: str) -> HttpResponse:
    concerned = account_for(request.viewer, username)
    actions.deactivate_account(concerned, by=request.viewer)
    messages.success(request, _("Đã khóa tài khoản; mọi phiên đang mở đã kết thúc."))
    return redirect("directory:account", username=username)


def _account_page(request: GuardedRequest, concerned: Account, faulty: Form | None = None) -> HttpResponse:
    role_form = faulty if isinstance(faulty, RoleForm) else RoleForm(within=_administered(request))
    shown = {
        "account": concerned,
        "form": faulty or role_form,
        "role_form": role_form,
        "password_form": faulty if isinstance(faulty, PasswordForm) else PasswordForm(),
        "is_own": concerned.pk == request.viewer.account_id,
        "today": timezone.localdate(),
    }
    return render(request, "directory/account.html", shown, using="jinja2", status=422 if faulty else 200)

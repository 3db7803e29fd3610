"""The door of every page: a view without an access rule is not reachable, and a GET cannot write.

`@door(rule)` marks a view. `rule` is `PUBLIC` (frozen files, no database), `SIGNED_IN`, or a predicate
`may_…(viewer) -> bool` from an app's `access.py`. What one may do with one particular thing is decided
further in, by selectors (404) and actions (403).

`@machine_door(check)` marks a view that other systems call. No person passes it, whatever session he has: `check` knows
a machine by what it sends with every request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Forbidden
from thucthi.kernel.replicas import remember_writing
from thucthi.kernel.sight import seeing_everything

View = Callable[..., HttpResponseBase]
Rule = Callable[[Any], bool]
MachineCheck = Callable[[HttpRequest], Any]


class GuardedRequest(HttpRequest):
    """What a view behind a door receives: `viewer` is directory.access.Viewer, which the kernel cannot name."""

    viewer: Any


READING_METHODS = frozenset({"GET", "HEAD"})
TAKEN_METHODS = ("GET", "HEAD", "POST")


def PUBLIC(viewer: object) -> bool:
    """Anyone; the view reads published files only."""
    return True


def SIGNED_IN(viewer: Any) -> bool:
    """Anyone with an account."""
    return viewer.account_id is not None


def door(rule: Rule) -> Callable[[View], View]:
    """Let in whom `rule` lets in, with no other method than a page or a form sends; reading cannot write."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule is PUBLIC:
                return view(request, *args, **kwargs)
            if request.method not in TAKEN_METHODS:
                return HttpResponseNotAllowed(TAKEN_METHODS)
            return _with_rights(rule, view, request, *args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def MACHINE(viewer: object) -> bool:
    """No person at all; `machine_door` asks its own check."""
    return False


def machine_door(check: MachineCheck, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """Let in the machine that `check` recognises; reading cannot write, and cookies mean nothing.

    `check(request)` gives what the request proves (`request.machine` for the view), or the answer that refuses it. A
    form of another site cannot forge such a request, since no browser adds the proof by itself: so there is no token
    against forgery here, and nowhere else may go without.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            request.COOKIES = {}
            with seeing_everything():
                return _for_machine(check, view, request, *args, **kwargs)

        guarded.access_rule = MACHINE  # type: ignore[attr-defined]
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def _for_machine(check: MachineCheck, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    machine = check(request)
    if isinstance(machine, HttpResponseBase):
        return machine
    if machine is None:
        raise Forbidden(_("Yêu cầu này chỉ dành cho hệ thống đã được cấp khóa."))
    request.machine = machine  # type: ignore[attr-defined]
    if request.method in READING_METHODS:
        return _reading(view, request, *args, **kwargs)
    return view(request, *args, **kwargs)


def _with_rights(rule: Rule, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    viewer = request.viewer  # type: ignore[attr-defined]
    if not SIGNED_IN(viewer):
        return redirect_to_login(request.get_full_path())
    if not rule(viewer):
        raise Forbidden(_("Tài khoản của ông/bà chưa được giao quyền làm việc này."))
    if request.method in READING_METHODS:
        return _reading(view, request, *args, **kwargs)
    return remember_writing(view(request, *args, **kwargs))


def _reading(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        return view(request, *args, **kwargs)


class GateMiddleware:
    """Refuses every view that carries no access rule and is not on the reviewed list of foreign views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> None:
        if hasattr(view, "access_rule") or is_reviewed_foreign_view(request):
            return
        raise Http404


# Views of the sign-in library; it guards them itself. Nothing else may be listed here without a review.
FOREIGN_VIEW_PREFIXES = ("account_", "mfa_", "socialaccount_", "openid_connect_")
# Of those, what would open an account by oneself or needs a mail server stays shut: an administrator does both.
SHUT_FOREIGN_VIEWS = frozenset(
    {
        "account_signup",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_request_login_code",
        "account_confirm_login_code",
        "socialaccount_signup",
    }
)


def is_reviewed_foreign_view(request: HttpRequest) -> bool:
    """Whether the matched URL belongs to the sign-in library (by the name it gives its URLs)."""
    match = request.resolver_match
    name = match.url_name if match else None
    return bool(name and name not in SHUT_FOREIGN_VIEWS and name.startswith(FOREIGN_VIEW_PREFIXES))

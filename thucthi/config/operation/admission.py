"""Who may read how the system stands: those who run it, by their address or by a token; the public never."""

import secrets
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from thucthi.kernel.bearer import bearer_of
from thucthi.kernel.gate import MACHINE
from thucthi.kernel.rates import caller_of

READING = ("GET", "HEAD")
# A proxy adds some of these. Without BEHIND_PROXY nobody vouches for them, and the address is that of the proxy.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")

View = Callable[[HttpRequest], HttpResponse]


def operators_door(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Whoever is not admitted learns as much as of an address that does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        if not admitted(request):
            raise Http404
        return view(request)

    guarded.access_rule = MACHINE  # type: ignore[attr-defined]
    return guarded


def admitted(request: HttpRequest) -> bool:
    token = settings.OPERATORS_TOKEN
    if token and secrets.compare_digest(bearer_of(request).encode(), token.encode()):
        return True
    try:
        address = ip_address(_address(request))
    except ValueError:
        return False
    return any(address in network for network in settings.OPERATORS)


def _address(request: HttpRequest) -> str:
    """Where the request came from; "" where only a proxy that nobody vouches for says so."""
    forged = not settings.BEHIND_PROXY and any(name in request.headers for name in FORWARDED)
    return "" if forged else caller_of(request)

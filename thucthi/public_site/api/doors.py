"""How every address of the public API is entered and left: counted, read only, cached, told to any site."""

import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page

from thucthi.kernel.conditional import unless_known
from thucthi.kernel.gate import PUBLIC, door
from thucthi.kernel.problems import problem
from thucthi.kernel.rates import Policy, address_of, count
from thucthi.public_site.api import sentences

READING = ("GET", "HEAD")
CACHE = "public, max-age=300, stale-while-revalidate=86400"
POLICY = Policy("public", 300)

View = Callable[..., HttpResponse]


def public_address(view: View) -> View:
    """`view` behind the open door."""

    @door(PUBLIC)
    @gzip_page
    @wraps(view)
    def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in READING:
            answer = problem(405, "not_so", sentences.NOT_SO)
            answer["Allow"] = ", ".join(READING)
            return answer
        counted = count(POLICY, address_of(request), at=time.time())
        if counted.is_over:
            answer = problem(429, "too_many", sentences.TOO_MANY)
        else:
            answer = _told(request, view, *args, **kwargs)
        counted.tell(answer)
        # Anybody's page may read what is public; nothing of a visitor is sent along or needed.
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
        return answer

    # The views of the library are exempt; a door that takes no POST needs no exemption.
    entered.csrf_exempt = False  # type: ignore[attr-defined]
    return entered  # type: ignore[return-value]


def _told(request: HttpRequest, view: View, *args: object, **kwargs: object) -> HttpResponse:
    method, request.method = request.method, "GET"
    answer = view(request, *args, **kwargs)
    request.method = method
    if answer.status_code != 200:
        return answer
    answer = unless_known(request, answer)
    answer["Cache-Control"] = CACHE
    issue = getattr(request, "issue_told", None)
    if issue is not None:
        answer["Last-Modified"] = http_date(issue.modified)
    return answer

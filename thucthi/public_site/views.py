"""The public addresses: published files and nothing else – no database, no session, no cookie."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.http import parse_etags
from django.views.decorators.gzip import gzip_page

from thucthi.kernel.gate import PUBLIC, door
from thucthi.public_site.published import Found, Moved, NothingPublished, find

CACHE = "public, max-age=300, stale-while-revalidate=86400"
READING = ("GET", "HEAD")


@door(PUBLIC)
@gzip_page
def published_file(request: HttpRequest, path: str) -> HttpResponse:
    """A file of the newest issue, or of the one named in ky-cong-bo/<issue>/…; 404 for everything else."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    answer = find(path)
    answers: dict[type, Callable[..., HttpResponse]] = {Found: _file, Moved: _moved, NothingPublished: _not_yet}
    if type(answer) not in answers:
        raise Http404
    return answers[type(answer)](request, answer)


def _file(request: HttpRequest, found: Found) -> HttpResponse:
    # What was sent compressed comes back with its tag marked as weak.
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    if found.etag in known:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(found.path.read_bytes(), content_type=found.content_type)
    response["ETag"] = found.etag
    response["Cache-Control"] = CACHE
    response["Content-Language"] = found.language
    return response


def _moved(request: HttpRequest, moved: Moved) -> HttpResponse:
    return HttpResponsePermanentRedirect(f"/{moved.path}")


def _not_yet(request: HttpRequest, nothing: NothingPublished) -> HttpResponse:
    response = HttpResponse(render_to_string("public_site/not_yet.html", {"sentence": ""}, using="jinja2"))
    response["Cache-Control"] = "no-store"
    return response

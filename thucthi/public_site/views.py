"""The public addresses: published files and nothing else – no database, no session, no cookie."""

import json
from collections.abc import Callable

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils.http import parse_etags
from django.views.decorators.gzip import gzip_page

from thucthi.kernel.gate import PUBLIC, door
from thucthi.public_site.published import Found, Moved, NothingPublished, find, find_oembed
from thucthi.public_site.rendering.embeds import fitted

CACHE = "public, max-age=300, stale-while-revalidate=86400"
READING = ("GET", "HEAD")
MOST_DIGITS = 5


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
    return _framed(response) if found.may_be_framed else response


def _framed(response: HttpResponse) -> HttpResponse:
    """Any site may show it in a frame; everything else of ours says 'none' (settings)."""
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response


@door(PUBLIC)
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 for the address of a page of the newest issue; answered from its files alone."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    if request.GET.get("format", "json") != "json":
        return _refused(501, "Chỉ có dạng JSON. / JSON only.")
    found = find_oembed(request.GET.get("url", ""))
    if found is None:
        return _refused(404, "Không có trang nào nhúng được ở địa chỉ này. / Nothing to embed at this address.")
    sizes = [_size(request, "maxwidth"), _size(request, "maxheight")]
    response = JsonResponse(fitted(json.loads(found[0].read_bytes()), found[1], *sizes))
    response["Cache-Control"] = CACHE
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _size(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def _refused(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _moved(request: HttpRequest, moved: Moved) -> HttpResponse:
    return HttpResponsePermanentRedirect(f"/{moved.path}")


def _not_yet(request: HttpRequest, nothing: NothingPublished) -> HttpResponse:
    response = HttpResponse(render_to_string("public_site/not_yet.html", {"sentence": ""}, using="jinja2"))
    response["Cache-Control"] = "no-store"
    return response

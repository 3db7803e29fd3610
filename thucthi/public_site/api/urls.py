"""Addresses below /api/v1/ that anyone may read."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, re_path
from django.utils import translation

from thucthi.kernel.problems import problem, told_as_problems
from thucthi.public_site.api import sentences
from thucthi.public_site.api.doors import POLICY, public_address
from thucthi.public_site.api.operations import api
from thucthi.public_site.api.questions import LARGEST_PAGE

ROOT = "/api/v1/"


@cache
def description() -> dict[str, Any]:
    """OpenAPI 3.1. Every operation takes no other parameter than those it names."""
    return told_as_problems(dict(api.get_openapi_schema(path_prefix=ROOT)))


@public_address
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@public_address
def about(request: HttpRequest) -> HttpResponse:
    """The description for people; `?lang=en` in English."""
    lang = "en" if request.GET.get("lang") == "en" else "vi"
    operations = [
        (way, found["get"]["summary"], [each for each in found["get"].get("parameters", ()) if each["in"] == "query"])
        for way, found in description()["paths"].items()
    ]
    context = {"operations": operations, "policy": POLICY, "largest": LARGEST_PAGE, "lang": lang}
    with translation.override(lang):
        return HttpResponse(render_to_string("public_site/api.html", context, using="jinja2"))


@public_address
def nothing(request: HttpRequest) -> HttpResponse:
    return problem(404, "not_found", sentences.NO_ADDRESS)


def _behind_the_door(pattern: URLPattern) -> URLPattern:
    return path(str(pattern.pattern), public_address(pattern.callback), name=pattern.name)


app_name = "public_api"
urlpatterns = [
    *(
        _behind_the_door(found)
        for found in api.urls[0]
        if isinstance(found, URLPattern) and found.name not in ("api-root", "openapi-json", "openapi-view")
    ),
    path("openapi.json", openapi, name="openapi"),
    path("", about, name="about"),
    re_path(r"^.*$", nothing, name="nothing"),
]

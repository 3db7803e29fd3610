"""Addresses below /api/v1/org/; the description is open, everything else asks for a token."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path

from thucthi.kernel.gate import PUBLIC, door
from thucthi.kernel.problems import problem, told_as_problems
from thucthi.workspace.api import sentences
from thucthi.workspace.api.doors import READING, organisation_address
from thucthi.workspace.api.operations import api

ROOT = "/api/v1/org/"


@cache
def description() -> dict[str, Any]:
    return told_as_problems(dict(api.get_openapi_schema(path_prefix=ROOT)))


@door(PUBLIC)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description says nothing about any organisation, and asks no database."""
    if request.method not in READING:
        answer = problem(405, "not_so", sentences.NOT_SO)
        answer["Allow"] = ", ".join(READING)
        return answer
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@organisation_address
def nothing(request: HttpRequest) -> HttpResponse:
    return problem(404, "not_found", sentences.NO_ADDRESS)


def _behind_the_door(pattern: URLPattern) -> URLPattern:
    return path(str(pattern.pattern), organisation_address(pattern.callback), name=pattern.name)


app_name = "organisation_api"
urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *(
        _behind_the_door(found)
        for found in api.urls[0]
        if isinstance(found, URLPattern) and found.name not in ("api-root", "openapi-json", "openapi-view")
    ),
    re_path(r"^.*$", nothing, name="nothing"),
]

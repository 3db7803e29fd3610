"""Addresses that other systems call, each behind the door for machines; the description of the API is open."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from thucthi.indicators.api import api
from thucthi.indicators.api.proof import machine_of
from thucthi.kernel.gate import PUBLIC, door, machine_door

ROOT = "/api/v1/"


@door(PUBLIC)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description says nothing about any source or value, and asks no database."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    return JsonResponse(api.get_openapi_schema(path_prefix=ROOT))


def _behind_the_door(pattern: URLPattern) -> URLPattern:
    return path(str(pattern.pattern), machine_door(machine_of)(pattern.callback), name=pattern.name)


app_name = "api"
_OPERATIONS = ("observations", "run")
urlpatterns = [
    *(_behind_the_door(found) for found in api.urls[0] if isinstance(found, URLPattern) and found.name in _OPERATIONS),
    path("feeds/openapi.json", openapi, name="openapi"),
]

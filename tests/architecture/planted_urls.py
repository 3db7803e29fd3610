"""Addresses with faults on purpose, for the guards to find."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from thucthi.directory.models import Person
from thucthi.kernel.gate import SIGNED_IN, door, machine_door


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


@door(SIGNED_IN)
def writes_on_get(request: HttpRequest) -> HttpResponse:
    Person.objects.create(display_name="Người mẫu", is_invented=True)
    return HttpResponse("written")


def _writes(request: HttpRequest) -> HttpResponse:
    Person.objects.create(display_name="Người mẫu", is_invented=True)
    return HttpResponse(f"written by {request.machine}")  # type: ignore[attr-defined]


# A check that knows nobody, and one that takes anybody who names himself.
closed_to_all = machine_door(lambda request: None)(_writes)
known_by_name = machine_door(lambda request: request.headers.get("X-Machine"))(_writes)

urlpatterns = [
    path("closed/", closed_to_all, name="closed"),
    path("machine/", known_by_name, name="machine"),
    path("forgotten/", forgotten, name="forgotten"),
    path("writes/", writes_on_get, name="writes"),
    path("", include("thucthi.config.urls")),
]

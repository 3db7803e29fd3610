"""Addresses with faults on purpose, for the guards to find."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from thucthi.directory.models import Person
from thucthi.kernel.gate import SIGNED_IN, door


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


@door(SIGNED_IN)
def writes_on_get(request: HttpRequest) -> HttpResponse:
    Person.objects.create(display_name="Người mẫu", is_invented=True)
    return HttpResponse("written")


urlpatterns = [
    path("forgotten/", forgotten, name="forgotten"),
    path("writes/", writes_on_get, name="writes"),
    path("", include("thucthi.config.urls")),
]

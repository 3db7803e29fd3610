"""Three addresses for probes and for whoever stands watch."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from thucthi.config.operation.admission import READING, operators_door
from thucthi.config.operation.exposition import CONTENT_TYPE, exposition, of_database, of_disks, of_store, of_traffic
from thucthi.config.operation.measures import Measures, measures, rooms
from thucthi.config.operation.readiness import Readiness, readiness, without_database
from thucthi.config.operation.traffic import traffic_at
from thucthi.kernel.gate import PUBLIC, door
from thucthi.kernel.kept_files import answers


@door(PUBLIC)
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; asks neither database nor disk, so that a slow one does not get it killed."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    return _plain("ok\n")


@operators_door
def ready(request: HttpRequest) -> HttpResponse:
    found = _readiness()
    body = {"ready": found.ready, "must": found.must, "should": found.should}
    answer = JsonResponse(body, status=200 if found.ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@operators_door
def metrics(request: HttpRequest) -> HttpResponse:
    served = traffic_at(str(settings.TRAFFIC_FILE), os.getpid()).read()
    families = [*of_traffic(served), *of_database(_measures()), *of_disks(rooms()), *of_store(answers=answers())]
    return _plain(exposition(families), CONTENT_TYPE)


def _readiness() -> Readiness:
    try:
        return readiness()
    except DatabaseError:
        connection.close()
        return without_database()


def _measures() -> Measures | None:
    try:
        return measures()
    except DatabaseError:
        connection.close()
        return None


def _plain(text: str, content_type: str = "text/plain; charset=utf-8") -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Cache-Control"] = "no-store"
    return answer

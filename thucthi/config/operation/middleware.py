"""The outermost layer of a request: its id, how long it took, and one line of the log about it."""

import logging
import os
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from thucthi.config.operation.logs import REQUEST_ID
from thucthi.config.operation.traffic import surface_of, traffic_at

HEADER = "X-Request-Id"
# Long enough for the ids of proxies, too long for the number of a card or a telephone.
_SANE = re.compile(r"[0-9A-Za-z-]{20,64}")
logger = logging.getLogger("thucthi.request")


class RequestMiddleware:
    """Counts and logs every answer, also of static files and of what was refused before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get(HEADER, "")
        number = told if _SANE.fullmatch(told) else uuid4().hex
        request.request_id = number  # type: ignore[attr-defined] # for what Django says when we have returned
        known = REQUEST_ID.set(number)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            self._tell(request, response.status_code, time.perf_counter() - started)
            return response
        finally:
            REQUEST_ID.reset(known)

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        surface = surface_of(request.path_info)
        match = request.resolver_match
        # The name of the address, not the address: that may hold the secret of a calendar or what was searched for.
        logger.info(
            "answered",
            extra={
                "facts": {
                    "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
                    "page": match.view_name if match else "",
                    "surface": surface,
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                }
            },
        )
        try:
            traffic_at(str(settings.TRAFFIC_FILE), os.getpid()).add(surface, status, seconds)
        except OSError as error:
            logger.warning("not counted: %s", error)  # a full disk is no reason to refuse an answer

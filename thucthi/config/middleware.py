"""Turns our refusals, a database or store of files that does not answer and a full disk into a page with a sentence."""

import errno
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from thucthi.config import errors
from thucthi.kernel.errors import Forbidden, NotVisible, StoreSilent

FULL = (errno.ENOSPC, errno.EDQUOT)
logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Stands outside the session, so that a stopped database is answered too (503, never a hang)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotVisible):
            return errors.page("404", 404, str(exception))
        if isinstance(exception, Forbidden):
            return errors.page("403", 403, str(exception))
        if isinstance(exception, StoreSilent):
            return errors.page("503_files", 503, str(exception))
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("database does not answer: %s", exception)
            return errors.page("503", 503)
        if isinstance(exception, OSError) and exception.errno in FULL:
            logger.error("no room left: %s", exception)
            return errors.page("507", 507)
        return None

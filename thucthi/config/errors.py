"""The pages for what went wrong; they ask neither the database nor the session."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def page(template: str, status: int, sentence: str = "") -> HttpResponse:
    return HttpResponse(
        render_to_string(f"errors/{template}.html", {"sentence": sentence}, using="jinja2"), status=status
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page("404", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page("403", 403, str(exception or ""))


def broken(request: HttpRequest) -> HttpResponse:
    """An unforeseen fault; a database that stopped answering outside a view is told apart."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return page("503", 503)
    return page("500", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page("csrf_403", 403)

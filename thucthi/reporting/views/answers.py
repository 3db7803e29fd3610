"""Answers to a page's own script: plain JSON, never a page."""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse

from thucthi.kernel.errors import ThucThiError


def wants_json(request: HttpRequest) -> bool:
    """A script's fetch asks for anything, or for JSON; a browser that follows a form asks for text/html."""
    return request.content_type == "application/json" or "text/html" not in request.headers.get("Accept", "text/html")


def answer_json(content: Mapping[str, object] | ThucThiError, status: int) -> JsonResponse:
    return JsonResponse(
        {"sentence": str(content)} if isinstance(content, ThucThiError) else dict(content), status=status
    )

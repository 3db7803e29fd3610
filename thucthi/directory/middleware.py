"""Puts the viewer on the request, read from the database at first use and never kept between requests.

From then on to the end of the request the database shows what he may see; before, and between requests, nothing that is
restricted.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from thucthi.directory.access import Viewer, sight_of
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.sight import NOBODY, look_as, looking_as, told_in_every_transaction


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.viewer = SimpleLazyObject(lambda: _recognised(request.user))  # type: ignore[attr-defined]
        with looking_as(NOBODY), told_in_every_transaction():
            return self.get_response(request)


def _recognised(user: Any) -> Viewer:
    viewer = viewer_of(user)
    look_as(sight_of(viewer))
    return viewer

"""What every page of the workspace shows around its content: whose desk it is, whether data are simulated."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from thucthi.directory.access import Viewer, may_administer_accounts, may_work
from thucthi.directory.models import Person


def around(request: HttpRequest) -> dict[str, Any]:
    """Context of each page that is drawn for a request; asks the database only for what the page uses."""
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "unit_name": SimpleLazyObject(lambda: next(iter(request.viewer.units), "")),  # type: ignore[attr-defined]
        "simulated": _Later(lambda: Person.objects.filter(is_invented=True).exists()),
    }


class _Later:
    """A truth that is looked up when a template asks for it."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask = ask

    def __bool__(self) -> bool:
        return self._ask()


def _navigation(request: HttpRequest) -> list[tuple[str, str]]:
    """Who only administers accounts is offered no working page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    accounts = [(_("Tài khoản"), reverse("directory:accounts"))] if may_administer_accounts(viewer) else []
    return [*(_working_pages() if may_work(viewer) else []), *accounts]


def _working_pages() -> list[tuple[str, str]]:
    return [
        (_("Việc của tôi"), reverse("workspace:home")),
        (_("Tình hình"), reverse("workspace:overview")),
        (_("Văn bản"), reverse("documents:documents")),
        (_("Chương trình"), reverse("programmes:programmes")),
        (_("Chờ duyệt"), reverse("reporting:review_queue")),
        (_("Điểm nghẽn"), reverse("obstacles:obstacles")),
        (pgettext("điều hướng", "Cơ quan"), reverse("directory:organisations")),
        (_("Tìm kiếm"), reverse("workspace:search")),
        (_("Công bố"), reverse("publication:issues")),
    ]

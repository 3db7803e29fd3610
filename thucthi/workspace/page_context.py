"""What every page of the workspace shows around its content: whose desk it is, whether data are simulated."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from thucthi.directory.access import Viewer, may_administer_accounts, may_keep_tokens, may_work
from thucthi.workspace.access import may_watch_letters
from thucthi.workspace.selectors.notices import COUNTED, Surroundings, surroundings_of


def around(request: HttpRequest) -> dict[str, Any]:
    """Context of each page that is drawn for a request; asks the database only for what the page uses."""
    around_it = _Once(lambda: surroundings_of(_viewer(request)))
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(_viewer(request), around_it)),
        "unit_name": SimpleLazyObject(lambda: next(iter(_viewer(request).units), "")),
        "simulated": around_it,
        "data_age": getattr(request, "data_age", None),
    }


def _viewer(request: HttpRequest) -> Viewer:
    """Looked up late: a page about an error may be drawn before anybody has been recognised."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


class _Once:
    """What surrounds a page, looked up when its template first asks; true when there are simulated data."""

    def __init__(self, ask: Callable[[], Surroundings]) -> None:
        self._ask = ask

    @cached_property
    def found(self) -> Surroundings:
        return self._ask()

    def __bool__(self) -> bool:
        return self.found.simulated


def _navigation(viewer: Viewer, around_it: _Once) -> list[tuple[str, str]]:
    """Who only administers accounts is offered no working page."""
    accounts = [(_("Tài khoản"), reverse("directory:accounts"))] if may_administer_accounts(viewer) else []
    letters = [(_("Thư gửi đi"), reverse("workspace:letters"))] if may_watch_letters(viewer) else []
    programs = [(_("Khóa API"), reverse("directory:tokens"))] if may_keep_tokens(viewer) else []
    return [*(_working_pages(around_it.found.unseen) if may_work(viewer) else []), *letters, *accounts, *programs]


def _working_pages(unseen: int) -> list[tuple[str, str]]:
    """Most used first: a row shows nine of them. `unseen`: notices not looked at yet, counted up to `COUNTED`."""
    shown = _("Thông báo") if not unseen else _("Thông báo (%(n)s)") % {"n": unseen if unseen < COUNTED else "99+"}
    return [
        (_("Việc của tôi"), reverse("workspace:home")),
        (shown, reverse("workspace:notices")),
        (_("Tình hình"), reverse("workspace:overview")),
        (_("Văn bản"), reverse("documents:documents")),
        (_("Chương trình"), reverse("programmes:programmes")),
        (_("Chỉ tiêu"), reverse("monitoring:indicators")),
        (_("Chờ duyệt"), reverse("reporting:review_queue")),
        (_("Điểm nghẽn"), reverse("obstacles:obstacles")),
        (_("Trách nhiệm"), reverse("monitoring:accountability")),
        (_("Phụ thuộc"), reverse("monitoring:pushes")),
        (pgettext("điều hướng", "Cơ quan"), reverse("directory:organisations")),
        (_("Tìm kiếm"), reverse("workspace:search")),
        (_("Công bố"), reverse("publication:issues")),
    ]

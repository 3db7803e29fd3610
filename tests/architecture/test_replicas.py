"""Which views may be read from a standby: lists, written down here. Whatever decides reads the primary."""

from collections.abc import Callable, Iterable
from typing import Any

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.decorators.http import require_safe

from thucthi.kernel.replicas import tolerates_lag

LISTS = {
    "monitoring:accountability",
    "monitoring:ageing",
    "monitoring:changes",
    "monitoring:counters",
    "monitoring:reliability",
    "monitoring:silence",
    "workspace:overview",
    "workspace:overview_of",
}


def views(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterable[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", pattern.callback


def tolerant(patterns: Iterable[URLPattern | URLResolver]) -> set[str]:
    """Those that are marked, however many decorators lie around the mark."""
    return {
        name for name, view in views(patterns) if any(getattr(each, "tolerates_lag", False) for each in _layers(view))
    }


def _layers(view: Any) -> Iterable[Any]:
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


def test_only_the_lists_written_down_are_read_from_a_standby() -> None:
    assert tolerant(get_resolver().url_patterns) == LISTS


def test_none_of_them_takes_a_form() -> None:
    marked = [view for name, view in views(get_resolver().url_patterns) if name in LISTS]
    assert len(marked) == len(LISTS)
    for view in marked:
        assert _innermost(view)(RequestFactory().post("/")).status_code == 405


def _innermost(view: Any) -> Any:
    """What stands below the mark."""
    marked = next(each for each in _layers(view) if "tolerates_lag" in vars(each) and "access_rule" not in vars(each))
    return marked.__wrapped__


def test_a_planted_view_that_decides_is_found() -> None:
    planted = [path("quyet-dinh/", tolerates_lag(require_safe(lambda request: None)), name="decide")]
    assert tolerant(planted) == {"decide"}

"""How two processes share the tests: what shares something slow to make stays together in one of them.

pytest-xdist has groups for this, but its release 3.8 marks them in the names of tests, which pytest 9 no longer lets it
change; so the groups are told here, from the files alone. What took longest last time comes first, so that both end
together: a test of a minute that begins last keeps one of them waiting.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
# Loading the demonstration takes minutes, a browser's server runs on a copy of it, and whole systems want the machine.
NEEDS_THE_DEMONSTRATION = re.compile(
    r"^def [^\n]*\bdemonstration: Demonstration\b|usefixtures\(\"(in_)?demonstration\"", re.M
)
NEEDS_THE_SITE = re.compile(r"\b(site: Site|visit: )")
KEPT = "thucthi/seconds"
# Below, and for what has never run, the order is that of chance.
WORTH_KNOWING = 1.0
_seconds: Counter[str] = Counter()


@cache
def group_of(path: str) -> str:
    """ "" for a file whose tests are shared one by one."""
    if path.startswith(("tests/supervisor/", "tests/backup/", "tests/faults/")):
        return "systems"
    if path.startswith("tests/demonstration/simulation/"):
        return "village"
    text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
    if path.startswith("tests/browser/"):
        return "demonstration" if NEEDS_THE_SITE.search(text) else "browser"
    if path.startswith("tests/demonstration/"):
        return "demonstration"
    return "demonstration" if NEEDS_THE_DEMONSTRATION.search(text) else ""


def scope_of(test: str) -> str:
    return group_of(test.partition("::")[0]) or test


def longest_first(tests: Sequence[str], seconds: dict[str, float]) -> list[str]:
    """By what was measured; where nothing was, what has many tests comes first, and chance decides among the rest."""
    many, measured = Counter(map(scope_of, tests)), Counter[str]()
    for test in tests:
        measured[scope_of(test)] += seconds.get(test, 0.0)
    return sorted(tests, key=lambda test: (measured[scope_of(test)], many[scope_of(test)]), reverse=True)


class TogetherWhereSlow(LoadScopeScheduling):
    """Its `collection` is the order in which tests are given out, not that in which a process found them."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    @property
    def collection(self) -> list[str] | None:
        return self._in_order

    @collection.setter
    def collection(self, tests: list[str] | None) -> None:
        self._in_order = longest_first(tests, self.config.cache.get(KEPT, {})) if tests else tests


def scheduler(config: Any, log: Any) -> TogetherWhereSlow:
    config.option.loadscopereorder = False
    return TogetherWhereSlow(config, log)


def took(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] += report.duration


def keep_what_it_took(config: Any) -> None:
    long = {test: round(seconds, 1) for test, seconds in _seconds.items() if seconds >= WORTH_KNOWING}
    told = {test: seconds for test, seconds in config.cache.get(KEPT, {}).items() if test not in _seconds}
    config.cache.set(KEPT, told | long)

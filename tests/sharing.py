"""How two processes share the tests: what shares something slow to make stays together in one of them.

pytest-xdist has groups for this, but its release 3.8 marks them in the names of tests, which pytest 9 no longer lets it
change; so the groups are told here, from the files alone.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
# Loading the demonstration takes minutes, a browser's server runs on a copy of it, and whole systems want the machine.
NEEDS_THE_DEMONSTRATION = re.compile(
    r"^def [^\n]*\bdemonstration: Demonstration\b|usefixtures\(\"(in_)?demonstration\"", re.M
)


@cache
def group_of(path: str) -> str:
    """ "" for a file whose tests are shared one by one."""
    if path.startswith(("tests/supervisor/", "tests/backup/", "tests/faults/")):
        return "systems"
    if path.startswith(("tests/browser/", "tests/demonstration/")):
        return "demonstration"
    text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
    return "demonstration" if NEEDS_THE_DEMONSTRATION.search(text) else ""


class TogetherWhereSlow(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid


def scheduler(config: Any, log: Any) -> TogetherWhereSlow:
    return TogetherWhereSlow(config, log)

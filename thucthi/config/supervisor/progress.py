"""One line on the console before each step that may take more than a moment."""

import contextlib
from collections.abc import Callable

Say = Callable[[str, str], None]


def aloud(vietnamese: str, english: str) -> None:
    with contextlib.suppress(OSError):  # a closed terminal is no reason to fail, least of all while stopping
        print(f"→ {vietnamese} · {english}", flush=True)


def silent(vietnamese: str, english: str) -> None:
    """For tests and for commands whose output is read by a program."""

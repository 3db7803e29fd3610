"""The opening number and the leading words of a task."""

import re

_NUMBER = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)]|\(\d{1,3}\)|[a-zđ]\)|[-–+*•](?=\s))\s*(?=\S)")
_END = re.compile(r"[;\n]|:\s|\.\s+(?=[A-ZĐÂÊÔƠƯÁÀ(])|\s\((?=\d|i+\))")


def opening_number(text: str) -> re.Match[str] | None:
    return _NUMBER.match(text)


def is_bulleted(text: str) -> bool:
    """A dash or a letter before it: a part of the task above."""
    return re.match(r"\s*(?:[-–+*•]\s|[a-zđ]\)\s)", text) is not None


def action_of(text: str) -> str:
    """What is to be done: the task's first clause, without number and bullets."""
    number = _NUMBER.match(text)
    words = text[number.end() :] if number else text
    stop = _END.search(words)
    return " ".join((words[: stop.start()] if stop else words).split()).strip(" .,;:")

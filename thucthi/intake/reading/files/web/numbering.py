"""The numbers and signs that a browser writes before the items of lists."""

import re
from collections.abc import Iterator

from lxml import etree

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)")
_STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"}
_STYLES |= {"lower-roman": "i", "upper-roman": "I", "none": "none", "decimal": "1"}
_MOST = 10_000


def labels_of(root: etree._Element) -> dict[etree._Element, str]:
    """What stands before each item of each list: "3.", "c)", "-"; items of lists that show nothing are left out."""
    labels: dict[etree._Element, str] = {}
    for parent in root.iter("ol", "ul"):
        style = _style_of(parent)
        if style != "none":
            labels |= dict(_items(parent, style))
    return labels


def _style_of(parent: etree._Element) -> str:
    shown = _STYLE.search(parent.get("style", "").lower())
    return _STYLES.get(shown[1], "") if shown else parent.get("type", "")


def _items(parent: etree._Element, style: str) -> Iterator[tuple[etree._Element, str]]:
    items = list(parent.iterchildren("li"))
    step = -1 if "reversed" in parent.attrib else 1
    number = _integer(parent.get("start"), len(items) if step < 0 else 1)
    for item in items:
        number = _integer(item.get("value"), number)
        yield item, _numbered(number, style) if parent.tag == "ol" else "-"
        number += step


def _integer(text: str | None, otherwise: int) -> int:
    is_number = text is not None and re.fullmatch(r"\s*-?\d{1,5}\s*", text, re.ASCII) is not None
    return int(text) if text is not None and is_number else otherwise


def _numbered(number: int, style: str) -> str:
    if style in {"a", "A"} and 0 < number <= 26:
        return f"{chr(ord(style) + number - 1)})"
    if style in {"i", "I"} and 0 < number < _MOST:
        roman = _roman(number)
        return f"{roman if style == 'i' else roman.upper()}."
    return f"{number}."


def _roman(number: int) -> str:
    letters = ""
    for value, letter in _ROMAN:
        letters += letter * (number // value)
        number %= value
    return letters

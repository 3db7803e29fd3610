"""The numbers and signs that a browser writes before the items of lists."""

import re

from lxml import etree

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)")
_STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"}
_STYLES |= {"lower-roman": "i", "upper-roman": "I", "none": "none", "decimal": "1"}
_MOST = 10_000


def label_of(item: etree._Element) -> str:
    """What stands before a list's item: "3.", "c)", "-", or nothing where the list shows nothing."""
    parent = item.getparent()
    if parent is None or parent.tag not in {"ol", "ul"}:
        return ""
    shown = _STYLE.search(parent.get("style", "").lower())
    style = _STYLES.get(shown[1], "") if shown else parent.get("type", "")
    if style == "none":
        return ""
    return _numbered(_number(item, parent), style) if parent.tag == "ol" else "-"


def _number(item: etree._Element, parent: etree._Element) -> int:
    items = [child for child in parent if child.tag == "li"]
    is_falling = "reversed" in parent.attrib
    number = _integer(parent.get("start"), len(items) if is_falling else 1)
    for child in items:
        number = _integer(child.get("value"), number)
        if child is item:
            break
        number += -1 if is_falling else 1
    return number


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

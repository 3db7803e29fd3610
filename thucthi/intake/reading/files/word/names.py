"""Names of WordprocessingML elements and how their attributes are read."""

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFF = {"0", "false", "off", "none"}

Element: TypeAlias = etree._Element


@cache
def w(name: str) -> str:
    return f"{_W}{name}"


VAL = w("val")


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names."""
    for name in path:
        if element is None:
            return None
        element = element.find(w(name))
    return element


def value(element: Element | None, *path: str) -> str | None:
    found = child(element, *path)
    return None if found is None else found.get(VAL)


def number(element: Element | None, *path: str) -> int | None:
    """A whole number that is not negative, else None."""
    said = value(element, *path)
    return int(said) if said is not None and said.isascii() and said.isdigit() else None


def switch(element: Element | None, name: str) -> bool | None:
    """A property that is on by standing there, unless it says otherwise; None when it does not stand there."""
    return is_on(child(element, name))


def is_on(element: Element | None) -> bool | None:
    return None if element is None else element.get(VAL, "1") not in _OFF


def properties(element: Element | None) -> Mapping[str, Element]:
    """The children by tag, for those asked for several things, many times over."""
    return {} if element is None else {inner.tag: inner for inner in element}

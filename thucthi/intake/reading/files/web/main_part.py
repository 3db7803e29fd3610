"""The part of a page that holds the document: without menus, scripts, forms and what is hidden."""

from lxml import etree

_NEVER_SHOWN = {
    *("script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "canvas"),
    *("audio", "video", "button", "select", "option", "input", "textarea", "datalist", "dialog", "map"),
}
_AROUND = {"nav", "aside", "footer", "header", "form"}
_ROLES = {"navigation", "banner", "search", "contentinfo", "complementary", "menu", "menubar", "dialog"}
_MAIN = ("main", "article")
_MOST_TEXT = 0.4
"""Of the page's letters, from which on the part marked as main is taken for the whole."""
_FEWEST_LINKS = 3
_MOSTLY_LINKS = 0.7


def main_part(root: etree._Element) -> etree._Element:
    """Takes out of the tree what is no text of the document, and returns where that stands."""
    for element in list(root.iter()):
        if element is not root and element.getparent() is not None and _is_beside(element):
            _drop(element)
    main = max((element for element in root.iter(*_MAIN)), key=_length, default=None)
    marked = next((element for element in root.iter() if element.get("role") == "main"), None)
    best = main if main is not None else marked
    body = root.find("body") if root.tag == "html" else root
    whole = root if body is None else body
    return best if best is not None and _length(best) >= _MOST_TEXT * _length(whole) else whole


def _is_beside(element: etree._Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER_SHOWN or element.get("role") in _ROLES or _is_hidden(element):
        return True
    if tag in _AROUND:
        return next(element.iterancestors(*_MAIN), None) is None and not (tag == "form" and _holds_the_text(element))
    return tag in {"ul", "ol"} and _is_menu(element)


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style", "").replace(" ", "").lower()
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style


def _holds_the_text(form: etree._Element) -> bool:
    """Some sites wrap the whole page in one form."""
    return next(form.iter("table", "p", "h1", "h2", "article"), None) is not None


def _is_menu(element: etree._Element) -> bool:
    links = [_length(link) for link in element.iter("a")]
    return len(links) >= _FEWEST_LINKS and sum(links) > _MOSTLY_LINKS * _length(element)


def _length(element: etree._Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _drop(element: etree._Element) -> None:
    """Takes an element out and leaves the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before, tail = element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)

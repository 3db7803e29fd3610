"""What no page may contain, as functions over HTML; each returns its findings."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background"}
BLOCKS = {
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "header",
    "nav",
    "h1",
    "h2",
    "h3",
    "form",
    "fieldset",
    "figure",
}
PHRASING_ONLY = {"p", "span", "a", "h1", "h2", "h3", "strong", "label", "button", "summary", "caption"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, dict(attrs))
        self._place(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, dict(attrs))

    def _place(self, tag: str) -> None:
        parent = self.open[-1] if self.open else ""
        if tag in BLOCKS and parent in PHRASING_ONLY - {"caption"}:
            self.found.append(f"<{tag}> inside <{parent}>")
        if tag == "a" and "a" in self.open:
            self.found.append("link inside a link")
        if tag == "li" and parent not in {"ul", "ol"}:
            self.found.append(f"<li> inside <{parent}>")

    def _attributes(self, tag: str, given: dict[str, str | None]) -> None:
        self.ids += [given["id"] or ""] if "id" in given else []
        for name, value in given.items():
            text = value or ""
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.found.append(f"<{tag} {name}>")
            loads = name in LOADING or (name == "href" and tag in {"link", "use"})
            if loads and re.match(r"\s*(https?:)?//|data:", text):
                self.found.append(f"<{tag} {name}={text}>")
            if text.strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={text}>")
        if tag == "script" and "src" not in given and "json" not in (given.get("type") or ""):
            self.found.append("inline <script>")
        if tag == "style":
            self.found.append("inline <style>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.found.append(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
            return
        self.open.pop()


def faults(html: str) -> list[str]:
    """Inline styles, handlers and scripts, other hosts, tags that do not nest, an id used twice."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    twice = sorted({name for name in reader.ids if reader.ids.count(name) > 1})
    return reader.found + [f"<{tag}> never closed" for tag in reader.open] + [f"id {name} used twice" for name in twice]

"""What the styles of a document say about its paragraphs and runs."""

from dataclasses import dataclass, replace

from thucthi.intake.reading.files.word.names import Element, child, number, switch, value, w

_LONGEST_CHAIN = 30
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """Properties after inheritance; None where nothing was said. `outline` is a heading's level."""

    name: str = ""
    is_bold: bool | None = None
    is_hidden: bool | None = None
    is_in_capitals: bool | None = None
    is_centred: bool | None = None
    outline: int | None = None
    list_id: str | None = None
    level: int | None = None

    @property
    def is_heading(self) -> bool:
        return self.outline is not None and self.outline < _BODY_LEVEL

    @property
    def is_contents(self) -> bool:
        """A line of a table of contents, which Word makes of the headings."""
        return self.name.lower().startswith("toc ")


class Styles:
    def __init__(self, root: Element | None) -> None:
        elements = [] if root is None else list(root.iterfind(w("style")))
        self._elements = {element.get(w("styleId"), ""): element for element in elements}
        self._known: dict[str, Style] = {}
        defaults = [element for element in elements if element.get(w("default")) in ("1", "true")]
        kinds = {element.get(w("type")): element.get(w("styleId"), "") for element in defaults}
        self._default_paragraph = kinds.get("paragraph", "")

    def paragraph(self, name: str | None) -> Style:
        return self.get(name if name in self._elements else self._default_paragraph)

    def get(self, name: str | None) -> Style:
        """The style of that id; an empty one for an id that is not there."""
        if name is None or name not in self._elements:
            return Style()
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def list_styles(self) -> dict[str, str]:
        """Numbering styles and the list each stands for."""
        lists = {name: value(element, "pPr", "numPr", "numId") for name, element in self._elements.items()}
        return {name: list_id for name, list_id in lists.items() if list_id is not None}

    def _resolved(self, name: str) -> Style:
        chain: list[Element] = []
        at: str | None = name
        while at in self._elements and len(chain) < _LONGEST_CHAIN:
            chain.append(self._elements[at])
            at = value(chain[-1], "basedOn")
        style = Style()
        for element in reversed(chain):
            style = _over(style, element)
        return replace(style, name=value(chain[0], "name") or "")


def _over(above: Style, element: Element) -> Style:
    paragraph, run = child(element, "pPr"), child(element, "rPr")
    bold, hidden, capitals = switch(run, "b"), switch(run, "vanish"), switch(run, "caps")
    alignment = value(paragraph, "jc")
    outline = number(paragraph, "outlineLvl")
    level = number(paragraph, "numPr", "ilvl")
    return Style(
        is_bold=above.is_bold if bold is None else bold,
        is_hidden=above.is_hidden if hidden is None else hidden,
        is_in_capitals=above.is_in_capitals if capitals is None else capitals,
        is_centred=above.is_centred if alignment is None else alignment == "center",
        outline=above.outline if outline is None else outline,
        list_id=value(paragraph, "numPr", "numId") or above.list_id,
        level=above.level if level is None else level,
    )

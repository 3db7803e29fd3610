"""One paragraph: its words as a person sees them printed, with the number Word gives it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from thucthi.intake.reading.files.word.names import VAL, Element, child, is_on, number, properties, value, w
from thucthi.intake.reading.files.word.numbering import Numbering
from thucthi.intake.reading.files.word.styles import Style, Styles

_PARAGRAPH_PROPERTIES, _RUN_PROPERTIES, _NUMBERED = w("pPr"), w("rPr"), w("numPr")
_DELETED, _MOVED, _HIDDEN, _BOLD, _CAPITALS = w("del"), w("moveFrom"), w("vanish"), w("b"), w("caps")
_RUN = w("r")
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATIVES = f"{_COMPATIBLE}AlternateContent"
CHOICE = f"{_COMPATIBLE}Choice"
FALLBACK = f"{_COMPATIBLE}Fallback"
TEXT_BOX = w("txbxContent")
# Deleted or moved away by a tracked change, properties, and instructions of fields: not on the printed page.
LEFT_OUT = {w("del"), w("moveFrom"), w("pPr"), w("rPr"), w("sdtPr"), w("sdtEndPr"), w("rt"), FALLBACK}
_DRAWN = {w("drawing"), w("pict"), w("object"), ALTERNATIVES}
_WRITTEN = {w("t"), f"{_MATH}t"}
_SIGNS = {w("tab"): "\t", w("ptab"): "\t", w("cr"): "\n", w("noBreakHyphen"): "-", w("softHyphen"): ""}
_PAGE_BREAKS = {"page", "column"}
# The font Symbol keeps its signs in a private area; these are the ones that change what a sentence says.
_SYMBOLS = {0xF0B3: "≥", 0xF0A3: "≤", 0xF0B1: "±", 0xF0B4: "×", 0xF0B8: "÷", 0xF0BB: "≈", 0xF0B9: "≠", 0xF0B0: "°"}
_SYMBOLS |= {0xF0B7: "•", 0xF02D: "-", 0xF025: "%", 0xF03E: ">", 0xF03C: "<", 0xF02B: "+", 0xF0DE: "⇒", 0xF0AE: "→"}
_PRIVATE = {code: _SYMBOLS.get(code, "") for code in range(0xF020, 0xF100)}


@dataclass(slots=True)
class Words:
    """A paragraph being read; `bold` and `all_` count letters."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    bold: int = 0
    all_: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` with its label; `boxes` are the text boxes anchored in it."""

    text: str
    boxes: tuple[Element, ...]
    is_strong: bool


class ParagraphReader:
    """Reads paragraphs in the order of the text, since their numbers count on."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._carried = ""

    def read(self, element: Element) -> Paragraph:
        said = properties(element.find(_PARAGRAPH_PROPERTIES))
        style = self._styles.paragraph(_value(said, "pStyle"))
        if style.is_contents:
            return Paragraph("", (), is_strong=False)
        words = Words()
        self._walk(element, style, words)
        mark = properties(said.get(_RUN_PROPERTIES))
        if _DELETED in mark or _MOVED in mark:
            self._carried += words.text
            return Paragraph("", tuple(words.boxes), is_strong=False)
        own, self._carried = self._carried + words.text, ""
        is_hidden = not own.strip() and is_on(mark.get(_HIDDEN))
        label = "" if is_hidden else self._label(said.get(_NUMBERED), style)
        return Paragraph(label + own, tuple(words.boxes), _is_strong(said, style, words))

    def _label(self, own: Element | None, style: Style) -> str:
        list_id = value(own, "numId") or style.list_id
        if list_id in (None, "0"):
            return ""
        level = number(own, "ilvl")
        return self._numbering.label(str(list_id), (style.level or 0) if level is None else level)

    def _walk(self, element: Element, style: Style, words: Words) -> None:
        for inner in element:
            tag = inner.tag
            if tag == _RUN:
                self._read_run(inner, style, words)
            elif tag in _WRITTEN:
                words.parts.append(inner.text or "")
            elif tag in _DRAWN:
                words.boxes += text_boxes(inner)
            elif tag not in LEFT_OUT and not is_placeholder(inner):
                self._walk(inner, style, words)

    def _read_run(self, run: Element, style: Style, words: Words) -> None:
        said = properties(run.find(_RUN_PROPERTIES))
        named = self._styles.get(_value(said, "rStyle"))
        if _first_said(is_on(said.get(_HIDDEN)), named.is_hidden, style.is_hidden):
            return
        before = len(words.parts)
        for inner in run:
            self._read_piece(inner, style, words)
        if _first_said(is_on(said.get(_CAPITALS)), named.is_in_capitals, style.is_in_capitals):
            words.parts[before:] = [part.upper() for part in words.parts[before:]]
        written = sum(len(part) - part.count(" ") for part in words.parts[before:])
        words.all_ += written
        if _first_said(is_on(said.get(_BOLD)), named.is_bold, style.is_bold):
            words.bold += written

    def _read_piece(self, piece: Element, style: Style, words: Words) -> None:
        tag = piece.tag
        if tag in _WRITTEN:
            words.parts.append((piece.text or "").translate(_PRIVATE))
        elif tag in _SIGNS:
            words.parts.append(_SIGNS[tag])
        elif tag == w("br"):
            words.parts.append(" " if piece.get(w("type")) in _PAGE_BREAKS else "\n")
        elif tag == w("sym"):
            words.parts.append(_symbol(piece.get(w("char"), "")))
        elif tag in _DRAWN:
            words.boxes += text_boxes(piece)
        elif tag == w("ruby"):
            self._walk(piece, style, words)


def text_boxes(drawn: Element) -> list[Element]:
    """The outermost text boxes of a drawing; of two ways to draw the same, the first."""
    if drawn.tag == TEXT_BOX:
        return [drawn]
    return [box for inner in drawn if inner.tag != FALLBACK for box in text_boxes(inner)]


def is_placeholder(element: Element) -> bool:
    """A content control nobody has filled in: it shows "Click here"."""
    return element.tag == w("sdt") and child(element, "sdtPr", "showingPlcHdr") is not None


def _is_strong(said: Mapping[str, Element], style: Style, words: Words) -> bool:
    alignment, outline = _value(said, "jc"), _value(said, "outlineLvl")
    is_centred = style.is_centred if alignment is None else alignment == "center"
    is_heading = style.is_heading if outline is None else outline < "9"
    return bool(is_heading or is_centred or (words.all_ and words.bold == words.all_))


def _value(said: Mapping[str, Element], name: str) -> str | None:
    element = said.get(w(name))
    return None if element is None else element.get(VAL)


def _first_said(*said: bool | None) -> bool:
    return next((answer for answer in said if answer is not None), False)


def _symbol(code: str) -> str:
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    return _PRIVATE[place] if place in _PRIVATE else _PRIVATE.get(place + 0xF000, "")

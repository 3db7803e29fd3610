"""Paragraphs out of printed lines: a line that was broken only because the page ended goes on with the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.files.plain import markup
from thucthi.intake.reading.files.plain.joining import Broken, glued, goes_on
from thucthi.intake.reading.files.plain.pages import Printed

_EDGE = " \t|"
_SHORTEST_WRAPPED = 40
_LONGEST_WRAPPED = 140
_FEWEST_FULL = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    page: int | None = None
    is_strong: bool | None = None


def paragraphs(lines: Sequence[Printed], width: int | None = None) -> tuple[Paragraph, ...]:
    """Paragraphs of `lines`, which bear their marks of bold and heading still; `width` is what `wrap_width` says."""
    found: list[Paragraph] = []
    gap = False
    last = ""
    for line in lines:
        if not line.text.strip():
            gap = True
            continue
        if markup.is_rule(line.text) or line.text.strip() == "|":
            last, gap = "", True
            continue
        for piece in _pieces(line):
            if found and last and _continues(found[-1], piece, Broken(last, gap and not line.opens_page, width)):
                found[-1] = _joined(found[-1], piece)
            else:
                found.append(piece)
            last, gap = piece.text, False
    return tuple(found)


def _pieces(line: Printed) -> list[Paragraph]:
    strong = True if markup.is_strong(line.text) else None
    texts = (" ".join(part.strip(_EDGE).split()) for part in markup.unmarked(line.text).split("\n"))
    return [Paragraph(text, line.page, strong) for text in texts if text]


def _joined(first: Paragraph, second: Paragraph) -> Paragraph:
    return replace(first, text=glued(first.text, second.text), is_strong=first.is_strong and second.is_strong)


def _continues(before: Paragraph, after: Paragraph, broken: Broken) -> bool:
    if before.is_strong != after.is_strong and (before.text.isupper() or before.is_strong is None or broken.gap):
        return False
    return goes_on(before.text, after.text, broken)


def wrap_width(lines: Sequence[Printed]) -> int | None:
    """How long lines get where they are broken by width; None when paragraphs stand on one line each."""
    lengths = sorted(len(line.text.strip()) for line in lines if len(line.text.strip()) >= _SHORTEST_WRAPPED)
    if len(lengths) < _FEWEST_FULL or lengths[int(len(lengths) * 0.9)] > _LONGEST_WRAPPED:
        return None
    return lengths[int(len(lengths) * 0.95)]

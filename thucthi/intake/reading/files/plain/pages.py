"""Lines of a text with the page each stood on; stamps, page numbers and what is repeated on every page taken out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARK = re.compile(
    r"\s*(?:\[\[.*?\b[Tt]rang (?P<a>\d{1,4})\s*\]\]|<!--\s*(?:page|trang)\s*:?\s*(?P<b>\d{1,4})\s*-->)\s*$"
)
_NUMBERED = re.compile(r"\s*(?:-|–)?\s*(?:[Tt]rang\s+)?(?P<number>\d{1,4})(?:\s*/\s*\d{1,4})?\s*(?:-|–)?\s*$")
_SAYS_PAGE = re.compile(r"\s*(?:[Tt]rang\s+\d|[-–]\s*\d+\s*[-–]\s*$|\d+\s*/\s*\d+\s*$)")
# "16.abc(CT).doc 6": the name of the file and the page, printed in the margin.
_STAMP = re.compile(r"\s*\S{1,60}\.(?:docx?|pdf|rtf|xlsx?)(?:[ \t]+\d{1,4})?(?=\s|$)")
_FEWEST_PAGES = 3
_FEWEST_BETWEEN = 8
"""Lines that a printed page has at least: a lone number nearer to the last one is a cell of a table."""
_LONGEST_HEAD = 60
_FEWEST_HEAD = 3
_MOST_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Printed:
    """One line as printed. `page` is None where the text does not say; `opens_page` when a page begins with it."""

    text: str
    page: int | None = None
    opens_page: bool = False


def printed_lines(text: str) -> tuple[Printed, ...]:
    """All lines, empty ones too, without marks of pages and without heads that an earlier page has already."""
    pages = list(_pages(text))
    if len(pages) == 1:
        pages = list(_pages_by_number(pages[0][1]))
    heads = _repeated_heads([lines for _, lines in pages])
    met: set[tuple[str, ...]] = set()
    found: list[Printed] = []
    for place, (page, lines) in enumerate(pages):
        head = next((head for head in heads if _begins_with(lines, head)), ())
        found += _of_page(_without_head(lines, head) if head and head in met else lines, page, opens_page=place > 0)
        met.add(head)
    return tuple(found)


def _of_page(lines: Sequence[str], page: int | None, *, opens_page: bool) -> Iterator[Printed]:
    for line in lines:
        is_first = opens_page and bool(line.strip())
        yield Printed(line, page, is_first)
        opens_page = opens_page and not is_first


def _pages(text: str) -> Iterator[tuple[int | None, list[str]]]:
    """Pages that the text tells apart: by a form feed or by a mark on a line of its own."""
    page: int | None = None
    lines: list[str] = []
    for line in re.sub(r"\f", "\n\f", text).split("\n"):
        mark = _MARK.match(line)
        if mark is None and not line.startswith("\f"):
            lines.append(line)
            continue
        if any(before.strip() for before in lines):
            yield page, _unstamped(lines)
        lines = [] if mark else [line[1:]]
        page = int(mark["a"] or mark["b"]) if mark else (page or 1) + 1
    yield page, _unstamped(lines)


def _unstamped(lines: list[str]) -> list[str]:
    """Without the stamp in the margin, at the page's head or foot, and without the page's number there."""
    places = [place for place, line in enumerate(lines) if line.strip()]
    kept = list(lines)
    for place in {*places[:1], *places[-1:]}:
        stamp = _STAMP.match(kept[place])
        kept[place] = kept[place][stamp.end() :] if stamp else kept[place]
        if _SAYS_PAGE.match(kept[place]) and _NUMBERED.fullmatch(kept[place]):
            kept[place] = ""
    return kept


def _pages_by_number(lines: list[str]) -> Iterator[tuple[int | None, list[str]]]:
    """Pages known only by their numbers: lone numbers, each one more than the last, a page of lines apart."""
    breaks = _number_chain(lines)
    start = 0
    page = None
    for place, number in breaks:
        yield number, _unstamped(lines[start:place])
        start, page = place + 1, number + 1
    yield page, _unstamped(lines[start:])


def _number_chain(lines: list[str]) -> list[tuple[int, int]]:
    """Places of the longest run of lone numbers each one more than the last, with a page's lines between them."""
    chains: dict[int, tuple[tuple[int, int], ...]] = {}
    filled = 0
    filled_at: dict[int, int] = {}
    for place, line in enumerate(lines):
        filled += bool(line.strip())
        found = _NUMBERED.fullmatch(line)
        if found is None:
            continue
        number = int(found["number"])
        before = chains.get(number - 1, ())
        goes_on = bool(before) and filled - filled_at[before[-1][0]] > _FEWEST_BETWEEN
        chain = (*before, (place, number)) if goes_on else ((place, number),)
        filled_at[place] = filled
        if len(chain) > len(chains.get(number, ())):
            chains[number] = chain
    best = max(chains.values(), key=len, default=())
    says_so = len(best) > 1 and all(_SAYS_PAGE.match(lines[place]) for place, _ in best)
    is_chain = len(best) >= _FEWEST_PAGES and best[0][1] <= _FEWEST_PAGES
    return list(best) if is_chain or says_so else []


def _repeated_heads(pages: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Words with which several pages begin: the heading of a table printed on each of them."""
    openings = [tuple(word for _, _, word in _words(page))[:_LONGEST_HEAD] for page in pages]
    counts = Counter(opening[:_FEWEST_HEAD] for opening in openings if len(opening) >= _FEWEST_HEAD)
    seeds = (seed for seed, count in counts.items() if count >= _FEWEST_PAGES and any(map(str.isalpha, seed)))
    return tuple(_grown(seed, openings) for seed in seeds)


def _grown(seed: tuple[str, ...], openings: list[tuple[str, ...]]) -> tuple[str, ...]:
    sharing = [opening for opening in openings if opening[: len(seed)] == seed]
    head = seed
    while len(head) < _LONGEST_HEAD:
        longer = Counter(opening[: len(head) + 1] for opening in sharing if len(opening) > len(head))
        [(best, count)] = longer.most_common(1) or [(head, 0)]
        if count < _MOST_SHARE * len(sharing):
            break
        head = best
    return head


def _words(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Words with the line and the place in it where each ends."""
    for place, line in enumerate(lines):
        for found in re.finditer(r"\S+", line):
            yield place, found.end(), found[0]


def _begins_with(lines: Sequence[str], head: tuple[str, ...]) -> bool:
    return tuple(word for (_, _, word), _ in zip(_words(lines), head, strict=False)) == head


def _without_head(lines: list[str], head: tuple[str, ...]) -> list[str]:
    *_, ((line, end, _), _) = zip(_words(lines), head, strict=False)
    return [lines[line][end:], *lines[line + 1 :]]

"""Takes out of a text what changes from unit to unit without a thought: names, numbers, dates, cited titles."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from thucthi.intake.copying.rules import words as listed

_MARKS = {"\u0300", "\u0301", "\u0302", "\u0303", "\u0306", "\u0309", "\u031b", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_OF_DOCUMENT = r"\d+(?:[./]\d+)*(?:/\d{4})?[-/][a-zđ][\w/&-]*"


def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    base = "".join(part for part in decomposed if part not in _MARKS)
    return "d" if base == "đ" else base


# One letter for one letter, so that places stay true; also makes the place of a tone mark (uỷ, ủy) no difference.
_TO_BARE = {
    ord(letter): base
    for letter in (chr(code) for code in range(0x00C0, 0x1F00))
    if len(base := _bare(letter)) == 1 and base != letter
}


def bare(text: str) -> str:
    """Lower case without accents, of the same length as `text` (which is composed, NFC)."""
    return text.lower().translate(_TO_BARE)


_CITED = "|".join(sorted(map(bare, listed("cited")), key=len, reverse=True))
_DAY = r"(?:,? ?ngay \d{1,2}(?:[/.-]\d{1,2}[/.-]\d{4}| thang \d{1,2}(?: nam \d{4})?))?"
_BODY_OF_CITED = r"(?: (?:cua|do) [^,;.:()]{3,60}?(?= ve | phe duyet | ban hanh |[,;.:()]|$))?"
_TITLE = r"(?: (?:ve|phe duyet|ban hanh) [^,;.:()]{3,160})?"
# Whatever stands between quotation marks after a cited kind of text is its title.
_MASKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_CITED})(?: so)? {_NUMBER_OF_DOCUMENT}{_DAY}{_BODY_OF_CITED}{_DAY}{_TITLE}",
        rf"\b(?:{_CITED}) [“\"][^”\"]{{3,200}}[”\"]",
        _NUMBER_OF_DOCUMENT,
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that counts, without accents: `text[start:end]` as it stands."""

    bare: str
    start: int
    end: int


class Mask:
    """Knows the names to leave out: `names` of organisations and places, besides the shipped words.

    Longest names first; "bộ" alone is left out as a level, "bộ tiêu chí" stays because only whole names go.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {
            parts
            for name in {*names, *listed("levels"), *listed("fillers")}
            if (parts := tuple(_WORD.findall(bare(unicodedata.normalize("NFC", name)))))
        }
        # By first word, the longest first. Looked up by length: of a country, thousands of names begin with "xã".
        sizes: dict[str, set[int]] = {}
        for parts in self._names:
            sizes.setdefault(parts[0], set()).add(len(parts))
        self._sizes = {first: sorted(found, reverse=True) for first, found in sizes.items()}

    def words(self, text: str) -> list[Word]:
        """What is left of `text`, in its order. The same for a text that consists of what is left."""
        plain = bare(unicodedata.normalize("NFC", text))
        for pattern in _MASKS:
            plain = pattern.sub(lambda found: " " * len(found[0]), plain)
        found = [Word(match[0], match.start(), match.end()) for match in _WORD.finditer(plain)]
        kept: list[Word] = []
        place = 0
        while place < len(found):
            skipped = self._name_at(found, place)
            if not skipped:
                kept.append(found[place])
            place += skipped or 1
        return kept

    def masked(self, text: str) -> str:
        return " ".join(word.bare for word in self.words(text))

    def _name_at(self, found: list[Word], place: int) -> int:
        """How many words, from that place, are a name."""
        for size in self._sizes.get(found[place].bare, ()):
            if tuple(word.bare for word in found[place : place + size]) in self._names:
                return size
        return 0

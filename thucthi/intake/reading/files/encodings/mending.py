"""Repairs what recognition of scanned pages and extraction from PDF do to letters, only where it is certain."""

import re
from collections import Counter

from thucthi.intake.reading.files.encodings.syllables import is_syllable

_LETTER = "[^\\W\\d_]"
_SPACED = (
    # "8 ,5%" and "12 .000", but not "2025 ,2026"
    (re.compile(r"(?<![\d.,])(\d{1,3}) (?=,\d{1,2}(?!\d))"), r"\1"),
    (re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*) (?=\.\d{3}(?!\d))"), r"\1"),
    (re.compile(rf"(?<=[^\s(\[“‘\"'|]) ([,;])(?={_LETTER})"), r"\1 "),
    (re.compile(r"(?<=[^\s(\[“‘\"'|]) (?=[,;:](?:\s|$)|[,;] ?[\"”’)]|\.(?:[\s\"”’)]|$)|[?!](?:\s|$))", re.M), ""),
    (re.compile(r"(?<=[^\s(\[“‘\"'|]) (?=[”’]|\"[,;.)])"), ""),
    (re.compile(r"(?<=\d) (?=%)"), ""),
    (re.compile(r"\( (?=\S)"), "("),
    (re.compile(r"(?<=[^\s(|]) \)"), ")"),
    # "140/NQ -CP", "59/2014/NĐ- CP", "66 -NQ/TW"
    (re.compile(r"(\d/[A-ZĐ][A-Za-zĐđ]{0,6})(?: -|- | - )(?=[A-ZĐ]{2})"), r"\1-"),
    (re.compile(r"(?<![\d.,/])(\d{1,5})(?: -|- )(?=[A-ZĐ][A-Za-zĐđ]{0,4}/[A-ZĐ])"), r"\1-"),
)
_WORDS = re.compile(rf"{_LETTER}+")
_FRAGMENT = re.compile(rf"(?<!\S)({_LETTER}{{1,3}})(?!\S)")
_VOWEL = re.compile("[aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I)
_BEFORE = re.compile(rf"(?:^|[\s(\[“\"'])({_LETTER}+) $")
_AFTER = re.compile(rf" ({_LETTER}+)")
_ALL_DIFFERENT = 3
"""How many times more often one reading of a fragment must be met in the text than the other."""


def mended(text: str) -> str:
    """The text with spaces before punctuation, inside numbers and inside words taken out. Line breaks stay."""
    for pattern, instead in _SPACED:
        text = pattern.sub(instead, text)
    return _joined(text)


def _joined(text: str) -> str:
    """Puts "q uyết" together: a piece that is no syllable goes to the neighbour with which it makes a known word."""
    pieces = [found for found in _FRAGMENT.finditer(text) if _is_broken(found[1])]
    if not pieces:
        return text
    known = Counter(word.lower() for word in _WORDS.findall(text))
    gaps = {gap for found in pieces if (gap := _gap(text, found, known)) is not None}
    return "".join(letter for place, letter in enumerate(text) if place not in gaps)


def _is_broken(piece: str) -> bool:
    return not _VOWEL.search(piece) and piece.lower() not in {"kg", "km", "ha", "gw", "mw", "tp"}


def _gap(text: str, found: re.Match[str], known: Counter[str]) -> int | None:
    """The place of the space that should not be there."""
    before = _BEFORE.search(text, max(0, found.start() - 12), found.start())
    after = _AFTER.match(text, found.end())
    left = _count(before[1] + found[1], known) if before else 0
    right = _count(found[1] + after[1], known) if after and _goes_on(found[1], after[1]) else 0
    if right and right >= _ALL_DIFFERENT * left:
        return found.end()
    if left and left >= _ALL_DIFFERENT * right:
        return found.start() - 1
    return None


def _goes_on(piece: str, rest: str) -> bool:
    return rest.islower() if len(piece) > 1 or piece.islower() else rest.islower() or rest.isupper()


def _count(word: str, known: Counter[str]) -> int:
    return known[word.lower()] if is_syllable(word) else 0

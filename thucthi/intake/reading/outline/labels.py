"""Recognises what a line begins with: "Điều 5.", "III-", "2.1.", "đ)", "(1)", "-"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import takewhile


class Kind(IntEnum):
    """Kinds of clauses, the widest first: where nothing else is known, a smaller one stands above a greater."""

    ANNEX = 0
    ATTACHMENT = 1
    PART = 2
    CHAPTER = 3
    SECTION = 4
    SUBSECTION = 5
    ARTICLE = 6
    CAPITAL = 7
    ROMAN = 8
    NUMBER = 9
    DECIMAL = 10
    LETTER = 11
    BRACKETED = 12
    SMALL_ROMAN = 13
    DASH = 14
    PLUS = 15


WORDED = frozenset(kind for kind in Kind if kind <= Kind.ARTICLE)
BULLETS = frozenset({Kind.DASH, Kind.PLUS})


@dataclass(frozen=True, slots=True)
class Label:
    """A label at text[start:end]. `values` are its numbers from the widest ("2.1" → 2, 1); a bullet has none.

    `is_sure` is False where the same letters may begin a wrapped line of running text.
    """

    kind: Kind
    label: str
    values: tuple[int, ...]
    start: int
    end: int
    is_sure: bool = True

    @property
    def value(self) -> int:
        return self.values[-1] if self.values else 0


# Clauses are lettered without f, j, w, z; đ is sometimes left out and sometimes counted.
_LETTERS = "abcdđefghijklmnopqrstuvwxyz"
_SKIPPED = frozenset("đfjwz")
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_ROMANS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_ROMAN = re.compile(r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.I)
_WORDS = {
    "phần": Kind.PART, "chương": Kind.CHAPTER, "mục": Kind.SECTION, "tiểu mục": Kind.SUBSECTION, "điều": Kind.ARTICLE,
}  # fmt: skip
_STRUCTURE = re.compile(
    r"(?P<word>phần|chương|tiểu mục|mục|điều)\s+(?:(?:thứ\s+)(?P<ordinal>[^\W\d]+)|(?P<number>\d{1,3}|[ivxlc]{1,7}))"
    r"(?P<suffix>[a-zđ]?)(?P<stop>\s*[.:\-–—]+)?(?=\s|$|[^\W\d_])",
    re.I,
)
_ANNEX = re.compile(
    r"(?P<word>phụ\s?lục|biểu(?: mẫu)?(?= số)|mẫu(?= số))(?:\s+(?:số\s*)?(?P<number>[ivxlc]{1,6}|\d{1,3}[a-z]?|[a-h]))?"
    r"(?P<stop>\s*[.:\-–—]+)?(?=\s|$|\()",
    re.I,
)
_PLAIN = re.compile(
    r"(?P<bracketed>\(\s?(?:\d{1,2}|[a-zđ]|[ivx]{1,5})\s?\))"
    r"|(?P<decimal>\d{1,3}(?:\.\d{1,3}){1,4})(?:[.)\-–/:]\s?|\s)(?=\s*[^\W\d_“\"(‘'\[]|\s*[“\"(‘'\[]|$)"
    r"|(?P<number>\d{1,3})\s?(?:[.\-–/:]|\.-)(?=\s|[^\W\d_]|[“\"(]|$)"
    r"|(?P<closed>\d{1,2})\)(?=\s|[^\W\d_]|$)"
    r"|(?P<roman>[IVXLC]{1,7})\s?(?:[.\-–—/:)]|\.-)(?=\s|[^\W\d_]|$)"
    r"|(?P<capital>[A-HĐK])\s?(?:[.\-–—/:)]|\.-)(?=\s|$)"
    r"|(?P<small>[ivx]{2,5})[.)](?=\s|$)"
    r"|(?P<letter>[a-zđ])(?:\s?\)|\.(?=\s))(?=\s|[^\W\d_]|[“\"(]|$)"
    r"|(?P<dash>[-–—•*▪·●◦➢✓])(?=\s+\S|[^\W\d_])"
    r"|(?P<plus>\+)(?=\s*[^\W\d_“\"(])"
)


def label_at(text: str, start: int, end: int) -> Label | None:
    """The label that text[start:end] begins with; a lone "i" or "c" is a letter here, see `readings`."""
    return _structure(text, start, end) or _annex(text, start, end) or _plain(text, start, end)


def readings(label: Label) -> tuple[Label, ...]:
    """All that a label can be: "i)" is a letter or a small roman numeral, "C." a letter or a roman numeral."""
    bare = label.label.strip("()")
    number = roman(bare)
    if label.kind is Kind.LETTER and number and len(bare) == 1:
        return label, Label(Kind.SMALL_ROMAN, label.label, (number,), label.start, label.end)
    if label.kind is Kind.ROMAN and len(bare) == 1:
        return label, Label(Kind.CAPITAL, label.label, (letter_value(bare),), label.start, label.end)
    return (label,)


def roman(text: str) -> int:
    """Value of a well-formed roman numeral in either case, 0 for anything else."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMANS[letter] for letter in text.lower()]
    return sum(-low if low < high else low for low, high in zip(values, [*values[1:], 0], strict=True))


def letter_value(letter: str) -> int:
    """Place of a letter among those that can mark a clause, from 1; đ has one of its own."""
    return _LETTERS.find(letter.lower()) + 1


def follows(label: Label, before: Label) -> bool:
    """Whether `label` is the next after `before` among siblings; đ, f, j, w, z may be left out."""
    if label.kind is not before.kind:
        return False
    if label.kind in BULLETS:
        return True
    if label.values[:-1] != before.values[:-1]:
        return False
    if label.kind in (Kind.LETTER, Kind.CAPITAL):
        return _follows_letter(before.value, label.value)
    return label.value == before.value + 1


def missing_between(before: Label, label: Label) -> tuple[str, ...]:
    """The labels left out between two siblings, as they would be printed."""
    if label.kind in (Kind.LETTER, Kind.CAPITAL):
        letters = [letter for letter in _LETTERS[before.value : label.value - 1] if letter not in _SKIPPED]
        return tuple(letter.upper() if label.kind is Kind.CAPITAL else letter for letter in letters)
    numbers = range(before.value + 1, label.value)
    return tuple(_as_roman(number) if label.kind is Kind.ROMAN else str(number) for number in numbers)


def _follows_letter(before: int, value: int) -> bool:
    between = _LETTERS[before : value - 1]
    return value > before and len(list(takewhile(_SKIPPED.__contains__, between))) == len(between)


def _structure(text: str, start: int, end: int) -> Label | None:
    found = _STRUCTURE.match(text, start, end)
    if not found:
        return None
    word, rest = found["word"], text[found.end() : end].strip()
    kind = _WORDS[word.lower()]
    value = _ordinal(found["ordinal"]) if found["ordinal"] else _number(found["number"])
    if not value or word[0].islower() or not _opens(found, rest, is_article=kind is Kind.ARTICLE):
        return None
    ordinal = found["ordinal"]
    printed = f"thứ {ordinal.lower()}" if ordinal else found["number"].upper() + found["suffix"]
    is_sure = kind is not Kind.ARTICLE or bool(found["stop"])
    return Label(kind, f"{word.capitalize()} {printed}", (value,), start, found.end(), is_sure)


def _opens(found: re.Match[str], rest: str, *, is_article: bool) -> bool:
    """ "Điều 5 Nghị định này", "Mục II Chương này" at the beginning of a line are citations, not headings."""
    if found["stop"] or not rest:
        return True
    return not is_article and rest[:2].isupper()


def _annex(text: str, start: int, end: int) -> Label | None:
    found = _ANNEX.match(text, start, end)
    if not found or found["word"][0].islower():
        return None
    rest = text[found.end() : end].strip()
    if not (found["stop"] or not rest or rest.startswith("(") or rest[:2].isupper()):
        return None
    number = found["number"] or ""
    if number.islower():
        return None
    word = " ".join(found["word"].split()).capitalize()
    value = _number(number.rstrip("abcdefgh")) or letter_value(number) if number else 0
    return Label(Kind.ANNEX, f"{word} {number}".strip(), (value,), start, found.end())


def _plain(text: str, start: int, end: int) -> Label | None:
    found = _PLAIN.match(text, start, end)
    if not found or not found.lastgroup:
        return None
    stop = found.end()
    kind, label, values = _PLAIN_KINDS[found.lastgroup](found[found.lastgroup])
    if not kind:
        return None
    rest = text[stop:end].lstrip()
    is_sure = kind in BULLETS or not rest or not rest[0].islower()
    return Label(kind, label, values, start, stop, is_sure)


_Named = tuple[Kind | None, str, tuple[int, ...]]


def _named_bracketed(words: str) -> _Named:
    inside = words.strip("() ")
    if inside.isdigit():
        return Kind.BRACKETED, f"({inside})", (int(inside),)
    if roman(inside) and len(inside) > 1:
        return Kind.SMALL_ROMAN, f"({inside})", (roman(inside),)
    return Kind.LETTER, f"({inside})", (letter_value(inside),)


def _named_decimal(words: str) -> _Named:
    values = tuple(map(int, words.split(".")))
    return (Kind.DECIMAL if all(values) else None), words, values


def _named_number(words: str) -> _Named:
    return (Kind.NUMBER if int(words) else None), str(int(words)), (int(words),)


def _named_closed(words: str) -> _Named:
    return Kind.BRACKETED, f"{int(words)})", (int(words),)


def _named_roman(words: str) -> _Named:
    if roman(words):
        return Kind.ROMAN, words, (roman(words),)
    return (Kind.CAPITAL, words, (letter_value(words),)) if len(words) == 1 else (None, words, ())


def _named_capital(words: str) -> _Named:
    return Kind.CAPITAL, words, (letter_value(words),)


def _named_small(words: str) -> _Named:
    return (Kind.SMALL_ROMAN if roman(words) else None), words, (roman(words),)


def _named_letter(words: str) -> _Named:
    return Kind.LETTER, words, (letter_value(words),)


def _named_dash(_: str) -> _Named:
    return Kind.DASH, "-", ()


def _named_plus(_: str) -> _Named:
    return Kind.PLUS, "+", ()


_PLAIN_KINDS: dict[str, Callable[[str], _Named]] = {
    "bracketed": _named_bracketed,
    "decimal": _named_decimal,
    "number": _named_number,
    "closed": _named_closed,
    "roman": _named_roman,
    "capital": _named_capital,
    "small": _named_small,
    "letter": _named_letter,
    "dash": _named_dash,
    "plus": _named_plus,
}


def _as_roman(number: int) -> str:
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for value, sign in signs:
        written += sign * (number // value)
        number %= value
    return written


def _ordinal(word: str) -> int:
    return _ORDINALS.index(word.lower()) + 1 if word.lower() in _ORDINALS else roman(word)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else roman(text)

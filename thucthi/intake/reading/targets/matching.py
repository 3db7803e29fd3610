"""One form of the letters to search in, and patterns made from lists of words; places stay those of the text."""

import re
from collections.abc import Iterable

_TONES = ("àáảãạ", "òóỏõọ"), ("èéẻẽẹ", "òóỏõọ"), ("ỳýỷỹỵ", "ùúủũụ")
_SECOND_LETTERS = "aey"
# "hoá", "khoẻ", "thuỷ" as State documents write them, "hóa", "khỏe", "thủy"; "quý" has its tone where it belongs.
_LATE_TONE = re.compile(r"(?:o([àáảãạèéẻẽẹ])|(?<!q)u([ỳýỷỹỵ]))(?!\w)")


def searchable(text: str) -> str:
    """Small letters, one placement of tone marks, hard spaces made plain: as long as `text`, letter by letter."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return _LATE_TONE.sub(_moved_tone, re.sub(r"\s", " ", small))


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first; words written in letters match whole ones only."""
    ordered = sorted({searchable(word) for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_whole(word) for word in ordered) + ")"


def _whole(word: str) -> str:
    inside = r"\s+".join(re.escape(part) for part in word.split())
    before = r"(?<![^\W\d])" if word[0].isalpha() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{before}{inside}{after}"


def _moved_tone(found: re.Match[str]) -> str:
    second = found[1] or found[2]
    for (late, early), letter in zip(_TONES, _SECOND_LETTERS, strict=True):
        if second in late:
            return (early[late.index(second)]) + letter
    return found[0]

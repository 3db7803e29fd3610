"""Cuts running text into sentences, with their places."""

import re
from collections.abc import Iterator

# A point ends a sentence before a capital letter, a dash or a bracket, unless it closes an abbreviation or a numeral.
_END = re.compile(r"[.!?…](?:[\"”’)\]]*)(?=\s+[\"“(\[+\-–]*[A-ZĐÀ-ỸƯƠ0-9])|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|ThS|TS|GS|PGS|BS|Ths|St|No|Tr|tr|Đ/c|đ/c|v\.v|\d{1,3}|[IVXLC]{1,5}|[A-ZĐa-zđ])$"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Places of the sentences of text[start:end], white space trimmed; line breaks always end one."""
    last = len(text) if end is None else end
    begin = start
    for found in _END.finditer(text, start, last):
        if text[found.start()] == "." and _ABBREVIATION.search(text[begin : found.start()]):
            continue
        yield from _trimmed(text, begin, found.end())
        begin = found.end()
    yield from _trimmed(text, begin, last)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    if words.strip():
        yield start + left, start + len(words.rstrip())

"""Numbers of documents: "57-NQ/TW", "03/NQ-CP", "66.22/2026/NQ-CP", "72/2025/QH15", "6225/BVHTTDL-VP"."""

import re
from dataclasses import dataclass

from thucthi.intake.reading.header.issuers import issuer_by_letters
from thucthi.intake.reading.rules import rules
from thucthi.kernel.vietnamese_text import nfc

_TYPES: dict[str, str] = rules("document_types")["letters"]
_UPPER = "A-ZĐÐ"
_SYMBOL = rf"[{_UPPER}][{_UPPER}a-zđ&]{{0,12}}\d{{0,2}}"
_SERIAL = r"\d{1,5}(?:\.\d{1,3})?[a-zđ]?"
_SYMBOLS = rf"{_SYMBOL}(?:\s?[/\-–]\s?{_SYMBOL}){{0,4}}"
NUMBER = rf"(?P<serial>{_SERIAL})\s?(?P<tail>(?:/\s?(?P<year>(?:19|20)\d\d)\s?)?[/\-–]\s?{_SYMBOLS})"
# A number without its serial, which is filled in when the document is signed: "Số:      /NQ-CP".
BLANK = rf"(?P<blank>[.…_\s]*/\s?(?:(?:19|20)\d\d\s?/\s?)?{_SYMBOLS})"
_ASSEMBLY = re.compile(r"(UBTV)?QH[I1l]?(\d{2})?$", re.I)
_SURE, _REPAIRED, _UNUSUAL = 1.0, 0.8, 0.6
_PARTY_TAIL = re.compile(r"[A-ZĐ]*(?:TW|TU|ĐU|HU|QU|ĐUK|BCĐTW|BCSĐ|TGV|CQTTBCĐ|ĐHĐB)$|ĐĐ[A-Z]+\d*$")
_STATE_TAIL = re.compile(
    r"CP$|TTg$|VPCP$|[A-ZĐ]*UBND$|HĐND$|UBTVQH\d*$|BCĐCP$|CTN$|B(?:TC|KHCN|NV|YT|GDĐT|CT|XD|NNMT|TP|CA|QP|NG)$|S[A-ZĐ]+$"
)
_KNOWN_TAILS = ("TTg", "CP", "TTr", "CTr")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as normally written; `letters` are those of the type, `tail` those of the issuer.

    `confidence` is below 1 for one that had to be repaired or that follows no rule.
    """

    text: str
    letters: str
    tail: str
    confidence: float

    @property
    def type(self) -> str | None:
        """The type that the letters stand for, in lower case; "công văn" when they name the issuer alone."""
        if self.letters in _TYPES:
            return _TYPES[self.letters]
        return None if self.letters or _ASSEMBLY.fullmatch(self.tail) else "công văn"

    @property
    def issuer(self) -> str | None:
        return issuer_by_letters(self.tail)


def number_of(printed: str) -> Number:
    """Reads a number as matched by NUMBER or BLANK: no spaces, usual letters, usual separators."""
    text = re.sub(r"\s+", "", nfc(printed)).replace("Ð", "Đ").replace("–", "-")
    found = re.fullmatch(rf"(?P<serial>{_SERIAL})?(?:/(?P<year>\d{{4}}))?(?P<rest>.*)", text)
    serial, year, rest = (found["serial"] or "", found["year"], found["rest"]) if found else ("", None, text)
    symbols = re.split(r"[/\-]", rest.lstrip("/-"))
    if _ASSEMBLY.fullmatch(symbols[-1]):
        return _of_assembly(serial, year, rest, symbols)
    first, was_repaired = _usual(symbols[0])
    letters = first if first in _TYPES and (len(symbols) > 1 or first not in ("L",)) else ""
    usual = [first, *(_usual(each)[0] for each in symbols[1:])]
    made = _written(serial, year, usual, rest, is_party=bool(letters) and len(usual) == 2 and _is_party(usual[1], rest))
    tail = (usual[1] if len(usual) > 1 else "") if letters else usual[0]
    confidence = _SURE if made == text else _REPAIRED
    if was_repaired or len(symbols) == 1:
        confidence = _UNUSUAL
    return Number(made, letters, tail, confidence)


def _is_party(tail: str, rest: str) -> bool:
    """Party numbers are written 57-NQ/TW, those of the State 03/NQ-CP; others stay as they are printed."""
    if _PARTY_TAIL.match(tail):
        return True
    return rest.startswith("-") and "/" in rest and not _STATE_TAIL.match(tail)


def _written(serial: str, year: str | None, symbols: list[str], rest: str, *, is_party: bool) -> str:
    head = f"{serial}/{year}" if year else serial
    if is_party and not year:
        return f"{head}-{symbols[0]}/{symbols[1]}"
    if rest.startswith("-") and not year and symbols[0] == "CV":
        return f"{head}-{symbols[0]}/{'-'.join(symbols[1:])}"
    return f"{head}/{'-'.join(symbols)}"


def _of_assembly(serial: str, year: str | None, rest: str, symbols: list[str]) -> Number:
    """ "72/2025/QH15", "1660/NQ-UBTVQH15", "3260-KH/ĐĐQH15"; QHI15 is a misread QH15."""
    repaired = re.sub(r"QH[I1l](?=\d{2}$)", "QH", symbols[-1])
    letters = _usual(symbols[0])[0] if len(symbols) > 1 else ""
    head = f"{serial}/{year}" if year else serial
    if letters:
        text = f"{head}-{letters}/{repaired}" if rest.startswith("-") else f"{head}/{letters}-{repaired}"
    else:
        text = f"{head}/{repaired}"
    is_whole = repaired == symbols[-1] and repaired[-1:].isdigit()
    return Number(text, letters, repaired, _SURE if is_whole else _UNUSUAL)


def _usual(symbol: str) -> tuple[str, bool]:
    """Letters as they are usually written ("TTG" → "TTg", "T1" → "TT"), and whether letters had to be guessed."""
    for known in (*_TYPES, *_KNOWN_TAILS):
        if known.casefold() == symbol.casefold():
            return known, False
    return ("TT", True) if symbol == "T1" else (symbol, False)

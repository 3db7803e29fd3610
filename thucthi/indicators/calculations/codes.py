"""What rows are read against: codes with their units and limits, the words for kinds and states, near misses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import ValueState
from thucthi.kernel.vietnamese_text import fold

COUNTRY_WORDS = frozenset({"ca nuoc", "ca-nuoc", "toan quoc", "viet nam", "whole country"})
KIND_WORDS = {
    "actual": "actual", "so chinh thuc": "actual", "chinh thuc": "actual",
    "declared": "declared", "so don vi bao cao": "declared", "don vi bao cao": "declared", "bao cao": "declared",
    "estimate": "estimate", "so uoc tinh": "estimate", "uoc tinh": "estimate", "uoc": "estimate",
    "sample": "sample", "so dieu tra mau": "sample", "dieu tra mau": "sample", "mau": "sample",
}  # fmt: skip
STATE_WORDS = {
    "number": ValueState.NUMBER, "co so lieu": ValueState.NUMBER, "chinh thuc": ValueState.NUMBER,
    "confirmed_zero": ValueState.CONFIRMED_ZERO, "so khong da xac nhan": ValueState.CONFIRMED_ZERO,
    "so khong": ValueState.CONFIRMED_ZERO,
    "provisional": ValueState.PROVISIONAL, "so bo": ValueState.PROVISIONAL,
    "not_reported": ValueState.NOT_REPORTED, "chua co": ValueState.NOT_REPORTED,
    "chua co so lieu": ValueState.NOT_REPORTED,
    "not_applicable": ValueState.NOT_APPLICABLE, "khong ap dung": ValueState.NOT_APPLICABLE,
    # As the drop-down of an English workbook words them.
    "confirmed zero": ValueState.CONFIRMED_ZERO, "no figures yet": ValueState.NOT_REPORTED,
    "not applicable": ValueState.NOT_APPLICABLE,
    "confidential": ValueState.CONFIDENTIAL, "mat": ValueState.CONFIDENTIAL,
}  # fmt: skip
MOST_SUGGESTED = 200
"""A file full of unknown codes gets no more suggestions than a person reads: each costs a search through all codes."""
_NEAR_CODE, _NEAR_NAME = 70, 85


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """`parts`: category codes by dimension, dimensions in the order in which a breakdown names them."""

    pk: int
    code: str
    name: str
    frequency: Frequency
    unit: str = ""
    scale: Decimal = Decimal(1)
    low: Decimal | None = None
    high: Decimal | None = None
    source: str = ""
    rubric: tuple[str, ...] = ()
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """`may_write`: whoever sends the rows may write for it."""

    pk: int
    code: str
    name: str
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """`source` and `kind` stand in for rows that do not name theirs; `decimal_mark` settles what is unclear."""

    indicators: Mapping[str, KnownIndicator]
    organisations: Mapping[str, KnownOrganisation]
    today: date
    decimal_mark: str = ","
    source: str = ""
    kind: str = "actual"
    may_write_country: bool = False


Thing = TypeVar("Thing", KnownIndicator, KnownOrganisation)


class Suggestions(Generic[Thing]):
    """The nearest known thing for a code that is unknown; each text is searched once."""

    def __init__(self, things: Mapping[str, Thing]) -> None:
        self._by_code: Mapping[str, Thing] = things
        self._found: dict[str, Thing | None] = {}
        self._codes: dict[str, Thing] = {}
        self._names: dict[str, Thing] = {}

    def near(self, text: str) -> Thing | None:
        if text not in self._found and len(self._found) < MOST_SUGGESTED:
            self._found[text] = self._search(fold(text[:100]))
        return self._found.get(text)

    def _search(self, folded: str) -> Thing | None:
        if not self._codes:
            self._codes = {fold(code): thing for code, thing in self._by_code.items()}
            self._names = {fold(thing.name): thing for thing in self._by_code.values()}
        for words, cutoff in ((self._names, _NEAR_NAME), (self._codes, _NEAR_CODE)):
            found = process.extractOne(folded, words.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
            if found:
                return words[found[0]]
        return None

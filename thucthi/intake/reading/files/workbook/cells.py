"""A cell's value as a person sees it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

Place = tuple[int, int]
_MIDNIGHT = time()
_DIGITS = 15
_SAID_APART = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CARRIAGE_RETURN = "_x000D_"


class Look(Enum):
    """Formats that change what a value says; `PER_CENT` comes with a number of decimals."""

    PER_CENT = "%"
    MONTH = "mm/yyyy"
    YEAR = "yyyy"


@dataclass(frozen=True, slots=True)
class Format:
    look: Look
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What the values of a sheet do not tell, by line and column from 0.

    `texts` are what the file itself says is shown; `merged` maps a first cell to the lines and columns it covers.
    """

    formats: Mapping[Place, Format] = field(default_factory=dict)
    texts: Mapping[Place, str] = field(default_factory=dict)
    merged: Mapping[Place, Place] = field(default_factory=dict)
    has_hidden: bool = False

    def shown(self, place: Place, value: object, *, is_index: bool) -> str:
        if place in self.texts:
            return self.texts[place]
        return written(value, self.formats.get(place), is_index=is_index)


def format_of(code: str) -> Format | None:
    """What a number format of a spreadsheet ("0.0%", "mm/yyyy") changes; None when nothing."""
    bare = _SAID_APART.sub("", code.split(";", maxsplit=1)[0]).lower()
    if "%" in bare:
        return Format(Look.PER_CENT, len(re.sub(r"[^0#?]", "", bare.partition(".")[2])))
    if "y" not in bare or "d" in bare or "h" in bare:
        return None
    return Format(Look.MONTH if "m" in bare else Look.YEAR)


def written(value: object, form: Format | None = None, *, is_index: bool = False) -> str:
    """12.0 → 12, 2.5 → 2,5, a day → 31/12/2025. In a column of indices 1.1 is no figure but a place: 1.1."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, (int, float)):
        return _figure(float(value), form, is_index=is_index)
    if isinstance(value, date):
        return _day(value, form)
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value).replace(_CARRIAGE_RETURN, "")


def _figure(value: float, form: Format | None, *, is_index: bool) -> str:
    if form is not None and form.look is Look.PER_CENT:
        share = f"{value * 100:.{form.decimals}f}"
        return f"{_trimmed(share).replace('.', ',')}%"
    if value.is_integer() and abs(value) < 10**_DIGITS:
        return str(int(value))
    # Fifteen digits are what the sheet keeps; the rest is made up by binary arithmetic.
    digits = format(value, f".{_DIGITS}g")
    return digits if is_index else digits.replace(".", ",")


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _day(value: date, form: Format | None) -> str:
    if form is not None and form.look in (Look.MONTH, Look.YEAR):
        return f"{value:%m/%Y}" if form.look is Look.MONTH else f"{value:%Y}"
    if isinstance(value, datetime) and value.time() != _MIDNIGHT:
        return f"{value:%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"

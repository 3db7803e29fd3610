"""What a table of the open data is, once for all its formats."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell


class Kind(StrEnum):
    """The types of Table Schema; a number is a decimal and never a binary fraction."""

    TEXT = "string"
    NUMBER = "number"
    COUNT = "integer"
    DAY = "date"
    FLAG = "boolean"


@dataclass(frozen=True)
class Column:
    """`vi` and `en` describe it to a reader who has nothing but the file."""

    name: str
    kind: Kind
    vi: str
    en: str
    unit: str = ""


Row = Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """`rows` reads them anew each time, so that a long table never lies in memory whole.

    `key` names the columns that tell its rows apart; `of` names the table that its first column points into. `count`:
    how many rows it has, where that is known without reading them.
    """

    name: str
    vi: str
    en: str
    columns: tuple[Column, ...]
    rows: Callable[[Book], Iterable[Row]]
    key: tuple[str, ...] = ()
    of: str = ""
    count: Callable[[Book], int] | None = None


def text(name: str, vi: str, en: str) -> Column:
    return Column(name, Kind.TEXT, vi, en)


def number(name: str, vi: str, en: str, unit: str = "") -> Column:
    return Column(name, Kind.NUMBER, vi, en, unit)


def count(name: str, vi: str, en: str, unit: str = "") -> Column:
    return Column(name, Kind.COUNT, vi, en, unit)


def day(name: str, vi: str, en: str) -> Column:
    return Column(name, Kind.DAY, vi, en)


def flag(name: str, vi: str, en: str) -> Column:
    return Column(name, Kind.FLAG, vi, en)

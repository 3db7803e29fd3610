"""What a table of the open data is, once for all its formats."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Cell
from thucthi.publication.frozen import fields_of


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

    `parts` of a table that says of each task what stands in one of its fields of several rows: the name of the field,
    and the cells of a row after the code of the task.

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
    parts: tuple[str, Callable[[Any], Row]] | None = None


def of_tasks(name: str, cells: Callable[[Any], Row]) -> dict[str, Any]:
    """How such a table is read, for `Table`."""

    def rows(book: Book) -> Iterator[Row]:
        return ((code, *cells(each)) for code, parts in fields_of(book.data.tasks, "code", name) for each in parts)

    return {"rows": rows, "of": "tasks", "count": lambda book: book.places.rows[name], "parts": (name, cells)}


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

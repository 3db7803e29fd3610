"""Statements that the server plans once for a connection, for what is asked at every request or at every report.

Django sends each statement as a new text, and the server plans each anew; where policies of `kernel.row_security` come
in, that takes longer than the answer itself (docs/performance.md). Behind a pool of transactions a connection of the
server belongs to nobody for longer than one of them, so there the same statement is sent as text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

_KEPT = "_thucthi_prepared"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Prepared:
    """`text` asks with `%(name)s`; `types` gives the type of each of these in PostgreSQL, by name.

    Name the columns in the text: a plan is refused once `*` means more columns than it did.
    """

    name: str
    text: str
    types: Mapping[str, str]

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """One round trip, and one more for the first time on a connection; counted as one statement."""
        with connection.cursor() as cursor:
            if settings.DATABASE_POOLED:
                cursor.execute(self._typed, values)
            else:
                self._prepare()
                cursor.execute(self._call, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def row(self, **values: Any) -> tuple[Any, ...] | None:
        return next(iter(self.rows(**values)), None)

    def _prepare(self) -> None:
        raw: Any = connection.connection
        kept: set[str] | None = getattr(raw, _KEPT, None)
        if kept is None:
            setattr(raw, _KEPT, kept := set())
        if self.name not in kept:
            with connection.wrap_database_errors:
                raw.execute(f"PREPARE {self.name}{_in_brackets(self.types.values())} AS {self._numbered}")
            kept.add(self.name)

    @cached_property
    def _numbered(self) -> str:
        return self.text % {name: f"${place}" for place, name in enumerate(self.types, 1)}

    @cached_property
    def _typed(self) -> str:
        return self.text % {name: f"%({name})s::{kind}" for name, kind in self.types.items()}

    @cached_property
    def _call(self) -> str:
        return f"EXECUTE {self.name}{_in_brackets(f'%({name})s' for name in self.types)}"


def _in_brackets(parts: Iterable[str]) -> str:
    listed = ", ".join(parts)
    return f" ({listed})" if listed else ""


@dataclass(frozen=True)
class WholeRow(Generic[Row]):
    """All columns of a model, under the alias of its table in a statement, and the object that they make."""

    model: type[Row]
    alias: str

    @cached_property
    def columns(self) -> str:
        """Raises TypeError for a model with a field that Django would have to convert."""
        fields = self.model._meta.concrete_fields
        if converted := [field.name for field in fields if hasattr(field, "from_db_value")]:
            raise TypeError(f"{self.model.__name__} is not read as it is: {', '.join(converted)}")
        return ", ".join(f"{self.alias}.{field.column}" for field in fields)

    def take(self, values: Iterator[Any]) -> Row | None:
        """From as many of the next values as the model has columns; None where an outer join found no row."""
        fields = self.model._meta.concrete_fields
        own = list(islice(values, len(fields)))
        if own[self._place_of_key] is None:
            return None
        return self.model.from_db(connection.alias, [field.attname for field in fields], own)

    @cached_property
    def _place_of_key(self) -> int:
        return [field.primary_key for field in self.model._meta.concrete_fields].index(True)


@dataclass(frozen=True)
class Insertion(Generic[Row]):
    """Adds objects of one model as `save(force_insert=True)` would, by a statement that is not composed anew each time.

    Key and whatever else the database itself gives are read back into the object. Without multi-table inheritance,
    without signals: there are none in this house.
    """

    model: type[Row]

    def create(self, row: Row) -> Row:
        """Raises ValueError for an object with a key, or with a value where the database is to give its own."""
        given = [field.attname for field in self._given if not _is_left_to_the_database(getattr(row, field.attname))]
        if given:
            raise ValueError(f"{self.model.__name__} is given its {', '.join(given)} by the database")
        stated = {
            field.attname: field.get_db_prep_save(getattr(row, field.attname), connection) for field in self._stated
        }
        for field, value in zip(self._given, self._statement.row(**stated) or (), strict=True):
            setattr(row, field.attname, value)
        row._state.adding, row._state.db = False, connection.alias
        return row

    @cached_property
    def _given(self) -> list[Any]:
        return [field for field in self.model._meta.concrete_fields if field.primary_key or field.has_db_default()]

    @cached_property
    def _stated(self) -> list[Any]:
        return [field for field in self.model._meta.concrete_fields if field not in self._given]

    @cached_property
    def _statement(self) -> Prepared:
        table, columns = self.model._meta.db_table, ", ".join(field.column for field in self._stated)
        values = ", ".join(f"%({field.attname})s" for field in self._stated)
        given = ", ".join(field.column for field in self._given)
        return Prepared(
            f"add_{table}",
            f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING {given}",  # noqa: S608 - names of a model
            {field.attname: field.db_type(connection) for field in self._stated},
        )


def _is_left_to_the_database(value: object) -> bool:
    return value is None or isinstance(value, DatabaseDefault)

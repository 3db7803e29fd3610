"""Queries of the ORM that are composed into SQL once for a process, and planned once for a connection.

Composing a query of several joins takes Django two to five thousand calls of functions, the server takes as long again
to plan it, and the answer is often empty; a page asks ten of them (docs/performance.md). Here a query is written as
ever, with `Given(…)` wherever a value differs from one request to the next, and asked with these values.

Nothing that somebody was answered is kept: only the text of the question. So what is composed may know nothing of who
asks, of today or of the language; all that comes as a value, or as the shape, for which a text of its own is kept.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, DateField, DateTimeField, Expression, Field, Func, TextField
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    QuerySet,
    ValuesListIterable,
    get_related_populators,
    prefetch_related_objects,
)
from psycopg.sql import Literal

from thucthi.kernel.prepared import Prepared

Row = TypeVar("Row")


class Given(Expression):
    """A value told when the query is asked, by its name.

    Of a list the planner is not shown how long it is: otherwise it would find, for every list anew, that planning for
    just this one pays, and plan each time (2 to 4 ms where the answer takes 0.3).
    """

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return ("ARRAY(SELECT unnest(%s))" if isinstance(self.output_field, ArrayField) else "%s"), [self]


def given_ids(name: str) -> Given:
    return Given(name, ArrayField(BigIntegerField()))


def given_text(name: str) -> Given:
    return Given(name, TextField())


def given_id(name: str) -> Given:
    return Given(name, BigIntegerField())


def given_day(name: str) -> Given:
    return Given(name, DateField())


def given_moment(name: str) -> Given:
    return Given(name, DateTimeField())


def any_of(field: str, array: Expression) -> Func:
    """The condition that `field` is one of an array, which takes one place in the text however long it is."""
    shape: Any = {"template": "(%(expressions)s))", "arg_joiner": " = ANY ("}
    return Func(field, array, output_field=BooleanField(), **shape)


def among(field: str, name: str) -> Func:
    """The condition that `field` is one of the ids given as a list."""
    return any_of(field, given_ids(name))


@dataclass(frozen=True)
class _Statement:
    """What is sent, the places of its values, and how an answer is made into rows; None: what nothing can answer."""

    prepared: Prepared
    fields: dict[str, "Field[Any, Any]"]
    rows_of: Callable[[Any], Iterator[Any]]


class Composed(Generic[Row]):
    """`compose` gives the query, from the shape where there are several; `name` is that of the statement.

    `rows(*shape, **values)` asks. A query may give objects, with what is joined or prefetched, or `values_list`.
    """

    def __init__(self, name: str, compose: "Callable[..., QuerySet[Any, Row]]") -> None:
        self._name = name
        self._compose = compose
        self._kept: dict[tuple[Hashable, ...], _Statement | None] = {}

    def rows(self, *shape: Hashable, **values: Any) -> list[Row]:
        """Raises KeyError for a value that was not given."""
        statement = self._statement_of(shape)
        if statement is None:
            return []
        told = {name: field.get_db_prep_value(values[name], connection) for name, field in statement.fields.items()}
        return list(statement.rows_of(statement.prepared.rows(**told)))

    def _statement_of(self, shape: tuple[Hashable, ...]) -> _Statement | None:
        if shape not in self._kept:
            self._kept[shape] = _statement("_".join((self._name, *map(str, shape))), self._compose(*shape))
        return self._kept[shape]

    def row(self, *shape: Hashable, **values: Any) -> Row | None:
        return next(iter(self.rows(*shape, **values)), None)


def _statement(name: str, asked: "QuerySet[Any, Any]") -> _Statement | None:
    compiler = asked.query.get_compiler(connection=connection)
    connection.ensure_connection()
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    fields = {each.name: each.output_field for each in parameters if isinstance(each, Given)}
    written = text % tuple(_written(each) for each in parameters)
    types = {each: str(field.db_type(connection)) for each, field in fields.items()}
    return _Statement(Prepared(name, written, types), fields, _rows_of(asked, compiler))


def _written(parameter: object) -> str:
    """Of a value that never differs, as the server reads it; doubled signs, for the text is a format once more."""
    if isinstance(parameter, Given):
        return f"%({parameter.name})s"
    return Literal(parameter).as_string(connection.connection).replace("%", "%%")


def _rows_of(asked: Any, compiler: Any) -> Callable[[Any], Iterator[Any]]:
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def converted(found: Any) -> Any:
        return compiler.apply_converters(found, converters) if converters else found

    kind = asked._iterable_class
    if kind is FlatValuesListIterable:
        return lambda found: (row[0] for row in converted(found))
    if kind is ValuesListIterable:
        return lambda found: (tuple(row) for row in converted(found))
    if kind is not ModelIterable or asked._known_related_objects:
        raise TypeError(f"{kind.__name__} is not composed")
    return _objects_of(asked, compiler, converted)


def _objects_of(asked: Any, compiler: Any, converted: Callable[[Any], Any]) -> Callable[[Any], Iterator[Any]]:
    """As Django's own ModelIterable makes them."""
    model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators: Any = get_related_populators  # its annotations are those of a later Django
    related = populators(compiler.klass_info, compiler.select, connection.alias)
    annotated = list((compiler.annotation_col_map or {}).items())

    def objects(found: Any) -> Iterator[Any]:
        made = []
        for row in converted(found):
            each = model.from_db(connection.alias, names, row[start:end])
            for populator in related:
                populator.populate(row, each)
            for name, place in annotated:
                setattr(each, name, row[place])
            made.append(each)
        if asked._prefetch_related_lookups:
            prefetch_related_objects(made, *asked._prefetch_related_lookups)
        return iter(made)

    return objects

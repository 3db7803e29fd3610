"""A rule of the ORM as text in a statement of ours, so that it stands in one place only."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from thucthi.reporting.selectors.obligations import end_of

# Any day: its place in the words of a query is where the day asked for is to stand.
SOME_DAY = date(2026, 1, 1)


def in_words(rows: QuerySet[Any], *, day: str, day_end: str) -> str:
    """The query with names in the places of `SOME_DAY` and of its end. Raises TypeError for any but plain words."""
    names: dict[object, str] = {SOME_DAY: day, end_of(SOME_DAY): day_end}
    words, values = rows.order_by().values("pk").query.sql_with_params()
    return words % tuple(names.get(value) or _quoted(value) for value in values)


def _quoted(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))
    if not isinstance(value, str) or not value.isidentifier():
        raise TypeError(f"not a word to be written into a statement: {value!r}")
    return f"'{value}'"

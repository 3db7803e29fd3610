"""What stands around one obligation at the moment a report is sent, in one statement.

It says only what there is: whoever finds something reads it in the ordinary way. Most reports are the first of their
period, with no draft left, no file and no route, and then nothing more need be asked.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from thucthi.kernel.prepared import Prepared
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors.obligations import completions, end_of, tasks_that_run

# Any day: its place in the words of a query is where the day asked for is to stand.
_SOME_DAY = date(2026, 1, 1)
_NAMES: dict[object, str] = {_SOME_DAY: "%(on)s", end_of(_SOME_DAY): "%(day_after)s"}


@dataclass(frozen=True)
class Standing:
    """`has_key`: a report was sent with this key, about whatever; `task_is_complete`: accepted as such."""

    has_key: bool
    has_versions: bool
    has_draft: bool
    has_files: bool
    has_routes: bool
    task_runs: bool
    task_is_complete: bool


def standing_of(obligation: Obligation, programme_id: int, key: UUID, on: date) -> Standing:
    """Asked under the lock of the task, so that nothing of it can change before the transaction ends."""
    found = _statement().row(
        key=key,
        obligation=obligation.pk,
        task=obligation.task_id,
        programme=programme_id,
        on=on,
        day_after=end_of(on),
    )
    return Standing(*(found or ()))


@cache
def _statement() -> Prepared:
    runs = tasks_that_run(_SOME_DAY).filter(pk=RawSQL("%%(task)s", ()))
    complete = completions(_SOME_DAY).filter(task=RawSQL("%%(task)s", ()))
    return Prepared(
        "reporting_standing",
        f"""
SELECT EXISTS (SELECT FROM reporting_report WHERE idempotency_key = %(key)s),
    EXISTS (SELECT FROM reporting_report WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM reporting_reportdraft WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM reporting_evidence WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM programmes_programmebasis b JOIN reporting_acceptanceroute r ON r.document_id = b.document_id
            WHERE b.programme_id = %(programme)s),
    EXISTS ({_in_words(runs)}),
    EXISTS ({_in_words(complete)})
""",  # noqa: S608 - the words of our own queries
        {
            "key": "uuid",
            "obligation": "bigint",
            "task": "bigint",
            "programme": "bigint",
            "on": "date",
            "day_after": "timestamptz",
        },
    )


def _in_words(rows: QuerySet[Any]) -> str:
    """The query with the names of its parameters in their places, so that the rule stands in one place only."""
    words, values = rows.order_by().values("pk").query.sql_with_params()
    return words % tuple(_NAMES.get(value) or _quoted(value) for value in values)


def _quoted(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))
    if not isinstance(value, str) or not value.isidentifier():
        raise TypeError(f"not a word to be written into a statement: {value!r}")
    return f"'{value}'"

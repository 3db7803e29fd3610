"""What stands around one obligation at the moment a report is sent, in one statement.

It says only what there is: whoever finds something reads it in the ordinary way. Most reports are the first of their
period, with no draft left, no file and no route, and then nothing more need be asked.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models.expressions import RawSQL

from thucthi.kernel.prepared import Prepared
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors.obligations import completions, end_of, tasks_that_run
from thucthi.reporting.selectors.words import SOME_DAY, in_words

_NAMES = {"day": "%(on)s", "day_end": "%(day_after)s"}


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
    runs = tasks_that_run(SOME_DAY).filter(pk=RawSQL("%%(task)s", ()))
    complete = completions(SOME_DAY).filter(task=RawSQL("%%(task)s", ()))
    return Prepared(
        "reporting_standing",
        f"""
SELECT EXISTS (SELECT FROM reporting_report WHERE idempotency_key = %(key)s),
    EXISTS (SELECT FROM reporting_report WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM reporting_reportdraft WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM reporting_evidence WHERE obligation_id = %(obligation)s),
    EXISTS (SELECT FROM programmes_programmebasis b JOIN reporting_acceptanceroute r ON r.document_id = b.document_id
            WHERE b.programme_id = %(programme)s),
    EXISTS ({in_words(runs, **_NAMES)}),
    EXISTS ({in_words(complete, **_NAMES)})
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

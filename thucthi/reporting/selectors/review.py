"""A report, or many, with everything a verdict rests on."""

from collections.abc import Iterable
from functools import cache
from typing import cast

from django.db.models import QuerySet

from thucthi.directory.models import Account, Organisation
from thucthi.kernel.composed import Composed, among
from thucthi.kernel.prepared import Prepared, WholeRow
from thucthi.programmes.models import Task
from thucthi.reporting.access import ReportPlace
from thucthi.reporting.models import Acceptance, Endorsement, Obligation, Report, Rung, Verdict
from thucthi.reporting.selectors.obligations import bodies_that_answer, place_of, verifiers_of
from thucthi.reporting.selectors.turns import Chain

_REPORT, _OBLIGATION, _BODY = WholeRow(Report, "r"), WholeRow(Obligation, "o"), WholeRow(Organisation, "g")
_VERDICT, _AUTHOR = WholeRow(Acceptance, "v"), WholeRow(Account, "author")
_REVIEWER, _ABSENT = WholeRow(Account, "reviewer"), WholeRow(Account, "absent")
_PARTS = (_REPORT, _OBLIGATION, _BODY, _AUTHOR, _VERDICT, _REVIEWER, _ABSENT)


def chain_of(report: Report, task: Task) -> Chain:
    """The report as it stands now, read anew: whoever held a copy from before the lock sees what happened since."""
    fresh = _report_with_verdict(report.pk)
    agreed = _agreed([report.pk]) if fresh.route else {}
    return Chain(fresh, place_of(fresh.obligation, task, fresh.route), agreed.get(report.pk, ()))


def _report_with_verdict(report_id: int) -> Report:
    values = iter(_chain_statement().row(report=report_id) or ())
    fresh, obligation, body = _REPORT.take(values), _OBLIGATION.take(values), _BODY.take(values)
    author, verdict = _AUTHOR.take(values), _VERDICT.take(values)
    reviewer, absent = _REVIEWER.take(values), _ABSENT.take(values)
    if fresh is None or obligation is None or body is None or author is None:
        raise Report.DoesNotExist
    fresh.obligation, obligation.organisation, fresh.author = obligation, body, author
    if verdict is not None:
        verdict.report, verdict.reviewer, verdict.acting_for = fresh, cast(Account, reviewer), absent
    Report._meta.get_field("acceptance").set_cached_value(fresh, verdict)
    return fresh


@cache
def _chain_statement() -> Prepared:
    return Prepared(
        "reporting_chain",
        f"""
SELECT {", ".join(part.columns for part in _PARTS)}
FROM reporting_report r
JOIN reporting_obligation o ON o.id = r.obligation_id
JOIN directory_organisation g ON g.id = o.organisation_id
JOIN directory_account author ON author.id = r.author_id
LEFT JOIN reporting_acceptance v ON v.report_id = r.id
LEFT JOIN directory_account reviewer ON reviewer.id = v.reviewer_id
LEFT JOIN directory_account absent ON absent.id = v.acting_for_id
WHERE r.id = %(report)s
""",  # noqa: S608 - our own columns
        {"report": "bigint"},
    )


def chains_of(reports: Iterable[Report]) -> dict[int, Chain]:
    """Many at once, by id, with a constant number of queries.

    The reports carry `acceptance` with its two accounts, `obligation__organisation` and `task__programme`.
    """
    rows = list(reports)
    with_route = [row for row in rows if row.route]
    agreed = _agreed([row.pk for row in with_route])
    verifiers = verifiers_of({row.task.programme_id for row in with_route if Rung.VERIFIER in row.route})
    return {
        row.pk: Chain(
            row,
            ReportPlace(
                reporting_ids=frozenset(bodies_that_answer(row.obligation)),
                reporting_path=tuple(row.obligation.organisation.path),
                programme_owner_id=row.task.programme.organisation_id,
                superior_id=row.obligation.organisation.parent_id,
                verifier_ids=verifiers.get(row.task.programme_id, frozenset()),
            ),
            agreed.get(row.pk, ()),
        )
        for row in rows
    }


def _agreed(report_ids: list[int]) -> dict[int, list[Endorsement]]:
    found: dict[int, list[Endorsement]] = {pk: [] for pk in report_ids}
    rows = Endorsement.objects.filter(report__in=report_ids, verdict=Verdict.ACCEPTED)
    for row in rows.select_related("reviewer", "acting_for").order_by("pk"):
        found[row.report_id].append(row)
    return found


def last_accepted_of(task_ids: Iterable[int]) -> dict[int, Report]:
    """The last accepted report of each task that has one, with its verdict; one query."""
    asked = sorted(set(task_ids))
    return {row.task_id: row for row in _LAST_ACCEPTED.rows(tasks=asked)} if asked else {}


def _last_accepted() -> QuerySet[Report]:
    accepted = (
        Acceptance.objects.filter(among("report__task", "tasks"), verdict=Verdict.ACCEPTED)
        .order_by("report__task", "-report__submitted_at", "-report")
        .distinct("report__task")
        .values("report")
    )
    rows = Report.objects.filter(pk__in=accepted).select_related("acceptance", "obligation", "obstacle__asked_of")
    return rows.prefetch_related("report_evidence")


_LAST_ACCEPTED = Composed("reporting_last_accepted", _last_accepted)

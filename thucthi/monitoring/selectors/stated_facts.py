"""The rows behind questions of fact: reports, corrections of values, changed targets, figures of parents and parts.

Only rows that may raise a question are fetched; whether they do is decided by `calculations.honesty`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Abs
from django.utils import timezone

from thucthi.indicators.models import (
    Contribution,
    Delivery,
    DeliveryKind,
    DisputeAnswer,
    Observation,
    ObservationKind,
    TargetChange,
)
from thucthi.kernel.portions import portions
from thucthi.ledger.models import Entry
from thucthi.monitoring.calculations.honesty.facts_of_values import MOST_DAYS_BETWEEN, Eased, Family, Published
from thucthi.monitoring.calculations.honesty.shapes import Known, Stated
from thucthi.monitoring.selectors.standing import achievements
from thucthi.reporting.models import Acceptance, Obligation, Report, ReportEvidence

ONE_DAY = timedelta(days=1)
BODIES_AT_ONCE = 1_000
# What an organisation says of itself, and the official figure it may have put in itself.
QUESTIONED = (ObservationKind.DECLARED, ObservationKind.ACTUAL)
Row = Mapping[str, Any]


def first_and_last(year: int) -> tuple[date, date]:
    """The first and the last day of `year`."""
    return date(year, 1, 1), date(year, 12, 31)


def stated_reports(
    reports: QuerySet[Report], organisation_ids: Collection[int], year: int, *, with_measured: bool = False
) -> list[Stated]:
    """The last version of each report of `reports` that these organisations owed for a period ending in `year`."""
    rows = list(_last_versions(reports, organisation_ids, year))
    measured = _measured_of({row["task_id"] for row in rows if _is_said_done(row)}) if with_measured else {}
    return [_stated(row, measured) for row in rows]


def pieces_by_reports(organisation_ids: Sequence[int], year: int, most: int = 20_000) -> Iterator[list[int]]:
    """So many of these organisations at a time that what they owed in `year` is about `most` reports, 40 MB of them."""
    owed = Obligation.objects.filter(organisation__in=organisation_ids, period_end__range=first_and_last(year))
    return _pieces(organisation_ids, owed, most)


def pieces_by_values(organisation_ids: Sequence[int], year: int, most: int = 100_000) -> Iterator[list[int]]:
    """The same with the values of the periods of `year`."""
    told = Observation.objects.filter(organisation__in=organisation_ids, period_end__range=first_and_last(year))
    return _pieces(organisation_ids, told, most)


def _pieces(organisation_ids: Sequence[int], rows: QuerySet[Any], most: int) -> Iterator[list[int]]:
    counts = dict(rows.order_by().values_list("organisation").annotate(number=Count("pk")))
    return portions(((body, counts.get(body, 0)) for body in organisation_ids), most, BODIES_AT_ONCE)


def told_progress(reports: QuerySet[Report], organisation_ids: Collection[int], year: int) -> list[Stated]:
    """The same with nothing but when which progress was stated: notes, files and verdicts are not read."""
    rows = _plain_last_versions(reports, organisation_ids, year)
    plain = {"note": "", "verdict": "", "digests": (), "started_on": None, "programme": 0}
    return [_stated({**row, **plain}, {}) for row in rows.values(*_PLAIN)]


_PLAIN = ("pk", "task_id", "code", "body", "period", "due_on", "submitted_at", "progress_declared", "claims_completion")


def _last_versions(reports: QuerySet[Report], organisation_ids: Collection[int], year: int) -> QuerySet[Any]:
    files = ReportEvidence.objects.filter(report=OuterRef("pk")).order_by("evidence__sha256")
    rows: QuerySet[Any] = _plain_last_versions(reports, organisation_ids, year).annotate(
        digests=ArraySubquery(files.values("evidence__sha256")),
        verdict=Subquery(Acceptance.objects.filter(report=OuterRef("pk")).values("verdict")[:1]),
        started_on=F("task__start_on"),
        programme=F("task__programme_id"),
    )
    return rows.values(*_PLAIN, "note", "verdict", "digests", "started_on", "programme")


def _plain_last_versions(reports: QuerySet[Report], organisation_ids: Collection[int], year: int) -> QuerySet[Any]:
    return (
        reports.filter(
            obligation__organisation__in=organisation_ids, obligation__period_end__range=first_and_last(year)
        )
        .order_by("obligation_id", "-version")
        .distinct("obligation_id")
        .annotate(
            body=F("obligation__organisation_id"),
            period=F("obligation__period_key"),
            due_on=F("obligation__due_on"),
            code=F("task__code"),
        )
    )


def _is_said_done(row: Row) -> bool:
    return bool(row["claims_completion"]) or row["progress_declared"] >= 100


def _measured_of(task_ids: set[int]) -> dict[int, Decimal]:
    """The weakest achievement in per cent, as known today, of the indicators a task is meant to move."""
    links = list(Contribution.objects.filter(task__in=task_ids).values_list("task_id", "indicator_id"))
    figures = achievements({indicator for _, indicator in links}, timezone.localdate()) if links else {}
    found: dict[int, Decimal] = {}
    for task, indicator in links:
        if indicator in figures:
            found[task] = min(figures[indicator], found.get(task, figures[indicator]))
    return found


def _stated(row: Row, measured: Mapping[int, Decimal]) -> Stated:
    on = timezone.localdate(row["submitted_at"])
    return Stated(
        report_id=row["pk"],
        task=row["code"],
        organisation_id=row["body"],
        period=row["period"],
        on=on,
        due_on=row["due_on"],
        progress=row["progress_declared"],
        claims_completion=row["claims_completion"],
        note=row["note"],
        verdict=row["verdict"] or "",
        digests=tuple(row["digests"]),
        started_on=row["started_on"],
        measured=measured.get(row["task_id"]),
        is_last_day=on == row["due_on"],
        programme=row["programme"],
    )


def known_values(organisation_ids: Collection[int], year: int) -> list[Known]:
    """Values that became known in `year` and may raise a question, each after the row it corrects."""
    found: list[Known] = []
    for row in _suspect(organisation_ids, year).values(*_FIELDS, **_OF_THE_CORRECTED):
        if row["corrects_id"] is not None:
            # It only stands here to be compared with: what there is to ask of it was asked in its own year.
            earlier = {name.removeprefix("was_"): said for name, said in row.items() if name.startswith("was_")}
            found.append(_known({**row, **earlier, "pk": row["corrects_id"], "corrects_id": None}, is_before=True))
        found.append(_known(row))
    return found


_FIELDS = (
    "pk", "corrects_id", "organisation_id", "period", "period_end", "amount", "numerator", "denominator",
    "available_on", "recorded_at", "is_simulated", "is_corrected", "is_from_dispute", "is_fed", "code", "measure",
    "scale", "direction", "delay",
)  # fmt: skip
_OF_THE_CORRECTED = {
    f"was_{name}": F(f"corrects__{name}") for name in ("amount", "numerator", "denominator", "available_on")
}


def _annotations() -> dict[str, Any]:
    disputed = DisputeAnswer.objects.filter(correction=OuterRef("pk"))
    from_dispute = Delivery.objects.filter(pk=OuterRef("delivery_id"), kind=DeliveryKind.DISPUTE)
    fed = Delivery.objects.filter(pk=OuterRef("delivery_id"), kind=DeliveryKind.FEED)
    return {
        "is_corrected": Exists(Observation.objects.filter(corrects=OuterRef("pk"))),
        "is_from_dispute": Exists(disputed) | Exists(from_dispute),
        "is_fed": Exists(fed),
        "code": F("indicator__code"),
        "measure": F("indicator__kind"),
        "scale": F("indicator__scale"),
        "direction": F("indicator__direction"),
        "delay": F("indicator__delay_days"),
    }


def _suspect(organisation_ids: Collection[int], year: int) -> QuerySet[Observation]:
    long_after = Q(is_simulated=False, recorded_at__date__gt=F("available_on") + timedelta(days=MOST_DAYS_BETWEEN))
    # Half of the sixth decimal place is the least rounding that a stored amount can have.
    not_given = Q(denominator__isnull=False, off__gt=Decimal("0.0000005"))
    given = Abs(F("amount") - F("indicator__scale") * F("numerator") / F("denominator"))
    rows = Observation.objects.filter(
        organisation__in=organisation_ids,
        kind__in=QUESTIONED,
        breakdown="",
        available_on__range=first_and_last(year),
    )
    return rows.annotate(off=given, **_annotations()).filter(Q(corrects__isnull=False) | not_given | long_after)


def _known(row: Row, *, is_before: bool = False) -> Known:
    tells_when = not (row["is_simulated"] or row["is_fed"] or is_before)
    return Known(
        row_id=row["pk"],
        corrects=row["corrects_id"],
        indicator=row["code"],
        organisation_id=row["organisation_id"],
        period=row["period"],
        period_end=row["period_end"],
        measure=row["measure"],
        amount=row["amount"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        scale=row["scale"],
        direction=row["direction"],
        available_on=row["available_on"],
        due_on=row["period_end"] + timedelta(days=row["delay"]),
        recorded_on=timezone.localdate(row["recorded_at"]) if tells_when else None,
        is_from_dispute=row["is_from_dispute"],
        stands=not (row["is_corrected"] or is_before),
    )


def published_issues() -> list[Published]:
    """The issues shown to the public so far, as the ledger tells it: what they knew of, and since when they stand."""
    entries = Entry.objects.filter(event__in=["snapshot.prepared", "snapshot.published"], content__isnull=False)
    prepared: dict[int | None, date] = {}
    found = []
    rows = entries.order_by("pk").values_list("event", "subject_id", "content__as_of", "recorded_at")
    for event, subject, as_of, at in rows:
        if event == "snapshot.prepared":
            prepared[subject] = date.fromisoformat(as_of)
        elif subject in prepared:
            found.append(Published(prepared[subject], timezone.localdate(at)))
    return found


def eased_targets(organisation_ids: Collection[int], year: int) -> list[Eased]:
    """Targets of these organisations that a decision of `year` changed."""
    changes = TargetChange.objects.filter(
        target__organisation__in=organisation_ids, decided_on__range=first_and_last(year)
    ).select_related("target__indicator")
    return [
        Eased(
            change.target.organisation_id or 0,
            change.target.code,
            change.target.indicator.code,
            change.target.indicator.direction,
            change.decided_on,
            _promise(change.old),
            _promise(change.new),
        )
        for change in changes.order_by("pk")
    ]


def _promise(said: Mapping[str, Any]) -> tuple[str, Decimal | None, Decimal | None, int | None]:
    low, high = (None if said.get(name) is None else Decimal(str(said[name])) for name in ("low", "high"))
    return (said.get("operator", ""), low, high, said.get("year"))


_FAMILIES = """
SELECT own.organisation_id, i.code, own.period, own.period_end, own.amount, rule.operator,
       array_agg(part.amount ORDER BY part.organisation_id) FILTER (WHERE part.amount IS NOT NULL),
       max(count(part.id)) OVER (PARTITION BY own.organisation_id, own.indicator_id)
  FROM indicators_rolluprule rule
  JOIN indicators_indicator i ON i.id = rule.indicator_id
  JOIN directory_organisation parent ON parent.kind = rule.unit AND parent.id = ANY(%(bodies)s::bigint[])
  JOIN indicators_observation own ON own.indicator_id = i.id AND own.organisation_id = parent.id
   AND own.kind = 'actual' AND own.breakdown = '' AND own.amount IS NOT NULL
   AND own.period_end BETWEEN %(first)s AND %(last)s
   AND NOT EXISTS (SELECT 1 FROM indicators_observation c WHERE c.corrects_id = own.id)
  JOIN directory_organisation child ON child.parent_id = parent.id
  JOIN indicators_observation part ON part.indicator_id = i.id AND part.organisation_id = child.id
   AND part.kind = 'actual' AND part.breakdown = '' AND part.period = own.period AND part.state <> 'not_applicable'
   AND NOT EXISTS (SELECT 1 FROM indicators_observation c WHERE c.corrects_id = part.id)
 WHERE rule.origin = 'source' AND rule.operator IN ('sum', 'min', 'max') AND rule.kind IN ('', 'actual')
 GROUP BY own.organisation_id, own.indicator_id, i.code, own.period, own.period_end, own.amount, rule.operator
 ORDER BY 1, 2, 4
"""


def families(organisation_ids: Collection[int], year: int) -> list[Family]:
    """Figures of these organisations beside those of the bodies right below, where a rule wants both to be the same.

    As many parts are expected as ever owed the figure in the year: one that falls silent is a gap, not a contradiction.
    """
    first, last = first_and_last(year)
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES, {"bodies": list(organisation_ids), "first": first, "last": last})
        rows = cursor.fetchall()
    return [
        Family(body, code, period, end, own, tuple(parts or ()), owed, operator)
        for body, code, period, end, own, operator, parts, owed in rows
    ]

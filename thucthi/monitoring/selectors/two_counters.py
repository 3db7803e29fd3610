"""Two counters for each ministry: texts issued, and results delivered (D39). They are never added to each other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, Subquery

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Instrument, InstrumentStep
from thucthi.documents.models.instruments import Stage
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.models import Indicator
from thucthi.kernel.periods import Span
from thucthi.monitoring.calculations.standing import UNDATED_DEADLINES, Ratio
from thucthi.monitoring.selectors.scorecard_figures import completed_on
from thucthi.monitoring.selectors.sectors import SECTORS
from thucthi.monitoring.selectors.standing import achievements
from thucthi.programmes.selectors import visible_tasks

REACHED = 100


@dataclass(frozen=True, slots=True)
class CounterRow:
    """Of one ministry. `owed`: texts due by the end of the period and not issued then; `reached`: of its measured
    national targets those at 100 % or more by the latest official figure."""

    organisation: Organisation
    issued: int
    owed: int
    delivered: int
    due: Ratio
    reached: Ratio


@dataclass(frozen=True, slots=True)
class TwoCounters:
    quarter: Span
    as_of: date
    rows: tuple[CounterRow, ...]

    @property
    def issued(self) -> int:
        return sum(row.issued for row in self.rows)

    @property
    def delivered(self) -> int:
        return sum(row.delivered for row in self.rows)


def two_counters(viewer: Viewer, quarter: Span, today: date) -> TwoCounters:
    """Every living ministry and agency, by what it drafted and led itself; eight queries."""
    until = min(quarter.end, today)
    bodies = list(Organisation.objects.filter(kind__in=SECTORS).live(until).order_by("sort_key"))
    texts = _texts(viewer, bodies, quarter, until)
    results = _results(viewer, bodies, quarter, until)
    targets = _targets(bodies, until)
    rows = (
        CounterRow(
            organisation=body,
            issued=texts.get(body.pk, (0, 0))[0],
            owed=texts.get(body.pk, (0, 0))[1],
            delivered=results.get(body.pk, (0, 0, 0))[0],
            due=Ratio(*results.get(body.pk, (0, 0, 0))[1:]),
            reached=targets.get(body.pk, Ratio(0, 0)),
        )
        for body in bodies
    )
    return TwoCounters(quarter, until, tuple(rows))


def _texts(viewer: Viewer, bodies: list[Organisation], quarter: Span, until: date) -> dict[int, tuple[int, int]]:
    out = InstrumentStep.objects.filter(
        instrument=OuterRef("pk"), stage__in=[Stage.ISSUED, Stage.IN_FORCE], entered_on__lte=until
    )
    first = out.order_by().values("instrument").annotate(day=Min("entered_on")).values("day")
    rows = (
        Instrument.objects.filter(drafter__in=bodies, document__in=visible_documents(viewer).order_by().values("pk"))
        .annotate(issued_on=Subquery(first))
        .order_by()
        .values("drafter")
        .annotate(
            issued=Count("pk", filter=Q(issued_on__gte=quarter.start)),
            owed=Count("pk", filter=Q(issued_on__isnull=True, due_on__lte=until)),
        )
    )
    return {row["drafter"]: (row["issued"], row["owed"]) for row in rows}


def _results(viewer: Viewer, bodies: list[Organisation], quarter: Span, until: date) -> dict[int, tuple[int, int, int]]:
    """(delivered in the period, due in the period and delivered by now, due in the period) of each body."""
    is_due = Q(resolved_end__range=(quarter.start, until)) & ~Q(deadline_kind__in=UNDATED_DEADLINES)
    rows = (
        visible_tasks(viewer)
        .filter(is_issued=True, lead__in=bodies)
        .annotate(done_on=completed_on(until))
        .order_by()
        .values("lead")
        .annotate(
            delivered=Count("pk", filter=Q(done_on__gte=quarter.start)),
            kept=Count("pk", filter=is_due & Q(done_on__isnull=False)),
            due=Count("pk", filter=is_due),
        )
    )
    return {row["lead"]: (row["delivered"], row["kept"], row["due"]) for row in rows}


def _targets(bodies: list[Organisation], until: date) -> dict[int, Ratio]:
    owners = dict(Indicator.objects.filter(owner__in=bodies).values_list("pk", "owner_id"))
    found: dict[int, tuple[int, int]] = {}
    for indicator, way in (achievements(set(owners), until) if owners else {}).items():
        reached, measured = found.get(owners[indicator], (0, 0))
        found[owners[indicator]] = (reached + (way >= REACHED), measured + 1)
    return {body: Ratio(*counts) for body, counts in found.items()}

"""The single cases that the parts of a reliability score count: one row each, good or not, and where to open it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from thucthi.indicators.models import Dispute, DisputeAnswer, Observation
from thucthi.monitoring.calculations.honesty.shapes import Place, Trace
from thucthi.monitoring.calculations.reconciling import Agreement, allowed_gap
from thucthi.monitoring.calculations.reliability import Part
from thucthi.monitoring.selectors.reconciled import reconciled_of
from thucthi.monitoring.selectors.stated_facts import QUESTIONED, first_and_last, stated_reports
from thucthi.reporting.models import Obligation, Report

COMPARED = frozenset({Agreement.AGREE, Agreement.ABOVE, Agreement.BELOW})


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one part: `is_good` or not, with the row that shows it."""

    organisation_id: int
    part: Part
    is_good: bool
    trace: Trace


@dataclass(frozen=True, slots=True)
class CasesOfBodies:
    """Whose cases, of which year, as far as known on `as_of`."""

    bodies: tuple[int, ...]
    year: int
    as_of: date

    @property
    def until(self) -> date:
        """The last day of the year, or of what has passed of it."""
        return min(first_and_last(self.year)[1], self.as_of)


def cases(organisation_ids: Collection[int], year: int, as_of: date, tasks: Any) -> Iterator[Case]:
    """Every case of these organisations in `year`, as far as known on `as_of`; reports only about `tasks`."""
    asked = CasesOfBodies(tuple(organisation_ids), year, as_of)
    yield from _of_reports(asked, tasks)
    yield from _of_completions(asked, tasks)
    yield from _of_values(asked)
    yield from _of_corrections(asked)
    yield from of_agreement(asked)
    yield from _of_disputes(asked)


def _of_reports(asked: CasesOfBodies, tasks: Any) -> Iterator[Case]:
    reports = Report.objects.filter(obligation=OuterRef("pk")).order_by("submitted_at")
    owed = Obligation.objects.filter(
        organisation__in=asked.bodies, due_on__range=(first_and_last(asked.year)[0], asked.until), task__in=tasks
    ).annotate(first_at=Subquery(reports.values("submitted_at")[:1]), code=F("task__code"))
    for body, code, period, due_on, grace, at in owed.order_by("due_on", "pk").values_list(
        "organisation_id", "code", "period_key", "due_on", "grace_until", "first_at"
    ):
        on = timezone.localdate(at) if at else None
        trace = Trace(code, period, on or due_on, None, None, Place.TASK, code)
        yield Case(body, Part.COMPLETE, on is not None, trace)
        yield Case(body, Part.ON_TIME, on is not None and on <= (grace or due_on), trace)


def _of_completions(asked: CasesOfBodies, tasks: Any) -> Iterator[Case]:
    for row in stated_reports(Report.objects.filter(task__in=tasks), asked.bodies, asked.year):
        if row.is_said_done:
            trace = Trace(row.task, row.period, row.on, row.progress, None, Place.REPORT, str(row.report_id))
            yield Case(row.organisation_id, Part.EVIDENCED, bool(row.digests), trace)


def _of_values(asked: CasesOfBodies) -> Iterator[Case]:
    """The first row of every line says when it came; a line still marked as not reported is missing."""
    filled = Observation.objects.filter(corrects=OuterRef("pk"), available_on__lte=asked.as_of).exclude(
        state="not_reported"
    )
    rows = (
        Observation.objects.filter(
            organisation__in=asked.bodies,
            kind__in=QUESTIONED,
            breakdown="",
            corrects__isnull=True,
            period_end__range=first_and_last(asked.year),
            available_on__lte=asked.as_of,
        )
        .exclude(state__in=["not_applicable", "confidential"])
        .annotate(filled_on=Subquery(filled.values("available_on")[:1]))
    )
    for body, code, period, end, delay, state, available, amount, filled_on in rows.order_by("pk").values_list(
        "organisation_id", "indicator__code", "period", "period_end", "indicator__delay_days", "state", "available_on",
        "amount", "filled_on",
    ):  # fmt: skip
        is_missing = state == "not_reported"
        came_on = filled_on if is_missing else available
        trace = Trace(code, period, came_on or available, amount, None, Place.INDICATOR, code)
        yield Case(body, Part.COMPLETE, came_on is not None, trace)
        yield Case(body, Part.ON_TIME, came_on is not None and came_on <= end + timedelta(days=delay), trace)


def _of_corrections(asked: CasesOfBodies) -> Iterator[Case]:
    """Of every value with a number: whether it still says nearly what it first said, disputes granted left aside."""
    later = _corrections(asked).filter(corrects=OuterRef("pk"))
    rows = (
        Observation.objects.filter(**_with_a_number(asked))
        .annotate(new=Subquery(later.values("amount")[:1]), new_on=Subquery(later.values("available_on")[:1]))
        .order_by("pk")
    )
    for body, code, period, available, kind, amount, new, new_on in rows.values_list(
        "organisation_id", "indicator__code", "period", "available_on", "indicator__kind", "amount", "new", "new_on"
    ):
        is_good = new_on is None or _is_small(amount, new, kind)
        number, against = (new, amount) if new_on else (amount, None)
        trace = Trace(code, period, new_on or available, number, against, Place.INDICATOR, code)
        yield Case(body, Part.STEADY, is_good, trace)


def largely_corrected(asked: CasesOfBodies) -> Iterator[int]:
    """Of every value that does not say nearly what it first said, the organisation: the bad cases of that part."""
    corrected = _corrections(asked).filter(**_with_a_number(asked, of="corrects__"))
    columns = ("organisation_id", "indicator__kind", "amount")
    for new, body, kind, old in corrected.values_list("amount", *(f"corrects__{column}" for column in columns)):
        if not _is_small(old, new, kind):
            yield body


def _corrections(asked: CasesOfBodies) -> QuerySet[Observation]:
    disputed = DisputeAnswer.objects.filter(correction=OuterRef("pk"))
    return Observation.objects.filter(~Exists(disputed), corrects__isnull=False, available_on__lte=asked.as_of)


def _with_a_number(asked: CasesOfBodies, of: str = "") -> dict[str, Any]:
    wanted = {
        "organisation__in": asked.bodies,
        "kind__in": QUESTIONED,
        "breakdown": "",
        "amount__isnull": False,
        "period_end__range": first_and_last(asked.year),
        "available_on__lte": asked.as_of,
    }
    return {f"{of}{name}": value for name, value in wanted.items()}


def _is_small(old: Decimal | None, new: Decimal | None, kind: str) -> bool:
    return old is not None and new is not None and abs(new - old) <= allowed_gap(kind, old)


def of_agreement(asked: CasesOfBodies) -> Iterator[Case]:
    for code, row in reconciled_of(asked.bodies, *first_and_last(asked.year), as_of=asked.as_of):
        if row.word in COMPARED:
            trace = Trace(code, row.period, None, row.declared, row.reference, Place.INDICATOR, code)
            yield Case(row.unit_id, Part.AGREES, row.word is Agreement.AGREE, trace)


def _of_disputes(asked: CasesOfBodies) -> Iterator[Case]:
    """A dispute refused speaks against who raised it, one accepted against the owner of the source."""
    bodies = frozenset(asked.bodies)
    decided = Dispute.objects.filter(
        Q(organisation__in=bodies) | Q(observation__indicator__source_owner__in=bodies),
        answer__answered_on__range=(first_and_last(asked.year)[0], asked.until),
    ).exclude(answer__verdict=DisputeAnswer.Verdict.WITHDRAWN)
    for raiser, owner, code, period, on, verdict, stated, proposed in decided.order_by("pk").values_list(
        "organisation_id", "observation__indicator__source_owner_id", "observation__indicator__code",
        "observation__period", "answer__answered_on", "answer__verdict", "observation__amount", "proposed_amount",
    ):  # fmt: skip
        trace = Trace(code, period, on, stated, proposed, Place.INDICATOR, code)
        is_accepted = verdict == DisputeAnswer.Verdict.ACCEPTED
        if raiser in bodies:
            yield Case(raiser, Part.UPHELD, is_accepted, trace)
        if owner in bodies:
            yield Case(owner, Part.UPHELD, not is_accepted, trace)

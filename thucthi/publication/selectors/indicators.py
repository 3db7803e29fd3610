"""Indicators that a public document sets a target for, with their series."""

from collections import defaultdict
from decimal import Decimal

from thucthi.indicators.models import Contribution, Indicator, Observation, ObservationKind, Target
from thucthi.kernel.values import Bound, Operator
from thucthi.monitoring import selectors as monitoring
from thucthi.publication.selectors.public import public_indicators, public_targets
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import IndicatorData, ObservationData, TargetData

# A sample or an estimate is shown as such, but no target is judged by it.
JUDGED = ObservationKind.ACTUAL


def indicator_data(reading: Reading) -> tuple[IndicatorData, ...]:
    """In the order of their codes."""
    rows = list(public_indicators(reading.as_of).order_by("code"))
    figures = monitoring.achievements({row.pk for row in rows}, reading.as_of)
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in public_targets(reading.as_of).select_related("document", "indicator").order_by("year", "code"):
        targets[target.indicator_id].append(target)
    observations: dict[int, list[Observation]] = defaultdict(list)
    for row in _observations(reading):
        observations[row.indicator_id].append(row)
    tasks: dict[int, list[str]] = defaultdict(list)
    for indicator_id, task_id in Contribution.objects.values_list("indicator_id", "task_id"):
        if task_id in reading.task_codes:
            tasks[indicator_id].append(reading.task_codes[task_id])
    return tuple(
        _indicator(
            row,
            reading,
            achievement=figures.get(row.pk),
            targets=targets[row.pk],
            observations=observations[row.pk],
            tasks=tasks[row.pk],
        )
        for row in rows
    )


def _observations(reading: Reading) -> list[Observation]:
    """Known by the day of the issue; a corrected one is left out in favour of its correction."""
    known = Observation.objects.filter(available_on__lte=reading.as_of)
    rows = known.exclude(pk__in=known.filter(corrects__isnull=False).values("corrects"))
    return list(rows.order_by("period_end", "organisation_id", "kind", "pk"))


def _indicator(
    row: Indicator,
    reading: Reading,
    *,
    achievement: Decimal | None,
    targets: list[Target],
    observations: list[Observation],
    tasks: list[str],
) -> IndicatorData:
    return IndicatorData(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        unit=row.unit,
        unit_en=row.unit_en,
        direction=row.direction,
        definition=row.definition,
        source=row.source,
        owner=reading.code(row.owner_id),
        frequency=row.frequency,
        targets=tuple(_target(each, _latest(observations)) for each in targets),
        observations=tuple(_observation(each, reading) for each in observations),
        achievement=None if achievement is None else achievement.quantize(Decimal("0.1"), rounding="ROUND_HALF_UP"),
        tasks=tuple(sorted(tasks)),
    )


def _latest(observations: list[Observation]) -> Decimal | None:
    judged = [
        row for row in observations if row.kind == JUDGED and row.organisation_id is None and row.amount is not None
    ]
    return judged[-1].amount if judged else None


def _target(target: Target, latest: Decimal | None) -> TargetData:
    unit, unit_en = target.indicator.unit, target.indicator.unit_en
    bound = Bound(Operator(target.operator), target.low, target.high, unit, unit_en)
    return TargetData(
        code=target.code,
        document=target.document.slug,
        operator=target.operator,
        low=_plain(target.low),
        high=_plain(target.high),
        baseline=_plain(target.baseline),
        year=target.year,
        wording_vi=bound.wording,
        wording_en=bound.wording_en,
        met=bound.met_by(latest),
    )


def _plain(amount: Decimal | None) -> Decimal | None:
    """Without the zeros that the column's scale adds: 55.000000 is 55, and 100 stays 100."""
    return None if amount is None else Decimal(f"{amount.normalize():f}")


def _observation(row: Observation, reading: Reading) -> ObservationData:
    return ObservationData(
        period=row.period,
        period_end=row.period_end,
        kind=row.kind,
        state=row.state,
        amount=_plain(row.amount),
        organisation=reading.code(row.organisation_id),
        source=row.source,
        available_on=row.available_on,
        is_correction=row.corrects_id is not None,
    )

"""Simulated values: quarters of the country as they stand in a file, months of every province as they are generated."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from thucthi.demonstration.calculations_values import (
    Measure,
    Place,
    Stated,
    Trait,
    Traits,
    broken_down,
    corrections,
    declared,
    of_the_country,
    opening,
    sampled,
)
from thucthi.demonstration.reading import Row, decimal, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.observations import deliver_observations, record_observations
from thucthi.indicators.models import DeliveryKind, Indicator, RollupOrigin
from thucthi.indicators.selectors.stated import NewObservation
from thucthi.kernel.periods import span_of

Indicators = dict[str, Indicator]
Organisations = dict[str, Organisation]

DAYS_UNTIL_AVAILABLE = timedelta(days=21)
SOURCE = "Số liệu mô phỏng"
DECLARED = frozenset({"cp03-ho-so-sk", "cp03-dvc-toan-trinh", "nq72-tram-y-te", "nq71-truong-chuan", "nq68-giam-doc"})
SAMPLED = frozenset({"cp03-ho-so-sk", "nq57-dvc-truc-tuyen", "nq72-tram-y-te"})
BROKEN_DOWN = {
    "cp03-chu-ky-so": ("gioi-tinh:nam", "gioi-tinh:nu"),
    "nq71-sau-thpt": ("gioi-tinh:nam", "gioi-tinh:nu"),
    "nq57-dvc-truc-tuyen": ("khu-vuc:thanh-thi", "khu-vuc:nong-thon"),
}


def load_quarterly_values(indicators: Indicators, organisations: Organisations) -> None:
    """A qualitative goal without a sheet has no indicator; what the file says of it is that a number does not apply."""
    observed = [row for row in rows("observations.csv") if row["indicator_code"] in indicators]
    record_observations(by=SYSTEM, rows=[_quarter(row, indicators, organisations) for row in observed])


def load_values(indicators: Indicators, organisations: Organisations) -> None:
    """One delivery for each indicator, and one for each that was put right afterwards."""
    places, traits = provinces(), Traits([_trait(row) for row in rows("traits.csv")])
    for sheet in rows("measures.csv"):
        measure, indicator = measure_of(sheet), indicators[sheet["code"]]
        opened = list(opening(measure, places, traits))
        later = list(corrections(measure, places, traits, opened))
        beside = _beside(measure, sheet, places, traits, standing=_overlaid(opened, later))
        for delivery in ([*opened, *beside], later):
            if delivery:
                deliver_observations(
                    by=SYSTEM,
                    kind=DeliveryKind.WORKBOOK,
                    rows=[_observation(stated, indicator, organisations) for stated in delivery],
                )


def provinces() -> list[Place]:
    listed = rows("provinces.csv")
    whole = sum(int(row["population_thousand"]) for row in listed)
    return [
        Place(
            code=row["code"],
            population_thousand=Decimal(row["population_thousand"]),
            share=Decimal(row["population_thousand"]) / whole,
            is_coastal=row["is_coastal"] == "1",
            has_university=row["has_university"] == "1",
        )
        for row in listed
    ]


def measure_of(sheet: Row) -> Measure:
    return Measure(
        code=sheet["code"],
        kind=sheet["kind"],
        where=sheet["where"],
        places=int(sheet["places"]),
        delay_days=int(sheet["delay_days"]),
        low=Decimal(sheet["low_limit"]),
        high=Decimal(sheet["high_limit"]),
        **{name: Decimal(sheet[name]) for name in ("scale", "start", "gain", "spread", "season", "per_thousand")},
    )


def _trait(row: Row) -> Trait:
    return Trait(row["trait"], row["indicator_code"], row["unit_code"], row["first"], row["last"], row["note"])


def _overlaid(opened: Iterable[Stated], later: Iterable[Stated]) -> list[Stated]:
    """What stands when everything has come in."""
    lines = {(stated.unit, stated.month.key): stated for stated in (*opened, *later)}
    return list(lines.values())


def _beside(
    measure: Measure, sheet: Row, places: list[Place], traits: Traits, *, standing: list[Stated]
) -> Iterator[Stated]:
    """The country where its source states it, parts of the whole, and what was declared or drawn as a sample."""
    if sheet["origin"] == RollupOrigin.SOURCE:
        yield from of_the_country(measure, places)
    if measure.code in BROKEN_DOWN:
        yield from broken_down(measure, BROKEN_DOWN[measure.code], standing)
    if measure.code in DECLARED:
        yield from declared(measure, places, traits)
    if measure.code in SAMPLED:
        yield from sampled(measure, places, traits)


def _observation(stated: Stated, indicator: Indicator, organisations: Organisations) -> NewObservation:
    return NewObservation(
        indicator=indicator,
        organisation=organisations[stated.unit.lower()] if stated.unit else None,
        period=stated.month.key,
        period_end=stated.month.end,
        kind=stated.kind,
        breakdown=stated.breakdown,
        state=stated.state,
        amount=stated.amount,
        numerator=stated.numerator,
        denominator=stated.denominator,
        source=SOURCE,
        remark=stated.remark,
        is_simulated=True,
        available_on=stated.available_on,
    )


def _quarter(row: Row, indicators: Indicators, organisations: Organisations) -> NewObservation:
    end: date = span_of(row["period"]).end
    return NewObservation(
        indicator=indicators[row["indicator_code"]],
        period=row["period"],
        period_end=end,
        state=row["state"],
        source=row["source"],
        available_on=end + DAYS_UNTIL_AVAILABLE,
        amount=decimal(row["value"]),
        kind=row["kind"],
        organisation=organisations[row["organisation_code"].lower()] if row["organisation_code"] else None,
        is_simulated=True,
    )

"""Thirty-four invented provinces with three years of monthly values of one indicator, and what surrounds it.

`make_figures()` gives a `Figures`: the country's figure is the mean of the provinces. In October 2026 province 33 did
not report, province 32 does not apply, province 31 is confidential, province 30 is provisional and province 29 a
confirmed zero; province 0 was corrected in September 2026 and disputes its value of August 2026.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.programmes.world import World, make_world
from thucthi.directory.models import Level, Organisation
from thucthi.indicators.models import (
    Contribution,
    CoreIndicator,
    Dispute,
    Indicator,
    Observation,
    RollupRule,
    Target,
    TargetChange,
)
from thucthi.kernel.periods import span_of, spans_between
from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.models import Task

CODE = "ho-so-truc-tuyen"
FIRST, LAST = "2023-11", "2026-10"
SPECIAL = {29: "confirmed_zero", 30: "provisional", 31: "confidential", 32: "not_applicable", 33: "not_reported"}


@dataclass
class Figures:
    world: World
    indicator: Indicator
    provinces: list[Organisation]
    target: Target
    task: Task


def make_figures() -> Figures:
    world = make_world()
    provinces = [_province(world, number, unit) for number, unit in enumerate(sorted(TILE_OF_UNIT))]
    indicator = Indicator.objects.create(
        code=CODE,
        name="Tỷ lệ hồ sơ trực tuyến",
        name_en="Share of files handled online",
        unit="%",
        unit_en="%",
        direction="rise",
        kind="stock",
        frequency="monthly",
        delay_days=20,
        source="Cổng dịch vụ công",
        source_owner=world.state.science,
        owner=world.state.finance,
    )
    RollupRule.objects.create(indicator=indicator, unit="tinh", origin="own", operator="none")
    RollupRule.objects.create(indicator=indicator, unit="country", origin="children", operator="weighted_mean")
    CoreIndicator.objects.create(document=world.document, indicator=indicator, position=1)
    target = _target(world, indicator)
    task = world.issued()
    Contribution.objects.create(task=task, indicator=indicator)
    _values(indicator, provinces)
    return Figures(world, indicator, provinces, target, task)


def _province(world: World, number: int, unit: str) -> Organisation:
    name = f"UBND tỉnh {TILE_OF_UNIT[unit]}"
    made = Organisation.objects.create(
        code=f"tinh-{unit}",
        tree="state",
        level=Level.PROVINCE,
        kind="tinh",
        official_name=name,
        short_name=name,
        unit_code=unit,
        parent=world.state.government,
        valid_from=date(2020, 1, 1),
        search_text=fold(name),
        sort_key=f"{number:02d}",
    )
    made.path = [*world.state.government.path, made.pk]
    made.save(update_fields=["path"])
    made.placements.create(parent=world.state.government, valid_from=date(2020, 1, 1))
    return made


def _target(world: World, indicator: Indicator) -> Target:
    target = Target.objects.create(
        code="mt-ho-so",
        indicator=indicator,
        document=world.document,
        clause=world.document.clauses.get(path="1"),
        operator=">=",
        low=Decimal(80),
        baseline=Decimal(40),
        baseline_on=date(2023, 12, 31),
        period="2030",
        year=2030,
    )
    TargetChange.objects.create(
        target=target,
        old={"operator": ">=", "low": "70", "high": None, "year": 2030},
        new={"operator": ">=", "low": "80", "high": None, "year": 2030},
        decision="Kết luận 10-KL/TW",
        decided_on=date(2025, 5, 1),
        reason="Đã vượt sớm.",
    )
    return target


def _values(indicator: Indicator, provinces: list[Organisation]) -> None:
    rows = []
    for step, span in enumerate(spans_between(span_of(FIRST), span_of(LAST))):
        for number, body in enumerate(provinces):
            state = SPECIAL.get(number, "number") if span.key == LAST else "number"
            amounts = {"confirmed_zero": Decimal(0), "number": _amount(number, step), "provisional": Decimal("61.5")}
            rows.append(_row(indicator, body, span.key, state=state, amount=amounts.get(state)))
            if span.key == LAST and number < 3:
                rows.append(_row(indicator, body, span.key, kind="declared", amount=Decimal(90)))
    made = Observation.objects.bulk_create(rows)
    september = next(row for row in made if row.organisation_id == provinces[0].pk and row.period == "2026-09")
    august = next(row for row in made if row.organisation_id == provinces[0].pk and row.period == "2026-08")
    Observation.objects.bulk_create(
        [
            _row(
                indicator, provinces[0], "2026-09", amount=Decimal("77.25"), corrects=september,
                available_on=date(2026, 11, 5), remark="Đếm lại hồ sơ trùng.",
            )
        ]
    )  # fmt: skip
    Dispute.objects.create(
        observation=august,
        organisation=provinces[0],
        motive="Thiếu hồ sơ của ba xã.",
        source="Báo cáo 12/BC-UBND",
        raised_on=date(2026, 11, 2),
        answer_due_on=date(2099, 1, 1),
    )


def _amount(number: int, step: int) -> Decimal:
    return Decimal(30 + number) + Decimal(step) / 2


def _row(indicator: Indicator, body: Organisation, period: str, **other: object) -> Observation:
    span = span_of(period)
    said = {
        "indicator": indicator,
        "organisation": body,
        "period": period,
        "period_end": span.end,
        "kind": "actual",
        "state": "number",
        "amount": Decimal(1),
        "source": "Cổng dịch vụ công",
        "available_on": span.next.end.replace(day=10),
    }
    return Observation(**{**said, **other})

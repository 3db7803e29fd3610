"""Indicators with their sheets, what documents promise of them, and how their figures are made."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from thucthi.demonstration.loading_doubts import load_choices, load_doubts
from thucthi.demonstration.loading_intent import clauses_by_place
from thucthi.demonstration.loading_values import load_quarterly_values, load_values
from thucthi.demonstration.reading import Row, day, decimal, parts, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.indicators.actions.definitions import (
    NewIndicator,
    NewRule,
    define_indicators,
    link_contributions,
    set_rollup_rules,
)
from thucthi.indicators.actions.targets import NewTarget, set_targets
from thucthi.indicators.models import Indicator, IndicatorKind, RollupOperator, RollupOrigin, Target
from thucthi.programmes.models import Goal, Task

Indicators = dict[str, Indicator]
Organisations = dict[str, Organisation]

PROVINCES = "provincial_peoples_committee"
POPULATION = "dan-so-tinh"
# Before that day there were other provinces; the simulated values were made for the 34 of today.
TREE_FROM = date(2025, 7, 1)
BASELINE_ON = date(2023, 11, 30)
# What the text sets for every province, and not for the mean of them.
FLOORS = frozenset({"nq71-thpt-san", "nq72-bv-chuyen-khoa", "cthd14-hai-long"})
# The text names no level; the demonstration takes the one before the highest and says so.
WANTED_LEVEL = Decimal(4)
SAYS_LEVEL = "Văn bản không ghi mức; mức 4 trên 5 là quy ước của bộ trình diễn"
SAYS_BASELINE = "Mốc so sánh mô phỏng"


def load_measures(organisations: Organisations, documents: dict[str, Document]) -> None:
    sheets = {row["code"]: row for row in rows("measures.csv")}
    metadata = {row["key"]: row["text"] for row in rows("metadata.csv")}
    promised = [row for row in rows("targets.csv") if row["kind"] != "qualitative" or row["code"] in sheets]
    specs = [_indicator(row, sheets.get(row["code"]), organisations) for row in promised]
    specs.append(_named(sheets[POPULATION], organisations))
    specs = [replace(spec, metadata=metadata) if spec.code in sheets else spec for spec in specs]
    indicators = {made.code: made for made in define_indicators(by=SYSTEM, specs=specs)}
    _set_rules(indicators, sheets)
    goals = {goal.code: goal for goal in Goal.objects.all()}
    clauses = clauses_by_place()
    set_targets(
        by=SYSTEM,
        specs=[
            NewTarget(
                indicator=indicators[row["code"]],
                document=documents[row["document"]],
                goal=goals.get(row["code"]),
                clause=clauses.get(row["source_clause"]),
                **_promise(row, sheets.get(row["code"])),  # type: ignore[arg-type]
            )
            for row in promised
        ],
    )
    _set_targets_of_units(indicators, organisations)
    _link(indicators)
    load_choices(indicators, documents)
    load_quarterly_values(indicators, organisations)
    load_values(indicators, organisations)
    load_doubts(organisations)


def _promise(row: Row, sheet: Row | None) -> dict[str, object]:
    qualitative = row["kind"] == "qualitative"
    promise: dict[str, object] = {
        "code": row["code"],
        "operator": ">=" if qualitative else row["operator"],
        "low": WANTED_LEVEL if qualitative else decimal(row["low"]),
        "high": decimal(row["high"]),
        "period": row["year"],
        "year": int(row["year"]) if row["year"].isdigit() else None,
        "note": SAYS_LEVEL if qualitative else row["note"],
        "each_unit": PROVINCES if row["code"] in FLOORS else "",
    }
    return promise | (_way(sheet) if sheet else {})


def _way(sheet: Row) -> dict[str, object]:
    """Where the way to the target begins, and how it is meant to be gone."""
    way: dict[str, object] = {"path": sheet["path"], "path_points": _points(sheet["path_points"])}
    if sheet["where"] == "all" and decimal(sheet["start"]):
        way |= {"baseline": decimal(sheet["start"]), "baseline_on": BASELINE_ON, "source": SAYS_BASELINE}
    return way


def _points(text: str) -> tuple[tuple[date, Decimal], ...]:
    pairs = [part.split(":") for part in parts(text)]
    return tuple((date.fromisoformat(on), Decimal(amount)) for on, amount in pairs)


def _indicator(row: Row, sheet: Row | None, organisations: Organisations) -> NewIndicator:
    return NewIndicator(
        code=row["code"],
        name=row["indicator_vi"],
        name_en=row["indicator_en"],
        unit=row["unit_vi"],
        unit_en=row["unit_en"],
        direction=row["direction"],
        rubric=parts(row["rubric_vi"]),
        **(_sheet(sheet, organisations) if sheet else {"kind": _kind_of(row)}),
    )


def _named(sheet: Row, organisations: Organisations) -> NewIndicator:
    """An indicator that no document promises anything of: what others are weighed by."""
    return NewIndicator(
        code=sheet["code"],
        name=sheet["name_vi"],
        name_en=sheet["name_en"],
        unit=sheet["unit_vi"],
        unit_en=sheet["unit_en"],
        direction=sheet["direction"],
        **_sheet(sheet, organisations),  # type: ignore[arg-type]
    )


def _kind_of(row: Row) -> str:
    return IndicatorKind.RANK if row["unit_vi"] == "hạng" else IndicatorKind.STOCK


def _sheet(sheet: Row, organisations: Organisations) -> dict[str, object]:
    source_owner = organisations[sheet["source_owner"].lower()]
    return {
        "kind": sheet["kind"],
        "scale": decimal(sheet["scale"]),
        "definition": sheet["definition"],
        "method": sheet["method"],
        "limits": sheet["limits"],
        "source": f"Số liệu mô phỏng, nguồn giả định: {source_owner.official_name}",
        "source_owner": source_owner,
        "owner": organisations[sheet["owner"].lower()],
        "contact": sheet["contact"],
        "frequency": "monthly",
        "delay_days": int(sheet["delay_days"]),
        "low_limit": decimal(sheet["low_limit"]),
        "high_limit": decimal(sheet["high_limit"]),
        "tree_from": TREE_FROM,
    }


def _set_rules(indicators: Indicators, sheets: dict[str, Row]) -> None:
    """The country is made from the provinces, or stated by its source and compared with them."""
    rules = []
    for code, sheet in sheets.items():
        weight = indicators[POPULATION] if sheet["is_weighted"] else None
        rules.append(
            NewRule(
                indicator=indicators[code],
                unit="country",
                origin=sheet["origin"],
                operator=sheet["operator"],
                weight=weight,
                floor=decimal(sheet["floor"]),
            )
        )
        rules.append(NewRule(indicators[code], PROVINCES, RollupOrigin.OWN, RollupOperator.NONE))
    set_rollup_rules(by=SYSTEM, indicators=[indicators[code] for code in sheets], rules=rules)


def _set_targets_of_units(indicators: Indicators, organisations: Organisations) -> None:
    """What the provinces took upon themselves: together enough for the country's target, or not."""
    national = {target.code: target for target in Target.objects.select_related("document", "clause")}
    set_targets(
        by=SYSTEM,
        specs=[
            NewTarget(
                code=row["code"],
                indicator=indicators[row["indicator_code"]],
                document=national[row["indicator_code"]].document,
                clause=national[row["indicator_code"]].clause,
                organisation=organisations[row["organisation_code"].lower()],
                operator=row["operator"],
                period=row["year"],
                low=decimal(row["low"]),
                high=decimal(row["high"]),
                baseline=decimal(row["baseline"]),
                baseline_on=day(row["baseline_on"]),
                year=int(row["year"]) if row["year"] else None,
                path=row["path"],
                path_points=_points(row["path_points"]),
                note=row["note"],
                source="Mức phân giao mô phỏng",
            )
            for row in rows("unit_targets.csv")
        ],
    )


def _link(indicators: Indicators) -> None:
    tasks = {task.code: task for task in Task.objects.select_related("programme")}
    links = [
        (tasks[row["code"]], indicators[row["indicator_code"]])
        for row in rows("tasks")
        if row["indicator_code"] in indicators
    ]
    link_contributions(by=SYSTEM, links=links)

"""Indicators, what documents promise of them, and simulated observations."""

from datetime import date

from thucthi.demonstration.loading_intent import clauses_by_place
from thucthi.demonstration.reading import Row, decimal, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.indicators.actions import (
    NewIndicator,
    NewObservation,
    NewTarget,
    define_indicators,
    link_contributions,
    record_observations,
    set_targets,
)
from thucthi.indicators.models import Indicator
from thucthi.programmes.models import Goal, Task

QUARTER_ENDS = {"Q1": (3, 31), "Q2": (6, 30), "Q3": (9, 30), "Q4": (12, 31)}
DAYS_UNTIL_AVAILABLE = 21


def load_measures(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    measured = [row for row in rows("targets.csv") if row["kind"] != "qualitative"]
    indicators = {made.code: made for made in define_indicators(by=SYSTEM, specs=[_indicator(row) for row in measured])}
    goals = {goal.code: goal for goal in Goal.objects.all()}
    clauses = clauses_by_place()
    set_targets(
        by=SYSTEM,
        specs=[
            NewTarget(
                code=row["code"],
                indicator=indicators[row["code"]],
                document=documents[row["document"]],
                operator=row["operator"],
                period=row["year"],
                low=decimal(row["low"]),
                high=decimal(row["high"]),
                year=int(row["year"]) if row["year"].isdigit() else None,
                goal=goals.get(row["code"]),
                clause=clauses.get(row["source_clause"]),
                note=row["note"],
            )
            for row in measured
        ],
    )
    _link(indicators)
    # A qualitative goal has a rubric and no indicator; what the file says of it is that a number does not apply.
    observed = [row for row in rows("observations.csv") if row["indicator_code"] in indicators]
    record_observations(by=SYSTEM, rows=[_observation(row, indicators, organisations) for row in observed])


def _indicator(row: Row) -> NewIndicator:
    return NewIndicator(
        code=row["code"],
        name=row["indicator_vi"],
        name_en=row["indicator_en"],
        unit=row["unit_vi"],
        unit_en=row["unit_en"],
        direction=row["direction"],
    )


def _link(indicators: dict[str, Indicator]) -> None:
    tasks = {task.code: task for task in Task.objects.select_related("programme")}
    links = [
        (tasks[row["code"]], indicators[row["indicator_code"]])
        for row in rows("tasks")
        if row["indicator_code"] in indicators
    ]
    link_contributions(by=SYSTEM, links=links)


def _observation(row: Row, indicators: dict[str, Indicator], organisations: dict[str, Organisation]) -> NewObservation:
    year, _, quarter = row["period"].partition("-")
    end = date(int(year), *QUARTER_ENDS[quarter])
    return NewObservation(
        indicator=indicators[row["indicator_code"]],
        period=row["period"],
        period_end=end,
        state=row["state"],
        source=row["source"],
        available_on=date.fromordinal(end.toordinal() + DAYS_UNTIL_AVAILABLE),
        amount=decimal(row["value"]),
        kind=row["kind"],
        organisation=organisations[row["organisation_code"].lower()] if row["organisation_code"] else None,
        is_simulated=True,
    )

"""Series and outlooks as the two processes pass them to one another."""

from typing import Any

from thucthi.monitoring.forecasting.shapes import Method, Outlook, Refusal, Series, Step


def line_of_series(series: Series) -> dict[str, Any]:
    return {
        "key": series.key,
        "amounts": list(series.amounts),
        "season": series.season,
        "horizon": series.horizon,
    }


def series_of_line(line: dict[str, Any]) -> Series:
    return Series(line["key"], tuple(line["amounts"]), line["season"], line["horizon"])


def line_of_outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "key": outlook.key,
        "method": outlook.method,
        "steps": [[float(step.middle), float(step.error)] for step in outlook.steps],
        "errors": {name: None if error is None else float(error) for name, error in outlook.errors.items()},
        "refusal": outlook.refusal,
    }


def outlook_of_line(line: dict[str, Any]) -> Outlook:
    return Outlook(
        key=line["key"],
        method=Method(line["method"]) if line["method"] else None,
        steps=tuple(Step(*step) for step in line["steps"]),
        errors=line["errors"],
        refusal=Refusal(line["refusal"]) if line["refusal"] else None,
    )

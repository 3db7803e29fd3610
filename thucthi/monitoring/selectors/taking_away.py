"""What is taken away of an indicator: its rows, its sheet, and the names of everything that occurs in them."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from django.utils import timezone

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.sheet import changed_meaning
from thucthi.indicators.models import Dimension, Indicator, IndicatorVersion, Observation
from thucthi.indicators.selectors.sheets import metadata_of
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import COUNTRY, Contents, Definition, Row, with_breaks
from thucthi.monitoring.selectors.value_rows import ValueRow, hidden_lines, rows_known, value_rows

Names = tuple[str, str]
THE_COUNTRY = ("Cả nước", "Viet Nam")


def contents_of(indicator: Indicator, *, as_of: date, with_history: bool) -> Contents:
    """The rows standing on `as_of`, or every row known by then; what is hidden has neither amount nor remark."""
    rows = list(
        rows_known(indicator, as_of).order_by("period_end", "organisation__sort_key", "kind", "breakdown", "pk")
    )
    hidden = hidden_lines(indicator, rows, as_of=as_of)
    shown = value_rows(rows, as_of=as_of, hidden=hidden)
    bodies = Organisation.objects.in_bulk({row.organisation_id for row in rows if row.organisation_id})
    codes = {pk: body.code for pk, body in bodies.items()}
    return Contents(
        definition=_definition(indicator),
        as_of=as_of,
        rows=with_breaks(
            [_row(each, codes) for each in shown if with_history or each.is_standing],
            _changes_of_meaning(indicator, as_of),
        ),
        areas={COUNTRY: THE_COUNTRY} | {body.code: (body.short_name, body.short_name) for body in bodies.values()},
        breakdowns=_breakdowns(indicator, rows),
        has_history=with_history,
    )


def _changes_of_meaning(indicator: Indicator, as_of: date) -> list[date]:
    versions = IndicatorVersion.objects.filter(indicator=indicator, since__lte=as_of).order_by("number")
    return [after.since for before, after in pairwise(versions) if changed_meaning(before.sheet, after.sheet)]


def _row(shown: ValueRow, codes: dict[int, str]) -> Row:
    row, span, parts = shown.row, span_of(shown.row.period), shown.parts
    return Row(
        number=row.pk,
        period=row.period,
        period_start=span.start,
        period_end=row.period_end,
        area=codes[row.organisation_id] if row.organisation_id else COUNTRY,
        kind=row.kind,
        breakdown=row.breakdown,
        state=shown.state,
        amount=shown.amount,
        numerator=parts[0] if parts else None,
        denominator=parts[1] if parts else None,
        source=row.source,
        remark="" if shown.state is ValueState.CONFIDENTIAL else row.remark,
        available_on=row.available_on,
        recorded_on=timezone.localdate(row.recorded_at),
        corrects=row.corrects_id,
        is_standing=shown.is_standing,
        is_simulated=row.is_simulated,
    )


def _definition(indicator: Indicator) -> Definition:
    named = {"code", "name", "unit", "direction", "kind", "frequency", "definition", "method", "limits", "source"}
    owner = indicator.source_owner or indicator.owner
    return Definition(
        **{name: str(getattr(indicator, name)) for name in named},
        name_en=indicator.name_en,
        unit_en=indicator.unit_en,
        owner=owner.official_name if owner else "",
        contact=indicator.contact,
        version=indicator.version,
        further=metadata_of(indicator),
        further_en=metadata_of(indicator, language="en"),
    )


def _breakdowns(indicator: Indicator, rows: Sequence[Observation]) -> dict[str, Names]:
    """The names of the parts that occur; a part without a name is called by its code."""
    used = {row.breakdown for row in rows if row.breakdown}
    if not used:
        return {}
    names: dict[str, Names] = {}
    for dimension in Dimension.objects.filter(indicator=indicator):
        for code, words in dimension.categories.items():
            names[f"{dimension.code}:{code}"] = (words[0], words[1] if len(words) > 1 and words[1] else words[0])
    return {code: _joined(code, names) for code in sorted(used)}


def _joined(breakdown: str, names: dict[str, Names]) -> Names:
    found = [names.get(part, (part, part)) for part in breakdown.split("|")]
    vi, en = (", ".join(words[place] for words in found) for place in range(2))
    return vi, en

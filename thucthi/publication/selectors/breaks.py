"""Where the series of an indicator breaks: its sheet was changed in what the figures mean or how they are made."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise

from thucthi.indicators.calculations.sheet import changed_meaning
from thucthi.indicators.models import IndicatorVersion
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.figures.shapes import Figure
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import BreakData
from thucthi.reporting.selectors.obligations import known


class Breaks:
    """Of all indicators, read once."""

    def __init__(self, reading: Reading) -> None:
        self._versions: dict[int, list[IndicatorVersion]] = defaultdict(list)
        rows = known(IndicatorVersion.objects.filter(since__lte=reading.as_of), reading.known_by)
        for row in rows.order_by("indicator_id", "number"):
            self._versions[row.indicator_id].append(row)

    def of(self, indicator_id: int, series: Sequence[Figure]) -> tuple[BreakData, ...]:
        """The oldest first; `series`: the figures of the country, oldest first."""
        versions = self._versions[indicator_id]
        found = []
        for before, after in pairwise(versions):
            if changed := changed_meaning(before.sheet, after.sheet):
                period = _first_after(series, after.since)
                found.append(BreakData(after.number, after.since, period, changed, after.reason))
        return tuple(found)


def _first_after(series: Sequence[Figure], since: date) -> str:
    for each in series:
        # A period that is none of the calendar has no end.
        with suppress(ValueError):
            if span_of(each.period).end >= since:
                return each.period
    return ""

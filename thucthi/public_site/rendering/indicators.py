"""Indicators: what is measured, where from, whether it is on its path."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.kernel.periods import Frequency, span_containing, span_of
from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Reader, Twin
from thucthi.public_site.rendering.tables import OBSERVATION_COLUMNS, observation_rows
from thucthi.publication.shapes import FigureData, IndicatorData, TargetData, UnitFigureData

Tile = tuple[str, str, str, str, str]

FOLDER = "chi-tieu"
# All values of all units and kinds, beside the page.
VALUES_FILE = "gia-tri.csv"
# Rows of a table, points of a small line: a year of months and the month a year before; the CSV has all.
RECENT = 13


@dataclass(frozen=True)
class Reading:
    """An indicator with its latest official figure and the target nearest ahead."""

    indicator: IndicatorData
    latest: FigureData | None
    target: TargetData | None

    @property
    def series(self) -> tuple[FigureData, ...]:
        return self.indicator.figures

    @property
    def source(self) -> str:
        """Where the latest figure is from: what its value says, else the sheet."""
        latest = self.latest.period if self.latest else ""
        said = [each.source for each in self.indicator.observations if each.period == latest]
        return said[0] if said else self.indicator.source


def read(indicator: IndicatorData, year: int) -> Reading:
    ahead = sorted(
        indicator.targets, key=lambda each: ((each.year or year) < year, abs((each.year or year) - year), each.code)
    )
    known = [each for each in indicator.figures if each.amount is not None]
    return Reading(indicator, known[-1] if known else None, ahead[0] if ahead else None)


def indicator_pages(book: Book, reader: Reader) -> Iterator[Page]:
    year = book.data.header.as_of.year
    readings = [read(each, year) for each in book.data.indicators]
    goals = [(document, goal) for document in book.data.documents if document.frame for goal in document.frame.goals]
    lines = [replace(each, units=(), computation=None, figures=()) for each in book.data.indicators]
    yield Page(
        folder=FOLDER,
        template="indicator_list.html",
        title=_("Chỉ tiêu và mục tiêu"),
        section=FOLDER,
        values={
            "readings": readings,
            "recent": RECENT,
            "goals": [(document, goal) for document, goal in goals if goal.kind == "qualitative"],
            "measured": sum(each.latest is not None for each in readings),
        },
        twin=Twin(lines, OBSERVATION_COLUMNS, observation_rows(book, book.data.indicators)),
    )
    for each in readings:
        yield _page(book, reader, each)


def _page(book: Book, reader: Reader, reading: Reading) -> Page:
    indicator = reading.indicator
    folder = f"{FOLDER}/{indicator.code}"
    return Page(
        folder=folder,
        template="indicator.html",
        title=reader.indicator_name(indicator.code),
        section=FOLDER,
        values={
            "reading": reading,
            "indicator": indicator,
            "points": [
                (reader.short_period(point.period), point.amount, point.state == "provisional")
                for point in reading.series
            ]
            if reading.latest
            else [],
            "headline": headline(reader, reading),
            "target_amount": target_amount(reading.target),
            "recent": RECENT,
            "broken": {each.period for each in indicator.breaks},
            "awaited": awaited(reading, book.data.header.as_of),
            "revisions": sum(each.is_correction for each in indicator.observations),
            "tiles": tiles_of(book, reader, indicator),
            "others": [each for each in indicator.units if _letters(book, each) is None],
            "values_file": f"{folder}/{VALUES_FILE}" if indicator.code in book.data.values else "",
            "tasks": book.tasks_with(indicator.tasks),
        },
        twin=Twin(indicator, OBSERVATION_COLUMNS, observation_rows(book, [indicator])),
    )


@dataclass(frozen=True)
class Awaited:
    """The period whose figure comes next; `days_over`: days since it ended, 0 while it runs. Nobody sets it."""

    period: str
    ended_on: date
    days_over: int


def awaited(reading: Reading, as_of: date) -> Awaited | None:
    """None without a figure, and for figures whose period or rhythm is not one of the calendar."""
    try:
        last = span_of(reading.latest.period if reading.latest else "")
        following = span_containing(last.end + timedelta(days=1), Frequency(reading.indicator.frequency))
    except ValueError:
        return None
    return Awaited(following.key, following.end, max(0, (as_of - following.end).days))


def _letters(book: Book, unit: UnitFigureData) -> str | None:
    organisation = book.organisations.get(unit.organisation)
    is_province = organisation is not None and organisation.tree == "state" and organisation.level == "province"
    return TILE_OF_UNIT.get(organisation.unit_code) if organisation and is_province else None


def tiles_of(book: Book, reader: Reader, indicator: IndicatorData) -> dict[str, Tile]:
    """Letters of a province → name, word, tone, folder of its page, figure."""
    tiles: dict[str, Tile] = {}
    for unit in indicator.units:
        letters = _letters(book, unit)
        if letters is not None:
            word, tone = standing_of(reader, unit)
            shown = "–" if unit.amount is None else reader.number(unit.amount)
            tiles[letters] = (reader.short(unit.organisation), word, tone, f"don-vi/{unit.organisation}", shown)
    return tiles


def standing_of(reader: Reader, unit: UnitFigureData) -> tuple[str, str]:
    """One word and tone, by the first rule that applies: no figure, disputed, against its target, its own state."""
    if unit.amount is None:
        return reader.word("value_state", unit.state), reader.tone("value_state", unit.state)
    if unit.is_disputed:
        return _("đang có kiến nghị"), "warn"
    if unit.meets is not None:
        return (_("đạt mức"), "done") if unit.meets else (_("chưa đạt mức"), "info")
    return reader.word("value_state", unit.state), reader.tone("value_state", unit.state)


def target_amount(target: TargetData | None) -> Decimal | None:
    if target is None:
        return None
    return target.low if target.low is not None else target.high


def headline(reader: Reader, reading: Reading) -> str:
    """The message of the chart in one sentence."""
    latest, target = reading.latest, reading.target
    if latest is None or latest.amount is None:
        return _("Chưa có số liệu chính thức cho chỉ tiêu này.")
    values = {
        "value": reader.number(latest.amount),
        "unit": reader.unit(reading.indicator.code),
        "period": reader.period(latest.period),
        "target": (target.wording_en if reader.lang == "en" else target.wording_vi) if target else "",
        "year": target.year if target and target.year else "",
    }
    if target is None:
        return _("%(period)s: %(value)s %(unit)s.") % values
    sentences = {
        True: _("%(period)s: %(value)s %(unit)s, đã đạt mục tiêu %(target)s (%(year)s)."),
        False: _("%(period)s: %(value)s %(unit)s, chưa đạt mục tiêu %(target)s (%(year)s)."),
        None: _("%(period)s: %(value)s %(unit)s; mục tiêu %(target)s (%(year)s)."),
    }
    return (sentences[target.met] % values).replace(" ()", "")

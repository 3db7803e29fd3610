"""Many figures beside each other: the list of indicators, the grid by organisation, the provinces one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.models import Indicator, RollupRule, Target
from thucthi.kernel.periods import Frequency, Span, span_containing, span_of, spans_between
from thucthi.kernel.vietnamese_text import fold
from thucthi.monitoring.calculations.drawing import spark_of
from thucthi.monitoring.selectors.figures import country_figures, figures
from thucthi.monitoring.selectors.indicator_frame import (
    Unit,
    indicator_of,
    latest_owed,
    periods_of,
    target_for,
    targets_for,
    the_country,
    unit_and_provinces,
    units_with_figures,
)
from thucthi.monitoring.selectors.indicator_page import Tile, tile_of
from thucthi.monitoring.selectors.readings import RECENT, Course, Reading, course_of, readings_of

MOST_COLUMNS = 12
INDICATORS = 50
UNITS = 50


@dataclass(frozen=True, slots=True)
class CoreSet:
    """The few indicators by which a document is read."""

    document: Document
    courses: tuple[Course, ...]
    unshown: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class IndicatorList:
    """`courses`: the country's figures over the last RECENT periods; `unshown` have theirs on their own pages only.

    Both are those of the `page`, of ids; core sets stand on the first one. `total`: all indicators there are.
    """

    cores: tuple[CoreSet, ...]
    courses: tuple[Course, ...]
    unshown: tuple[Indicator, ...]
    page: Page[int]
    total: int


def indicator_list(viewer: Viewer, text: str, *, as_of: date, page: str = "") -> IndicatorList:
    """The indicators whose name or code holds every word of `text`, core sets of visible documents first."""
    every = Indicator.objects.order_by("name", "code").values_list("pk", "code", "name", "name_en")
    holding = {pk: _holds(names, text) for pk, *names in every}
    found = [pk for pk, holds in holding.items() if holds]
    here = Paginator(found, INDICATORS).get_page(page)
    sets = _core_sets(viewer) if here.number == 1 else []
    asked = {*here.object_list, *(pk for _document, ids in sets for pk in ids if holding[pk])}
    indicators = {row.pk: row for row in Indicator.objects.filter(pk__in=asked).order_by("name", "code")}
    courses = _recent_courses(viewer, list(indicators.values()), as_of)
    cores = []
    for document, ids in sets:
        chosen = tuple(courses[pk] for pk in ids if pk in courses)
        apart = tuple(indicators[pk] for pk in ids if pk in indicators and pk not in courses)
        if chosen or apart:
            cores.append(CoreSet(document, chosen, apart))
    return IndicatorList(
        cores=tuple(cores),
        courses=tuple(courses[pk] for pk in here.object_list if pk in courses),
        unshown=tuple(indicators[pk] for pk in here.object_list if pk not in courses),
        page=here,
        total=len(holding),
    )


def _core_sets(viewer: Viewer) -> list[tuple[Document, list[int]]]:
    """Visible documents with the ids of the few indicators by which they are read, in their order."""
    documents = visible_documents(viewer).filter(core_indicators__isnull=False).distinct()
    return [
        (
            document,
            [core.indicator_id for core in sorted(document.core_indicators.all(), key=lambda core: core.position)],
        )
        for document in documents.prefetch_related("core_indicators")
    ]


def _holds(names: Iterable[str], text: str) -> bool:
    known = fold(" ".join(names))
    return all(word in known for word in fold(text).split())


def _recent_courses(viewer: Viewer, indicators: Sequence[Indicator], as_of: date) -> dict[int, Course]:
    spans = {each.pk: _recent(each, as_of) for each in indicators}
    periods = sorted({span.key for each in spans.values() for span in each})
    found, left_out = country_figures(list(spans), periods, as_of=as_of, most_shapes=1)
    by_key = {(figure.indicator_id, figure.period): figure for figure in found}
    targets = _by_indicator(targets_for(viewer, spans))
    country = the_country()
    courses = {}
    for indicator in (each for each in indicators if each.pk not in left_out):
        readings = [
            Reading(indicator, country, span.key, by_key.get((indicator.pk, span.key))) for span in spans[indicator.pk]
        ]
        # A period that ended counts from the day its value is owed, or earlier if the value came earlier.
        owed = latest_owed(indicator, as_of)
        while len(readings) > 1 and readings[-1].amount is None and span_of(readings[-1].period) > owed:
            readings.pop()
        courses[indicator.pk] = course_of(readings, target_for(targets.get(indicator.pk, []), country, as_of))
    return courses


def _recent(indicator: Indicator, as_of: date) -> list[Span]:
    """The last RECENT periods that ended."""
    last = span_containing(as_of, Frequency(indicator.frequency)).previous
    first = last
    for _step in range(RECENT - 1):
        first = first.previous
    return list(spans_between(first, last))


def _by_indicator(targets: Iterable[Target]) -> dict[int, list[Target]]:
    found: dict[int, list[Target]] = {}
    for target in targets:
        found.setdefault(target.indicator_id, []).append(target)
    return found


@dataclass(frozen=True, slots=True)
class Grid:
    """Indicators across, organisations down, each cell a figure of the period that had ended by `day`.

    `rows`: those of the `page`.
    """

    documents: tuple[Document, ...]
    document: Document | None
    level: str
    day: date
    indicators: tuple[Indicator, ...]
    rows: tuple[tuple[Unit, tuple[Tile, ...]], ...]
    left_out: int
    page: Page[Unit]


def grid(viewer: Viewer, *, document_slug: str, level: str, period: str, as_of: date, page: str = "") -> Grid:
    """The core set of the chosen document (else of the first that has one), at most MOST_COLUMNS indicators."""
    documents = list(visible_documents(viewer).filter(core_indicators__isnull=False).distinct())
    document = next((each for each in documents if each.slug == document_slug), documents[0] if documents else None)
    indicators = list(_across(document))
    shown, day = indicators[:MOST_COLUMNS], _ended(period, as_of)
    wanted = level if level in Level.values else Level.PROVINCE
    kinds = set(RollupRule.objects.filter(indicator__in=shown).values_list("unit", flat=True))
    here = Paginator(units_with_figures(kinds, day, wanted), UNITS).get_page(page)
    return Grid(
        documents=tuple(documents),
        document=document,
        level=wanted,
        day=day,
        indicators=tuple(shown),
        rows=tuple(_grid_rows(viewer, shown, list(here.object_list), day, as_of)),
        left_out=len(indicators) - len(shown),
        page=here,
    )


def _across(document: Document | None) -> list[Indicator]:
    if document is None:
        return list(Indicator.objects.order_by("name", "code"))
    return list(Indicator.objects.filter(core_of__document=document).order_by("core_of__position"))


def _ended(period: str, as_of: date) -> date:
    """The last day of the chosen period; without one, the end of the month before last, when monthly values are in."""
    try:
        return min(span_of(period).end, as_of)
    except ValueError:
        return span_containing(as_of, Frequency.MONTHLY).previous.previous.end


def span_ended_by(indicator: Indicator, day: date) -> Span:
    """The newest period of the indicator that had ended by `day`."""
    span = span_containing(day, Frequency(indicator.frequency))
    return span if span.end <= day else span.previous


def _grid_rows(
    viewer: Viewer, indicators: Sequence[Indicator], units: Sequence[Unit], day: date, as_of: date
) -> list[tuple[Unit, tuple[Tile, ...]]]:
    periods = {each.pk: span_ended_by(each, day).key for each in indicators}
    ids = [unit.id for unit in units]
    found = figures(list(periods), sorted(set(periods.values())), as_of=as_of, units=ids) if ids and periods else []
    by_key = {(each.indicator_id, each.unit_id): each for each in found if each.period == periods[each.indicator_id]}
    targets = _by_indicator(targets_for(viewer, periods))
    rows = []
    for unit in units:
        tiles = [
            tile_of(
                Reading(each, unit, periods[each.pk], by_key.get((each.pk, unit.id))),
                target_for(targets.get(each.pk, []), unit, as_of),
            )
            for each in indicators
        ]
        rows.append((unit, tuple(tiles)))
    return rows


@dataclass(frozen=True, slots=True)
class Small:
    """One province: its series drawn on the scale of all, its newest figure, its distance to the target (0: met)."""

    course: Course
    line: str
    left: Decimal | None

    @property
    def unit(self) -> Unit:
        return self.course.readings[0].unit


@dataclass(frozen=True, slots=True)
class Multiples:
    indicator: Indicator
    smalls: tuple[Small, ...]
    low: Decimal | None
    high: Decimal | None
    spans: Sequence[Span]
    order: str


SMALL_WIDTH, SMALL_HEIGHT = 160, 48
MOST_MONTHS_BACK = 36


def provinces_page(viewer: Viewer, code: str, *, order: str, as_of: date) -> Multiples:
    """Every province with its series; by name, or the farthest from its target first. Raises NotVisible."""
    indicator = indicator_of(code, as_of)
    spans = periods_of(indicator, as_of)[-MOST_MONTHS_BACK:]
    units = unit_and_provinces(indicator, "", spans[-1].end)[1] if spans else []
    periods = [span.key for span in spans]
    found = readings_of(indicator, units, periods, as_of=as_of)
    targets = targets_for(viewer, [indicator.pk])
    courses = [
        course_of([found[unit.id, period] for period in periods], target_for(targets, unit, as_of)) for unit in units
    ]
    known = [each.amount for each in found.values() if each.amount is not None]
    low, high = (min(known), max(known)) if known else (None, None)
    smalls = [_small(course, low, high) for course in courses]
    if order == "xa-dich":
        smalls.sort(key=lambda small: (small.left is None, -(small.left or 0)))
    return Multiples(indicator, tuple(smalls), low, high, spans, order)


def _small(course: Course, low: Decimal | None, high: Decimal | None) -> Small:
    amounts = [each.amount for each in course.readings]
    line = "" if low is None or high is None else spark_of(amounts, low, high, SMALL_WIDTH, SMALL_HEIGHT)
    return Small(course, line, course.said.progress.left if course.said else None)

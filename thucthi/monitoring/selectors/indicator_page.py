"""Everything the page of one indicator shows about one unit in one period. All figures come from selectors.figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import NoReverseMatch, reverse

from thucthi.directory.access import Viewer
from thucthi.indicators.calculations import standing_on
from thucthi.indicators.calculations.paths import expected_on
from thucthi.indicators.models import Indicator, Observation, ObservationKind, Target
from thucthi.indicators.selectors.spoken import number_words, span_words
from thucthi.indicators.selectors.targets import path_of
from thucthi.kernel.periods import Span, span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.drawing import Drawing, Mark, Scene, drawings_of
from thucthi.monitoring.calculations.drawing import Forecast as DrawnForecast
from thucthi.monitoring.calculations.figures.shapes import Computation
from thucthi.monitoring.calculations.progress import level, pace, progress_to
from thucthi.monitoring.models import Forecast
from thucthi.monitoring.selectors.aims import aim_of
from thucthi.monitoring.selectors.figure_book import FigureBook, book_of
from thucthi.monitoring.selectors.figures.computations import computation
from thucthi.monitoring.selectors.forecasts import (
    ForecastPoint,
    TargetOutlook,
    TriedMethod,
    forecast_of,
    methods_of,
    points_of,
    target_outlook,
)
from thucthi.monitoring.selectors.indicator_frame import (
    Unit,
    indicator_of,
    periods_of,
    target_for,
    targets_for,
    unit_and_provinces,
    unit_of,
    units_of,
)
from thucthi.monitoring.selectors.readings import (
    Course,
    Reading,
    course_of,
    message_of,
    rounded,
    sentence_of,
)
from thucthi.monitoring.selectors.target_rows import TargetRow, target_row
from thucthi.monitoring.selectors.value_rows import ValueRow, rows_of_unit, rows_of_unit_and_period, value_rows
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks

OTHER_KINDS: tuple[str, ...] = (
    ObservationKind.DECLARED.value,
    ObservationKind.SAMPLE.value,
    ObservationKind.ESTIMATE.value,
)


def address_of(name: str, **fields: str) -> str:
    """The address of a page of another part, or "" where that part is not there."""
    try:
        return reverse(name, kwargs=fields)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A row of the table of all periods: the figure, what the path expected, and what others say."""

    reading: Reading
    expected: Decimal | None
    others: Mapping[str, ValueRow | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A province in the chosen period; the word says its level against its target, else what its value is."""

    reading: Reading
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Box:
    """How the chosen figure was made; `units` are those named in it."""

    computation: Computation | None
    units: Mapping[int, Unit]


@dataclass(frozen=True, slots=True)
class Ahead:
    """The kept forecast with its methods and what it says about the target; `lines` end with each year."""

    forecast: Forecast
    points: tuple[ForecastPoint, ...]
    methods: tuple[TriedMethod, ...]
    outlook: TargetOutlook | None

    @property
    def lines(self) -> list[tuple[str, ForecastPoint]]:
        """The last point of each year, which is what targets are set for."""
        by_year = {point.span.end.year: point for point in self.points}
        return [(span_words(point.span), point) for point in by_year.values()]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    indicator: Indicator
    unit: Unit
    spans: Sequence[Span]
    course: Course
    chosen: Reading | None
    headline: str
    message: str
    drawings: tuple[Drawing, ...]
    ahead: Ahead | None
    lines: tuple[PeriodLine, ...]
    kinds: tuple[str, ...]
    box: Box
    tiles: tuple[Tile, ...]
    targets: tuple[TargetRow, ...]
    tasks: tuple[Task, ...]
    rows: tuple[ValueRow, ...]
    as_of: date

    @property
    def target_words(self) -> str:
        """The amount at the line of the target."""
        target = path_of(self.course.target).target if self.course.target else None
        return "" if target is None else number_words(target)

    @property
    def sheet_href(self) -> str:
        return address_of("indicators:sheet", code=self.indicator.code)

    @property
    def quality_href(self) -> str:
        return address_of("indicators:quality_of", code=self.indicator.code)

    @property
    def revisions(self) -> list[ValueRow]:
        """Corrections, newest first."""
        return sorted((each for each in self.rows if each.replaces), key=lambda each: -each.row.pk)

    @property
    def disputed(self) -> list[ValueRow]:
        return [each for each in self.rows if each.disputes]

    @property
    def is_disputed_now(self) -> bool:
        return any(each.is_open for row in self.rows for each in row.disputes)


def indicator_page(viewer: Viewer, code: str, *, unit_code: str, period: str, as_of: date) -> IndicatorPage:
    """Raises NotVisible for an unknown indicator or unit. An unknown or empty period means the newest with a number."""
    indicator = indicator_of(code, as_of)
    spans, targets = periods_of(indicator, as_of), targets_for(viewer, [indicator.pk])
    unit, provinces = unit_and_provinces(indicator, unit_code, spans[-1].end if spans else as_of)
    book = book_of(indicator, as_of=as_of)
    book.read({unit.id, *(each.id for each in provinces)}, spans)
    readings = [Reading(indicator, unit, span.key, book.found.get((unit.id, span.key))) for span in spans]
    course = course_of(readings, target_for(targets, unit, as_of))
    chosen = chosen_of(course, period)
    rows, stated = _rows(indicator, unit, course, chosen, as_of)
    ahead = _ahead(indicator, unit, course.target)
    lines = tuple(_lines(course, _others(rows)))
    return IndicatorPage(
        indicator=indicator,
        unit=unit,
        spans=spans,
        course=course,
        chosen=chosen,
        headline=sentence_of(course, indicator.unit),
        message=message_of(course),
        drawings=drawings_of(_scene(course, ahead, lines)),
        ahead=ahead,
        lines=lines,
        kinds=tuple(kind for kind in OTHER_KINDS if any(line.others[kind] for line in lines)),
        box=_box(book, unit, provinces, chosen, stated),
        tiles=tuple(_tiles(book, provinces, chosen, targets, as_of)),
        targets=tuple(target_row(each) for each in targets),
        tasks=tuple(_tasks(viewer, indicator)),
        rows=tuple(rows),
        as_of=as_of,
    )


def chosen_of(course: Course, period: str) -> Reading | None:
    """The reading of `period`, else the newest with a number, else the newest."""
    named = next((each for each in course.readings if each.period == period), None)
    return named or course.latest or course.newest


def _rows(
    indicator: Indicator, unit: Unit, course: Course, chosen: Reading | None, as_of: date
) -> tuple[list[ValueRow], list[Observation]]:
    """Every row of the unit, and what stands for all units in the chosen period."""
    hidden = {(unit.id, each.period) for each in course.readings if each.figure and each.figure.is_suppressed}
    found = rows_of_unit_and_period(indicator, unit, chosen.period if chosen else "", as_of=as_of)
    own = [row for row in found if row.organisation_id == (None if unit.is_country else unit.id)]
    stated = [row for row in found if chosen and row.period == chosen.period and not row.breakdown]
    standing_now = standing_on((row for row in stated if row.kind == ObservationKind.ACTUAL), as_of)
    return value_rows(own, as_of=as_of, hidden=hidden, with_disputes=True), standing_now


def _others(rows: Sequence[ValueRow]) -> dict[str, dict[str, ValueRow]]:
    """By kind and period what the unit itself has beside the official figure."""
    said: dict[str, dict[str, ValueRow]] = {kind: {} for kind in OTHER_KINDS}
    for row in rows:
        if row.is_standing and not row.row.breakdown and row.row.kind in said:
            said[row.row.kind][row.row.period] = row
    return said


def _lines(course: Course, others: Mapping[str, Mapping[str, ValueRow]]) -> list[PeriodLine]:
    path = path_of(course.target) if course.target else None
    made = []
    for reading in course.readings:
        expected = expected_on(path, span_of(reading.period).end) if path else None
        beside = {kind: others[kind].get(reading.period) for kind in OTHER_KINDS}
        made.append(PeriodLine(reading, None if expected is None else rounded(expected), beside))
    return made


def _scene(course: Course, ahead: Ahead | None, lines: Sequence[PeriodLine]) -> Scene:
    marks = [
        Mark(span_of(each.period).end, each.short_label, each.amount, each.is_provisional) for each in course.readings
    ]
    drawn = [DrawnForecast(each.span.end, each.middle, each.low, each.high) for each in (ahead.points if ahead else ())]
    target = path_of(course.target) if course.target else None
    days = [*(mark.day for mark in marks), *(each.day for each in drawn)]
    path = [(day, expected_on(target, day)) for day in days] if target else []
    declared = [(line.reading, line.others[ObservationKind.DECLARED]) for line in lines]
    return Scene(
        marks=marks,
        path=[(day, amount) for day, amount in path if amount is not None],
        target=target.target if target else None,
        forecast=drawn,
        compared=[Mark(span_of(each.period).end, each.short_label, said.amount) for each, said in declared if said],
    )


def _ahead(indicator: Indicator, unit: Unit, target: Target | None) -> Ahead | None:
    kept = forecast_of(indicator.pk, unit.id)
    if kept is None:
        return None
    points = points_of(kept)
    outlook = target_outlook(target, points) if target else None
    return Ahead(kept, tuple(points), tuple(methods_of(kept)), outlook)


def box_of(indicator: Indicator, unit: Unit, period: str, as_of: date) -> Box:
    """Nothing for a unit without a rule, or without a period."""
    made = computation(indicator.pk, period, unit.id, as_of=as_of) if period else None
    named = units_of([*(member.unit_id for member in made.members), unit.id]) if made else {}
    return Box(made, named)


def _box(
    book: FigureBook, unit: Unit, provinces: Sequence[Unit], chosen: Reading | None, stated: Sequence[Observation]
) -> Box:
    made = book.computation(unit.id, chosen.period, stated) if chosen else None
    known = {each.id: each for each in (unit, *provinces)}
    unnamed = {member.unit_id for member in made.members} - set(known) if made else set()
    return Box(made, {**known, **units_of(unnamed)} if unnamed else known)


def _tiles(
    book: FigureBook, provinces: Sequence[Unit], chosen: Reading | None, targets: Sequence[Target], as_of: date
) -> list[Tile]:
    if chosen is None:
        return []
    period = chosen.period
    readings = [Reading(chosen.indicator, unit, period, book.found.get((unit.id, period))) for unit in provinces]
    return [tile_of(each, target_for(targets, each.unit, as_of)) for each in readings]


def tile_of(reading: Reading, target: Target | None) -> Tile:
    """A value without a number, or without a target, says what it is; otherwise where it stands against its target."""
    if reading.amount is None or target is None or reading.state is ValueState.CONFIDENTIAL:
        return Tile(reading, reading.word.label, reading.word.tone)
    aim = aim_of(target)
    reached = level(progress_to(aim, reading.amount), pace(aim, reading.amount, span_of(reading.period).end))
    return Tile(reading, reached.label, reached.tone)


def _tasks(viewer: Viewer, indicator: Indicator) -> list[Task]:
    rows = visible_tasks(viewer).filter(contributions__indicator=indicator)
    return list(rows.select_related("lead", "programme").distinct())


@dataclass(frozen=True, slots=True)
class ValuePage:
    """One figure and every row ever recorded for its unit and period."""

    indicator: Indicator
    unit: Unit
    reading: Reading
    box: Box
    rows: tuple[ValueRow, ...]
    as_of: date


def value_page(code: str, *, unit_code: str, period: str, as_of: date) -> ValuePage:
    """Raises NotVisible for an unknown indicator or unit."""
    indicator, unit = indicator_of(code, as_of), unit_of(unit_code)
    box = box_of(indicator, unit, period, as_of)
    figure = box.computation.figure if box.computation else None
    known = [row for row in rows_of_unit(indicator, unit, as_of=as_of) if row.period == period]
    hidden = {(unit.id, period)} if figure is not None and figure.is_suppressed else set()
    rows = value_rows(known, as_of=as_of, hidden=hidden, with_disputes=True)
    return ValuePage(indicator, unit, Reading(indicator, unit, period, figure), box, tuple(rows), as_of)

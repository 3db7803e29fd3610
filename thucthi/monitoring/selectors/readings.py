"""A figure as a page shows it: with its unit, its period in words, its coverage, its state and the way to its rows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.indicators.models import Indicator, IndicatorKind, Target
from thucthi.indicators.selectors import bound_of
from thucthi.indicators.selectors.spoken import number_words, value_words
from thucthi.kernel.periods import Span, span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import Figure
from thucthi.monitoring.calculations.progress import Standing, standing
from thucthi.monitoring.figure_states import FigureState
from thucthi.monitoring.selectors.aims import aim_of
from thucthi.monitoring.selectors.figures import figures, series_figures
from thucthi.monitoring.selectors.indicator_frame import Unit, label_of, short_label_of
from thucthi.monitoring.value_words import ValueWord, word_of

# Years, half-years, quarters, months and weeks are asked for together; each indicator answers in its own.
RECENT = 13


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one unit. `figure` is None where the unit has no rule: nobody owes a figure there."""

    indicator: Indicator
    unit: Unit
    period: str
    figure: Figure | None

    @property
    def state(self) -> ValueState:
        return self.figure.state if self.figure else ValueState.NOT_APPLICABLE

    @property
    def amount(self) -> Decimal | None:
        return self.figure.amount if self.figure else None

    @property
    def shown(self) -> Decimal | None:
        """For reading: a figure made of parts has two decimals where that leaves no zero that is none."""
        amount = self.amount
        is_made = self.figure is not None and self.figure.expected > 1
        return rounded(amount) if amount is not None and is_made and abs(amount) >= 1 else amount

    @property
    def word(self) -> ValueWord:
        return word_of(self.state)

    @property
    def label(self) -> str:
        return label_of(self.period)

    @property
    def short_label(self) -> str:
        return short_label_of(self.period)

    @property
    def level_name(self) -> str:
        """The word of the rubric for a qualitative indicator, else ""."""
        rubric, amount = self.indicator.rubric, self.amount
        if self.indicator.kind != IndicatorKind.QUALITATIVE or amount is None or not 1 <= amount <= len(rubric):
            return ""
        return str(rubric[int(amount) - 1])

    @property
    def is_provisional(self) -> bool:
        return self.state is ValueState.PROVISIONAL

    @property
    def coverage(self) -> str:
        """ "32/34" when the figure is made of parts, else ""."""
        figure = self.figure
        return f"{figure.counted}/{figure.expected}" if figure and figure.expected > 1 else ""


@dataclass(frozen=True, slots=True)
class Course:
    """A series of figures with the target it is held against; `said` is None without a target."""

    readings: tuple[Reading, ...]
    target: Target | None
    said: Standing | None

    @property
    def latest(self) -> Reading | None:
        """The newest figure that is a number."""
        return next((each for each in reversed(self.readings) if each.amount is not None), None)

    @property
    def newest(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def state(self) -> FigureState | None:
        return self.said.state if self.said else None

    @property
    def wording(self) -> str:
        """The target in signs, "" without one."""
        return wording_of(self.target) if self.target else ""

    @property
    def points(self) -> list[tuple[str, Decimal | None]]:
        return [(each.label, each.amount) for each in self.readings]


def course_of(readings: Sequence[Reading], target: Target | None) -> Course:
    known = [(span_of(each.period).end, each.amount) for each in readings if each.amount is not None]
    said = standing(aim_of(target), known) if target is not None else None
    return Course(tuple(readings), target, said)


def series_readings(
    indicator: Indicator, unit: Unit, spans: Sequence[Span], *, as_of: date, kind: str = "actual"
) -> list[Reading]:
    """One reading for each of `spans`, oldest first."""
    if not spans:
        return []
    found = series_figures(indicator.pk, unit.id, first=spans[0].key, last=spans[-1].key, as_of=as_of, kind=kind)
    by_period = {figure.period: figure for figure in found}
    return [Reading(indicator, unit, span.key, by_period.get(span.key)) for span in spans]


def readings_of(
    indicator: Indicator, units: Iterable[Unit], periods: Collection[str], *, as_of: date, kind: str = "actual"
) -> dict[tuple[int, str], Reading]:
    """By unit and period; every asked pair is there."""
    asked = list(units)
    found = figures([indicator.pk], periods, as_of=as_of, kind=kind, units=[unit.id for unit in asked]) if asked else []
    by_key = {(figure.unit_id, figure.period): figure for figure in found}
    return {
        (unit.id, period): Reading(indicator, unit, period, by_key.get((unit.id, period)))
        for unit in asked
        for period in periods
    }


def sentence_of(course: Course, unit_word: str) -> str:
    """What the figure says: value and period, against target and path, with what makes it less than certain."""
    latest = course.latest
    if latest is None:
        return _("Chưa có số liệu cho %(unit)s.") % {"unit": _name_of(course)}
    value = latest.level_name or value_words(latest.state, latest.shown, unit_word)
    opening = _("%(unit)s, %(period)s: %(value)s") % {
        "unit": latest.unit.name,
        "period": latest.label[:1].lower() + latest.label[1:],
        "value": value,
    }
    return " ".join([f"{opening}{_against(course)}.", *_cautions(course, latest)])


def message_of(course: Course) -> str:
    """The message of the chart: how the newest figure stands to its path, else what it is."""
    latest, said = course.latest, course.said
    if latest is None:
        return _("Chưa có số liệu để vẽ.")
    told = {"now": number_words(latest.shown or Decimal(0)), "period": latest.label[:1].lower() + latest.label[1:]}
    if said is None or said.pace is None or said.pace.expected is None:
        return _("%(now)s ở %(period)s") % told
    told |= {"due": number_words(rounded(said.pace.expected)), "state": said.state.label}
    return _("%(state)s: %(now)s ở %(period)s, lộ trình cần %(due)s") % told


def _name_of(course: Course) -> str:
    return course.readings[0].unit.name if course.readings else _("đơn vị này")


def _against(course: Course) -> str:
    """ ", chưa đạt mục tiêu ≥ 80 % (2030), chậm so với lộ trình (đến kỳ này cần 62,5)"."""
    target, said = course.target, course.said
    if target is None or said is None:
        return ""
    named = {"target": wording_of(target), "year": target.year or _("không ghi năm")}
    parts = {
        True: _(", đã đạt mục tiêu %(target)s (%(year)s)"),
        False: _(", chưa đạt mục tiêu %(target)s (%(year)s)"),
        None: _("; mục tiêu %(target)s (%(year)s)"),
    }[said.progress.is_met] % named
    pace = said.pace
    if said.progress.is_met or pace is None or pace.expected is None or pace.is_behind is None:
        return parts
    due = number_words(rounded(pace.expected))
    behind = _(", chậm so với lộ trình (đến kỳ này cần %(n)s)")
    return parts + (behind if pace.is_behind else _(", đúng lộ trình (đến kỳ này cần %(n)s)")) % {"n": due}


def _cautions(course: Course, latest: Reading) -> Iterable[str]:
    figure, newest = latest.figure, course.newest
    if figure and figure.counted < figure.expected:
        yield _("Mới tính từ %(n)s trong %(of)s số phải có.") % {"n": figure.counted, "of": figure.expected}
    if figure and figure.provisional:
        yield _("Số sơ bộ, nguồn còn có thể sửa.")
    if newest is not None and newest.period != latest.period and newest.state is ValueState.NOT_REPORTED:
        yield _("Đã đến hạn mà chưa có số của %(period)s.") % {"period": newest.label[:1].lower() + newest.label[1:]}


def wording_of(target: Target) -> str:
    """The bound in the signs of the reader's language."""
    bound = bound_of(target)
    return bound.wording_en if get_language() == "en" else bound.wording


def rounded(amount: Decimal) -> Decimal:
    """Two decimals: what a path expects is a line drawn by us, not a measured value."""
    return amount.quantize(Decimal("0.01"))

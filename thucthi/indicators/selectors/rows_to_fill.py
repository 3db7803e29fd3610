"""Which rows and periods a person is offered to fill, in the grid and in a workbook."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.models import Indicator, Observation, ObservationKind, RollupOrigin, RollupRule
from thucthi.indicators.selectors.entry import COUNTRY, writable_organisations
from thucthi.indicators.selectors.series import Line
from thucthi.kernel.periods import Frequency, Span, span_containing, spans_between

MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class ToFill:
    """One row: an indicator of a body (None: the whole country)."""

    indicator: Indicator
    organisation: Organisation | None

    @property
    def key(self) -> str:
        return f"{self.indicator.pk}.{self.organisation.pk if self.organisation else 0}"

    @property
    def body_code(self) -> str:
        return self.organisation.code if self.organisation else COUNTRY

    def line(self, period: str) -> Line:
        body = self.organisation.pk if self.organisation else None
        return (self.indicator.pk, body, str(ObservationKind.ACTUAL), "", period)


def rows_of_indicator(viewer: Viewer, indicator: Indicator) -> list[ToFill]:
    """One row for every body that the viewer may write for, of the kinds that state this indicator themselves.

    Without rules of adding up nobody knows which kinds those are: every body is offered.
    """
    rules = indicator.rollup_rules.exclude(origin=RollupOrigin.CHILDREN)
    kinds = set(rules.values_list("unit", flat=True))
    bodies = list(writable_organisations(viewer))
    if indicator.rollup_rules.exists():
        stating = _stating(indicator, [body.pk for body in bodies if body.kind not in kinds])
        bodies = [body for body in bodies if body.kind in kinds or body.pk in stating]
    country = [ToFill(indicator, None)] if access.can_observe_for(viewer, None) else []
    return country + [ToFill(indicator, body) for body in bodies]


def _stating(indicator: Indicator, bodies: list[int]) -> set[int]:
    """Those of `bodies` that have stated a value of it: looked up for them, not among all who state it."""
    if not bodies:
        return set()
    rows = indicator.observations.filter(organisation__in=bodies).order_by()
    return {pk for pk in rows.values_list("organisation_id", flat=True).distinct() if pk}


def rows_of_body(body: Organisation | None, frequency: Frequency) -> list[ToFill]:
    """One row for every indicator of that frequency that the body states itself; all of them when no rule says so."""
    of_frequency = Indicator.objects.filter(frequency=frequency).order_by("code")
    return [ToFill(indicator, body) for indicator in stated_by(body, of_frequency) or of_frequency]


def stated_by(body: Organisation | None, indicators: QuerySet[Indicator]) -> QuerySet[Indicator]:
    kind = body.kind if body else "country"
    rules = RollupRule.objects.filter(indicator=OuterRef("pk"), unit=kind).exclude(origin=RollupOrigin.CHILDREN)
    stated = Observation.objects.filter(indicator=OuterRef("pk"), organisation=body)
    return indicators.filter(Q(Exists(rules)) | Q(Exists(stated)))


def spans_of_year(year: int, frequency: Frequency, today: date) -> list[Span]:
    """The periods of that year that have begun, the last twelve of them."""
    first = span_containing(date(year, 1, 4 if frequency is Frequency.WEEKLY else 1), frequency)
    last = span_containing(date(year, 12, 28 if frequency is Frequency.WEEKLY else 31), frequency)
    begun = [span for span in spans_between(first, last) if span.start <= today]
    return begun[-MOST_COLUMNS:]


def fill_of(key: str) -> ToFill | None:
    """The row of that key (`ToFill.key`), if there is one."""
    indicator, _dot, body = key.partition(".")
    if not (indicator.isdecimal() and body.isdecimal() and len(key) < 40):
        return None
    found = Indicator.objects.filter(pk=int(indicator)).first()
    organisation = Organisation.objects.filter(pk=int(body)).first()
    if found is None or (organisation is None and int(body)):
        return None
    return ToFill(found, organisation)


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows and periods of one question, under its title."""

    title: str
    code: str
    year: int
    fills: list[ToFill]
    spans: list[Span]


def asked_rows(
    viewer: Viewer,
    *,
    indicator: Indicator | None,
    body: Organisation | None,
    year: int,
    frequency: Frequency,
    today: date,
) -> Asked:
    """An indicator with all bodies, a body (None: the country) with all its indicators, or both: one row."""
    if indicator is None:
        name = body.official_name if body else _("Cả nước")
        code = body.code if body else COUNTRY
        fills = rows_of_body(body, frequency)
    else:
        name, code, frequency = indicator.name, indicator.code, Frequency(indicator.frequency)
        fills = [ToFill(indicator, body)] if body else rows_of_indicator(viewer, indicator)
    return Asked(f"{name}, {year}", code, year, fills, spans_of_year(year, frequency, today))

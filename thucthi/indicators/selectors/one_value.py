"""The form of one value: what it says, what stood before, and the history of its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators import access
from thucthi.indicators.calculations.codes import COUNTRY_WORDS
from thucthi.indicators.calculations.reading import GoodRow, RawRow, read_period, read_rows
from thucthi.indicators.models import Indicator, Observation, ObservationKind
from thucthi.indicators.selectors.entry import COUNTRY, indicator_named, known_to, line_history, living_organisations
from thucthi.indicators.selectors.series import Line, standing_lines
from thucthi.kernel.periods import Frequency, Span
from thucthi.kernel.vietnamese_text import fold

Told = tuple[str, str]
ASKED = ("indicator", "organisation", "period", "kind", "breakdown")


@dataclass(frozen=True)
class Stated:
    """What the form says: a good row, or (field, sentence) pairs. `asked` leads back to the line."""

    good: GoodRow | None
    faults: tuple[Told, ...]
    warnings: tuple[Told, ...]
    is_correction: bool
    standing_pk: int | None
    asked: Mapping[str, str]

    @property
    def wants_reason(self) -> bool:
        return bool(self.warnings)


@dataclass(frozen=True)
class LinePage:
    """The line that the address asks for, if it names one: its unit, its usual range and every row ever recorded."""

    indicator: Indicator | None = None
    organisation: Organisation | None = None
    span: Span | None = None
    history: list[Observation] = field(default_factory=list)
    source: str = ""

    @property
    def standing_pk(self) -> int | None:
        return self.history[0].pk if self.history else None


def stated_by_form(viewer: Viewer, raw: RawRow) -> Stated:
    """Read one row that a person typed into the form; names are taken for codes where they are clear."""
    indicator, body = indicator_named(str(raw.indicator)), _body_named(str(raw.organisation))
    raw = replace(
        raw,
        indicator=indicator.code if indicator else raw.indicator,
        organisation=body.code if body else raw.organisation,
    )
    known = known_to(
        viewer,
        indicators=[indicator] if indicator else None,
        organisations=[body] if body else None,
    )
    read = read_rows([raw], known)
    good = read.good[0] if read.good else None
    standing = standing_lines([good.line]).get(good.line) if good else None
    asked = {name: str(getattr(raw, name) or "") for name in ASKED}
    return Stated(
        good,
        tuple((trouble.column, _(trouble.said.sentence) % trouble.said.values) for trouble in read.faults),
        tuple((trouble.column, _(trouble.said.sentence) % trouble.said.values) for trouble in read.warnings),
        bool(good and standing and standing.said != good.said),
        standing.pk if standing else None,
        asked,
    )


def line_page(viewer: Viewer, asked: Mapping[str, str]) -> LinePage:
    """What is known of the line that is asked for; parts that are unclear stay empty."""
    indicator = indicator_named(str(asked.get("indicator", "")).strip())
    typed = str(asked.get("organisation", "")).strip()
    body = _body_named(typed)
    is_country = fold(typed) in COUNTRY_WORDS
    if indicator is None or not (body or is_country):
        return LinePage(indicator, body)
    if not access.can_observe_for(viewer, body.path if body else None):
        return LinePage(indicator, body)
    span = read_period(asked.get("period", ""), Frequency(indicator.frequency)).span
    kind = asked.get("kind") or ObservationKind.ACTUAL
    part = asked.get("breakdown", "")
    line: Line = (indicator.pk, body.pk if body else None, str(kind), part, span.key if span else "")
    return LinePage(indicator, body, span, line_history(line) if span else [], indicator.source)


def _body_named(text: str) -> Organisation | None:
    if not text or text == COUNTRY:
        return None
    found = living_organisations().filter(code=text.lower()).first()
    return found or living_organisations().filter(official_name__iexact=text).first()

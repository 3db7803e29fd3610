"""What a page of figures is about: the indicator, the unit, the periods, the target that applies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation, Tree
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.models import Indicator, Observation, RollupRule, Target, TargetChange
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import Frequency, Span, span_containing, span_of, spans_between
from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.monitoring.calculations.figures.shapes import COUNTRY

COUNTRY_CODE = "ca-nuoc"
MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """Whom a figure is about: an organisation, or the country (id COUNTRY). `tile` is its place in the tile grid."""

    id: int
    code: str
    name: str
    kind: str
    tile: str = ""

    @property
    def is_country(self) -> bool:
        return self.id == COUNTRY


def the_country() -> Unit:
    return Unit(COUNTRY, COUNTRY_CODE, _("Cả nước"), "country")


def unit_from(row: Organisation) -> Unit:
    is_province = row.tree == Tree.STATE and row.level == Level.PROVINCE
    return Unit(row.pk, row.code, row.short_name, row.kind, TILE_OF_UNIT.get(row.unit_code, "") if is_province else "")


def indicator_of(code: str, as_of: date) -> Indicator:
    """With `first_period` and `last_period` of the values known on that day. Raises NotVisible for an unknown code."""
    values = Observation.objects.filter(indicator=OuterRef("pk"), available_on__lte=as_of)
    found = (
        Indicator.objects.select_related("owner", "source_owner")
        .annotate(
            first_period=Subquery(values.order_by("period_end").values("period")[:1]),
            last_period=Subquery(values.order_by("-period_end").values("period")[:1]),
        )
        .filter(code=code)
        .first()
    )
    if found is None:
        raise NotVisible(_("Không có chỉ tiêu mang mã này."))
    return found


def unit_of(code: str) -> Unit:
    """The country for its word or nothing; raises NotVisible for an unknown organisation."""
    if code in {"", COUNTRY_CODE}:
        return the_country()
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotVisible(_("Không có cơ quan, đơn vị mang mã này."))
    return unit_from(found)


def units_of(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id; the country is always among them."""
    rows = Organisation.objects.filter(pk__in={pk for pk in ids if pk != COUNTRY})
    return {COUNTRY: the_country(), **{row.pk: unit_from(row) for row in rows}}


def units_with_figures(kinds: Iterable[str], day: date, level: str = "") -> list[Unit]:
    """The organisations of these kinds that stood on `day`, in Vietnamese order."""
    rows = Organisation.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day), kind__in=set(kinds)
    )
    if level:
        rows = rows.filter(level=level)
    return [unit_from(row) for row in rows.order_by("sort_key", "pk")]


def unit_and_provinces(indicator: Indicator, code: str, day: date) -> tuple[Unit, list[Unit]]:
    """The unit of that code (none: the country) and the provinces that have a figure: one for each tile.

    Raises NotVisible for an unknown organisation.
    """
    tree_day = max(day, indicator.tree_from or day)
    kinds = RollupRule.objects.filter(indicator=indicator).values("unit")
    living = Q(valid_from=None) | Q(valid_from__lte=tree_day), Q(valid_to=None) | Q(valid_to__gte=tree_day)
    is_province = Q(*living, level=Level.PROVINCE, tree=Tree.STATE, kind__in=kinds)
    found = Organisation.objects.annotate(has_tile=ExpressionWrapper(is_province, output_field=BooleanField()))
    rows = found.filter(Q(code=code) | Q(has_tile=True)).order_by("sort_key", "pk")
    units = [(row.has_tile, unit_from(row)) for row in rows]  # type: ignore[attr-defined]
    provinces = [unit for has_tile, unit in units if has_tile and unit.tile]
    if code in {"", COUNTRY_CODE}:
        return the_country(), provinces
    asked = next((unit for _has_tile, unit in units if unit.code == code), None)
    if asked is None:
        raise NotVisible(_("Không có cơ quan, đơn vị mang mã này."))
    return asked, provinces


def latest_owed(indicator: Indicator, day: date) -> Span:
    """The newest period whose values should be known by `day`."""
    return span_containing(day - timedelta(days=indicator.delay_days), Frequency(indicator.frequency)).previous


def periods_of(indicator: Indicator, day: date) -> list[Span]:
    """The periods to be shown, oldest first: from the first value to what is owed or known, at most MOST_PERIODS.

    `indicator` comes from `indicator_of`.
    """
    first, last = indicator.first_period, indicator.last_period  # type: ignore[attr-defined]
    if first is None:
        return []
    frequency = Frequency(indicator.frequency)
    begins, known = span_containing(span_of(first).start, frequency), span_containing(span_of(last).end, frequency)
    return list(spans_between(begins, max(latest_owed(indicator, day), known)))[-MOST_PERIODS:]


def label_of(period: str) -> str:
    """ "Tháng 11/2026" in the reader's language."""
    span = span_of(period)
    return span.label_en if get_language() == "en" else span.label_vi


def short_label_of(period: str) -> str:
    """ "11/2026", "Q1/2026", "2026": for axes and narrow columns."""
    year, _dash, part = period.partition("-")
    return f"{part}/{year}" if part else year


def targets_for(viewer: Viewer, indicators: Iterable[int]) -> list[Target]:
    """Targets of documents that the viewer may know of; `told_before` is what they said before, newest first."""
    related = ("indicator", "document", "clause", "organisation")
    rows = Target.objects.filter(indicator__in=list(indicators), document__in=visible_documents(viewer).order_by())
    changes = TargetChange.objects.filter(target=OuterRef("pk")).order_by("-decided_on", "-pk")
    told = changes.values(told=JSONObject(old="old", decision="decision", decided_on="decided_on", reason="reason"))
    return list(rows.select_related(*related).annotate(told_before=ArraySubquery(told)).order_by("year", "code"))


def target_for(targets: Sequence[Target], unit: Unit, day: date) -> Target | None:
    """The target of this unit that is nearest ahead of `day`; one of its own goes before one for each of its kind."""
    own = [each for each in targets if _applies(each, unit)]
    return min(own, key=lambda each: _nearness(each, day), default=None)


def _applies(target: Target, unit: Unit) -> bool:
    if unit.is_country:
        return target.organisation_id is None and not target.each_unit
    return target.organisation_id == unit.id or target.each_unit == unit.kind


def _nearness(target: Target, day: date) -> tuple[bool, bool, int, str]:
    year = target.year or day.year
    return bool(target.each_unit), year < day.year, abs(year - day.year), target.code

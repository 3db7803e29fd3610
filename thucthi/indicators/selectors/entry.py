"""What entering values needs to know: for whom one may write, the codes, what stands already."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.indicators import access
from thucthi.indicators.calculations.reading import GoodRow, Known, KnownIndicator, KnownOrganisation
from thucthi.indicators.models import Dimension, Indicator, Observation
from thucthi.indicators.selectors.series import Line, standing_lines
from thucthi.kernel.periods import Frequency
from thucthi.kernel.values import ValueState, format_en, format_vi

COUNTRY = "ca-nuoc"
"""What stands for the whole country where a code of an organisation is asked for."""
AT_ONCE = 5_000
Said = tuple[str, Decimal | None, Decimal | None, Decimal | None]


def living_organisations(on: date | None = None) -> QuerySet[Organisation]:
    day = on or timezone.localdate()
    return Organisation.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("sort_key", "pk")


def writable_organisations(viewer: Viewer) -> QuerySet[Organisation]:
    """Bodies whose values the viewer may write: access.can_observe_for as a query."""
    if viewer.is_system:
        return living_organisations()
    own = viewer.organisation_ids(*access.ENTERING_ROLES)
    steered = viewer.organisation_ids(Role.STEERING_OFFICE)
    return living_organisations().filter(Q(pk__in=own) | Q(path__overlap=list(steered)))


def decimal_mark() -> str:
    """As the reader's language writes numbers."""
    return "." if get_language() == "en" else ","


def known_to(
    viewer: Viewer,
    *,
    indicators: Iterable[Indicator] | None = None,
    organisations: Iterable[Organisation] | None = None,
    mark: str = "",
) -> Known:
    """What rows are read against: all indicators and living bodies, or only these."""
    chosen = Indicator.objects.order_by("code") if indicators is None else indicators
    bodies = living_organisations() if organisations is None else organisations
    return Known(
        indicators={one.code: one for one in _known_indicators(list(chosen))},
        organisations={
            body.code: KnownOrganisation(
                body.pk, body.code, body.official_name, access.can_observe_for(viewer, body.path)
            )
            for body in bodies
        },
        today=timezone.localdate(),
        decimal_mark=mark or decimal_mark(),
        may_write_country=access.can_observe_for(viewer, None),
    )


def _known_indicators(indicators: Sequence[Indicator]) -> Iterable[KnownIndicator]:
    parts: dict[int, dict[str, frozenset[str]]] = {}
    wanted = [one.pk for one in indicators]
    rows = Dimension.objects.filter(indicator__in=wanted)
    for indicator_id, code, categories in rows.values_list("indicator_id", "code", "categories"):
        parts.setdefault(indicator_id, {})[code] = frozenset(categories)
    for one in indicators:
        yield KnownIndicator(
            one.pk, one.code, one.name, Frequency(one.frequency), one.unit, one.scale, one.low_limit, one.high_limit,
            one.source, tuple(one.rubric), parts.get(one.pk, {}),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows open a line, say what stands already, or correct it."""

    opened: int
    unchanged: int
    corrections: int


def compare(rows: Sequence[GoodRow]) -> Compared:
    """Told apart as a delivery would, without writing."""
    opened = unchanged = 0
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        standing = standing_lines([row.line for row in some])
        opened += sum(row.line not in standing for row in some)
        unchanged += sum(row.line in standing and standing[row.line].said == row.said for row in some)
    return Compared(opened, unchanged, len(rows) - opened - unchanged)


def things_of(rows: Sequence[GoodRow]) -> tuple[dict[int, Indicator], dict[int, Organisation]]:
    """The indicators and bodies that the rows name, by id."""
    indicators = Indicator.objects.in_bulk({row.indicator.pk for row in rows})
    bodies = Organisation.objects.in_bulk({row.organisation.pk for row in rows if row.organisation})
    return indicators, bodies


def standing_texts(lines: Collection[Line]) -> dict[Line, str]:
    """What stands for each line that has a value, as it would be typed."""
    return {line: as_typed(row.said) for line, row in standing_lines(lines).items()}


def as_typed(said: Said) -> str:
    """A value as a person types it in the reader's language; reading it gives the same value."""
    state, amount = ValueState(said[0]), said[1]
    if amount is None:
        return {
            ValueState.NOT_REPORTED: "chưa có",
            ValueState.NOT_APPLICABLE: "không áp dụng",
            ValueState.CONFIDENTIAL: "mật",
        }[state]
    number = format_en(amount) if decimal_mark() == "." else format_vi(amount)
    return f"{number} (sơ bộ)" if state is ValueState.PROVISIONAL else number


def line_history(line: Line) -> list[Observation]:
    """Every row ever recorded on the line, newest first."""
    indicator, body, kind, breakdown, period = line
    rows = Observation.objects.filter(
        indicator=indicator, organisation=body, kind=kind, breakdown=breakdown, period=period
    )
    return list(rows.select_related("delivery__by__person", "indicator").order_by("-pk"))


def state_words() -> dict[str, tuple[str, str]]:
    """The word and the tone of each state of a value."""
    return {
        ValueState.NUMBER: (_("Có số liệu"), "good"),
        ValueState.CONFIRMED_ZERO: (_("Số không đã xác nhận"), "good"),
        ValueState.PROVISIONAL: (_("Sơ bộ"), "info"),
        ValueState.NOT_REPORTED: (_("Chưa có số liệu"), "silent"),
        ValueState.NOT_APPLICABLE: (_("Không áp dụng"), "na"),
        ValueState.CONFIDENTIAL: (_("Mật"), "confidential"),
    }


def indicator_named(text: str) -> Indicator | None:
    """By code, or by its whole name."""
    found = Indicator.objects.filter(Q(code=text.lower()) | Q(name__iexact=text) | Q(name_en__iexact=text))
    return found.order_by("code").first()

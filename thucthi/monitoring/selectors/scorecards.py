"""The sheet of one body over a quarter: figures with parts, its place among its kind, its own words.

No figure is added to another, and nobody is ranked. Reviews by heads, experts and citizens have a place and no data.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation, Tenure
from thucthi.directory.selectors import heads_on, organisation_for
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import Span
from thucthi.monitoring import access
from thucthi.monitoring.calculations import Handed, PeriodDiscipline, discipline
from thucthi.monitoring.calculations.scorecard import Spread, spread_of, spread_of_ratios
from thucthi.monitoring.calculations.standing import Ratio
from thucthi.monitoring.models import Statement
from thucthi.monitoring.selectors import scorecard_figures as figures
from thucthi.monitoring.selectors.desks import Desk
from thucthi.monitoring.selectors.peer_kinds import kind_in_words
from thucthi.monitoring.selectors.standing import with_first_report
from thucthi.reporting.models import Obligation

# In the order in which they are shown: what a figure is called, and what counts as what.
WORDS = (
    (
        gettext_lazy("Đúng hạn trên số đến hạn"),
        gettext_lazy("Nhiệm vụ đến hạn trong kỳ đã hoàn thành (được nghiệm thu) không muộn hơn hạn."),
    ),
    (
        gettext_lazy("Làm được trên số đã hứa"),
        gettext_lazy("Nhiệm vụ đến hạn trong kỳ đã hoàn thành (được nghiệm thu) đến nay, kể cả muộn."),
    ),
    (
        gettext_lazy("Được nghiệm thu trên số báo hoàn thành"),
        gettext_lazy("Báo cáo hoàn thành gửi trong kỳ đã được người khác nghiệm thu."),
    ),
    (
        gettext_lazy("Gỡ điểm nghẽn trong thời hạn"),
        gettext_lazy("Điểm nghẽn trên bàn cơ quan, hết hạn xử lý trong kỳ, đã được trả lời không muộn hơn hạn."),
    ),
    (
        gettext_lazy("Báo cáo đúng hạn"),
        gettext_lazy("Báo cáo đến hạn trong kỳ đã gửi không muộn hơn hạn, kể cả ngày được gia hạn."),
    ),
    (
        gettext_lazy("Trả lời phối hợp đúng hạn"),
        gettext_lazy("Đề nghị của cơ quan khác đến hạn trong kỳ đã được trả lời đầy đủ đúng hạn."),
    ),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of the body, and how it lies among its kind. `title` and `how` say what counts as what."""

    title: str
    how: str
    own: Ratio
    spread: Spread | None
    having: int


@dataclass(frozen=True, slots=True)
class Load:
    """The body's load; `tasks` and `weight` among its kind."""

    own: figures.Difficulty
    tasks: Spread | None
    weight: Spread | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`peers`: how many bodies of the same level and kind lived then, the body itself included; for a commune, those
    of its province."""

    organisation: Organisation
    head: Tenure | None
    quarter: Span
    as_of: date
    kind: str
    peers: int
    load: Load
    figures: tuple[Figure, ...]
    obstacle_days: Decimal | None
    obstacles_answered: int
    squares: tuple[PeriodDiscipline, ...]
    statements: tuple[Statement, ...]
    may_reply: bool
    may_see_heads: bool


def body_for_scorecard(viewer: Viewer, code: str) -> Organisation:
    """Raises NotVisible when the viewer may not see what is measured of it."""
    organisation = organisation_for(viewer, code)
    if not access.can_see_scorecard_of(viewer, organisation.path):
        raise NotVisible(_("Không tìm thấy phiếu theo dõi của cơ quan này trong phạm vi của ông/bà."))
    return organisation


def scorecard(viewer: Viewer, organisation: Organisation, quarter: Span, today: date) -> Scorecard:
    """Fourteen queries however many peers there are; a commune is seen among those of its own province."""
    alike = Organisation.objects.filter(level=organisation.level, kind=organisation.kind)
    province = organisation.parent if organisation.level == Level.COMMUNE else None
    if province:
        alike = alike.filter(parent=province)
    peers = {*alike.live(min(quarter.end, today)).values_list("pk", flat=True), organisation.pk}
    scope = figures.Scope(tuple(sorted(peers)), quarter.start, quarter.end, today)
    laid = figures.desks(scope)
    own_desks = laid.get(organisation.pk, [])
    statements = organisation.statements.filter(period=quarter.key).select_related("by").order_by("pk")
    return Scorecard(
        organisation=organisation,
        head=heads_on([organisation.pk], min(quarter.end, today)).get(organisation.pk),
        quarter=quarter,
        as_of=today,
        kind=kind_in_words(organisation.kind) + (f", {province.short_name}" if province else ""),
        peers=len(peers),
        load=_load(scope, organisation.pk),
        figures=_figures(scope, organisation.pk, laid),
        obstacle_days=figures.median_days(own_desks),
        obstacles_answered=sum(row.answered_on is not None for row in own_desks),
        squares=_squares(organisation, today),
        statements=tuple(statements),
        may_reply=access.can_state_reply_of(viewer, organisation.pk),
        may_see_heads=access.can_see_dossier_of(viewer, organisation.path),
    )


def _figures(scope: figures.Scope, body: int, laid: dict[int, list[Desk]]) -> tuple[Figure, ...]:
    kept, came = figures.tasks_due(scope)
    computed = (
        kept,
        came,
        figures.completions_accepted(scope),
        figures.answered_in_time(laid),
        figures.reports_on_time(scope),
        figures.requests_on_time(scope),
    )
    return tuple(
        Figure(
            title=str(title),
            how=str(how),
            own=ratios.get(body, figures.NOTHING),
            spread=spread_of_ratios(ratios),
            having=sum(ratio.denominator > 0 for ratio in ratios.values()),
        )
        for (title, how), ratios in zip(WORDS, computed, strict=True)
    )


def _load(scope: figures.Scope, body: int) -> Load:
    loads = figures.difficulties(scope.bodies)
    return Load(
        own=loads.get(body, figures.Difficulty()),
        tasks=spread_of(load.tasks for load in loads.values()),
        weight=spread_of(load.weight for load in loads.values()),
    )


def _squares(organisation: Organisation, today: date) -> tuple[PeriodDiscipline, ...]:
    """The last twelve periods of the body itself, oldest first."""
    rows = with_first_report(
        Obligation.objects.filter(organisation=organisation, task__in=figures.open_tasks().values("pk")), today
    ).filter(due_on__lte=today)
    return discipline(
        Handed(key, grace or due, timezone.localdate(at) if at else None)
        for key, due, grace, at in rows.order_by("due_on", "pk").values_list(
            "period_key", "due_on", "grace_until", "first_report_at"
        )
    )

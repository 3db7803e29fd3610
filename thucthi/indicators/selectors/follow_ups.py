"""One list of what is to be looked at again: open marks, values far out, broken rules, stale series; oldest first."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators.access import may_follow_up
from thucthi.indicators.calculations.quality import Freshness, Outcome
from thucthi.indicators.models import FollowUp, Indicator, Observation
from thucthi.indicators.selectors.consistency import RuleFinding, rule_findings
from thucthi.indicators.selectors.quality import FarValue, SeriesFreshness, far_values, freshness_of
from thucthi.indicators.selectors.spoken import span_words
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import Span, span_of


class Concern(StrEnum):
    MARK = "mark"
    FAR = "far"
    RULE = "rule"
    STALE = "stale"


CONCERN_WORDS = {
    Concern.MARK: gettext_lazy("Đã đánh dấu"),
    Concern.FAR: gettext_lazy("Giá trị khác thường"),
    Concern.RULE: gettext_lazy("Quan hệ không khớp"),
    Concern.STALE: gettext_lazy("Số liệu quá hạn"),
}
CONCERN_TONES = {Concern.MARK: "info", Concern.FAR: "warn", Concern.RULE: "bad", Concern.STALE: "silent"}


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One thing to look at; exactly one of the four parts is given, as `concern` says. `since`: how long it stands."""

    concern: Concern
    since: date
    indicator_code: str
    unit: Organisation | None
    span: Span
    mark: FollowUp | None = None
    far: FarValue | None = None
    rule: RuleFinding | None = None
    stale: SeriesFreshness | None = None

    @property
    def word(self) -> str:
        return str(CONCERN_WORDS[self.concern])

    @property
    def tone(self) -> str:
        return CONCERN_TONES[self.concern]

    @property
    def period(self) -> str:
        return span_words(self.span)

    @property
    def why(self) -> str:
        """What is to be looked at, in words with the figures."""
        if self.mark:
            return self.mark.reason
        if self.far:
            return self.far.why
        if self.rule:
            return self.rule.why
        return self.stale.when if self.stale else ""

    @property
    def observation_id(self) -> int | None:
        """The value that may be marked from here."""
        return self.far.stored.pk if self.far else None


def open_marks(as_of: date) -> QuerySet[FollowUp]:
    """Marks open on that day, oldest first."""
    rows = FollowUp.objects.filter(opened_on__lte=as_of).exclude(closed_on__lte=as_of)
    related = ("observation__indicator", "observation__organisation", "opened_by")
    return rows.select_related(*related).order_by("opened_on", "pk")


def mark_for(viewer: Viewer, pk: int) -> FollowUp:
    """Raises NotVisible for an unknown mark, and for who does not check figures."""
    related = ("observation__indicator", "observation__organisation", "opened_by", "closed_by")
    found = FollowUp.objects.select_related(*related).filter(pk=pk).first() if may_follow_up(viewer) else None
    if found is None:
        raise NotVisible(_("Không có dấu cần xem lại này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def follow_up_list(
    indicators: list[Indicator], as_of: date, *, within: Organisation | None = None, concern: str = ""
) -> list[ToLookAt]:
    """What is to be looked at in these indicators, oldest first. A marked value is listed by its mark alone."""
    codes = {row.code for row in indicators}
    marks = [row for row in open_marks(as_of) if row.observation.indicator.code in codes]
    if within:
        marks = [
            row for row in marks if row.observation.organisation and within.pk in row.observation.organisation.path
        ]
    marked = {row.observation_id for row in marks}
    far = [row for row in far_values(indicators, as_of, within=within) if row.stored.pk not in marked]
    broken = [
        row
        for row in rule_findings(as_of, within=within)
        if row.finding.outcome is Outcome.BROKEN and codes & set(row.values)
    ]
    fresh = freshness_of(indicators, as_of, within=within)
    stale = [(one, row) for one in indicators for row in fresh[one.pk] if row.staleness.state is Freshness.LATE]
    found = [
        *map(_of_mark, marks),
        *map(_of_far, far),
        *map(_of_rule, broken),
        *(_of_stale(one, row) for one, row in stale),
    ]
    wanted = [row for row in found if not concern or row.concern == concern]
    return sorted(wanted, key=lambda row: (row.since, row.indicator_code, row.unit.sort_key if row.unit else ""))


def _is_within(value: Observation, within: Organisation | None) -> bool:
    return within is None or (value.organisation is not None and within.pk in value.organisation.path)


def _of_mark(row: FollowUp) -> ToLookAt:
    value = row.observation
    span = span_of(value.period)
    return ToLookAt(Concern.MARK, row.opened_on, value.indicator.code, value.organisation, span, mark=row)


def _of_far(row: FarValue) -> ToLookAt:
    return ToLookAt(Concern.FAR, row.since, row.indicator.code, row.unit, row.span, far=row)


def _of_rule(row: RuleFinding) -> ToLookAt:
    codes = ", ".join(row.values)
    return ToLookAt(Concern.RULE, row.since, codes, row.unit, row.span, rule=row)


def _of_stale(indicator: Indicator, row: SeriesFreshness) -> ToLookAt:
    awaited = row.staleness
    return ToLookAt(Concern.STALE, awaited.expected_by, indicator.code, row.unit, awaited.next_span, stale=row)

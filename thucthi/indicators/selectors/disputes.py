"""Disputes of figures: for whom to answer, where each stands, and which figures are disputed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Organisation
from thucthi.indicators.access import ENTERING_ROLES, can_answer_dispute, can_dispute_for
from thucthi.indicators.calculations.disputes import DisputeState, dispute_state
from thucthi.indicators.models import Dispute, DisputeAnswer, Observation
from thucthi.indicators.selectors.spoken import span_words, value_words
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import span_of
from thucthi.kernel.working_days import working_days_between

STATE_WORDS = {
    DisputeState.OPEN: gettext_lazy("Đang kiến nghị"),
    DisputeState.OVERDUE: gettext_lazy("Quá hạn trả lời"),
    DisputeState.ACCEPTED: gettext_lazy("Đã chấp nhận"),
    DisputeState.REFUSED: gettext_lazy("Giữ nguyên"),
    DisputeState.WITHDRAWN: gettext_lazy("Đã rút"),
}
STATE_TONES = {
    DisputeState.OPEN: "warn",
    DisputeState.OVERDUE: "bad",
    DisputeState.ACCEPTED: "done",
    DisputeState.REFUSED: "info",
    DisputeState.WITHDRAWN: "na",
}
_WAITING = (DisputeState.OPEN, DisputeState.OVERDUE)


@dataclass(frozen=True, slots=True)
class DisputeStanding:
    """A dispute as of a day. `working_days` is what is left until the answer is due, negative once it is overdue."""

    dispute: Dispute
    answer: DisputeAnswer | None
    state: DisputeState
    working_days: int
    mine_to_answer: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in _WAITING

    @property
    def word(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def period(self) -> str:
        return span_words(span_of(self.dispute.observation.period))

    @property
    def said(self) -> str:
        """The disputed value in words."""
        value = self.dispute.observation
        return value_words(value.state, value.amount, value.indicator.unit)

    @property
    def clock(self) -> str:
        """How much time is left, in words."""
        if not self.is_open:
            return ""
        if self.working_days < 0:
            return _("quá hạn %(n)s ngày làm việc") % {"n": -self.working_days}
        if self.working_days == 0:
            return _("hạn trả lời là hôm nay")
        return _("còn %(n)s ngày làm việc") % {"n": self.working_days}


def disputes_of(observation_ids: Collection[int], as_of: date) -> dict[int, list[DisputeStanding]]:
    """Who disputes these values as of that day; of a correcting value, the dispute that led to it. One query."""
    rows = _with_parts(Dispute.objects.filter(raised_on__lte=as_of)).filter(
        Q(observation__in=observation_ids) | Q(answer__correction__in=observation_ids)
    )
    found: dict[int, list[DisputeStanding]] = {}
    for row in rows.order_by("raised_on", "pk"):
        stands = _standing(row, as_of)
        concerned = {row.observation_id, stands.answer.correction_id if stands.answer else None}
        for pk in set(observation_ids) & concerned:
            found.setdefault(pk, []).append(stands)
    return found


def dispute_for(viewer: Viewer, pk: int) -> Dispute:
    """Who sees figures sees that they are disputed. Raises NotVisible."""
    found = _with_parts(Dispute.objects.filter(pk=pk)).first() if may_work(viewer) or viewer.is_system else None
    if found is None:
        raise NotVisible(_("Không có kiến nghị này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def list_disputes(viewer: Viewer, as_of: date, *, wanted: str = "") -> list[DisputeStanding]:
    """All disputes raised up to `as_of`: mine to answer first, then the open ones, the earliest due on top.

    `wanted`: "mine" those I answer, "open", or "" for all.
    """
    rows = _with_parts(Dispute.objects.filter(raised_on__lte=as_of))
    found = [_standing(row, as_of, viewer) for row in rows]
    if wanted == "mine":
        found = [row for row in found if row.mine_to_answer]
    if wanted == "open":
        found = [row for row in found if row.is_open]
    return sorted(found, key=_most_pressing)


def _most_pressing(row: DisputeStanding) -> tuple[bool, bool, date, int]:
    return (not row.mine_to_answer, not row.is_open, row.dispute.answer_due_on, row.dispute.pk)


def standing_of_dispute(dispute: Dispute, as_of: date, viewer: Viewer | None = None) -> DisputeStanding:
    return _standing(dispute, max(as_of, dispute.raised_on), viewer)


def answering_id(dispute: Dispute) -> int | None:
    """The body that answers: the owner of the source, else of the indicator; None: a steering office."""
    indicator = dispute.observation.indicator
    return indicator.source_owner_id or indicator.owner_id


def answering_body(dispute: Dispute) -> Organisation | None:
    indicator = dispute.observation.indicator
    return indicator.source_owner or indicator.owner


def may_dispute_as(viewer: Viewer, observation: Observation) -> list[Organisation]:
    """In whose name the viewer may dispute this value: the bodies of its lineage for which they report or answer."""
    if observation.organisation is None:
        return []
    own = viewer.organisation_ids(*ENTERING_ROLES) & frozenset(observation.organisation.path)
    found = Organisation.objects.filter(pk__in=own).order_by("path__len")
    return [body for body in found if can_dispute_for(viewer, body.pk)]


def observation_for(viewer: Viewer, pk: int) -> Observation:
    """One value with its indicator and organisation, for whoever works here. Raises NotVisible."""
    related = ("indicator__source_owner", "indicator__owner", "organisation", "delivery")
    found = Observation.objects.select_related(*related).filter(pk=pk).first()
    if found is None or not (may_work(viewer) or viewer.is_system):
        raise NotVisible(_("Không có số liệu này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def _with_parts(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    return rows.select_related(
        "observation__indicator__source_owner",
        "observation__indicator__owner",
        "observation__organisation",
        "organisation",
        "by",
        "answer__correction",
        "answer__by",
    )


def _standing(row: Dispute, as_of: date, viewer: Viewer | None = None) -> DisputeStanding:
    answer: DisputeAnswer | None = getattr(row, "answer", None)
    if answer and answer.answered_on > as_of:
        answer = None
    state = dispute_state(row.answer_due_on, answer.verdict if answer else None, as_of)
    mine = viewer is not None and answer is None and can_answer_dispute(viewer, answering_id(row))
    left = working_days_between(as_of, row.answer_due_on)
    return DisputeStanding(row, answer, state, left, mine and (viewer is None or viewer.account_id != row.by_id))

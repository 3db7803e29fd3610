"""One obstacle as its page shows it: six clears, what it holds up, the ladder as a timeline, decisions, refusals."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.obstacles.access import DECIDING_ROLES, can_decide, can_refuse
from thucthi.obstacles.calculations import CLOSED, State, current_round
from thucthi.obstacles.calculations.deciding import DeskTime, HopFact, Outcome, Said, times_of
from thucthi.obstacles.calculations.ladder import Missing, Rung
from thucthi.obstacles.calculations.petition import Clear, Petition, clears_of
from thucthi.obstacles.models import Decision, Hop, LadderRung, Obstacle, ObstacleStep, Refusal, StepKind
from thucthi.obstacles.selectors.decisions import DecisionStanding, deciding_ids_of, decisions_about
from thucthi.obstacles.selectors.impact import Impact, impacts_of
from thucthi.obstacles.selectors.refusals import times_handed
from thucthi.obstacles.selectors.register import ObstacleStanding, parties_around, standing_of, steps_offered

CLEAR_WORDS = {
    Clear.INFORMATION: gettext_lazy("Rõ thông tin"),
    Clear.FIELD: gettext_lazy("Rõ lĩnh vực"),
    Clear.CONDITION: gettext_lazy("Rõ vướng mắc"),
    Clear.SOLUTION: gettext_lazy("Rõ đề xuất"),
    Clear.AUTHORITY: gettext_lazy("Rõ thẩm quyền"),
    Clear.TIME: gettext_lazy("Rõ thời hạn"),
}
CLEAR_ADVICE = {
    Clear.INFORMATION: gettext_lazy("Chưa nêu thông tin, số liệu, tài liệu kèm theo."),
    Clear.FIELD: gettext_lazy("Chưa nêu thuộc lĩnh vực nào."),
    Clear.CONDITION: gettext_lazy("Chưa nêu đang vướng điều gì."),
    Clear.SOLUTION: gettext_lazy("Chưa nêu hướng giải quyết đề xuất."),
    Clear.AUTHORITY: gettext_lazy("Chưa nêu căn cứ thẩm quyền của cơ quan được đề nghị."),
    Clear.TIME: gettext_lazy("Chưa nêu thời hạn."),
}
MISSING_WORDS = {
    Missing.NO_BODY: gettext_lazy("không có cơ quan ở bậc này"),
    Missing.NO_SUCCESSOR: gettext_lazy("cơ quan đã kết thúc hoạt động, chưa có cơ quan kế tục"),
    Missing.SAME_BODY: gettext_lazy("trùng cơ quan ở bậc khác"),
    Missing.NO_COMMITTEE: gettext_lazy("chưa có ban chỉ đạo"),
}
OUTCOME_WORDS = {
    Outcome.DECIDED: gettext_lazy("Đã quyết định"),
    Outcome.ANSWERED: gettext_lazy("Đã trả lời"),
    Outcome.SILENT: gettext_lazy("Im lặng quá hạn, tự chuyển lên"),
    Outcome.MOVED: gettext_lazy("Đã chuyển nơi khác"),
    Outcome.HOLDING: gettext_lazy("Đang giữ"),
}
OUTCOME_TONES = {
    Outcome.DECIDED: "done",
    Outcome.ANSWERED: "good",
    Outcome.SILENT: "bad",
    Outcome.MOVED: "na",
    Outcome.HOLDING: "info",
}
_OF_A_REFUSAL = ("organisation", "proposed_owner", "by", "ruling__owner", "ruling__organisation")


@dataclass(frozen=True)
class TimelineRow:
    """A desk of the ladder. `skipped`: rungs passed over before it, in words."""

    hop: Hop
    time: DeskTime
    is_overdue: bool
    skipped: str

    @property
    def word(self) -> str:
        return _("Đang giữ, quá hạn") if self.is_overdue else str(OUTCOME_WORDS[self.time.outcome])

    @property
    def tone(self) -> str:
        return "bad" if self.is_overdue else OUTCOME_TONES[self.time.outcome]


@dataclass(frozen=True)
class ObstaclePage:
    """`clears`: (name, "met" or "missing", advice). `deciding` and `refusing`: bodies in whose name the viewer may.
    `kinds` of steps the viewer may record, in the name of `speaking`.

    Nobody refuses while an earlier refusal waits for its ruling.
    """

    standing: ObstacleStanding
    steps: list[ObstacleStep]
    clears: list[tuple[str, str, str]]
    impact: Impact
    timeline: list[TimelineRow]
    decisions: list[DecisionStanding]
    refusals: list[Refusal]
    times_handed: int
    times_reopened: int
    deciding: list[Organisation]
    refusing: list[Organisation]
    kinds: list[StepKind]
    speaking: list[Organisation]


def obstacle_page(viewer: Viewer, obstacle: Obstacle, as_of: date) -> ObstaclePage:
    """Everything about one obstacle that the viewer was let to."""
    steps = list(obstacle.steps.select_related("organisation", "by").order_by("pk"))
    hops = list(obstacle.hops.select_related("organisation").order_by("number"))
    decisions = decisions_about([obstacle], as_of)[obstacle.pk]
    shown = standing_of(obstacle, as_of)
    refusals = list(obstacle.refusals.select_related(*_OF_A_REFUSAL).order_by("pk"))
    bodies = _bodies(viewer)
    acting = [] if shown.state in CLOSED else bodies
    holder = hops[-1].organisation if hops else obstacle.asked_of
    is_refused = any(not hasattr(refusal, "ruling") for refusal in refusals)
    moved = [hop.organisation for hop in hops if hop.because == Hop.Because.REFUSAL]
    parties = parties_around(obstacle, moved[-1] if moved else obstacle.asked_of, as_of)
    taken = current_round((step.round, step.kind) for step in steps)
    kinds, speaking = steps_offered(viewer, bodies, parties, taken, is_decided=bool(decisions))
    return ObstaclePage(
        standing=shown,
        steps=steps,
        clears=clears_in_words(obstacle),
        impact=impacts_of([obstacle])[obstacle.pk],
        timeline=timeline_of(hops, said_about(decisions, steps), as_of, is_open=shown.state not in CLOSED),
        decisions=decisions,
        refusals=refusals,
        times_handed=times_handed(hops),
        times_reopened=sum(step.kind == StepKind.REOPENED for step in steps),
        deciding=deciding_bodies(viewer, acting, obstacle, hops, as_of),
        refusing=[] if is_refused else _refusing(viewer, acting, holder, as_of),
        kinds=kinds,
        speaking=speaking,
    )


def bodies_that_decide(viewer: Viewer, obstacle: Obstacle, on: date) -> list[Organisation]:
    """In whose name the viewer may decide about it; empty when in nobody's."""
    return deciding_bodies(viewer, _bodies(viewer), obstacle, list(obstacle.hops.select_related("organisation")), on)


def deciding_bodies(
    viewer: Viewer, bodies: list[Organisation], obstacle: Obstacle, hops: list[Hop], on: date
) -> list[Organisation]:
    if not any(viewer.is_in(body.pk, *DECIDING_ROLES) for body in bodies):
        return []
    ids = deciding_ids_of(obstacle, hops, on)
    return [body for body in bodies if can_decide(viewer, body.pk, ids)]


def timeline_of(hops: list[Hop], said: list[Said], as_of: date, *, is_open: bool = True) -> list[TimelineRow]:
    """The desks up to `as_of`, the oldest first."""
    facts = [HopFact(hop.organisation_id, hop.started_on, hop.due_on, hop.because) for hop in hops]
    rows = []
    for hop, time in zip(hops, times_of(facts, said, as_of), strict=False):
        late = is_open and time.outcome == Outcome.HOLDING and hop.due_on < as_of
        rows.append(TimelineRow(hop, time, late, skipped_in_words(hop)))
    return rows


def said_about(decisions: list[DecisionStanding], steps: list[ObstacleStep]) -> list[Said]:
    decided = [row.decision for row in decisions if row.decision.kind != Decision.Kind.DEFER]
    ends = {State.ANSWERED.value, *(state.value for state in CLOSED)}
    return [
        *(Said(decision.decided_on, is_decision=True) for decision in decided),
        *(Said(step.happened_on, is_decision=False) for step in steps if step.kind in ends),
    ]


def skipped_in_words(hop: Hop) -> str:
    parts = [part.partition("=") for part in hop.skipped.split(",") if part]
    return "; ".join(f"{LadderRung(Rung(rung).value).label}: {MISSING_WORDS[Missing(why)]}" for rung, _eq, why in parts)


def clears_in_words(obstacle: Obstacle) -> list[tuple[str, str, str]]:
    """(name, met or missing, what to say) of the six."""
    said = clears_of(
        Petition(
            obstacle.information,
            obstacle.field,
            obstacle.condition,
            obstacle.proposed_solution,
            obstacle.authority,
            asked_of=True,
            due_on=obstacle.due_on,
        )
    )
    return [
        (str(CLEAR_WORDS[clear]), "met" if is_met else "missing", "" if is_met else str(CLEAR_ADVICE[clear]))
        for clear, is_met in said.items()
    ]


def _bodies(viewer: Viewer) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))


def _refusing(viewer: Viewer, bodies: list[Organisation], holder: Organisation, on: date) -> list[Organisation]:
    holders = {holder.pk}
    if bodies and holder.valid_to and holder.valid_to < on:
        holders |= {heir.pk for heir in answering_for(holder, on)}
    return [body for body in bodies if can_refuse(viewer, body.pk, holders)]

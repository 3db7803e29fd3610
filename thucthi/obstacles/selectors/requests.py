"""Reading coordination requests: which are visible, where each stands, who has it, how long each side has held it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import WORKING_ROLES, Viewer
from thucthi.directory.models import Level, Organisation, Role, Succession, Tree
from thucthi.directory.selectors import answering_for, answering_for_many
from thucthi.kernel.errors import NotVisible
from thucthi.obstacles.access import (
    SPEAKING_ROLES,
    RequestSides,
    can_answer_request,
    can_judge_request,
)
from thucthi.obstacles.calculations import RequestState, Side, Waiting, days_late, request_state, waiting_of
from thucthi.obstacles.models import CoordinationRequest, Hop, RequestStep
from thucthi.programmes.models import Task

REQUEST_WORDS = {
    RequestState.SENT: gettext_lazy("Đã gửi, chưa tiếp nhận"),
    RequestState.RECEIVED: gettext_lazy("Đã nhận, chưa trả lời"),
    RequestState.PARTIAL: gettext_lazy("Trả lời một phần, chờ bên hỏi xem xét"),
    RequestState.FULL: gettext_lazy("Đã trả lời đầy đủ"),
    RequestState.INSUFFICIENT: gettext_lazy("Chưa đạt yêu cầu, phải trả lời lại"),
    RequestState.WITHDRAWN: gettext_lazy("Đã rút lại"),
}
REQUEST_TONES = {
    RequestState.SENT: "silent",
    RequestState.RECEIVED: "info",
    RequestState.PARTIAL: "info",
    RequestState.FULL: "done",
    RequestState.INSUFFICIENT: "warn",
    RequestState.WITHDRAWN: "na",
}
OPEN_TO_ASKED = (RequestStep.Kind.RECEIVED, RequestStep.Kind.PARTIAL, RequestStep.Kind.FULL)
OPEN_TO_ASKING = (RequestStep.Kind.INSUFFICIENT, RequestStep.Kind.WITHDRAWN)


@dataclass(frozen=True)
class RequestStanding:
    """A request as of a day. `late`: working days beyond the day of answering, 0 on another turn than the asked body's.

    `asking`, `asked`: the two sides, or those that answer for them today. `owner`: the asked body, or the one to which
    a ruling on a refusal moved the request.
    """

    request: CoordinationRequest
    owner: Organisation
    state: RequestState
    waiting: Waiting
    late: int
    asking: tuple[Organisation, ...]
    asked: tuple[Organisation, ...]

    @property
    def is_open(self) -> bool:
        return self.waiting.turn is not None

    @property
    def holders(self) -> tuple[Organisation, ...]:
        """Who has to move; empty when it is settled."""
        return {Side.ASKED: self.asked, Side.ASKING: self.asking, None: ()}[self.waiting.turn]

    @property
    def word(self) -> str:
        return str(REQUEST_WORDS[self.state])

    @property
    def tone(self) -> str:
        return REQUEST_TONES[self.state]

    @property
    def schedule_word(self) -> str:
        if self.waiting.turn is not Side.ASKED:
            return _("Không chờ trả lời")
        if self.late:
            return _("Quá hạn trả lời %(n)s ngày làm việc") % {"n": self.late}
        return _("Trong hạn trả lời")

    @property
    def schedule_tone(self) -> str:
        if self.waiting.turn is not Side.ASKED:
            return "na"
        return "bad" if self.late else "good"


def oversees_all_requests(viewer: Viewer) -> bool:
    """The central bodies of the Party steer and control: their steering offices read every request (D59)."""
    offices = viewer.organisation_ids(Role.STEERING_OFFICE)
    central = Organisation.objects.filter(pk__in=offices, level=Level.CENTRAL, tree=Tree.PARTY)
    return bool(offices) and central.exists()


def visible_requests(viewer: Viewer, on: date) -> QuerySet[CoordinationRequest]:
    """Read by both sides, the bodies above either, those that inherited a side, and every desk it climbed to."""
    if viewer.is_system or oversees_all_requests(viewer):
        return CoordinationRequest.objects.all()
    own = viewer.organisation_ids(*WORKING_ROLES)
    stood_for = list(stands_for(own, on))
    sides = Q(asking__path__overlap=list(own)) | Q(asked__path__overlap=list(own))
    inherited = Q(asking__in=stood_for) | Q(asked__in=stood_for)
    return CoordinationRequest.objects.filter(sides | inherited | Q(pk__in=_on_desks_of(own)))


def request_for(viewer: Viewer, code: str, on: date) -> CoordinationRequest:
    """Raises NotVisible for an unknown code and for one the viewer may not know of."""
    related = ("asking", "asked", "task__lead", "by")
    found = visible_requests(viewer, on).select_related(*related).filter(code=code).first()
    if found is None:
        raise NotVisible(_("Không có yêu cầu phối hợp mang mã này, hoặc ông/bà không thuộc phạm vi được xem."))
    return found


def stands_for(organisation_ids: Iterable[int], on: date) -> frozenset[int]:
    """These bodies and every one that ended by that day and whose duties came down to them."""
    found, waiting = set(organisation_ids), set(organisation_ids)
    while waiting:
        older = Succession.objects.filter(
            successor__in=waiting, event__effective_on__lte=on, predecessor__valid_to__lt=on
        ).values_list("predecessor", flat=True)
        waiting = set(older) - found
        found |= waiting
    return frozenset(found)


def request_standings(requests: QuerySet[CoordinationRequest], as_of: date) -> list[RequestStanding]:
    """In the order of asking; three queries, and one more per generation of successors of bodies that ended."""
    steps = RequestStep.objects.filter(happened_on__lte=as_of).order_by("pk")
    rows = list(
        requests.filter(asked_on__lte=as_of)
        .select_related("asking", "asked", "task")
        .prefetch_related(Prefetch("steps", steps, "known_steps"), Prefetch("hops", _moved(), "moves"))
        .order_by("asked_on", "pk")
    )
    heirs = answering_for_many({body.pk: body for row in rows for body in (row.asking, _owner(row))}.values(), as_of)
    return [_standing(row, as_of, heirs) for row in rows]


def request_standing_of(request: CoordinationRequest, as_of: date) -> RequestStanding:
    return request_standings(CoordinationRequest.objects.filter(pk=request.pk), max(as_of, request.asked_on))[0]


def requests_about(task: Task, viewer: Viewer, as_of: date) -> list[RequestStanding]:
    """For the page of a task that the viewer already sees."""
    return request_standings(visible_requests(viewer, as_of).filter(task=task), as_of)


def sides_of(request: CoordinationRequest, on: date) -> RequestSides:
    """Both sides, each joined by whoever answers for it today."""
    moved = _moved().filter(request=request).last()
    owner = moved.organisation if moved else request.asked
    return RequestSides(
        asking_ids={request.asking_id, *(heir.pk for heir in answering_for(request.asking, on))},
        asked_ids={owner.pk, *(heir.pk for heir in answering_for(owner, on))},
    )


def request_hops(request: CoordinationRequest) -> list[Hop]:
    """The desks to which silence took it, the first one first."""
    return list(request.hops.select_related("organisation").order_by("number"))


def request_senders(viewer: Viewer) -> list[Organisation]:
    """In whose name the viewer may ask another body."""
    speaking = viewer.organisation_ids(*SPEAKING_ROLES, Role.STEERING_OFFICE)
    return list(Organisation.objects.filter(pk__in=speaking).order_by("sort_key"))


def request_steps_open_to(
    viewer: Viewer, request: CoordinationRequest, on: date
) -> tuple[list[RequestStep.Kind], list[Organisation]]:
    """What the viewer may record about this request now, and in whose name."""
    taken = list(request.steps.order_by("pk").values_list("kind", flat=True))
    sides = sides_of(request, on)
    bodies = list(Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key"))
    answering = [body for body in bodies if can_answer_request(viewer, body.pk, sides)]
    judging = [body for body in bodies if can_judge_request(viewer, body.pk, sides)]
    kinds = [*(OPEN_TO_ASKED if answering else ()), *(OPEN_TO_ASKING if judging else ())]
    return possible_steps(taken, kinds), list(dict.fromkeys([*answering, *judging]))


def possible_steps(taken: Sequence[str], kinds: Iterable[RequestStep.Kind]) -> list[RequestStep.Kind]:
    """Those of `kinds` that make sense after the steps taken."""
    state = request_state(taken)
    answered = {RequestState.PARTIAL, RequestState.FULL}
    senseless = {
        RequestStep.Kind.RECEIVED: state is not RequestState.SENT,
        RequestStep.Kind.PARTIAL: state in {RequestState.FULL, RequestState.WITHDRAWN},
        RequestStep.Kind.FULL: state in {RequestState.FULL, RequestState.WITHDRAWN},
        RequestStep.Kind.INSUFFICIENT: state not in answered,
        RequestStep.Kind.WITHDRAWN: state in {RequestState.FULL, RequestState.WITHDRAWN},
    }
    return [kind for kind in kinds if not senseless[kind]]


def _moved() -> QuerySet[Hop]:
    """The hops by which rulings on refusals gave requests to another body, in order."""
    return Hop.objects.filter(because=Hop.Because.REFUSAL).select_related("organisation").order_by("number")


def _owner(row: CoordinationRequest) -> Organisation:
    moves = row.moves  # type: ignore[attr-defined]
    return moves[-1].organisation if moves else row.asked


def _on_desks_of(organisation_ids: frozenset[int]) -> QuerySet[Hop, Any]:
    return Hop.objects.filter(organisation__in=organisation_ids, request__isnull=False).order_by().values("request")


def _standing(row: CoordinationRequest, as_of: date, heirs: dict[int, tuple[Organisation, ...]]) -> RequestStanding:
    steps = [(step.kind, step.happened_on) for step in row.known_steps]  # type: ignore[attr-defined]
    waiting = waiting_of(row.asked_on, steps, as_of)
    owner = _owner(row)
    return RequestStanding(
        request=row,
        owner=owner,
        state=request_state([kind for kind, _day in steps]),
        waiting=waiting,
        late=days_late(waiting.turn, row.due_on, waiting.since or row.asked_on, as_of),
        asking=heirs[row.asking_id] or (row.asking,),
        asked=heirs[owner.pk] or (owner,),
    )

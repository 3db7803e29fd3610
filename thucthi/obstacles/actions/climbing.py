"""What is stuck and unanswered climbs by itself (D35); the rules of its clocks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.obstacles.access import can_run_the_ladder, can_set_ladder_rules
from thucthi.obstacles.calculations.ladder import Desk
from thucthi.obstacles.models import Cause, CoordinationRequest, Hop, LadderRule, LadderRung, Obstacle
from thucthi.obstacles.selectors.ladder import Waiting, surroundings_of, waiting_obstacles, waiting_requests

# One key of PostgreSQL's advisory locks: a run holds it alone, whoever acts on one thing holds it together.
CLIMB_LOCK = 7110
SLICE = 20_000
MOST_NAMED = 50
LONGEST_CLOCK = 250


@dataclass(frozen=True)
class Position:
    """How far a night's run has come: through the obstacles, then through the requests."""

    obstacle_id: int = 0
    request_id: int = 0


@dataclass(frozen=True)
class Climbed:
    """`added` desks in this slice; `following`: where to go on, None when all have been looked at."""

    added: int
    following: Position | None


@transaction.atomic
def climb_ladders(*, by: Viewer, on: date, after: Position | None = None, most: int = SLICE) -> Climbed:
    """Put what nobody answered in time onto the next desk, as of the start of the day `on`.

    A slice of at most `most` obstacles, then of requests; call again with `following` until it is None. A run after
    nights that were missed gives the desks that a run each night would have given, with their own days. Repeating
    changes nothing and leaves no entry.
    """
    require(can_run_the_ladder(by), _("Thang xử lý do hệ thống tự vận hành."))
    _lock_ladder(shared=False)
    after = after or Position()
    found = waiting_obstacles(on, after=after.obstacle_id, most=most)
    requests = [] if len(found) == most else waiting_requests(on, after=after.request_id, most=most - len(found))
    hops = [*_hops(found, on, "obstacle_id"), *_hops(requests, on, "request_id")]
    _insert(hops)
    if hops:
        first = hops[0]
        record(
            "ladder.climbed",
            by=by,
            subject=Hop.objects.get(obstacle=first.obstacle_id, request=first.request_id, number=first.number),
            on=on,
            desks=len(hops),
            obstacles=len({hop.obstacle_id for hop in hops} - {None}),
            requests=len({hop.request_id for hop in hops} - {None}),
            named=[
                f"{hop.obstacle_id or hop.request_id} #{hop.number} {hop.organisation_id}" for hop in hops[:MOST_NAMED]
            ],
        )
    done = len(found) + len(requests) < most
    following = Position(_last(found, after.obstacle_id), _last(requests, after.request_id))
    return Climbed(len(hops), None if done else following)


@dataclass(frozen=True)
class NewRule:
    """`cause` "" for every cause without a rule of its own; `basis`: the document that sets it."""

    cause: str
    rung: str
    working_days: int | None
    basis: str
    valid_from: date | None


@transaction.atomic
def set_ladder_rule(*, by: Viewer, new: NewRule, on: date) -> LadderRule:
    """Set how long a rung has, in place of the rule that stood. What already lies on a desk keeps its clock.

    Only for days to come: a desk's clock is never changed behind its back. Raises Forbidden, Refused.
    """
    require(can_set_ladder_rules(by, from_the_centre=steers_from_the_centre(by)), _who_may_set())
    _lock_ladder(shared=False)
    refuse_if(_faults_of_rule(new, on))
    standing = LadderRule.objects.select_for_update().filter(cause=new.cause, rung=new.rung, valid_to=None).first()
    if standing and new.valid_from and standing.valid_from >= new.valid_from:
        refuse_if([Fault("valid_from", _("Đã có quy định từ ngày này hoặc muộn hơn; hãy chọn ngày sau đó."))])
    if standing and new.valid_from:
        standing.valid_to = date.fromordinal(new.valid_from.toordinal() - 1)
        standing.save(update_fields=["valid_to"])
    rule = LadderRule.objects.create(
        cause=new.cause,
        rung=new.rung,
        working_days=new.working_days or 0,
        basis=new.basis.strip(),
        valid_from=new.valid_from or on,
        by_id=by.account_id,
    )
    record(
        "ladder_rule.set",
        by=by,
        subject=rule,
        cause=rule.cause,
        rung=rule.rung,
        working_days=rule.working_days,
        basis=rule.basis,
        valid_from=rule.valid_from,
        instead_of=standing.working_days if standing else None,
    )
    return rule


@transaction.atomic
def end_ladder_rule(rule: LadderRule, *, by: Viewer, on: date) -> LadderRule:
    """Let a rule end with today; from tomorrow the general rule, or the product's proposal, holds again."""
    require(can_set_ladder_rules(by, from_the_centre=steers_from_the_centre(by)), _who_may_set())
    _lock_ladder(shared=False)
    rule = LadderRule.objects.select_for_update().get(pk=rule.pk)
    if rule.valid_to is not None:
        raise Stale(_("Quy định này đã được người khác kết thúc."), current=rule)
    rule.valid_to = max(on, rule.valid_from)
    rule.save(update_fields=["valid_to"])
    record("ladder_rule.ended", by=by, subject=rule, cause=rule.cause, rung=rule.rung, valid_to=rule.valid_to)
    return rule


def _catch_up(obstacle: Obstacle, on: date) -> Hop | None:
    """Bring one obstacle's ladder to the day on which somebody acts on it; gives the desk it lies on, if any.

    Called by the actions on an obstacle, which hold its lock.
    """
    _lock_ladder(shared=True)
    _write(waiting_obstacles(on, ids=[obstacle.pk]), on, "obstacle_id")
    return obstacle.hops.select_related("organisation").order_by("-number").first()


def _catch_up_request(request: CoordinationRequest, on: date) -> Hop | None:
    """The same for a coordination request."""
    _lock_ladder(shared=True)
    _write(waiting_requests(on, ids=[request.pk]), on, "request_id")
    return request.hops.select_related("organisation").order_by("-number").first()


class _NewHop(NamedTuple):
    """The columns of a desk to be, in the order of the table's copy; rows of the model would cost ten times as much."""

    obstacle_id: int | None
    request_id: int | None
    number: int
    rung: str
    organisation_id: int
    because: str
    skipped: str
    started_on: date
    due_on: date
    is_simulated: bool


def _insert(hops: Sequence[_NewHop]) -> None:
    """All at once through COPY, which a hundred thousand rows need; constraints and triggers see each of them."""
    if not hops:
        return
    columns = ", ".join(_NewHop._fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY obstacles_hop ({columns}) FROM STDIN") as rows:
        for hop in hops:
            rows.write_row(hop)


def _write(found: Sequence[Waiting], on: date, key: str) -> None:
    _insert(_hops(found, on, key))


def _hops(found: Sequence[Waiting], on: date, key: str) -> list[_NewHop]:
    if not found:
        return []
    around = surroundings_of(found)
    return [hop for waiting in found for hop in _hops_of(waiting, around.desks_to_add(waiting, on), key)]


def _hops_of(waiting: Waiting, desks: Iterable[Desk], key: str) -> list[_NewHop]:
    is_obstacle = key == "obstacle_id"
    return [
        _NewHop(
            obstacle_id=waiting.pk if is_obstacle else None,
            request_id=None if is_obstacle else waiting.pk,
            number=number,
            rung=desk.rung.value,
            organisation_id=desk.organisation_id,
            because="" if number == 1 else Hop.Because.SILENCE.value,
            skipped=",".join(f"{rung.value}={why.value}" for rung, why in desk.skipped),
            started_on=desk.started_on,
            due_on=desk.due_on,
            is_simulated=waiting.is_simulated,
        )
        for number, desk in enumerate(desks, start=waiting.number + 1)
    ]


def _last(found: Sequence[Waiting], otherwise: int) -> int:
    return found[-1].pk if found else otherwise


def _who_may_set() -> str:
    return _("Chỉ cơ quan thường trực chỉ đạo ở trung ương được đặt thời hạn của thang xử lý.")


def _faults_of_rule(new: NewRule, on: date) -> list[Fault]:
    checks: tuple[tuple[bool, Callable[[], Fault]], ...] = (
        (
            new.cause in ("", *Cause.values),
            lambda: Fault("cause", _("Hãy chọn nguyên nhân trong danh sách, hoặc để trống cho mọi nguyên nhân.")),
        ),
        (new.rung in LadderRung.values, lambda: Fault("rung", _("Hãy chọn bậc trong danh sách."))),
        (
            new.working_days is not None and 1 <= new.working_days <= LONGEST_CLOCK,
            lambda: Fault("working_days", _("Hãy ghi số ngày làm việc, từ 1 đến 250.")),
        ),
        (bool(new.basis.strip()), lambda: Fault("basis", _("Hãy ghi văn bản quy định thời hạn này."))),
        (len(new.basis.strip()) <= 300, lambda: Fault("basis", _("Hãy ghi ngắn gọn, không quá 300 chữ."))),
        (
            new.valid_from is not None and new.valid_from > on,
            lambda: Fault("valid_from", _("Hãy ghi ngày bắt đầu, sớm nhất là ngày mai; việc đang xử lý giữ hạn cũ.")),
        ),
    )
    return [fault() for holds, fault in checks if not holds]


def _lock_ladder(*, shared: bool) -> None:
    """Held until the end of the transaction."""
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}(%s, 0)", [CLIMB_LOCK])

"""Raising an obstacle, and recording what was done about it (D9, D44)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.sight import seeing_everything
from thucthi.kernel.working_days import add_working_days
from thucthi.ledger.actions import record
from thucthi.obstacles import access
from thucthi.obstacles.actions.climbing import _catch_up
from thucthi.obstacles.calculations.ladder import Rung
from thucthi.obstacles.calculations.ladder_tree import clock_on
from thucthi.obstacles.models import CLOSING, AffectedTask, Cause, Hop, Obstacle, ObstacleStep, StepKind
from thucthi.obstacles.selectors import parties_of
from thucthi.obstacles.selectors.ladder import clocks
from thucthi.programmes.models import Task

# Two keys of PostgreSQL's advisory locks: rows of facts cannot be locked by a role that may not change them.
CODES_LOCK, OBSTACLE_LOCK = 7101, 7102


@dataclass(frozen=True)
class NewObstacle:
    """What blocks `task` (None: the organisation as a whole), what is asked of whom, by when. `code` None: assigned.

    A petition has six clears: `information` and `field`, `condition`, `proposed_solution`, `authority` with `asked_of`,
    `due_on`; what is left empty is shown as missing. `affected`: tasks blocked beside `task`.
    """

    code: str | None
    task: Task | None
    organisation: Organisation
    cause: str
    condition: str
    asked_of: Organisation | None
    asked_what: str
    due_on: date | None
    is_simulated: bool = False
    information: str = ""
    field: str = ""
    proposed_solution: str = ""
    authority: str = ""
    affected: Sequence[Task] = ()


@transaction.atomic
def raise_obstacle(*, by: Viewer, new: NewObstacle, on: date) -> Obstacle:
    """Put a condition to the body that can remove it. Raises Forbidden, Refused (all faults at once)."""
    organisation = new.organisation
    require(
        access.can_raise(by, organisation.pk, organisation.path, _task_parties(new, on)),
        _("Chỉ cơ quan chủ trì hoặc phối hợp của nhiệm vụ, hoặc cơ quan thường trực chỉ đạo, được nêu điểm nghẽn này."),
    )
    refuse_if(_faults_of(new, on))
    obstacle = _insert(new, by, on)
    affected = _attach(obstacle, new)
    _catch_up(obstacle, on)
    record(
        "obstacle.raised",
        by=by,
        subject=obstacle,
        code=obstacle.code,
        task=new.task.code if new.task else None,
        organisation=organisation.code,
        cause=obstacle.cause,
        condition=obstacle.condition,
        asked_of=obstacle.asked_of.code,
        asked_what=obstacle.asked_what,
        raised_on=on,
        due_on=obstacle.due_on,
        information=obstacle.information,
        field=obstacle.field,
        proposed_solution=obstacle.proposed_solution,
        authority=obstacle.authority,
        affected=[task.code for task in affected],
    )
    return obstacle


def _insert(new: NewObstacle, by: Viewer, on: date) -> Obstacle:
    return Obstacle.objects.create(
        code=new.code or _next_code(on.year),
        task=new.task,
        raised_by_organisation=new.organisation,
        raised_by_id=by.account_id,
        raised_on=on,
        cause=new.cause,
        condition=new.condition.strip(),
        asked_of=cast(Organisation, new.asked_of),
        asked_what=new.asked_what.strip(),
        due_on=cast(date, new.due_on),
        information=new.information.strip(),
        field=new.field.strip(),
        proposed_solution=new.proposed_solution.strip(),
        authority=new.authority.strip(),
        is_simulated=new.is_simulated,
    )


def _attach(obstacle: Obstacle, new: NewObstacle) -> list[Task]:
    """The tasks blocked beside its own, each once."""
    affected = [task for task in dict.fromkeys(new.affected) if new.task is None or task.pk != new.task.pk]
    AffectedTask.objects.bulk_create(AffectedTask(obstacle=obstacle, task=task) for task in affected)
    return affected


@transaction.atomic
def add_step(
    obstacle: Obstacle, *, by: Viewer, kind: str, text: str, organisation: Organisation, on: date
) -> ObstacleStep:
    """Record, in the name of `organisation`, that it was acknowledged, answered, removed, withdrawn or reopened.

    Reopening says that what was answered or decided did not remove it: a new round begins, on the desk where it lay.
    Raises Forbidden, Refused, and Stale when somebody has closed the obstacle meanwhile.
    """
    _lock(OBSTACLE_LOCK, obstacle.pk)
    allowed = access.can_close if kind in (*CLOSING, StepKind.REOPENED) else access.can_answer
    require(allowed(by, organisation.pk, parties_of(obstacle, on)), _who_may(kind))
    desk = _catch_up(obstacle, on)
    steps = list(obstacle.steps.order_by("pk"))
    current = max((step.round for step in steps), default=1)
    steps = [step for step in steps if step.round == current]
    closing = next((step for step in steps if step.kind in CLOSING), None)
    if closing and kind != StepKind.REOPENED:
        raise Stale(
            _("Điểm nghẽn %(code)s đã đóng ngày %(day)s: “%(text)s”. Bước vừa ghi chưa được lưu.")
            % {"code": obstacle.code, "day": f"{closing.happened_on:%d/%m/%Y}", "text": closing.text},
            current=closing,
            submitted=text,
        )
    refuse_if(_faults_of_step(obstacle, kind, text, on, {step.kind for step in steps}))
    if kind == StepKind.REOPENED:
        _start_again(obstacle, desk, by, on)
        current += 1
    step = _insert_step(obstacle, by=by, kind=kind, text=text.strip(), organisation=organisation, on=on, round=current)
    record(
        f"obstacle.{kind}",
        by=by,
        subject=obstacle,
        code=obstacle.code,
        kind=kind,
        round=step.round,
        text=step.text,
        organisation=organisation.code,
        happened_on=on,
    )
    return step


def _start_again(obstacle: Obstacle, desk: Hop | None, by: Viewer, on: date) -> None:
    """The same desk with its clock from the beginning; nowhere when nobody ever held it."""
    if desk is not None:
        Hop.objects.create(
            obstacle=obstacle,
            number=desk.number + 1,
            rung=desk.rung,
            organisation=desk.organisation,
            because=Hop.Because.REOPENED,
            started_on=on,
            due_on=add_working_days(on, clock_on(clocks(), obstacle.cause, Rung(desk.rung), on)),
            by_id=by.account_id,
            is_simulated=obstacle.is_simulated,
        )


def _insert_step(obstacle: Obstacle, *, by: Viewer, on: date, **said: Any) -> ObstacleStep:
    try:
        with transaction.atomic():
            return ObstacleStep.objects.create(obstacle=obstacle, by_id=by.account_id, happened_on=on, **said)
    except IntegrityError as closed_meanwhile:
        raise Stale(
            _("Điểm nghẽn này vừa được người khác đóng. Hãy tải lại trang."), submitted=said["text"]
        ) from closed_meanwhile


def _who_may(kind: str) -> str:
    if kind in (*CLOSING, StepKind.REOPENED):
        return _("Chỉ đơn vị đã nêu điểm nghẽn hoặc cơ quan thường trực chỉ đạo được đóng, mở lại điểm nghẽn này.")
    return _("Chỉ cơ quan được đề nghị được tiếp nhận và trả lời điểm nghẽn này.")


def _faults_of_step(obstacle: Obstacle, kind: str, text: str, on: date, taken: set[str]) -> list[Fault]:
    faults = []
    if kind not in StepKind.values:
        faults.append(Fault("kind", _("Hãy chọn việc đã làm: tiếp nhận, trả lời, đã gỡ, rút lại hoặc mở lại.")))
    if not text.strip():
        faults.append(Fault("text", _("Hãy ghi rõ đã làm gì hoặc trả lời thế nào.")))
    if on < obstacle.raised_on:
        faults.append(Fault("", _("Ngày thực hiện không thể trước ngày nêu điểm nghẽn.")))
    if kind == StepKind.REOPENED and not taken & {*CLOSING, StepKind.ANSWERED} and not obstacle.decisions.exists():
        faults.append(Fault("kind", _("Điểm nghẽn này còn đang mở, chưa có câu trả lời hay quyết định để xem lại.")))
    if kind == StepKind.ACKNOWLEDGED and kind in taken:
        faults.append(Fault("kind", _("Điểm nghẽn này đã được tiếp nhận; hãy ghi câu trả lời.")))
    return faults


def _faults_of(new: NewObstacle, on: date) -> list[Fault]:
    faults = []
    if new.cause not in Cause.values:
        faults.append(Fault("cause", _("Hãy chọn nguyên nhân.")))
    if not new.condition.strip():
        faults.append(Fault("condition", _("Hãy nêu rõ đang vướng điều gì.")))
    if new.asked_of is None:
        faults.append(Fault("asked_of", _("Hãy ghi cơ quan có thể gỡ được điểm nghẽn này.")))
    else:
        faults.extend(_faults_of_asked(new.asked_of, on))
    if not new.asked_what.strip():
        faults.append(Fault("asked_what", _("Hãy ghi rõ đề nghị cơ quan đó làm gì.")))
    if new.due_on is None:
        faults.append(Fault("due_on", _("Hãy ghi ngày cần được gỡ.")))
    elif new.due_on < on:
        faults.append(Fault("due_on", _("Ngày cần được gỡ phải từ hôm nay trở đi.")))
    faults.extend(_faults_of_length(new))
    if new.code and _is_taken(new.code):
        faults.append(
            Fault("code", _("Mã %(code)s đã được dùng; hãy để trống để hệ thống cấp mã.") % {"code": new.code})
        )
    return faults


def _faults_of_length(new: NewObstacle) -> list[Fault]:
    named = (("field", new.field, 120), ("authority", new.authority, 300))
    sentence = _("Nội dung này dài quá %(longest)s chữ. Đề nghị rút gọn.")
    return [Fault(name, sentence % {"longest": longest}) for name, text, longest in named if len(text) > longest]


def _faults_of_asked(asked_of: Organisation, on: date) -> list[Fault]:
    """A body that no longer exists cannot be asked; those that answer for it are named."""
    if asked_of.valid_from and asked_of.valid_from > on:
        sentence = _("%(name)s chỉ bắt đầu hoạt động từ %(day)s; hãy chọn cơ quan đang hoạt động.")
        return [
            Fault("asked_of", sentence % {"name": asked_of.official_name, "day": f"{asked_of.valid_from:%d/%m/%Y}"})
        ]
    if asked_of.valid_to is None or asked_of.valid_to >= on:
        return []
    ended = {"name": asked_of.official_name, "day": f"{asked_of.valid_to:%d/%m/%Y}"}
    heirs = ", ".join(heir.official_name for heir in answering_for(asked_of, on) if heir.pk != asked_of.pk)
    if not heirs:
        sentence = _(
            "%(name)s đã kết thúc hoạt động ngày %(day)s và chưa ghi nhận cơ quan kế tục; hãy chọn cơ quan khác."
        )
        return [Fault("asked_of", sentence % ended)]
    sentence = _("%(name)s đã kết thúc hoạt động ngày %(day)s; cơ quan kế tục là: %(heirs)s. Hãy chọn lại.")
    return [Fault("asked_of", sentence % {**ended, "heirs": heirs})]


def _task_parties(new: NewObstacle, on: date) -> set[int] | None:
    if new.task is None:
        return None
    parties = set(new.task.coordinators.values_list("pk", flat=True))
    if new.task.lead:
        parties |= {new.task.lead.pk, *(heir.pk for heir in answering_for(new.task.lead, on))}
    return parties


def _is_taken(code: str) -> bool:
    with seeing_everything():
        return Obstacle.objects.filter(code=code).exists()


def _next_code(year: int) -> str:
    """DN-2026-00001, 00002, …: one at a time, so that two at once never get the same."""
    _lock(CODES_LOCK, year)
    given = Obstacle.objects.filter(code__regex=rf"^DN-{year}-\d{{5}}$")
    with seeing_everything():
        last = given.order_by("-code").values_list("code", flat=True).first()
    return f"DN-{year}-{int(last[-5:]) + 1 if last else 1:05d}"


def _lock(kind: int, key: int) -> None:
    """Held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::bigint::bit(32)::integer)", [kind, key])

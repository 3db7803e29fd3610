"""The leads of a task followed to the bodies that answer today, and the rule of one lead checked again (D20, D38)."""

from dataclasses import replace
from datetime import date

from thucthi.intake.reading.bodies import Gazetteer, NamedBody
from thucthi.intake.reading.shapes import Succession, TaskRead
from thucthi.intake.reading.tasks.doubts import N_

CHOOSE_HEIR = N_("%(rule)s Đề nghị xác nhận cơ quan chủ trì hiện nay.")
NOW_ONE = N_("Các cơ quan cùng chủ trì (%(names)s) nay là một cơ quan: %(heir)s.")
NOW_FEWER = N_("Sau sắp xếp, %(before)s cơ quan cùng chủ trì nay còn %(after)s: %(heirs)s.")


def with_heirs(task: TaskRead, gazetteer: Gazetteer, *, on: date | None, today: date) -> TaskRead:
    """The task with a succession for each lead and coordinator that has ended, and what follows for the lead.

    `lead` stays as the document writes it. A task without bodies that ended comes back unchanged.
    """
    leads = [_body(gazetteer, name, on) for name in task.lead]
    partners = [_body(gazetteer, name, on) for name in task.coordinators]
    followed = [gazetteer.succession(body, on, today, about=task.text) for body in leads]
    others = [gazetteer.succession(body, on, today, about=task.text) for body in partners]
    found = tuple(each for each in (*followed, *others) if each is not None)
    if not found:
        return task
    unsure = [CHOOSE_HEIR % {"rule": each.rule} for each in followed if each and not each.is_certain]
    return replace(
        task,
        successions=tuple({each.named: each for each in found}.values()),
        doubts=(*task.doubts, *unsure, *_about_fewer(task, todays_leads(gazetteer, leads, followed))),
    )


def todays_leads(gazetteer: Gazetteer, leads: list[NamedBody], followed: list[Succession | None]) -> tuple[str, ...]:
    """The leads as they are called today, each once."""
    heirs = [
        heir
        for lead, step in zip(leads, followed, strict=True)
        for heir in (step.successors if step else (lead.known.name if lead.known else lead.name,))
    ]
    return tuple(dict.fromkeys(heirs))


def _about_fewer(task: TaskRead, heirs: tuple[str, ...]) -> list[str]:
    if len(heirs) >= len(task.lead):
        return []
    if len(heirs) == 1:
        return [NOW_ONE % {"names": "; ".join(task.lead), "heir": heirs[0]}]
    return [NOW_FEWER % {"before": len(task.lead), "after": len(heirs), "heirs": "; ".join(heirs)}]


def _body(gazetteer: Gazetteer, name: str, on: date | None) -> NamedBody:
    bodies = gazetteer.split(name, on)
    return bodies[0] if len(bodies) == 1 else NamedBody(name, 0, len(name))

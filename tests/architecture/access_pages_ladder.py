"""Something behind every address of the ladder, of decisions and of refusals, for access_world.

The obstacle `nghen` lies with finance; the committee that owns the programme decides above it, the government rules.
"""

from datetime import date
from typing import Any

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.kernel.working_days import add_working_days
from thucthi.obstacles.actions import NewDecision, NewRefusal, NewRule, decide_obstacle, refuse_duty, set_ladder_rule
from thucthi.obstacles.models import CoordinationRequest, Obstacle
from thucthi.programmes.models import Task


def pages_of_the_ladder(state: State, task: Task, on: date) -> dict[str, dict[str, Any]]:
    obstacle = Obstacle.objects.get(code="nghen")
    later = add_working_days(on, 20)
    decision = decide_obstacle(
        obstacle,
        by=SYSTEM,
        organisation=state.committee,
        new=NewDecision("instruct", "Ban hành hướng dẫn.", state.committee, later),
        on=on,
    )
    request = CoordinationRequest.objects.create(
        code="yeu-cau-thang", task=task, asking=state.province, asked=state.finance, text="Gửi định mức.", asked_on=on,
        due_on=later,
    )  # fmt: skip
    refusal = refuse_duty(
        obstacle,
        by=SYSTEM,
        organisation=state.finance,
        new=NewRefusal("Điều 5", "Không thuộc thẩm quyền.", state.science),
        on=on,
    )
    rule = set_ladder_rule(by=SYSTEM, new=NewRule("", "owner", 4, "Quy chế", later), on=on)
    of_the_obstacle = ("impact", "decide", "refuse_obstacle")
    return {
        **{f"obstacles:{name}": {} for name in ("refusals", "ladder_rules", "set_ladder_rule")},
        **{f"obstacles:{name}": {"code": "nghen"} for name in of_the_obstacle},
        "obstacles:decision_task": {"pk": decision.pk},
        "obstacles:refusal": {"pk": refusal.pk},
        "obstacles:refuse_task": {"code": task.code},
        "obstacles:refuse_request": {"code": request.code},
        "obstacles:end_ladder_rule": {"pk": rule.pk},
    }

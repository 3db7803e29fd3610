"""What fills the addresses of the ladder on the demonstration, and who reads them."""

from typing import Any

from django.utils import timezone

from thucthi.directory.models import Organisation
from thucthi.obstacles.models import CoordinationRequest, Decision, Hop, Obstacle, Refusal
from thucthi.programmes.models import Task

# The demonstration's own steering office at the centre decides and sets clocks; a minister refuses what lies with him.
OFFICE = "thuong-truc-cp"
MINISTER = "dung-dau-bkhcn"
READERS_OF_THE_LADDER = {
    "obstacles:decide": MINISTER,
    "obstacles:decision_task": MINISTER,
    "obstacles:refuse_obstacle": MINISTER,
    "obstacles:refuse_request": MINISTER,
    "obstacles:refuse_task": MINISTER,
    "obstacles:refusal": OFFICE,
    "obstacles:refusals": OFFICE,
    "obstacles:ladder_rules": OFFICE,
    "obstacles:set_ladder_rule": OFFICE,
}
MINISTRY = "bkhcn"


def sample_of_the_ladder(name: str) -> dict[str, Any]:
    """{name: parameters} of an address of the ladder; empty for every other, and for one that takes none."""
    made = _MAKERS.get(name)
    return {name: made()} if made else {}


def _obstacle() -> dict[str, Any]:
    return {"code": Obstacle.objects.filter(hops__isnull=False).order_by("code").values_list("code", flat=True)[0]}


def _at_the_ministry() -> dict[str, Any]:
    rows = Hop.objects.filter(organisation__code=MINISTRY, obstacle__isnull=False).order_by("obstacle__code", "-number")
    held = [hop.obstacle.code for hop in rows if hop.obstacle.hops.order_by("-number").first() == hop]
    return {"code": held[0]}


def _request() -> dict[str, Any]:
    """A request that lies with the ministry, made on the spot."""
    asked, asking = (Organisation.objects.get(code=code) for code in (MINISTRY, "btc"))
    today = timezone.localdate()
    made = CoordinationRequest.objects.create(
        code="yc-thang", asked=asked, asking=asking, text="Gửi số liệu.", asked_on=today, due_on=today
    )
    return {"code": made.code}


_MAKERS = {
    "obstacles:impact": _obstacle,
    "obstacles:decide": _at_the_ministry,
    "obstacles:refuse_obstacle": _at_the_ministry,
    "obstacles:refuse_request": _request,
    "obstacles:refuse_task": lambda: {
        "code": Task.objects.filter(lead__code=MINISTRY, is_issued=True).order_by("code")[0].code
    },
    "obstacles:decision_task": lambda: {"pk": Decision.objects.order_by("pk").values_list("pk", flat=True)[0]},
    "obstacles:refusal": lambda: {"pk": Refusal.objects.order_by("pk").values_list("pk", flat=True)[0]},
}

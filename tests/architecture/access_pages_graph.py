"""Something behind every address of dependencies, for access_world."""

from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.documents.models import Document
from thucthi.indicators.models import DataNeed, Indicator, Target
from thucthi.programmes.models import Dependency, Task


def pages_of_dependencies(state: State, document: Document, task: Task) -> dict[str, dict[str, Any]]:
    """The issued task waits for the internal one of the same owner, and for the values of an indicator."""
    today = timezone.localdate()
    inside = Task.objects.get(code="viec-noi-bo")
    tie = Dependency.objects.create(kind="finish_start", waiting_task=task, needed_task=inside, created_on=today)
    indicator = Indicator.objects.create(code="can-so-lieu", name="Chỉ tiêu cần số liệu", direction="rise")
    need = DataNeed.objects.create(task=task, indicator=indicator, created_on=today)
    target = Target.objects.create(
        code="muc-can", indicator=indicator, document=document, operator=">=", low=1, period="năm", year=today.year
    )
    issued, internal = {"code": task.code}, {"code": inside.code}
    return {
        "monitoring:pushes": {},
        "monitoring:conflicts": {},
        "monitoring:graph_of_organisation": {"code": state.province.code},
        "monitoring:chain_of_target": {"code": target.code},
        **{f"monitoring:{name}#public": {"slug": document.slug} for name in ("graph_of_document", "chain_of_document")},
        **{f"monitoring:{name}#internal": {"slug": "noi-bo"} for name in ("graph_of_document", "chain_of_document")},
        **{f"monitoring:{name}#issued": issued for name in ("ties", "graph_of_task", "chain_of_task")},
        **{f"monitoring:{name}#internal": internal for name in ("ties", "graph_of_task", "chain_of_task")},
        "monitoring:add_tie": issued,
        "monitoring:end_tie": {**issued, "pk": tie.pk},
        "monitoring:add_data_need": issued,
        "monitoring:drop_data_need": {**issued, "pk": need.pk},
    }

"""Something behind every address of the reporting cycle, of checks after closing and of delegations."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewDelegation, delegate
from thucthi.directory.models import Role
from thucthi.documents.models import Document
from thucthi.programmes.models import Task
from thucthi.reporting.actions import NewCalendar, NewRoute, set_calendar, set_route
from thucthi.reporting.models import AfterCheck, Report


def pages_of_cycle(state: State, task: Task) -> dict[str, dict[str, Any]]:
    """A calendar and a route of the public document, a check by finance, a delegation that begins tomorrow."""
    today = timezone.localdate()
    document = Document.objects.get(slug="cong-khai")
    calendar = set_calendar(
        document, by=SYSTEM, new=NewCalendar(level="", rhythm="monthly", basis="1/QĐ", valid_from=today)
    )
    route = set_route(document, by=SYSTEM, new=NewRoute(level="", rungs=("owner",), basis="1/QĐ", valid_from=today))
    check = AfterCheck.objects.create(
        task=task, due_on=today, examiner=state.finance, what="Kết quả còn không.", is_simulated=True
    )
    lent = delegate(
        by=SYSTEM,
        new=NewDelegation(
            giver=state.person(Role.HEAD, state.province),
            organisation=state.province,
            role=Role.HEAD,
            receiver=state.person(Role.APPROVER, state.province),
            valid_from=today + timedelta(days=1),
            valid_to=today + timedelta(days=2),
            reason="Đi công tác",
        ),
        on=today,
    )
    slug = {"slug": document.slug}
    pages: dict[str, dict[str, Any]] = {f"reporting:{name}": slug for name in ("cycle", "set_calendar", "set_route")}
    pages |= {f"reporting:{name}": {} for name in ("accept_reports", "after_checks")}
    return pages | {
        "reporting:end_calendar": {**slug, "pk": calendar.pk},
        "reporting:end_route": {**slug, "pk": route.pk},
        "reporting:checks_of_task": {"code": task.code},
        "reporting:record_after_check": {"pk": check.pk},
        "reporting:correct_report": {"pk": Report.objects.get(task=task).pk},
        "directory:delegations": {},
        "directory:revoke_delegation": {"pk": lent.pk},
    }

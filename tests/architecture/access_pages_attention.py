"""Something behind the addresses of notices, letters, calendars and remarks, for access_world."""

from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.directory.models import Role
from thucthi.programmes.actions import add_remark
from thucthi.programmes.models import Task
from thucthi.workspace.actions import give_calendar
from thucthi.workspace.selectors.unsubscribing import unsubscribe_address


def pages_of_attention(state: State) -> dict[str, dict[str, Any]]:
    """A remark and a calendar of the reporter of the leading province; a letter's address to the same account."""
    by, now = state.viewer(Role.REPORTER, state.province), timezone.now()
    task = Task.objects.get(code="viec")
    remark = add_remark(task, by=by, organisation=state.province, text="Chờ hướng dẫn.", at=now)
    given = give_calendar(by=by, organisation=None, document=None, at=now)
    token = unsubscribe_address(given.key.account_id, "digest").rstrip("/").rpartition("/")[2]
    remarks = {"issued": "viec", "draft": "viec-du-thao", "internal": "viec-noi-bo"}
    plain = ("notices", "see_notices", "notice_choices", "letters", "calendars")
    return {
        **{f"workspace:{name}": {} for name in plain},
        **{f"programmes:remarks#{thing}": {"code": code} for thing, code in remarks.items()},
        "programmes:close_remark": {"code": "viec", "pk": remark.pk},
        "workspace:unsubscribe": {"token": token},
        "workspace:revoke_calendar": {"pk": given.key.pk},
        "workspace:calendar_feed": {"secret": given.secret},
    }

"""Notices, letters, keys of calendars: everything that is written to bring work to somebody's attention."""

from thucthi.workspace.actions.calendars import GivenCalendar, give_calendar, revoke_calendar
from thucthi.workspace.actions.letters import write_digests, write_immediate_letters
from thucthi.workspace.actions.notices import choose_mail, derive_notices, mark_seen
from thucthi.workspace.actions.sending import Sent, send_next_letter

__all__ = [
    "GivenCalendar",
    "Sent",
    "choose_mail",
    "derive_notices",
    "give_calendar",
    "mark_seen",
    "revoke_calendar",
    "send_next_letter",
    "write_digests",
    "write_immediate_letters",
]

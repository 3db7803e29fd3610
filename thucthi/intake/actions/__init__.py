"""Every change of files taken in, their readings and the drafts."""

from thucthi.intake.actions.accepting import Accepted, accept_above, accept_draft
from thucthi.intake.actions.copies import sign_tasks
from thucthi.intake.actions.deciding import (
    assign_bodies,
    correct_draft,
    drop_draft,
    merge_drafts,
    restore_draft,
    split_draft,
)
from thucthi.intake.actions.files import read_again, take_in
from thucthi.intake.actions.reading import fail_reading, keep_reading, start_reading
from thucthi.intake.actions.suggesting import ask_for_suggestions, keep_suggestions

__all__ = [
    "Accepted",
    "accept_above",
    "accept_draft",
    "ask_for_suggestions",
    "assign_bodies",
    "correct_draft",
    "drop_draft",
    "fail_reading",
    "keep_reading",
    "keep_suggestions",
    "merge_drafts",
    "read_again",
    "restore_draft",
    "sign_tasks",
    "split_draft",
    "start_reading",
    "take_in",
]

"""Every change of control frames, programmes and tasks."""

from thucthi.programmes.actions.changes import change_deadline, change_lead, change_product, change_text
from thucthi.programmes.actions.events import cancel_task, receive_task, resume_task, suspend_task
from thucthi.programmes.actions.frames import create_frame, move_checkpoint
from thucthi.programmes.actions.programmes import create_programme, grant_clarity_exception, issue_programme
from thucthi.programmes.actions.tasks import TaskEdit, add_task, add_tasks, edit_task, remove_draft_task, revise_tasks
from thucthi.programmes.selectors.contents import (
    MilestoneContent,
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewProgramme,
    NewResponsibility,
    TaskContent,
)

__all__ = [
    "MilestoneContent",
    "NewCheckpoint",
    "NewFrame",
    "NewGoal",
    "NewProgramme",
    "NewResponsibility",
    "TaskContent",
    "TaskEdit",
    "add_task",
    "add_tasks",
    "cancel_task",
    "change_deadline",
    "change_lead",
    "change_product",
    "change_text",
    "create_frame",
    "create_programme",
    "edit_task",
    "grant_clarity_exception",
    "issue_programme",
    "move_checkpoint",
    "receive_task",
    "remove_draft_task",
    "resume_task",
    "revise_tasks",
    "suspend_task",
]

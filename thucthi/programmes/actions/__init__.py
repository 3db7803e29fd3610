"""Every change of control frames, programmes and tasks."""

from thucthi.programmes.actions.assigned import assign_task
from thucthi.programmes.actions.changes import change_deadline, change_lead, change_product, change_text
from thucthi.programmes.actions.dependencies import NewDependency, add_dependency, end_dependency
from thucthi.programmes.actions.events import cancel_task, receive_task, resume_task, suspend_task
from thucthi.programmes.actions.frames import create_frame, move_checkpoint
from thucthi.programmes.actions.programmes import create_programme, grant_clarity_exception, issue_programme
from thucthi.programmes.actions.remarks import add_remark, close_thread
from thucthi.programmes.actions.resources import NewFunding, allocate_funding, correct_funding, state_disbursement
from thucthi.programmes.actions.starts import start_task
from thucthi.programmes.actions.task_instruments import Decided, link_task_instrument, unlink_task_instrument
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
    "unlink_task_instrument",
    "link_task_instrument",
    "start_task",
    "state_disbursement",
    "correct_funding",
    "allocate_funding",
    "NewFunding",
    "Decided",
    "MilestoneContent",
    "NewCheckpoint",
    "NewDependency",
    "NewFrame",
    "NewGoal",
    "NewProgramme",
    "NewResponsibility",
    "TaskContent",
    "TaskEdit",
    "add_dependency",
    "add_remark",
    "add_task",
    "add_tasks",
    "assign_task",
    "cancel_task",
    "change_deadline",
    "change_lead",
    "change_product",
    "change_text",
    "close_thread",
    "create_frame",
    "create_programme",
    "edit_task",
    "end_dependency",
    "grant_clarity_exception",
    "issue_programme",
    "move_checkpoint",
    "receive_task",
    "remove_draft_task",
    "resume_task",
    "revise_tasks",
    "suspend_task",
]

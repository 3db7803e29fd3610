"""What should happen: control frames, programmes, tasks, what waits for what, with which means."""

from thucthi.programmes.models.cascade import CascadeDuty
from thucthi.programmes.models.dependencies import Dependency, DependencyKind, TaskInstrument
from thucthi.programmes.models.frames import (
    Checkpoint,
    CheckpointMove,
    ControlFrame,
    FrameResponsibility,
    Goal,
    GoalKind,
)
from thucthi.programmes.models.programmes import Programme, ProgrammeBasis, TaskGroup
from thucthi.programmes.models.remarks import Remark, RemarkClosing, RemarkMention
from thucthi.programmes.models.resources import Funding, FundingKind
from thucthi.programmes.models.tasks import (
    ENDING,
    ChangedField,
    Citation,
    ClarityException,
    Coordination,
    Milestone,
    Task,
    TaskChange,
    TaskEvent,
    TaskEventKind,
    TaskKind,
    TaskWords,
)

__all__ = [
    "ENDING",
    "CascadeDuty",
    "ChangedField",
    "Checkpoint",
    "CheckpointMove",
    "Citation",
    "ClarityException",
    "ControlFrame",
    "Coordination",
    "Dependency",
    "DependencyKind",
    "FrameResponsibility",
    "Funding",
    "FundingKind",
    "Goal",
    "GoalKind",
    "Milestone",
    "Programme",
    "ProgrammeBasis",
    "Remark",
    "RemarkClosing",
    "RemarkMention",
    "Task",
    "TaskChange",
    "TaskEvent",
    "TaskEventKind",
    "TaskGroup",
    "TaskInstrument",
    "TaskKind",
    "TaskWords",
]

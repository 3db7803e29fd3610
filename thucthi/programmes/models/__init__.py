"""What should happen: control frames, programmes, tasks."""

from thucthi.programmes.models.frames import (
    Checkpoint,
    CheckpointMove,
    ControlFrame,
    FrameResponsibility,
    Goal,
    GoalKind,
)
from thucthi.programmes.models.programmes import Programme, ProgrammeBasis, TaskGroup
from thucthi.programmes.models.tasks import (
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
)

__all__ = [
    "ChangedField",
    "Checkpoint",
    "CheckpointMove",
    "Citation",
    "ClarityException",
    "ControlFrame",
    "Coordination",
    "FrameResponsibility",
    "Goal",
    "GoalKind",
    "Milestone",
    "Programme",
    "ProgrammeBasis",
    "Task",
    "TaskChange",
    "TaskEvent",
    "TaskEventKind",
    "TaskGroup",
    "TaskKind",
]

"""Forms of programmes: they read what was typed; the actions say what is wrong with it."""

from thucthi.programmes.forms.drafting import (
    DeadlineForm,
    DecisionForm,
    ExceptionForm,
    FrameForm,
    IssueForm,
    LeadForm,
    MoveForm,
    ProductForm,
    ProgrammeForm,
    StepForm,
    TaskForm,
    WordingForm,
    lines_of,
    typed_as,
)

__all__ = [
    "DeadlineForm",
    "DecisionForm",
    "ExceptionForm",
    "FrameForm",
    "IssueForm",
    "LeadForm",
    "MoveForm",
    "ProductForm",
    "ProgrammeForm",
    "StepForm",
    "TaskForm",
    "WordingForm",
    "lines_of",
    "typed_as",
]

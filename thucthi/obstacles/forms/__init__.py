"""Forms of obstacles."""

from thucthi.obstacles.forms.ladder import DecisionForm, DecisionTaskForm, RefusalForm, RuleForm, RulingForm
from thucthi.obstacles.forms.meetings import BoardFilterForm, MeetingForm, MinutesForm, PaperForm
from thucthi.obstacles.forms.register import CAUSES, FilterForm, ObstacleForm, StepForm
from thucthi.obstacles.forms.requests import RequestForm, RequestStepForm

__all__ = [
    "BoardFilterForm",
    "CAUSES",
    "DecisionForm",
    "DecisionTaskForm",
    "FilterForm",
    "MeetingForm",
    "MinutesForm",
    "ObstacleForm",
    "PaperForm",
    "RefusalForm",
    "RequestForm",
    "RequestStepForm",
    "RuleForm",
    "RulingForm",
    "StepForm",
]

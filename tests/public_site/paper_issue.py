"""Issues made by hand, as small as a sentence needs them. All names and figures are invented."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from thucthi.publication.shapes import (
    ChangesData,
    DocumentData,
    FigureData,
    FrameData,
    Header,
    IndicatorData,
    IssueData,
    ObstacleData,
    OrganisationData,
    ResourcesData,
    Responsibility,
    StandingData,
    TallyData,
    TargetData,
    TaskData,
    Word,
)

AS_OF = date(2026, 10, 31)
STAGES = ("issued", "received", "in_progress", "awaiting", "returned", "done", "suspended", "cancelled")
SCHEDULES = ("no_deadline", "on_time", "due_soon", "overdue", "done_early", "done_on_time", "done_late", "not_applicable")


def tally(total: int = 0, *, done: int = 0, overdue: int = 0, due_soon: int = 0, owed: int = 0, reported: int = 0) -> TallyData:
    schedules = dict.fromkeys(SCHEDULES, 0) | {"overdue": overdue, "done_on_time": done, "due_soon": due_soon}
    schedules["on_time"] = total - done - overdue - due_soon
    stages = dict.fromkeys(STAGES, 0) | {"done": done, "in_progress": total - done}
    return TallyData(total, stages, schedules, owed, reported, None, None)

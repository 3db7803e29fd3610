"""The data of an issue: the documented shape behind every page and every file (version 2; 3 for a country).

Only public material. Bodies are named by their code, officials by post and unit, never by name. Days are days where the
site is. None means that there is no such figure; 0 means zero. Words of machine codes stand in `IssueData.vocabulary`.
"""

from thucthi.publication.shapes.actors import ActorClassData
from thucthi.publication.shapes.counts import RatioData, TallyData, TrendPoint, Word
from thucthi.publication.shapes.documents import (
    CheckpointData,
    CheckpointMoveData,
    ClauseData,
    DocumentData,
    FrameData,
    GoalData,
    GroupData,
    ProgrammeData,
    Responsibility,
)
from thucthi.publication.shapes.indicators import (
    BreakData,
    ComputationData,
    FigureData,
    IndicatorData,
    MemberData,
    ObservationData,
    TargetData,
    UnitFigureData,
    ValueData,
)
from thucthi.publication.shapes.instruments import InstrumentData, InstrumentStepData
from thucthi.publication.shapes.issue import (
    SHAPE_OF_A_COUNTRY,
    SHAPE_VERSION,
    ChangesData,
    CorrectionData,
    EarlierIssue,
    Header,
    IssueData,
)
from thucthi.publication.shapes.organisations import (
    DisciplineData,
    OrganisationData,
    OriginData,
    StatementData,
    SuccessorData,
)
from thucthi.publication.shapes.tasks import (
    ChangeData,
    ClarityMark,
    EvidenceData,
    MilestoneData,
    ObstacleData,
    ObstacleStepData,
    PeriodData,
    ResourcesData,
    StandingData,
    StepData,
    TaskData,
)

__all__ = [
    "ActorClassData",
    "BreakData",
    "ChangeData",
    "ChangesData",
    "CheckpointData",
    "CheckpointMoveData",
    "ClarityMark",
    "ClauseData",
    "ComputationData",
    "CorrectionData",
    "DisciplineData",
    "DocumentData",
    "EarlierIssue",
    "EvidenceData",
    "FigureData",
    "FrameData",
    "GoalData",
    "GroupData",
    "Header",
    "IndicatorData",
    "InstrumentData",
    "InstrumentStepData",
    "IssueData",
    "MemberData",
    "MilestoneData",
    "ObservationData",
    "ObstacleData",
    "ObstacleStepData",
    "OrganisationData",
    "OriginData",
    "PeriodData",
    "ProgrammeData",
    "RatioData",
    "ResourcesData",
    "Responsibility",
    "SHAPE_OF_A_COUNTRY",
    "SHAPE_VERSION",
    "StandingData",
    "StatementData",
    "StepData",
    "SuccessorData",
    "TallyData",
    "TargetData",
    "TaskData",
    "TrendPoint",
    "UnitFigureData",
    "ValueData",
    "Word",
]

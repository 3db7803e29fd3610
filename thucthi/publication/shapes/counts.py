"""Words and counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Word:
    """What a machine code is called in both languages, and the tone it is shown in."""

    vi: str
    en: str
    tone: str = "neutral"


@dataclass(frozen=True)
class RatioData:
    """Two counts whose quotient is the rate; there is no rate without both."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class TallyData:
    """Counts of tasks. `stages` and `schedules` each add up to `total`; `reported` of `owed` reports are in."""

    total: int
    stages: Mapping[str, int]
    schedules: Mapping[str, int]
    owed: int
    reported: int
    completion: RatioData | None
    on_time: RatioData | None

    @property
    def not_reported(self) -> int:
        return self.owed - self.reported

    @property
    def done(self) -> int:
        return self.stages["done"]


@dataclass(frozen=True)
class TrendPoint:
    """The same counts at the end of an earlier period."""

    period: str
    as_of: date
    tally: TallyData

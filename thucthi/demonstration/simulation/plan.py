"""How many of what, and when: everything about a simulated country that does not need the database. Pure.

All shares are whole numbers of rows, so that the sizes asked for are met exactly and tests can name exact counts.
"""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from thucthi.kernel.working_days import Period, monthly_period, report_due_on

ONE_DAY = timedelta(days=1)
MONTHS_OF_VALUES = 60
MOST_PERIODS = 36
PROVINCES, MINISTRIES, COMMUNES = 34, 60, 3_321
# One commune in so many ends in mid-period: the one that stands a round of the provinces later takes over.
ONE_MERGES_IN = 50
_LEAST = {"organisations": 8, "documents": 1, "tasks": 0, "values": 0, "reports": 0}


class TooMuch(ValueError):
    """The sizes do not go together; `field` is the option to change."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Sizes:
    """What was asked for. `until` is the last day of which the country knows; nothing is stated after it."""

    organisations: int
    documents: int
    tasks: int
    values: int
    reports: int
    seed: int
    until: date


@dataclass(frozen=True)
class Bodies:
    """Ids: 1 the government, then provinces, ministries, communes and departments, each kind in one run."""

    total: int

    @cached_property
    def provinces(self) -> int:
        return min(PROVINCES, (self.total - 1) // 5)

    @cached_property
    def ministries(self) -> int:
        return min(MINISTRIES, (self.total - 1) // 5)

    @cached_property
    def communes(self) -> int:
        return min(COMMUNES, (self.total - 1 - self.provinces - self.ministries) // 2)

    @cached_property
    def first_ministry(self) -> int:
        return 2 + self.provinces

    @cached_property
    def first_commune(self) -> int:
        return self.first_ministry + self.ministries

    @cached_property
    def first_department(self) -> int:
        return self.first_commune + self.communes

    def heir_of(self, commune: int) -> int | None:
        """By place among the communes: who takes over, a commune of the same province."""
        heir = commune + self.provinces
        return heir if commune % ONE_MERGES_IN == 0 and heir < self.communes else None

    def parent_of(self, pk: int) -> int | None:
        """As founded, before any merger. Of four departments one is a ministry's, one a province's, two communes'."""
        if pk == 1:
            return None
        if pk < self.first_commune:
            return 1
        if pk < self.first_department:
            return 2 + (pk - self.first_commune) % self.provinces
        round_, place = divmod(pk - self.first_department, 4)
        if place == 0:
            return self.first_ministry + round_ % self.ministries
        if place == 1 or not self.communes:
            return 2 + round_ % self.provinces
        return self.first_commune + (2 * round_ + place - 2) % self.communes


@dataclass(frozen=True)
class Lives:
    """How many tasks live which life, in the order of their ranks: the rest is ordinary."""

    suspended: int
    cancelled: int
    completed: int
    silent: int

    @property
    def extraordinary(self) -> int:
        return self.suspended + self.cancelled + self.completed + self.silent


@dataclass(frozen=True)
class ReportedPeriod:
    """A month that is over for the reporters. `age` 1 is the newest.

    Of the ordinary tasks `first` report, in the order that turns with the age; the first `again` of them were sent
    back and reported again, as many more were sent back and are still owed.
    """

    period: Period
    due_on: date
    age: int
    first: int
    again: int


@dataclass(frozen=True)
class Country:
    """The plan; raises TooMuch where it cannot be met."""

    sizes: Sizes

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self.sizes, name) < least:
                raise TooMuch(name)

    @cached_property
    def bodies(self) -> Bodies:
        return Bodies(self.sizes.organisations)

    @cached_property
    def step(self) -> tuple[int, int]:
        """(a, b) of the permutation `mod(a × id + b, tasks)`, which gives each task its rank."""
        chance, tasks = random.Random(self.sizes.seed), max(self.sizes.tasks, 1)  # noqa: S311 - invented, no secret
        factor = chance.randrange(tasks) | 1
        while math.gcd(factor, tasks) != 1:
            factor += 2
        return factor, chance.randrange(tasks)

    @cached_property
    def _ages_and_lives(self) -> tuple[int, Lives]:
        """The fewest months in which so many reports can have been sent, and the lives that allow it."""
        tasks = self.sizes.tasks
        few = int(tasks >= 20)
        usual = Lives(max(tasks // 100, few), max(tasks // 200, few), tasks // 5, max(tasks * 3 // 100, few))
        for lives in (usual, Lives(0, 0, 0, usual.silent)):
            for ages in range(MOST_PERIODS + 1):
                left = self.sizes.reports - self.always_sent(lives, ages)
                if 0 <= left <= ages * (tasks - lives.extraordinary):
                    return ages, lives
        raise TooMuch("reports")

    @property
    def lives(self) -> Lives:
        return self._ages_and_lives[1]

    @property
    def ages(self) -> int:
        """How many months were reported on."""
        return self._ages_and_lives[0]

    @property
    def ordinary(self) -> int:
        return self.sizes.tasks - self.lives.extraordinary

    @staticmethod
    def always_sent(lives: Lives, ages: int) -> int:
        """Reports of the tasks that miss no month: completed ones up to their completion, stopped ones but the last."""
        if not ages:
            return 0
        whole, rest = divmod(lives.completed, ages)
        completed = sum((ages - age + 1) * (whole + (age <= rest)) for age in range(1, ages + 1))
        return completed + (lives.suspended + lives.cancelled) * (ages - 1)

    @cached_property
    def open_period(self) -> Period | None:
        """The month that is still owed on the last day; None once its day is over."""
        month = monthly_period(self.sizes.until)
        return month if self.sizes.until <= report_due_on(month) else None

    @cached_property
    def periods(self) -> list[ReportedPeriod]:
        """From the newest back."""
        month = monthly_period(self.sizes.until)
        if self.open_period:
            month = monthly_period(month.start - ONE_DAY)
        found: list[ReportedPeriod] = []
        left = self.sizes.reports - self.always_sent(self.lives, self.ages)
        for age in range(1, self.ages + 1):
            sent = left // self.ages + (age <= left % self.ages)
            again = 0 if age == 1 else sent * 2 // 100
            found.append(ReportedPeriod(month, report_due_on(month), age, sent - again, again))
            month = monthly_period(month.start - ONE_DAY)
        return found

    @cached_property
    def issued_on(self) -> date:
        """When every programme and task was issued: the fifth of the first month reported on."""
        if self.periods:
            return self.periods[-1].period.start.replace(day=5)
        return monthly_period(self.sizes.until.replace(day=1) - ONE_DAY).start.replace(day=5)

    @property
    def merged_at_age(self) -> int:
        """In which month communes merged, on its 16th."""
        return (self.ages + 1) // 2

    @cached_property
    def merged_on(self) -> date:
        if not self.ages:
            return self.issued_on + ONE_DAY * 20
        return self.periods[self.merged_at_age - 1].period.start.replace(day=16)

    @property
    def stopped_on(self) -> date:
        """When the suspended and the cancelled tasks were: as the newest reported month began."""
        return self.periods[0].period.start if self.periods else self.issued_on + ONE_DAY * 10

    @cached_property
    def months(self) -> list[Period]:
        """Of the values, from the oldest; the newest is the last month that was over."""
        found: list[Period] = []
        day = self.sizes.until.replace(day=1) - ONE_DAY
        while len(found) < MONTHS_OF_VALUES:
            found.append(monthly_period(day))
            day = found[-1].start - ONE_DAY
        return found[::-1]

    @property
    def corrections(self) -> int:
        return self.sizes.values // 100

    @property
    def lines(self) -> int:
        """Series of values: one body's of one indicator, or the country's."""
        return math.ceil((self.sizes.values - self.corrections) / MONTHS_OF_VALUES)

    def lines_in(self, month: int) -> int:
        """How many of the series have a value in the month, so that all together are exactly as many as asked for."""
        whole, rest = divmod(self.sizes.values - self.corrections, MONTHS_OF_VALUES)
        return whole + (month < rest)

    @property
    def of_communes(self) -> int:
        """Indicators that every commune states; few of them, yet more than half of the values."""
        return self.lines * 58 // 100 // self.bodies.communes if self.bodies.communes else 0

    @property
    def of_provinces(self) -> int:
        """Indicators that the provinces and the country state."""
        left = self.lines - self.of_communes * self.bodies.communes
        return math.ceil(left / (self.bodies.provinces + 1))

    @property
    def programmes(self) -> int:
        """One per document for the government, each ministry and each province; one for each commune."""
        return (self.bodies.first_commune - 1) * self.sizes.documents + self.bodies.communes

"""The data of an issue with its indexes: everything a page may look up."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup

from thucthi.kernel.periods import Frequency, span_containing
from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.publication.shapes import (
    DocumentData,
    IndicatorData,
    InstrumentData,
    IssueData,
    ObstacleData,
    OrganisationData,
    ProgrammeData,
    TaskData,
)

# More tasks than these have no page each: eight files for one task would make an issue of a country's million tasks
# eight million files, which no machine writes in an hour and no directory is kept for. docs/adr/0040.
MOST_TASK_PAGES = 20_000
# So many share a page instead.
TASKS_OF_A_SHEET = 40
SHEETS = "nhiem-vu/quyen"


@dataclass(frozen=True)
class Alike:
    """Bodies of one tree and level with tasks, and how many of them have any late: a context, not a rank."""

    count: int
    with_late: int


@dataclass(frozen=True)
class Book:
    """Look-ups by code, made once for all pages."""

    data: IssueData
    # Words with their shapes as they stand on pages, by language, group and code; filled as they are asked for.
    marks: dict[tuple[str, str, str], Markup] = field(default_factory=dict, compare=False, repr=False)

    def look_everything_up(self) -> None:
        """Make every index now: processes that are forked afterwards share them."""
        for name, made in vars(Book).items():
            if isinstance(made, cached_property):
                getattr(self, name)

    @property
    def is_large(self) -> bool:
        return len(self.data.tasks) > MOST_TASK_PAGES

    @cached_property
    def sheets(self) -> list[Sequence[TaskData]]:
        """The tasks by their codes, so many to a page; empty where each has a page of its own."""
        rows = sorted(self.data.tasks, key=lambda task: task.code) if self.is_large else []
        return [rows[start : start + TASKS_OF_A_SHEET] for start in range(0, len(rows), TASKS_OF_A_SHEET)]

    @cached_property
    def _first_codes(self) -> list[str]:
        return [sheet[0].code for sheet in self.sheets]

    def task_folder(self, code: str) -> str:
        """Where the page lies that shows the task."""
        return f"{SHEETS}/{bisect_right(self._first_codes, code)}" if self.is_large else f"nhiem-vu/{code}"

    def task_anchor(self, code: str) -> str:
        return code if self.is_large else ""

    @cached_property
    def tasks(self) -> dict[str, TaskData]:
        return {each.code: each for each in self.data.tasks}

    @cached_property
    def organisations(self) -> dict[str, OrganisationData]:
        return {each.code: each for each in self.data.organisations}

    @cached_property
    def documents(self) -> dict[str, DocumentData]:
        return {each.slug: each for each in self.data.documents}

    @cached_property
    def programmes(self) -> dict[str, ProgrammeData]:
        return {each.code: each for each in self.data.programmes}

    @cached_property
    def indicators(self) -> dict[str, IndicatorData]:
        return {each.code: each for each in self.data.indicators}

    @cached_property
    def obstacles(self) -> dict[str, ObstacleData]:
        return {each.code: each for each in self.data.obstacles}

    @cached_property
    def tasks_of_document(self) -> dict[str, list[TaskData]]:
        found: dict[str, list[TaskData]] = defaultdict(list)
        for task in self.data.tasks:
            for slug in task.documents:
                found[slug].append(task)
        return found

    @cached_property
    def tasks_of_programme(self) -> dict[str, list[TaskData]]:
        found: dict[str, list[TaskData]] = defaultdict(list)
        for task in self.data.tasks:
            found[task.programme].append(task)
        return found

    @cached_property
    def indicators_of_document(self) -> dict[str, list[IndicatorData]]:
        found: dict[str, list[IndicatorData]] = defaultdict(list)
        for indicator in self.data.indicators:
            for slug in dict.fromkeys(target.document for target in indicator.targets):
                found[slug].append(indicator)
        return found

    @cached_property
    def instruments_of_document(self) -> dict[str, list[InstrumentData]]:
        """In the order of the documents."""
        found: dict[str, list[InstrumentData]] = {each.slug: [] for each in self.data.documents}
        for instrument in self.data.instruments:
            found[instrument.document].append(instrument)
        return found

    @cached_property
    def instruments_of_drafter(self) -> dict[str, list[InstrumentData]]:
        found: dict[str, list[InstrumentData]] = defaultdict(list)
        for instrument in self.data.instruments:
            found[instrument.drafter].append(instrument)
        return found

    @cached_property
    def repeated_names(self) -> frozenset[str]:
        """Names that several bodies bear: communes of two provinces, a body and the one that followed it."""
        counts = Counter(each.official_name for each in self.data.organisations)
        return frozenset(name for name, count in counts.items() if count > 1)

    @cached_property
    def alike(self) -> dict[tuple[str, str], Alike]:
        """By tree and level."""
        found: dict[tuple[str, str], list[OrganisationData]] = defaultdict(list)
        for each in self.data.organisations:
            if each.subtree.total:
                found[each.tree, each.level].append(each)
        return {
            key: Alike(len(rows), sum(bool(row.subtree.schedules["overdue"]) for row in rows))
            for key, rows in found.items()
        }

    @cached_property
    def subtree_tasks(self) -> dict[str, list[TaskData]]:
        """Tasks of an organisation and of everything below it, each once: the rows behind `subtree`."""
        found: dict[str, list[TaskData]] = defaultdict(list)
        for task in self.data.tasks:
            for code in {above for each in task.answering for above in self.line_of(each)}:
                found[code].append(task)
        return found

    def line_of(self, code: str) -> list[str]:
        """The organisation and everyone above it."""
        line = []
        current: str | None = code
        while current is not None and current not in line:
            line.append(current)
            current = self.organisations[current].parent if current in self.organisations else None
        return line

    @cached_property
    def quarter(self) -> str:
        """That of the day of the issue, as "2026-Q4"."""
        return span_containing(self.data.header.as_of, Frequency.QUARTERLY).key

    @cached_property
    def replied(self) -> frozenset[str]:
        """Bodies that said something to what is shown of them in this quarter."""
        return frozenset(
            each.code for each in self.data.organisations if any(row.period == self.quarter for row in each.statements)
        )

    @cached_property
    def provinces(self) -> dict[str, OrganisationData]:
        """Tile letters → the State body at the head of the province."""
        found: dict[str, OrganisationData] = {}
        for each in self.data.organisations:
            letters = TILE_OF_UNIT.get(each.unit_code)
            if letters is None or each.tree != "state" or each.level != "province" or each.valid_to is not None:
                continue
            if letters not in found or _rank(found[letters]) < _rank(each):
                found[letters] = each
        return found

    def has_section(self, actor_class: str) -> bool:
        """Whether the page of responsibility has a section of the class."""
        return any(each.code == actor_class and each.tally.total for each in self.data.actor_classes)

    def open_obstacles_of(self, task: TaskData) -> list[ObstacleData]:
        return [self.obstacles[code] for code in task.obstacles if self.obstacles[code].is_open]


def _rank(organisation: OrganisationData) -> tuple[int, str]:
    return organisation.subtree.total, organisation.code

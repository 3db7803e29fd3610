"""The data of an issue with its indexes: everything a page may look up."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Alike:
    """Bodies of one tree and level with tasks, and how many of them have any late: a context, not a rank."""

    count: int
    with_late: int


@dataclass(frozen=True)
class Book:
    """Look-ups by code, made once for all pages."""

    data: IssueData

    def look_everything_up(self) -> None:
        """Make every index now: processes that are forked afterwards share them."""
        for name, made in vars(Book).items():
            if isinstance(made, cached_property):
                getattr(self, name)

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

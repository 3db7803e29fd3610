"""The data of an issue with its indexes: everything a page may look up."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.publication.shapes import (
    DocumentData,
    IndicatorData,
    IssueData,
    ObstacleData,
    OrganisationData,
    ProgrammeData,
    TaskData,
)


@dataclass(frozen=True)
class Book:
    """Look-ups by code, made once for all pages."""

    data: IssueData

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

    def open_obstacles_of(self, task: TaskData) -> list[ObstacleData]:
        return [self.obstacles[code] for code in task.obstacles if self.obstacles[code].is_open]


def _rank(organisation: OrganisationData) -> tuple[int, str]:
    return organisation.subtree.total, organisation.code

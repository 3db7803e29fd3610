"""The data of an issue with its indexes: everything a page may look up."""

import heapq
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import chain

from markupsafe import Markup

from thucthi.kernel.periods import Frequency, span_containing
from thucthi.kernel.provinces import TILE_OF_UNIT
from thucthi.public_site.rendering.places import Gathered, Places, Told, places_of
from thucthi.publication.frozen import FrozenTasks
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
from thucthi.publication.sheets import MOST_TASK_PAGES, TASKS_OF_A_SHEET, sheet_folder

# How far back a feed tells.
REMEMBERED = timedelta(days=92)


@dataclass(frozen=True)
class Alike:
    """Bodies of one tree and level with tasks, and how many of them have any late: a context, not a rank."""

    count: int
    with_late: int


class TasksByCode(Mapping[str, TaskData]):
    """As a dictionary of all tasks; a country's are read one by one."""

    def __init__(self, tasks: Sequence[TaskData], places: Mapping[str, int]) -> None:
        self._tasks, self._places = tasks, places

    def __getitem__(self, code: str) -> TaskData:
        return self._tasks[self._places[code]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True)
class Book:
    """Look-ups by code, made once for all pages."""

    data: IssueData
    # Of tasks that lie on the disk, where they were gone through before the first page (gathering.py).
    gathered: Gathered | None = field(default=None, compare=False, repr=False)
    # Words with their shapes as they stand on pages, by language, group and code; filled as they are asked for.
    marks: dict[tuple[str, str, str], Markup] = field(default_factory=dict, compare=False, repr=False)
    # Other pieces of pages (Reader.drawn), by language, depth, name and what they show; forgotten when they are many.
    drawn: dict[Hashable, Markup] = field(default_factory=dict, compare=False, repr=False)

    def look_everything_up(self) -> None:
        """Make every index now: processes that are forked afterwards share them."""
        for name, made in vars(Book).items():
            if isinstance(made, cached_property):
                getattr(self, name)

    @property
    def is_large(self) -> bool:
        return len(self.data.tasks) > MOST_TASK_PAGES

    @cached_property
    def places(self) -> Places:
        if self.gathered is not None:
            return self.gathered.places
        return places_of(self.data.tasks, self.line_of, self.told)

    @property
    def told(self) -> Told:
        """What happened before that stands in no feed."""
        as_of = self.data.header.as_of
        return Told(as_of - REMEMBERED, as_of, self.obstacles)

    def chosen(self, places: Sequence[int]) -> Sequence[TaskData]:
        """The tasks at these places; a country's are read when somebody looks at them."""
        tasks = self.data.tasks
        return tasks.at(places) if isinstance(tasks, FrozenTasks) else [tasks[place] for place in places]

    @cached_property
    def _by_code(self) -> Sequence[int]:
        """Places in the order of the codes' letters, which need not be the database's; none where each has a page."""
        codes = self.places.codes
        return array("I", sorted(range(len(codes)), key=codes.__getitem__) if self.is_large else ())

    @cached_property
    def sheets(self) -> list[Sequence[TaskData]]:
        """The tasks by their codes, so many to a page; empty where each has a page of its own."""
        places = self._by_code
        return [
            self.chosen(places[start : start + TASKS_OF_A_SHEET]) for start in range(0, len(places), TASKS_OF_A_SHEET)
        ]

    @cached_property
    def _first_codes(self) -> list[str]:
        return [self.places.codes[place] for place in self._by_code[::TASKS_OF_A_SHEET]]

    def task_folder(self, code: str) -> str:
        """Where the page lies that shows the task."""
        return sheet_folder(bisect_right(self._first_codes, code)) if self.is_large else f"nhiem-vu/{code}"

    def task_anchor(self, code: str) -> str:
        return code if self.is_large else ""

    @cached_property
    def tasks(self) -> Mapping[str, TaskData]:
        return TasksByCode(self.data.tasks, self.places.place_of)

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
    def tasks_of_document(self) -> Mapping[str, Sequence[TaskData]]:
        return self._lists(self.places.by_document)

    def groups_of(self, programme: ProgrammeData) -> list[tuple[str, Sequence[TaskData]]]:
        """The tasks of a programme by the part they stand in, in the order in which these come."""
        return [(title, self.chosen(places)) for title, places in self.places.by_programme[programme.code].items()]

    def tasks_of_programme(self, programme: ProgrammeData) -> Sequence[TaskData]:
        return self.chosen(sorted(chain.from_iterable(self.places.by_programme[programme.code].values())))

    def tasks_that_stand(self, scale: str, code: str) -> Sequence[TaskData]:
        """Those whose "schedule", "stage" or "reported" is `code`."""
        return self.chosen(self.places.by_standing[scale, code])

    def tasks_with(self, codes: Iterable[str]) -> Sequence[TaskData]:
        return self.chosen(array("I", map(self.places.place_of.__getitem__, codes)))

    def late_of(self, tasks: Sequence[TaskData]) -> Sequence[TaskData]:
        """The overdue ones among `tasks`."""
        if isinstance(tasks, FrozenTasks):
            return tasks.where(self.places.overdue.__getitem__)
        return [task for task in tasks if task.standing.schedule == "overdue"]

    def longest_late_of(self, tasks: Sequence[TaskData]) -> Sequence[TaskData]:
        """The same, the longest overdue first."""
        late = self.late_of(tasks)
        if isinstance(late, FrozenTasks):
            due, codes = self.places.due, self.places.codes
            return late.at(array("I", sorted(late.places, key=lambda place: (due[place], codes[place]))))
        return sorted(late, key=lambda task: (task.due_on or date.max, task.code))

    def newest_of(self, tasks: Sequence[TaskData], most: int) -> Sequence[TaskData]:
        """Those of which the `most` newest entries of a feed tell; with others that are cheaply not told apart."""
        if not isinstance(tasks, FrozenTasks):
            return tasks
        newest, codes = self.places.newest, self.places.codes
        least = min(heapq.nlargest(most, map(newest.__getitem__, tasks.places)), default=0)
        after = [place for place in tasks.places if newest[place] > least]
        same = [place for place in tasks.places if newest[place] == least] if least else []
        if least % 2:
            same = heapq.nlargest(most - len(after), same, key=lambda place: f"{codes[place]}/")
        return tasks.at(array("I", (*after, *same)))

    @cached_property
    def open_obstacles_of_document(self) -> Mapping[str, list[ObstacleData]]:
        """Task by task."""
        found: dict[str, list[ObstacleData]] = defaultdict(list)
        hindered = {each.task for each in self.data.obstacles if each.is_open} & self.places.place_of.keys()
        for task in self.chosen(sorted(self.places.place_of[code] for code in hindered)):
            for slug in task.documents:
                found[slug] += self.open_obstacles_of(task)
        return found

    def _lists(self, places: Mapping[str, Sequence[int]]) -> Mapping[str, Sequence[TaskData]]:
        found: dict[str, Sequence[TaskData]] = defaultdict(tuple)
        found |= {name: self.chosen(each) for name, each in places.items()}
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
    def subtree_tasks(self) -> Mapping[str, Sequence[TaskData]]:
        """Tasks of an organisation and of everything below it, each once: the rows behind `subtree`."""
        return self._lists(self.places.by_body)

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

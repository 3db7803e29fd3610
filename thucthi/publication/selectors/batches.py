"""Public tasks read some thousand at a time, by this process or by several that see the same moment.

What every part of an issue needs of a task is added up here, so that nobody goes through all of them again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from thucthi.monitoring import selectors as monitoring
from thucthi.monitoring.calculations import Changes, Handed, Tally, TaskState, changes_between, state_of
from thucthi.monitoring.calculations.timelines import Timeline, facts_on, handed_by, states_on
from thucthi.monitoring.selectors.timelines import timelines
from thucthi.monitoring.states import Stage
from thucthi.programmes.models import Task
from thucthi.publication import files
from thucthi.publication.calculations import Issue
from thucthi.publication.frozen import FrozenTasks, Kept, TaskFile
from thucthi.publication.moments import Readers
from thucthi.publication.selectors.histories import Histories
from thucthi.publication.selectors.public import public_tasks
from thucthi.publication.selectors.reading import Reading, among
from thucthi.publication.selectors.tasks import Tasks
from thucthi.publication.shapes import TaskData
from thucthi.publication.sheets import MOST_TASK_PAGES
from thucthi.reporting.models import Acceptance, Evidence, Report
from thucthi.reporting.selectors.obligations import known

# Each batch asks anew who heads and approves where; twice as many at once take twice the memory.
TASKS_AT_ONCE = 2_500
Group = tuple[int, int]


@dataclass
class Duties:
    """Codes of tasks by the code of who answers for them, and of who works along; and all bodies that tasks name."""

    led: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    coordinated: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    named: set[str] = field(default_factory=set)

    def add(self, task: TaskData) -> None:
        for code in task.answering:
            self.led[code].append(task.code)
        for code in task.coordinators:
            self.coordinated[code].append(task.code)
        self.named |= {task.lead, *task.coordinators, *task.answering}


@dataclass
class Part:
    """The tasks of a programme that stand in one of its groups. `first` orders the parts of a programme."""

    first: tuple[bool, int, int]
    title: str
    tally: Tally

    def __add__(self, other: "Part") -> "Part":
        return Part(min(self.first, other.first), self.title, self.tally + other.tally)


@dataclass
class Share:
    """What some tasks give. `states` as counts need them; `earlier` counts the tasks on the days asked for; `parts` by
    programme and group (0: none).
    """

    states: list[TaskState]
    duties: Duties
    parts: dict[Group, Part]
    earlier: list[Tally]
    changes: Changes
    owed: Counter[tuple[int, Handed]]
    is_simulated: bool


@dataclass(frozen=True)
class TasksRead:
    """All public tasks in the order of their codes, and what they give together."""

    tasks: Sequence[TaskData]
    whole: Share


@dataclass(frozen=True)
class _Batch:
    """Read by whoever comes first; `earlier` are the days of the trend before the day of the issue."""

    tasks: Tasks
    file: TaskFile
    since: date
    earlier: Sequence[date]

    def read(self, place: int, ids: Sequence[int]) -> tuple[int, Kept, Share]:
        reading = self.tasks.reading
        lines = timelines(Task.objects.filter(pk__in=among(ids)), reading.known_by)
        states = self._states(ids, lines)
        earlier, changes = self._looked_back(lines, states)
        duties, members = Duties(), defaultdict[Group, list[tuple[Any, TaskState]]](list)
        kept = self.file.add(self._placed(states, duties, members))
        parts = {group: _part(rows) for group, rows in members.items()}
        owed = Counter(handed for line in lines for handed in handed_by(line, reading.as_of))
        invented = _any_invented([row.task_id for row in states], reading.known_by)
        return place, kept, Share([_as_counted(row) for row in states], duties, parts, earlier, changes, owed, invented)

    def _placed(
        self, states: Sequence[TaskState], duties: Duties, members: dict[Group, list[tuple[Any, TaskState]]]
    ) -> Iterator[TaskData]:
        for row, state, task in self.tasks.read(states):
            duties.add(task)
            members[row.programme_id, row.group_id or 0].append((row, state))
            yield task

    def _states(self, ids: Sequence[int], lines: Sequence[Timeline]) -> list[TaskState]:
        """At the end of the day of the issue, of those issued by then."""
        as_of, by = self.tasks.reading.as_of, self.tasks.reading.known_by
        chosen = Task.objects.filter(pk__in=among(ids)).values("pk")
        accepted, measured = monitoring.last_accepted(chosen, as_of, by), monitoring.measured_of(chosen, as_of, by)
        found = (
            replace(
                state_of(facts_on(line, as_of), as_of),
                accepted=accepted.get(line.task_id),
                measured=measured.get(line.task_id),
            )
            for line in lines
        )
        return [state for state in found if state.stage is not Stage.DRAFT]

    def _looked_back(self, lines: Sequence[Timeline], states: Sequence[TaskState]) -> tuple[list[Tally], Changes]:
        """The counts of the earlier days, as is known now, and what moved since the issue before."""
        days = sorted({*self.earlier, self.since})
        found = [(line, dict(zip(days, states_on(line, days), strict=True))) for line in lines]
        tallies = [
            monitoring.tally(
                then[day]
                for task, then in found
                if task.programme_issued_on is not None and task.programme_issued_on <= day
                if then[day].stage is not Stage.DRAFT
            )
            for day in self.earlier
        ]
        return tallies, changes_between([then[self.since] for _task, then in found], states)


def read_tasks(issue: Issue, reading: Reading, readers: Readers, earlier: Sequence[date]) -> TasksRead:
    """Everything that has to be asked of each task; `earlier` are days whose counts are wanted too."""
    ids = list(public_tasks(reading.as_of).order_by("code").values_list("pk", flat=True))
    files.root().mkdir(parents=True, exist_ok=True)
    file = TaskFile(files.root())
    reading.look_around()
    batch = _Batch(Tasks(reading, Histories(reading)), file, issue.since, earlier)
    pieces = [
        partial(batch.read, place, ids[start : start + TASKS_AT_ONCE])
        for place, start in enumerate(range(0, len(ids), TASKS_AT_ONCE))
    ]
    with closing(readers.each(pieces)) as shares:
        read = sorted(shares, key=lambda each: each[0])
    tasks = FrozenTasks.of(file, (kept for _place, kept, _share in read))
    whole = _together([share for _place, _kept, share in read], len(earlier))
    return TasksRead(tasks if len(tasks) > MOST_TASK_PAGES else tuple(tasks.whole()), whole)


def _as_counted(state: TaskState) -> TaskState:
    """Without what no count looks at: a million of these lie in memory together."""
    return TaskState(
        state.task_id, state.code, state.programme_id, state.lead_id, state.stage, state.schedule, state.reported,
        due_on=None, completed_on=None, declared=None, declared_on=None, accepted=None, measured=None, owed=None,
    )  # fmt: skip


def _part(rows: Sequence[tuple[Any, TaskState]]) -> Part:
    group = rows[0][0]
    first = (group.group_id is None, group.group__position or 0, min(row.pk for row, _state in rows))
    return Part(first, group.group__title or "", monitoring.tally(state for _row, state in rows))


def _together(shares: Sequence[Share], days: int) -> Share:
    duties, parts, owed = Duties(), dict[Group, Part](), Counter[tuple[int, Handed]]()
    for share in shares:
        _append(duties.led, share.duties.led)
        _append(duties.coordinated, share.duties.coordinated)
        duties.named |= share.duties.named
        for key, part in share.parts.items():
            parts[key] = parts[key] + part if key in parts else part
        for owing, number in share.owed.items():
            owed[owing] += number
    return Share(
        states=[state for share in shares for state in share.states],
        duties=duties,
        parts=parts,
        earlier=[sum((share.earlier[day] for share in shares), Tally()) for day in range(days)],
        changes=_all_changes([share.changes for share in shares]),
        owed=owed,
        is_simulated=any(share.is_simulated for share in shares),
    )


def _append(whole: dict[str, list[str]], more: dict[str, list[str]]) -> None:
    for code, tasks in more.items():
        whole[code].extend(tasks)


def _all_changes(changes: Iterable[Changes]) -> Changes:
    rows = list(changes)
    return Changes(
        finished=tuple(sorted(code for row in rows for code in row.finished)),
        newly_late=tuple(sorted(code for row in rows for code in row.newly_late)),
        newly_issued=tuple(sorted(code for row in rows for code in row.newly_issued)),
        moved=tuple(sorted(code for row in rows for code in row.moved)),
    )


def _any_invented(tasks: list[int], by: datetime | None) -> bool:
    return (
        known(Report.objects.filter(task__in=among(tasks), is_simulated=True), by).exists()
        or known(Acceptance.objects.filter(report__task__in=among(tasks), is_simulated=True), by).exists()
        or known(Evidence.objects.filter(obligation__task__in=among(tasks), is_simulated=True), by).exists()
    )

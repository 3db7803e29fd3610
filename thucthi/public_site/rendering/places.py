"""Which tasks stand where in the list of an issue, found in one pass and held as numbers.

A country's tasks stay in their file; what pages ask of all of them at once (which are late, how many rows has a table)
is answered from here.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from thucthi.publication.frozen import Shelf, fields_of
from thucthi.publication.shapes import ObstacleData, TaskData

SCALES = ("schedule", "stage", "reported")
OVERDUE = "overdue"
NEXT_DAY = timedelta(days=1)
# Fields of which a task has several rows.
ROWS = ("history", "changes", "steps", "milestones", "clarity")
FIELDS = (
    "code", "documents", "programme", "group", "answering", "lead", "due_on", "standing", "obstacles", *ROWS,
)  # fmt: skip

Numbers = MutableSequence[int]


def _numbers() -> Numbers:
    return array("I")


def _lists() -> defaultdict[str, Numbers]:
    return defaultdict(_numbers)


@dataclass
class Places:
    """Places by document, programme and group, body (with everything below it) and standing ("schedule", "overdue").

    `due`: ordinals, 0 without a day. `days`: how many a calendar has of it. `newest`: the last day of which a feed has
    something to tell of it (see `newest_of`). `rows` counts what stands in each field of several rows.
    """

    codes: list[str] = field(default_factory=list)
    by_document: defaultdict[str, Numbers] = field(default_factory=_lists)
    by_programme: defaultdict[str, dict[str, Numbers]] = field(default_factory=lambda: defaultdict(dict))
    by_body: defaultdict[str, Numbers] = field(default_factory=_lists)
    by_standing: defaultdict[tuple[str, str], Numbers] = field(default_factory=lambda: defaultdict(_numbers))
    due: Numbers = field(default_factory=_numbers)
    days: Numbers = field(default_factory=_numbers)
    overdue: bytearray = field(default_factory=bytearray)
    newest: Numbers = field(default_factory=_numbers)
    leads: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last_declared: dict[str, date] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Places") -> None:
        """The places of the tasks that come next in the list."""
        shift = len(self.codes)
        for mine, theirs in (
            (self.by_document, other.by_document),
            (self.by_body, other.by_body),
            (self.by_standing, other.by_standing),
        ):
            for key, places in theirs.items():
                mine[key].extend(_shifted(places, shift))  # type: ignore[index]
        for programme, groups in other.by_programme.items():
            for group, places in groups.items():
                self.by_programme[programme].setdefault(group, _numbers()).extend(_shifted(places, shift))
        for slug, leads in other.leads.items():
            self.leads[slug] += leads
        for slug, said_on in other.last_declared.items():
            self.last_declared[slug] = max(said_on, self.last_declared.get(slug, said_on))
        self.codes.extend(other.codes)
        self.due.extend(other.due)
        self.days.extend(other.days)
        self.overdue.extend(other.overdue)
        self.newest.extend(other.newest)
        self.rows += other.rows

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}


def _shifted(places: Iterable[int], by: int) -> Numbers:
    return array("I", (place + by for place in places))


@dataclass(frozen=True)
class Gathered:
    """What several processes found in one pass over a country's tasks: places, and the row of each as it is written.

    `lines`: of a CSV, with what closes each row of every table beside a page; `texts`: as canonical JSON.
    """

    places: Places
    lines: Shelf
    texts: Shelf


@dataclass(frozen=True)
class Told:
    """Of which days feeds tell, and what they tell of an obstacle besides its task."""

    since: date
    until: date
    obstacles: Mapping[str, ObstacleData]

    def newest_of(self, task: Mapping[str, Any]) -> int:
        """Twice the ordinal of the last day, and one more where it is a day of the task itself; 0 without any.

        Two entries of one day stand in the order of their paths, in which obstacles come before tasks (feeds.py).
        """
        now = task["standing"]
        late = task["due_on"] + NEXT_DAY if now.schedule == OVERDUE and task["due_on"] else None
        steps = (step.happened_on for step in task["steps"])
        own = self._last((now.completed_on, late, *(change.decided_on for change in task["changes"]), *steps))
        stuck = [self.obstacles[code] for code in task["obstacles"]]
        other = self._last(day for each in stuck for day in (each.raised_on, each.closed_on)) if stuck else 0
        return max(2 * own + 1 if own else 0, 2 * other)

    def _last(self, days: Iterable[date | None]) -> int:
        told = [day for day in days if day is not None and self.since <= day <= self.until]
        return max(told).toordinal() if told else 0


def places_of(tasks: Sequence[TaskData], line_of: Callable[[str], Iterable[str]], told: Told) -> Places:
    """`line_of`: a body and everyone above it."""
    found = Places()
    lines: dict[tuple[str, ...], frozenset[str]] = {}
    for place, values in enumerate(fields_of(tasks, *FIELDS)):
        task = dict(zip(FIELDS, values, strict=True))
        answering = task["answering"]
        if answering not in lines:
            lines[answering] = frozenset(above for each in answering for above in line_of(each))
        for body in lines[answering]:
            found.by_body[body].append(place)
        found.by_programme[task["programme"]].setdefault(task["group"], array("I")).append(place)
        _add_to_documents(found, place, task)
        _add_standing(found, place, task)
        found.newest.append(told.newest_of(task))
        found.codes.append(task["code"])
        for name in ROWS:
            found.rows[name] += len(task[name])
    return found


def _add_to_documents(found: Places, place: int, task: Mapping[str, Any]) -> None:
    said_on = task["standing"].declared_on
    for slug in task["documents"]:
        found.by_document[slug].append(place)
        found.leads[slug][task["lead"]] += 1
        if said_on and said_on > found.last_declared.get(slug, date.min):
            found.last_declared[slug] = said_on


def _add_standing(found: Places, place: int, task: Mapping[str, Any]) -> None:
    now = task["standing"]
    for scale in SCALES:
        found.by_standing[scale, getattr(now, scale)].append(place)
    found.overdue.append(now.schedule == OVERDUE)
    found.due.append(task["due_on"].toordinal() if task["due_on"] else 0)
    found.days.append(bool(task["due_on"]) + len(task["milestones"]))

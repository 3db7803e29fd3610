"""Which tasks stand where in the list of an issue, found in one pass and held as numbers.

A country's tasks stay in their file; what pages ask of all of them at once (which are late, how many rows has a table)
is answered from here.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from thucthi.publication.frozen import fields_of
from thucthi.publication.shapes import TaskData

SCALES = ("schedule", "stage", "reported")
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

    `due`: ordinals, 0 without a day. `days`: how many a calendar has of it. `told`: whether a feed may tell of it.
    `rows` counts what stands in each field of several rows.
    """

    codes: list[str] = field(default_factory=list)
    by_document: defaultdict[str, Numbers] = field(default_factory=_lists)
    by_programme: defaultdict[str, dict[str, Numbers]] = field(default_factory=lambda: defaultdict(dict))
    by_body: defaultdict[str, Numbers] = field(default_factory=_lists)
    by_standing: defaultdict[tuple[str, str], Numbers] = field(default_factory=lambda: defaultdict(_numbers))
    due: Numbers = field(default_factory=_numbers)
    days: Numbers = field(default_factory=_numbers)
    overdue: bytearray = field(default_factory=bytearray)
    told: bytearray = field(default_factory=bytearray)
    leads: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    last_declared: dict[str, date] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}


def places_of(tasks: Sequence[TaskData], line_of: Callable[[str], Iterable[str]], told_since: date) -> Places:
    """`line_of`: a body and everyone above it. What happened before `told_since` stands in no feed."""
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
        _add_standing(found, place, task, told_since)
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


def _add_standing(found: Places, place: int, task: Mapping[str, Any], told_since: date) -> None:
    now = task["standing"]
    for scale in SCALES:
        found.by_standing[scale, getattr(now, scale)].append(place)
    is_late = now.schedule == "overdue"
    found.overdue.append(is_late)
    found.due.append(task["due_on"].toordinal() if task["due_on"] else 0)
    found.days.append(bool(task["due_on"]) + len(task["milestones"]))
    has_step = any(step.happened_on >= told_since for step in task["steps"])
    found.told.append(bool(is_late or has_step or now.completed_on or task["changes"] or task["obstacles"]))

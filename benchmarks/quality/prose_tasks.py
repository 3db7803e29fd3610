"""How well tasks are read from sentences: found by lead and beginning of the work, then each field by itself."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.quality.deadlines import atoms, labelled
from benchmarks.quality.scores import Score, is_held_out, precision_and_recall
from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.bodies.wording import key
from thucthi.intake.reading.outline import read_outline
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import SourceBuilder
from thucthi.intake.reading.tasks.prose import read_prose_tasks

_FILES = ("tasks_A.jsonl", "tasks_B.jsonl")
_SAME_BEGINNING = 0.75


def score(gold: Path) -> list[Score]:
    compared = [(row, read(row)) for name in _FILES for row in _rows(gold / name)]
    return [each for held in (False, True) for each in _scores(compared, is_held=held)]


def read(row: dict[str, Any]) -> tuple[TaskRead, ...]:
    """The tasks of one labelled extract, read as a document of its own."""
    builder = SourceBuilder()
    builder.add_line(row["text"])
    source = builder.finish()
    header = HeaderRead(issued_on=date.fromisoformat(row["ref_date"]))
    return read_prose_tasks(source, read_outline(source), Gazetteer.shipped(), header)


def is_the_task(row: dict[str, Any], task: TaskRead) -> bool:
    """The same leads, and the work begins alike."""
    return _same(row["lead"], task.lead) and begins_alike(row["action"], task.action or "")


def begins_alike(labelled_action: str, action: str) -> bool:
    """Token F1 of the label with as many first words of ours."""
    label = labelled_action.lower().split()
    ours = action.lower().split()[: len(label)]
    common = sum((Counter(label) & Counter(ours)).values())
    return common > 0 and 2 * common / (len(label) + len(ours)) >= _SAME_BEGINNING


def fields(row: dict[str, Any], task: TaskRead | None) -> Iterator[tuple[str, bool]]:
    """Each field of the label, and whether the task has it right."""
    yield "lead", task is not None and _same(row["lead"], task.lead)
    yield "coordinators", task is not None and _same(row["coord"], task.coordinators)
    found = atoms(task.deadline) if task and task.deadline else frozenset[str]()
    yield "deadline", task is not None and found == labelled(row["deadline"])
    product = ((task.product if task else None) or "").lower()
    yield "product", task is not None and (product.startswith(row["product"]) if row["product"] else not product)


def nearest(row: dict[str, Any], tasks: tuple[TaskRead, ...]) -> TaskRead | None:
    right = [task for task in tasks if is_the_task(row, task)]
    return next(iter((*right, *tasks)), None)


def _scores(compared: list[tuple[dict[str, Any], tuple[TaskRead, ...]]], *, is_held: bool) -> list[Score]:
    rows = [(row, tasks) for row, tasks in compared if is_held_out(row["id"]) is is_held]
    found = [(int(any(is_the_task(row, task) for task in tasks)), len(tasks), 1) for row, tasks in rows]
    by_field = [each for row, tasks in rows for each in fields(row, nearest(row, tasks))]
    return precision_and_recall("prose tasks", found, is_held_out=is_held) + [
        Score("prose tasks", name, sum(right), len(right), is_held)
        for name in dict.fromkeys(name for name, _ in by_field)
        if (right := [is_right for which, is_right in by_field if which == name])
    ]


def _same(names: list[str], read_names: tuple[str, ...]) -> bool:
    return {key(name) for name in names} == {key(name) for name in read_names}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)

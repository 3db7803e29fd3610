"""Tasks kept on the disk come back exactly as they were, one by one, in part, and from several processes."""

import os
from array import array
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import in_full
from thucthi.kernel.canonical import canonical_json
from thucthi.publication import frozen as module
from thucthi.publication.frozen import FrozenTasks, Kept, TaskFile, canonical_texts, fields_of, glances_at
from thucthi.publication.records import Records
from thucthi.publication.shapes import ResourcesData, StandingData, TaskData
from thucthi.publication.workers import in_processes

st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
DAY = date(2026, 11, 20)
TASKS = st.lists(st.from_type(TaskData), max_size=12)
MANY = settings(max_examples=in_full(30, 100))


def frozen(tasks: list[TaskData], folder: Path, at_once: int = 5) -> FrozenTasks:
    file = TaskFile(folder)
    return FrozenTasks.of(file, [file.add(tasks[start : start + at_once]) for start in range(0, len(tasks), at_once)])


@MANY
@given(tasks=TASKS)
def test_everything_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, tasks: list[TaskData]) -> None:
    found = frozen(tasks, tmp_path_factory.getbasetemp())
    assert list(map(repr, found)) == list(map(repr, tasks))
    assert (len(found), bool(found)) == (len(tasks), bool(tasks))
    assert [repr(found[place]) for place in range(-len(tasks), len(tasks))] == list(map(repr, [*tasks, *tasks]))
    for part in (slice(2, 7), slice(None, None, 3), slice(-3, None)):
        assert list(map(repr, found[part])) == list(map(repr, tasks[part]))
    names = ("code", "history", "due_on")
    assert list(fields_of(found, *names)) == list(fields_of(tuple(tasks), *names))


@MANY
@given(tasks=TASKS)
def test_what_is_shown_and_written_of_them_without_making_them(
    tmp_path_factory: pytest.TempPathFactory, tasks: list[TaskData]
) -> None:
    found = frozen(tasks, tmp_path_factory.getbasetemp())
    assert list(canonical_texts(found)) == list(canonical_texts(tasks)) == [canonical_json(t).decode() for t in tasks]
    for glance, task in zip(glances_at(found), tasks, strict=True):
        for each in fields(TaskData):
            assert repr(getattr(glance, each.name)) == repr(getattr(task, each.name))


@MANY
@given(tasks=TASKS)
def test_some_of_them_in_any_order(tmp_path_factory: pytest.TempPathFactory, tasks: list[TaskData]) -> None:
    found = frozen(tasks, tmp_path_factory.getbasetemp())
    places = array("I", reversed(range(0, len(tasks), 2)))
    assert list(found.at(places)) == [tasks[place] for place in places]
    assert list(found.at(places).where(lambda place: place > 3).places) == [place for place in places if place > 3]


def test_no_place_before_the_first_and_after_the_last(tmp_path: Path) -> None:
    for place in (0, -1):
        with pytest.raises(IndexError):
            frozen([], tmp_path)[place]


def made(code: str) -> TaskData:
    standing = StandingData("in_progress", "overdue", "reported", "2026-W47", Decimal("45.50"), DAY, None, None, None)
    return TaskData(
        code=code, kind="nhiem_vu", text="Nhiệm vụ mẫu", product="", acceptance_criterion="", programme="ct", group="",
        documents=("nq-1",), clauses=(("nq-1", "I.2"),), lead="BKHCN", answering=("BKHCN",), lead_post="",
        coordinators=(), start_on=None, deadline_text="20/11/2026", due_on=DAY,
        resources=ResourcesData(Decimal("1.5"), "", "", "", ""), milestones=(), standing=standing, clarity=(),
        changes=(), steps=(), history=(), indicators=(), obstacles=(),
    )  # fmt: skip


def written(file: TaskFile, number: int, task: TaskData) -> tuple[int, int, Kept]:
    return number, os.getpid(), file.add([task] * number)


def test_processes_write_beside_each_other(tmp_path: Path) -> None:
    task = made("nv-1")
    file = TaskFile(tmp_path)
    pieces = [partial(written, file, number, task) for number in range(1, 40)]
    shares = sorted(in_processes(pieces, 3))
    assert len({pid for _number, pid, _kept in shares}) > 1
    assert list(FrozenTasks.of(file, [kept for _number, _pid, kept in shares])) == [task] * sum(range(1, 40))


def test_the_file_has_no_name(tmp_path: Path) -> None:
    kept = frozen([made("nv-1")], tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert len(kept) == 1


@pytest.mark.parametrize(("at_once", "readings"), [(1, 9), (1_000_000, 1)])
def test_neighbours_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, readings: int
) -> None:
    tasks = [made(f"nv-{number}" * (1 + number % 3)) for number in range(9)]
    kept, read = frozen(tasks, tmp_path, at_once=4), []
    whole = TaskFile.content
    monkeypatch.setattr(TaskFile, "content", lambda file, *where: (read.append(where), whole(file, *where))[1])
    monkeypatch.setattr(module, "BYTES_AT_ONCE", at_once)
    assert [each.code for each in kept] == [each.code for each in tasks]
    assert len(read) == readings
    assert list(kept[::-2]) == tasks[::-2]


@dataclass(frozen=True)
class Measured:
    """What no issue holds: a binary fraction has no exact text."""

    amount: float


@dataclass(frozen=True)
class Either:
    what: int | date | None


@pytest.mark.parametrize("kind", [Measured, Either])
def test_a_type_without_a_plain_form_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match="plain form"):
        Records(kind)


def test_content_of_another_type_is_refused() -> None:
    @dataclass(frozen=True)
    class Named:
        name: str
        number: int

    class Word(str):
        pass

    with pytest.raises(ValueError, match="unmarshallable"):
        Records(Named).written(Named(Word("lời"), 1))

"""A feed of a country reads only tasks of which it tells, and tells the same as if it had read all of them."""

import heapq
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.thorough import in_full
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.feeds import Entry, of_tasks
from thucthi.publication.frozen import FrozenTasks, TaskFile
from thucthi.publication.shapes import ChangeData, IssueData, ObstacleData, StepData, TaskData

DAY = date(2026, 11, 20)
DAYS = st.sampled_from([DAY - timedelta(days=days) for days in (-3, -1, 0, 1, 2, 92, 93, 400)])
# Some begin with the same letters, and one goes on with what comes before the slash.
CODES = ("nv-1", "nv-1-a", "nv-1.2", "nv-10", "nv-2", "nv-9")
OBSTACLES = ("dn-1", "dn-2", "dn-3")


def changed(on: date) -> ChangeData:
    return ChangeData("deadline", "a", "b", None, None, "1/QĐ", on, "mẫu")


def hindrance(code: str, raised_on: date, closed_on: date | None) -> ObstacleData:
    return ObstacleData(code, "", "x", raised_on, "law", "Vướng", "x", "Gỡ", DAY, "open", closed_on, 1, ())


@st.composite
def countries(draw: st.DrawFn, like: TaskData) -> tuple[list[TaskData], list[ObstacleData]]:
    stuck = {code: draw(st.sampled_from([None, *CODES])) for code in OBSTACLES}
    tasks = [
        replace(
            like,
            code=code,
            due_on=draw(st.none() | DAYS),
            standing=replace(
                like.standing,
                schedule=draw(st.sampled_from(["overdue", "on_time"])),
                completed_on=draw(st.none() | DAYS),
            ),
            steps=tuple(StepData("received", on, "", "") for on in draw(st.lists(DAYS, max_size=2))),
            changes=tuple(changed(on) for on in draw(st.lists(DAYS, max_size=2))),
            obstacles=tuple(each for each, task in stuck.items() if task == code),
        )
        for code in CODES
    ]
    return tasks, [hindrance(code, draw(DAYS), draw(st.none() | DAYS)) for code in OBSTACLES]


def told(book: Book, entries: list[Entry], most: int) -> list[Entry]:
    """What `feed_of` keeps."""
    first, last = book.told.since, book.told.until
    return heapq.nlargest(most, (each for each in entries if first <= each.day <= last))


@pytest.mark.parametrize("most", [1, 2, 3, 50])
@settings(max_examples=in_full(60, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_the_newest_entries_are_those_of_all_tasks(
    data: IssueData, tmp_path: Path, most: int, drawn: st.DataObject
) -> None:
    tasks, obstacles = drawn.draw(countries(data.tasks[0]))
    file = TaskFile(tmp_path)
    kept = FrozenTasks.of(file, [file.add(tasks)])
    book = Book(replace(data, tasks=kept, obstacles=tuple(obstacles), header=replace(data.header, as_of=DAY)))
    whole = told(book, list(of_tasks(book, kept)), most)
    assert told(book, list(of_tasks(book, book.newest_of(kept, most))), most) == whole


def test_few_tasks_are_read_for_a_feed(data: IssueData, tmp_path: Path) -> None:
    steps = [(StepData("received", DAY - timedelta(days=number % 80), "", ""),) for number in range(200)]
    none = replace(data.tasks[0].standing, schedule="on_time", completed_on=None)
    tasks = [
        replace(data.tasks[0], code=f"nv-{number}", steps=each, changes=(), obstacles=(), standing=none)
        for number, each in enumerate(steps)
    ]
    file = TaskFile(tmp_path)
    kept = FrozenTasks.of(file, [file.add(tasks)])
    book = Book(replace(data, tasks=kept))
    # Three tasks share each of the first days; of the last day only as many are taken as are missing.
    assert sorted(each.code for each in book.newest_of(kept, 4)) == ["nv-0", "nv-160", "nv-80", "nv-81"]

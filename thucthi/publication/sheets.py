"""How a country's tasks lie in the files of an issue: so many to a sheet, in the order of their codes (ADR 0044).

In such an issue `issue.json` holds no tasks but names the files that do, each of which the manifest binds.
"""

import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from thucthi.publication.frozen import FrozenTasks
from thucthi.publication.shapes import TaskData

# More tasks than these have no page each: eight files for one task would make an issue of a country's million tasks
# eight million files, which no machine writes in an hour and no directory is kept for. docs/adr/0040.
MOST_TASK_PAGES = 20_000
# So many share a page instead.
TASKS_OF_A_SHEET = 40
SHEETS = "nhiem-vu/quyen"
TASK_FILES = "task_files"


def sheet_folder(number: int) -> str:
    """Where the page of a sheet lies; the first one has the number 1."""
    return f"{SHEETS}/{number}"


def sheet_files(tasks: int) -> list[str]:
    """The paths of the records of so many tasks, in their order."""
    return [f"{sheet_folder(number)}/index.json" for number in range(1, -(-tasks // TASKS_OF_A_SHEET) + 1)]


def in_sheets(tasks: Sequence[TaskData]) -> Sequence[TaskData]:
    """In the order of the codes' letters, which need not be that of the database."""
    if not isinstance(tasks, FrozenTasks):
        return sorted(tasks, key=lambda task: task.code)
    codes = [code for code, _kind in tasks.fields("code", "kind")]
    return tasks.at(array("I", sorted(range(len(codes)), key=codes.__getitem__)))


def told_tasks(data: Mapping[str, Any], read: Callable[[str], bytes]) -> Iterator[Any]:
    """The tasks of an issue whose issue.json is `data`, one after the other; `read` gives the content of its files.

    Raises what `read` raises.
    """
    if TASK_FILES not in data:
        yield from data["tasks"]
        return
    for name in data[TASK_FILES]:
        yield from json.loads(read(name))["data"]["tasks"]

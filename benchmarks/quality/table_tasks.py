"""How the rows of annexes come out, field by field, from each kind of file."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out
from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.header import read_header
from thucthi.intake.reading.shapes import TaskRead
from thucthi.intake.reading.tasks.tables import read_task_tables
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.vietnamese_text import fold

ELEMENT = "nhiệm vụ trong bảng"
ENDINGS = ("docx", "xlsx", "pdf")


def score(gold: Path) -> list[Score]:
    labelled = json.loads((gold / "annex_gold.json").read_text("utf-8"))
    scores: list[Score] = []
    for name, rows in labelled.items():
        for ending in ENDINGS:
            scores += _file(gold / f"annex_{name}.{ending}", name, rows)
    return scores


def _file(path: Path, name: str, rows: list[dict[str, str]]) -> list[Score]:
    source = extract(path)
    header = read_header(source)
    tasks = read_task_tables(source, Gazetteer.shipped(), header)
    waiting = list(tasks)
    right: dict[tuple[str, bool], int] = {}
    all_: dict[tuple[str, bool], int] = {}
    for row in rows:
        task = _take(waiting, row["task"])
        is_apart = is_held_out(f"{name}:{row['task']}")
        for measure, holds in _compared(task, row).items():
            all_[measure, is_apart] = all_.get((measure, is_apart), 0) + 1
            right[measure, is_apart] = right.get((measure, is_apart), 0) + holds
    scores = [
        Score(ELEMENT, f"{measure} ({path.suffix[1:]})", right[measure, is_apart], count, is_apart)
        for (measure, is_apart), count in all_.items()
    ]
    read = len(tasks) - len(waiting)
    return [*scores, Score(ELEMENT, f"hàng đọc đúng trong số đã đọc ({path.suffix[1:]})", read, len(tasks), False)]


def _take(waiting: list[TaskRead], words: str) -> TaskRead | None:
    found = next((task for task in waiting if _same(task.text, words)), None)
    if found is not None:
        waiting.remove(found)
    return found


def _compared(task: TaskRead | None, row: Mapping[str, str]) -> dict[str, bool]:
    if task is None:
        return dict.fromkeys(("không mất hàng", "chủ trì", "phối hợp", "thời hạn", "sản phẩm", "nhóm"), False)
    raw = task.deadline.raw if task.deadline else ""
    return {
        "không mất hàng": True,
        "chủ trì": _same_bodies(task.lead, row["lead"]),
        "phối hợp": _same_bodies(task.coordinators, row["coord"]),
        "thời hạn": _same(raw, row["deadline"]) and _due(raw) == _due(row["deadline"]),
        "sản phẩm": _same(task.product or "", row["product"]),
        "nhóm": _same(task.group or "", row["section"]),
    }


def _same_bodies(names: Iterable[str], written: str) -> bool:
    """The names in order, and nothing between them but what separates them."""
    rest = _bare(written)
    for name in names:
        before, found, rest = rest.partition(_bare(name))
        if not found or before.strip(" ,;.-–") not in {"", "va", "va cac"}:
            return False
    return not rest.strip(" ,;.-–")


def _due(raw: str) -> tuple[object, ...]:
    deadline = parse_deadline(raw)
    return deadline.kind, deadline.start, deadline.end, deadline.recurrence


def _same(ours: str, theirs: str) -> bool:
    return _bare(ours) == _bare(theirs)


def _bare(text: str) -> str:
    """Words only: where a page broke a line after a hyphen, a space or none is the same."""
    return re.sub(r"\s*-\s*", "-", fold(text)).strip(" .;,")

"""How often the reader judges a task's seven criteria as people did."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.quality.scores import Score, is_held_out
from thucthi.intake.reading.judging import judged
from thucthi.intake.reading.shapes import TaskRead
from thucthi.kernel.deadlines import parse_deadline
from thucthi.programmes.calculations import words

_COLUMNS = {
    "nguoi": "nguoi", "viec": "viec", "dungdau": "trach_nhiem", "thamquyen": "tham_quyen", "thoigian": "thoi_gian",
    "ketqua": "ket_qua", "nguonluc": "nguon_luc",
}  # fmt: skip
_LABELS = {"o": "met", "v": "doubtful", "m": "missing"}
# The labelled rows carry no date of issue; all are of 2025.
_ISSUED_ON = date(2025, 1, 1)


def score(gold: Path) -> list[Score]:
    """One measure per criterion, over the rows of tables; sentences of prose are first read, and scored there."""
    compared = [(name, *each) for name, suffix in (("A", ""), ("B", "_B")) for each in _compared(gold, name, suffix)]
    return [
        Score(f"clarity {criterion}", "accuracy", sum(same for same, _ in rows), len(rows), held)
        for held in (False, True)
        for criterion in _COLUMNS.values()
        if (rows := [(same, 1) for _, where, same, is_held in compared if where == criterion and is_held is held])
    ]


def _compared(gold: Path, name: str, suffix: str) -> Iterator[tuple[str, bool, bool]]:
    labels = {row["n"]: row for row in _rows(gold / f"lint_labels{suffix}.tsv")}
    for task in json.loads((gold / f"lint_tasks{suffix}.json").read_text("utf-8")):
        row = labels.get(str(task["n"]))
        if row is None or task.get("prose"):
            continue
        verdicts = judged(_task(task), _ISSUED_ON).clarity
        for column, criterion in _COLUMNS.items():
            yield criterion, verdicts[criterion] == _LABELS[row[column]], is_held_out(f"clarity {name}{task['n']}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _task(given: dict[str, Any]) -> TaskRead:
    leads = words.leads_named_in(given.get("lead") or "")
    return TaskRead(
        text=given["task"], start=0, end=len(given["task"]), lead=tuple(leads),
        collective_lead=words.names_a_collective(given.get("lead") or ""), product=given.get("product"),
        deadline=parse_deadline(given.get("deadline") or "", issued_on=_ISSUED_ON), head=given.get("head"),
        resources=given.get("resource"),
    )  # fmt: skip

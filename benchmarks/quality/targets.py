"""How well figures to reach are found in labelled sentences: value, operator, unit and year all right.

A unit is right when one of the two begins with the words of the other: "cơ sở" for "cơ sở giáo dục đại học".
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.quality.scores import Score, is_held_out, precision_and_recall
from thucthi.intake.reading.shapes import Operator, TargetRead
from thucthi.intake.reading.targets.sentence import targets_in
from thucthi.kernel.vietnamese_text import fold

_FILES = ("targets_A.jsonl", "targets_B.jsonl")
_OPERATORS = {
    "ge": Operator.AT_LEAST,
    "gt": Operator.MORE_THAN,
    "le": Operator.AT_MOST,
    "lt": Operator.LESS_THAN,
    "eq": Operator.EQUAL,
    "approx": Operator.ABOUT,
    "range": Operator.RANGE,
    "top": Operator.AT_MOST,
}


def score(gold: Path) -> list[Score]:
    rows = [row for name in _FILES for row in _rows(gold / name)]
    scores = []
    for held in (False, True):
        chosen = [row for row in rows if is_held_out(row["id"]) is held]
        compared = [(_right(row), len(found(row)), len(row["targets"])) for row in chosen]
        scores += precision_and_recall("targets", compared, is_held_out=held)
    return scores


def found(row: dict[str, Any]) -> list[TargetRead]:
    """What is read in a labelled sentence; a heading with a year announces targets."""
    year = row["context_year"]
    read = targets_in(row["sentence"], year=year, is_expected=year is not None)
    return [target for target in read if not target.is_fact]


def is_right(target: TargetRead, label: dict[str, Any]) -> bool:
    high = None if label["v2"] is None else Decimal(str(label["v2"]))
    return (
        target.low == Decimal(str(label["v1"]))
        and target.high == high
        and target.operator is _OPERATORS[label["cmp"]]
        and target.year == label["year"]
        and _is_same_unit(target.unit or "", label["unit"] or "")
    )


def _right(row: dict[str, Any]) -> int:
    waiting = list(row["targets"])
    right = 0
    for target in found(row):
        match = next((label for label in waiting if is_right(target, label)), None)
        if match:
            waiting.remove(match)
            right += 1
    return right


def _is_same_unit(ours: str, theirs: str) -> bool:
    first, second = fold(ours), fold(theirs)
    if not first or not second:
        return first == second
    return f"{first} ".startswith(f"{second} ") or f"{second} ".startswith(f"{first} ")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)

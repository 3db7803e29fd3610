"""How many headings of columns are understood, each looked at beside a plain task column."""

import csv
from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out
from thucthi.intake.reading.tasks.headings import ColumnKind, column_kinds

_CALLED = {
    "tt": ColumnKind.INDEX,
    "coord": ColumnKind.COORDINATORS,
    "resource": ColumnKind.RESOURCES,
    "status": ColumnKind.STATE,
}
# The words of these headings mean one thing beside a deadline and another without; the labels stand beside one.
_BESIDE = {"status": "Thời hạn"}


def score(gold: Path) -> list[Score]:
    with (gold / "table_headings.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found: list[Score] = []
    for is_apart in (False, True):
        chosen = [row for row in rows if is_held_out(row["heading"]) is is_apart]
        right = sum(_kind(row) == _CALLED.get(row["column"], row["column"]) for row in chosen)
        found.append(Score("tiêu đề cột", "đúng loại cột", right, len(chosen), is_apart))
    return found


def _kind(row: dict[str, str]) -> str | None:
    beside = _BESIDE.get(row["column"])
    return column_kinds([row["heading"], *([beside] if beside else [])])[0]

"""How often the words of a deadline are understood exactly as labelled: cells whole, sentences by their cues."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out
from thucthi.kernel.deadlines import Deadline, DeadlineKind, find_deadlines, parse_deadline

_FILES = ("deadlines_A.tsv", "deadlines_B.tsv")
_RHYTHMS = {"daily": "D", "weekly": "W", "monthly": "M", "quarterly": "Q", "halfyear": "H", "yearly": "Y"}


def score(gold: Path) -> list[Score]:
    compared = [(row.get("mode") or "cell", row) for name in _FILES for row in _rows(gold / name)]
    return [
        Score("deadlines", f"exact, {mode}", sum(map(_is_right, rows)), len(rows), held)
        for held in (False, True)
        for mode in ("cell", "prose")
        if (rows := [row for where, row in compared if where == mode and is_held_out(row["id"]) is held])
    ]


def atoms(deadline: Deadline) -> frozenset[str]:
    """A deadline in the labels' spelling; a length of time counted from an event is the event."""
    found = {f"due={day}" for day in deadline.milestones}
    found |= {_recurring(rhythm) for rhythm in (deadline.recurrence or "").split("; ") if rhythm}
    if deadline.kind is DeadlineKind.RANGE and deadline.end:
        found.add(f"range={deadline.start}..{deadline.end}")
    elif deadline.end:
        found.add(f"due={deadline.end}")
    elif deadline.start:
        found.add(f"from={deadline.start}")
    if deadline.kind in (DeadlineKind.EVENT, DeadlineKind.REFERENCE):
        found.add("event")
    return frozenset(found)


def labelled(expected: str) -> frozenset[str]:
    """The atoms of a label; "from the day after the last" is spelt as going on, and "relative" as an event."""
    found = {"event" if atom.startswith("rel=") else atom for atom in expected.split(";") if atom}
    for due in [atom for atom in found if atom.startswith("due=")]:
        after = f"from={date.fromisoformat(due[4:]) + timedelta(days=1)}"
        if after in found:
            found = (found - {after}) | {"ongoing"}
    return frozenset(found)


def in_sentence(sentence: str, issued_on: date | None) -> frozenset[str]:
    """The atoms of all deadlines of a sentence; an event counts only when there is nothing firmer."""
    found = frozenset[str]().union(*(atoms(each.deadline) for each in find_deadlines(sentence, issued_on=issued_on)))
    return found - {"event"} or found


def _recurring(rhythm: str) -> str:
    name, _, place = rhythm.partition("@")
    return "ongoing" if name == "ongoing" else f"recur={_RHYTHMS[name]}{'@' if place else ''}{place}"


def _is_right(row: dict[str, str]) -> bool:
    issued_on = date.fromisoformat(row["ref_date"])
    if row.get("mode") == "prose":
        return in_sentence(row["phrase"], issued_on) == labelled(row["expected"])
    return atoms(parse_deadline(row["phrase"], issued_on=issued_on)) == labelled(row["expected"])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")

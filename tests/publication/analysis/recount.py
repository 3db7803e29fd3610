"""The same answers by plain loops, written apart from the expressions: what the engines are held against."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any

from tests.publication.analysis.synthetic import AS_OF, Rows

Told = tuple[Any, ...]


def classes(rows: Rows) -> list[Told]:
    levels = {row["code"]: row["level"] for row in rows["organisations"]}
    first: dict[Any, tuple[Any, Any]] = {}
    for row in rows["task_changes"]:
        if row["field"] == "deadline":
            key = (row["decided_on"], row["old_end"])
            first[row["task"]] = min(first.get(row["task"], key), key)
    cells = defaultdict(list)
    for task in rows["tasks"]:
        if task["stage"] in ("draft", "cancelled", "superseded") or not task["due_on"]:
            continue
        due = first[task["code"]][1] if task["code"] in first else task["due_on"]
        parts = (task["kind"], levels.get(task["lead"], "unknown"), _length(task["start_on"], due))
        told = (due <= AS_OF, task["completed_on"], ((task["completed_on"] or AS_OF) - due).days, task["code"] in first)
        for width in range(4):
            cells[(width, *parts[: 3 - width], *("*" * width))].append(told)
    return sorted((*key[1:], key[0], *_ended(told)) for key, told in cells.items())


def _length(start: Any, end: date) -> str:
    if start is None:
        return "unknown"
    days = (end - start).days
    return "to_90" if days <= 90 else "to_365" if days <= 365 else "longer"


def _ended(told: list[Any]) -> Told:
    due = [each for each in told if each[0]]
    on_time = sum(each[1] is not None and each[2] <= 0 for each in due)
    late = sum(each[1] is not None and each[2] > 0 for each in due)
    slips = sorted(each[2] for each in due)
    quantiles = [slips[-(-part * len(slips) // 100) - 1] if slips else None for part in (25, 50, 75, 90)]
    share = 1000 * on_time // len(due) if due else None
    moved = sum(each[3] for each in told)
    return (
        len(told),
        len(told) - len(due),
        len(due),
        on_time,
        late,
        len(due) - on_time - late,
        moved,
        share,
        *quantiles,
    )


def signals(rows: Rows) -> dict[tuple[str, str], tuple[int, int]]:
    """(organisation, signal) → (cases, of)."""
    found: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    files = defaultdict(set)
    known = {row["code"] for row in rows["organisations"]}
    for task in rows["tasks"]:
        if task["stage"] in ("draft", "cancelled", "superseded"):
            continue
        own = [row for row in rows["reports"] if row["task"] == task["code"]]
        for body in [each for each in str(task["answering"]).split("; ") if each in known]:
            for name, case in _of_task(task, own):
                of[body, name] += 1
                found[body, name] += case
            for row in own:
                for file in filter(None, str(row["evidence"]).split("; ")):
                    files[body, file].add((row["task"], row["period"]))
    for (body, _file), places in files.items():
        of[body, "reused_evidence"] += 1
        found[body, "reused_evidence"] += len(places) > 1
    return {key: (found[key], of[key]) for key in of}


def _of_task(task: Any, own: list[Any]) -> Iterator[tuple[str, bool]]:
    figured = [row for row in own if "declared" in row]
    for row in own:
        yield "late_reports", row["punctuality"] != "on_time"
    yield from _of_figures(figured)
    for before, after in pairwise(figured):
        yield from _of_pair(task, before, after)
    if figured and figured[-1]["declared"] >= 100:
        yield "done_without_evidence", not figured[-1]["evidence"] or figured[-1]["verdict"] == "returned"


def _of_figures(figured: list[Any]) -> Iterator[tuple[str, bool]]:
    for row in figured:
        yield "last_day_bursts", row["first_reported_on"] == row["due_on"]
        if 0 < row["declared"] < 100:
            yield "round_progress", row["declared"] % 5 == 0
        if row["accepted"] is not None:
            yield "declared_above_accepted", row["declared"] > row["accepted"]


def _of_pair(task: Any, before: Any, after: Any) -> Iterator[tuple[str, bool]]:
    yield "falling_progress", after["declared"] < before["declared"] and before["verdict"] != "returned"
    if before["declared"] < 100:
        yield "unchanged_progress", after["declared"] == before["declared"]
        if after["declared"] >= 100 and task["due_on"]:
            left = (task["due_on"] - after["first_reported_on"]).days
            yield "jump_at_deadline", before["declared"] <= 80 and 0 <= left <= 7


def _plain(text: Any) -> str:
    bare = "".join(_letter(letter) for letter in str(text or ""))
    return f" {re.sub('[^a-z]+', ' ', bare).strip()} "


def _letter(letter: str) -> str:
    if ord(letter) >= 0x1F00 or unicodedata.category(letter)[0] != "L":
        return letter
    base = unicodedata.normalize("NFD", letter.lower())[0]
    return "d" if base == "đ" else base


def _masked(task: Any, rows: Rows) -> str:
    text = _plain(task["text"])
    for body in rows["organisations"]:
        if body["code"] == task["lead"]:
            official, short = _plain(body["official_name"]), _plain(body["short_name"])
            place = re.sub("^.* (tinh|thanh pho|huyen|quan|thi xa|xa|phuong|dac khu) ", " ", official)
            for name in (official, place if place != official else "", short):
                text = text.replace(name, " ") if name.strip() else text
    return text.strip()


def copies(rows: Rows) -> tuple[list[Told], list[Told]]:
    """Exact groups and near pairs, each pair of texts compared in full."""
    said = defaultdict(list)
    for task in rows["tasks"]:
        text = _masked(task, rows)
        if len(text.split(" ")) >= 8:
            said[text].append((task["code"], task["lead"]))
    groups = sorted((min(own)[0], min(lead for _, lead in own), text, own) for text, own in said.items())
    exact = [
        (code, lead, len(own), len({body for _, body in own}), len(text.split(" ")))
        for code, lead, text, own in groups
        if len({body for _, body in own}) > 1
    ]
    return exact, list(_near(groups))


def _near(groups: Iterable[Told]) -> Iterator[Told]:
    for (code_a, lead_a, text_a, own_a), (code_b, lead_b, text_b, own_b) in combinations(groups, 2):
        sets = [set(zip(words, words[1:], words[2:], strict=False)) for words in (text_a.split(" "), text_b.split(" "))]
        shared, together = len(sets[0] & sets[1]), len(sets[0] | sets[1])
        bodies = [len({body for _, body in own}) for own in (own_a, own_b)]
        if 10 * shared < 7 * together or (bodies == [1, 1] and lead_a == lead_b):
            continue
        counts = (len(own_a), bodies[0], len(own_b), bodies[1], shared, together, 1000 * shared // together)
        yield (code_a, lead_a, code_b, lead_b, *counts)

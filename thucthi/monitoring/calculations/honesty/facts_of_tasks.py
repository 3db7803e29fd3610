"""Facts in the reports of tasks that do not fit together. No statistics: each answer can be shown row by row."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from thucthi.monitoring.calculations.honesty.shapes import Place, Question, Stated, Trace

SHORTEST_TEXT = 40
_SPACES = re.compile(r"\s+")
Shared = tuple[str, list[Stated]]


def questions_of_reports(reports: Iterable[Stated]) -> list[Question]:
    """Every question raised by the reports of a year, in the order of organisations, checks and tasks."""
    rows = list(reports)
    return [*questions_of_tasks(rows), *_questions_of_shared(shared(rows))]


def questions_of_tasks(reports: Iterable[Stated]) -> list[Question]:
    """Those that each task raises by itself."""
    found: list[Question] = []
    for _, group in groupby(_in_order(reports), key=lambda row: (row.organisation_id, row.task)):
        found += _of_one_task(list(group))
    return found


def shared(reports: Iterable[Stated]) -> list[Shared]:
    """By organisation the reports of several tasks or periods that share a file or a text: a group for each of these.

    Each group asks one question, under the task and the period of its latest report; several may ask the same one.
    """
    found: list[Shared] = []
    for _, group in groupby(_in_order(reports), key=lambda row: row.organisation_id):
        rows = list(group)
        files = [(digest, row) for row in rows for digest in row.digests]
        texts = [(text, row) for row in rows if len(text := _plain(row.note)) >= SHORTEST_TEXT]
        found += [("reused_evidence", same) for same in _repeated(files)]
        found += [("reused_text", same) for same in _repeated(texts)]
    return found


def _in_order(reports: Iterable[Stated]) -> list[Stated]:
    return sorted(reports, key=lambda row: (row.organisation_id, row.task, row.on, row.report_id))


def _of_one_task(rows: Sequence[Stated]) -> list[Question]:
    last = rows[-1]
    found = []
    if last.is_said_done:
        found += _of_completion(last)
    above = [row for row in rows if row.progress > 100]
    if above:
        found.append(_asked("above_hundred", above))
    fell = [pair for pair in pairwise(rows) if _fell(*pair)]
    if fell:
        found.append(_asked("falling_progress", [row for _, row in fell], [before for before, _ in fell]))
    return found


def _fell(before: Stated, after: Stated) -> bool:
    # A figure that was sent back is meant to be put right.
    return after.progress < before.progress and before.verdict != "returned"


def _of_completion(last: Stated) -> list[Question]:
    found = []
    if not last.digests or last.verdict == "returned":
        found.append(_asked("done_without_evidence", [last]))
    if last.measured is not None and last.measured <= 0:
        trace = Trace(last.task, last.period, last.on, last.progress, last.measured, Place.REPORT, str(last.report_id))
        found.append(Question("done_but_unmoved", last.organisation_id, last.period, last.task, (trace,)))
    if last.started_on is not None and last.on < last.started_on:
        numbers = {"start": f"{last.started_on:%d/%m/%Y}"}
        found.append(
            Question("done_before_start", last.organisation_id, last.period, last.task, (_trace(last),), numbers)
        )
    return found


def _repeated(marked: Sequence[tuple[str, Stated]]) -> list[list[Stated]]:
    groups: dict[str, list[Stated]] = {}
    for mark, row in marked:
        groups.setdefault(mark, []).append(row)
    return [rows for rows in groups.values() if len({(row.task, row.period) for row in rows}) > 1]


def _questions_of_shared(groups: Iterable[Shared]) -> list[Question]:
    by_key: dict[tuple[str, int, str, str], list[Stated]] = {}
    for check, rows in groups:
        latest = max(rows, key=lambda row: (row.on, row.report_id))
        by_key.setdefault((check, latest.organisation_id, latest.period, latest.task), []).extend(rows)
    return [
        _asked(check, sorted(dict.fromkeys(rows), key=lambda row: (row.on, row.report_id)), subject=task, period=period)
        for (check, _, period, task), rows in by_key.items()
    ]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()


def _asked(
    check: str, rows: Sequence[Stated], before: Sequence[Stated] = (), *, subject: str = "", period: str = ""
) -> Question:
    against: list[Decimal | None] = [*(row.progress for row in before)] or [None] * len(rows)
    traces = tuple(
        Trace(row.task, row.period, row.on, row.progress, other, Place.REPORT, str(row.report_id))
        for row, other in zip(rows, against, strict=True)
    )
    last = rows[-1]
    return Question(
        check, last.organisation_id, period or last.period, subject or last.task, traces, {"n": len(traces)}
    )


def _trace(row: Stated) -> Trace:
    return Trace(row.task, row.period, row.on, row.progress, None, Place.REPORT, str(row.report_id))

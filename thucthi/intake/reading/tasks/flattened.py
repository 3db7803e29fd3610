"""Reads tasks from annexes whose tables were flattened to running text.

Nothing separates the columns there: rows are found by their numbers, and each is read from its end, resources first,
then the time, then bodies. What comes out is a proposal, and says so.
"""

import re
from dataclasses import dataclass
from functools import cache

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import Line, Source
from thucthi.intake.reading.tasks import doubts
from thucthi.intake.reading.tasks.running import RunningRow, running_rows
from thucthi.intake.reading.tasks.tails import read_tail
from thucthi.intake.reading.tasks.wording import action_of
from thucthi.kernel.deadlines import parse_deadline

_READ_WHOLE, _READ_IN_PART = 0.5, 0.3
_ANNEX = re.compile(r"(?:PHỤ LỤC|Phụ lục)\b")
_FEWEST_WORDS_AFTER = 40


@dataclass(frozen=True, slots=True)
class FlattenedPart:
    """source.text[start:end] holds rows of a table; headings said again inside are in `headings`."""

    start: int
    end: int
    headings: tuple[tuple[int, int], ...]


@cache
def _heading() -> re.Pattern[str]:
    said = rules("flattened")["heading"]
    columns = "|".join(rf"(?:{said[kind]})" for kind in ("lead", "coordinators", "deadline", "resources"))
    return re.compile(rf"(?<!\S){said['opening']}\s+{said['task']}(?:\s+(?:{columns})){{3,}}(?!\w)", re.IGNORECASE)


def flattened_parts(source: Source) -> tuple[FlattenedPart, ...]:
    """Stretches of running text that follow a table's heading, up to the next annex, table or the end."""
    parts: list[FlattenedPart] = []
    opened: list[tuple[int, int]] = []
    last = 0
    for block in source.blocks:
        if opened and (not isinstance(block, Line) or _ANNEX.match(block.text)):
            parts.append(FlattenedPart(opened[0][1], last, tuple(opened)))
            opened = []
        if isinstance(block, Line):
            found = [(block.start + at.start(), block.start + at.end()) for at in _heading().finditer(even(block.text))]
            opened += found if opened or any(block.end - end > _FEWEST_WORDS_AFTER for _s, end in found) else []
            last = block.end
    if opened:
        parts.append(FlattenedPart(opened[0][1], last, tuple(opened)))
    return tuple(parts)


def read_flattened_tasks(source: Source, gazetteer: Gazetteer, header: HeaderRead) -> tuple[TaskRead, ...]:
    """Every numbered row of every flattened table; each with a doubt and with low confidence."""
    return tuple(task for part in flattened_parts(source) for task in _tasks(source, part, gazetteer, header))


def _tasks(source: Source, part: FlattenedPart, gazetteer: Gazetteer, header: HeaderRead) -> list[TaskRead]:
    rows = running_rows(_without(source.text, part), part.start, part.end)
    found: list[TaskRead] = []
    group: str | None = None
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        words = _words(source.text, row, part)
        if row.is_group or (following and following.index.startswith(f"{row.index}.")):
            title = read_tail(words, gazetteer, header.issued_on)
            group = " ".join(words[: title.end].split()) or " ".join(words.split())
            continue
        found.append(_task(words, row, gazetteer, header, group))
    return found


def _without(text: str, part: FlattenedPart) -> str:
    """The text with repeated headings blanked, so that they are no part of any row."""
    for start, end in part.headings:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _words(text: str, row: RunningRow, part: FlattenedPart) -> str:
    """A row's words; one cut by a repeated heading keeps the part before it."""
    ends = [start for start, _end in part.headings if row.start < start < row.end]
    return text[row.start : min([row.end, *ends])].rstrip()


def _task(words: str, row: RunningRow, gazetteer: Gazetteer, header: HeaderRead, group: str | None) -> TaskRead:
    tail = read_tail(words, gazetteer, header.issued_on)
    deadline = parse_deadline(tail.deadline, issued_on=header.issued_on)
    text = words[: tail.end]
    found = [doubts.FLATTENED, *doubts.about_leads(tail.lead), *doubts.about_deadline(deadline, header.issued_on)]
    is_whole = bool(tail.lead and tail.deadline)
    return TaskRead(
        text=text,
        start=row.start,
        end=row.start + len(text),
        index=row.index,
        group=group,
        action=action_of(text) or None,
        lead=tuple(body.name for body in tail.lead),
        coordinators=tuple(body.name for body in tail.coordinators),
        collective_lead=bool(tail.lead) and all(body.is_collective for body in tail.lead),
        deadline=deadline,
        resources=tail.resources or None,
        confidence=_READ_WHOLE if is_whole else _READ_IN_PART,
        doubts=tuple(found),
    )

"""The columns of a table without a heading, guessed from what stands in them."""

import re
from collections.abc import Sequence

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.source import Table
from thucthi.intake.reading.tasks.headings import WIDEST_TABLE, ColumnKind, Heading
from thucthi.kernel.deadlines import DeadlineKind, parse_deadline

_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 3
_MOST = 0.6
_LONGEST_DEADLINE = 60
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[a-zđ])[.)]?")


def guess_columns(table: Table, gazetteer: Gazetteer) -> Heading | None:
    """Needs a column of bodies, one of times, and one of longer words beside them; None otherwise."""
    width = max(len(row.cells) for row in table.rows)
    if len(table.rows) < _FEWEST_ROWS or not _FEWEST_COLUMNS <= width <= WIDEST_TABLE:
        return None
    columns = [_texts(table, place) for place in range(width)]
    kinds: list[ColumnKind | None] = [_kind(texts, gazetteer) for texts in columns]
    bodies = [place for place, kind in enumerate(kinds) if kind is ColumnKind.LEAD]
    for place in bodies[1:]:
        kinds[place] = ColumnKind.COORDINATORS
    words = [place for place, kind in enumerate(kinds) if kind is None and columns[place]]
    if not bodies or ColumnKind.DEADLINE not in kinds or not words:
        return None
    task = max(words, key=lambda place: _average(columns[place]))
    kinds[task] = ColumnKind.TASK
    rest = [place for place in words if place != task]
    if rest:
        kinds[rest[0]] = ColumnKind.PRODUCT
    return Heading(tuple(kinds), ())


def _texts(table: Table, place: int) -> list[str]:
    cells = [row.cells[place] for row in table.rows if place < len(row.cells)]
    return [cell.text for cell in cells if cell.text.strip() and not cell.is_repeat]


def _average(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / len(texts)


def _kind(texts: Sequence[str], gazetteer: Gazetteer) -> ColumnKind | None:
    tests = (
        (ColumnKind.INDEX, lambda text: _NUMBER.fullmatch(text.strip()) is not None),
        (ColumnKind.DEADLINE, _tells_time),
        (ColumnKind.LEAD, lambda text: _names_bodies(text, gazetteer)),
    )
    for kind, holds in tests:
        if texts and sum(map(holds, texts)) >= _MOST * len(texts):
            return kind
    return None


def _tells_time(text: str) -> bool:
    return len(text) <= _LONGEST_DEADLINE and parse_deadline(text).kind not in {
        DeadlineKind.NONE,
        DeadlineKind.EVENT,
        DeadlineKind.REFERENCE,
    }


def _names_bodies(text: str, gazetteer: Gazetteer) -> bool:
    bodies = gazetteer.split(text)
    return bool(bodies) and all(body.known or body.is_collective for body in bodies)

"""What the columns of a table hold, told from their headings; doubtful words are decided by the other columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from thucthi.intake.reading.bodies.wording import even
from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.source import Cell, Row, Table

_HIGHEST_HEADING = 12
_LONGEST_HEADING = 90
WIDEST_TABLE = 60
_MARKS = re.compile(r"\[\d{1,2}\]|\(\*+\)|\*+|(?<=\w)\(?\d\)$|[¹²³⁴⁵⁶⁷⁸⁹]|_{2,}")
_UNIT_IN_BRACKETS = re.compile(r"\s*\((?:triệu|tỷ|nghìn|ngàn|đvt|đơn vị|%|đồng|dự kiến|nếu có)[^()]*\)\s*$")
_NUMBERING = re.compile(r"\(?(\d{1,2}|[a-zđ])\)?(?:\s*=.*)?", re.IGNORECASE)
_FEWEST_NUMBERED = 3


class ColumnKind(StrEnum):
    INDEX = "index"
    GROUP = "group"
    TASK = "task"
    DETAIL = "detail"
    LEAD = "lead"
    COORDINATORS = "coordinators"
    HEAD = "head"
    DEADLINE = "deadline"
    START = "start"
    PRODUCT = "product"
    RESOURCES = "resources"
    STATE = "state"
    BASIS = "basis"
    NOTE = "note"
    INDICATOR = "indicator"
    UNIT = "unit"
    TARGET = "target"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Heading:
    """The kinds of a table's columns; `rows` are the places in the table of the rows that say so."""

    kinds: tuple[ColumnKind | None, ...]
    rows: tuple[int, ...]

    def places(self, kind: ColumnKind) -> list[int]:
        return [place for place, each in enumerate(self.kinds) if each is kind]

    @property
    def is_of_tasks(self) -> bool:
        """A column of tasks and one that says who, when or what comes of it."""
        held = set(self.kinds)
        wanted = {ColumnKind.LEAD, ColumnKind.DEADLINE, ColumnKind.COORDINATORS, ColumnKind.PRODUCT, ColumnKind.HEAD}
        return ColumnKind.TASK in held and bool(held & wanted)


def plain(heading: str) -> str:
    """A heading's words: lower case, one space, no footnote mark."""
    words = " ".join(_MARKS.sub("", even(heading)).lower().split()).strip(" .:;-–")
    return _UNIT_IN_BRACKETS.sub("", words)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (
            entry["kind"],
            re.compile("|".join(entry["found"])),
            re.compile("|".join(entry["unless"])) if "unless" in entry else None,
        )
        for entry in rules("headings")["columns"]
    )


def _said(heading: str) -> str | None:
    words = plain(heading)
    if not words or len(words) > _LONGEST_HEADING:
        return None
    for kind, found, unless in _patterns():
        if found.search(words) and not (unless and unless.search(words)):
            return kind
    return None


def column_kinds(cells: Sequence[str]) -> tuple[ColumnKind | None, ...]:
    """The kind of each column by its heading; None where the words tell nothing."""
    said = [_said(cell) for cell in cells]
    return _settle(said, [plain(cell) for cell in cells])


def _settle(said: list[str | None], words: list[str]) -> tuple[ColumnKind | None, ...]:
    """Decides "Kết quả", "Tiến độ", "Đơn vị", "Chỉ tiêu" by what the other columns hold."""
    held = set(said)
    is_of_targets = "indicator" in held and "task" not in held
    chosen = {
        "product_or_state?": _result(held, is_of_targets=is_of_targets),
        "deadline_or_state?": "state" if "deadline" in held else "deadline",
        "unit_or_lead?": "unit" if is_of_targets or held & {"lead", "unit"} else "lead",
    }
    settled = [chosen.get(kind, kind) if kind else None for kind in said]
    if "indicator" in held and "task" in held:
        settled = ["product" if kind == "indicator" and "product" not in settled else kind for kind in settled]
    if "task" not in settled and "indicator" not in settled and "detail" in settled:
        settled[settled.index("detail")] = "task"
    _one_lead(settled, words)
    _one_task(settled, words)
    _reported(settled, words)
    return tuple(ColumnKind(kind) if kind else None for kind in settled)


def _result(held: set[str | None], *, is_of_targets: bool) -> str:
    if is_of_targets:
        return "target"
    return "state" if "product" in held else "product"


def _reported(settled: list[str | None], words: list[str]) -> None:
    """ "Kết quả thực hiện" beside a column of states is what has come about, in a report, not what is asked for."""
    for place, kind in enumerate(settled):
        if kind == "product" and words[place] == "kết quả thực hiện" and "state" in settled:
            settled[place] = "state"


def _one_lead(settled: list[str | None], words: list[str]) -> None:
    """ "Đơn vị thực hiện" beside "Cơ quan chủ trì" is who helps."""
    leads = [place for place, kind in enumerate(settled) if kind == "lead"]
    if len(leads) > 1 and any("chủ trì" in words[place] for place in leads):
        for place in leads:
            if "chủ trì" not in words[place]:
                settled[place] = None if "coordinators" in settled else "coordinators"


def _one_task(settled: list[str | None], words: list[str]) -> None:
    """Of several columns of work the one that says "nhiệm vụ" is the task, the others tell more of it."""
    tasks = [place for place, kind in enumerate(settled) if kind == "task"]
    named = next((place for place in tasks if "nhiệm vụ" in words[place]), tasks[0] if tasks else 0)
    for place in tasks:
        if place != named and words[place] != words[named]:
            settled[place] = "detail"


def find_heading(table: Table) -> Heading | None:
    """The heading of a table, in one row or in two, wherever it stands among the first rows; None without one."""
    for place, row in enumerate(table.rows[:_HIGHEST_HEADING]):
        texts = [cell.text for cell in row.cells]
        if len(row.cells) > WIDEST_TABLE or len({cell.start for cell in row.cells if cell.text}) < 2:
            continue
        two = _in_two_rows(table, place)
        kinds = column_kinds(texts)
        if two and len(_known(two.kinds)) >= max(2, len(_known(kinds))) and two.kinds != kinds:
            return two
        if len(_known(kinds)) >= 2 and _mostly_headings(row, kinds):
            return Heading(kinds, (place, place + 1) if two else (place,))
    return None


def _known(kinds: Sequence[ColumnKind | None]) -> set[ColumnKind]:
    return {kind for kind in kinds if kind}


def _mostly_headings(row: Row, kinds: Sequence[ColumnKind | None]) -> bool:
    filled = [place for place, cell in enumerate(row.cells) if cell.text and not cell.is_repeat]
    return 2 * sum(kinds[place] is not None for place in filled) >= len(filled)


def _in_two_rows(table: Table, place: int) -> Heading | None:
    """A row with a cell over several columns, or over none, and the row under it that tells them apart."""
    if place + 1 >= len(table.rows):
        return None
    above, below = table.rows[place].cells, table.rows[place + 1].cells
    if len(above) != len(below) or not _divides(above, below):
        return None
    texts = [_joined(above, below, column) for column in range(len(above))]
    return Heading(column_kinds(texts), (place, place + 1))


def _divides(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    own = [column for column, cell in enumerate(below) if cell.text and not cell.is_repeat]
    if not own or len(own) == len(below):
        return False
    under = all(above[column].is_repeat or not above[column].text or _spans(above, column) for column in own)
    return under and all(_said(below[column].text) or _has_year(below[column].text) for column in own)


def _has_year(text: str) -> bool:
    return re.search(r"\b20\d\d\b", text) is not None


def _spans(cells: Sequence[Cell], column: int) -> bool:
    """Whether the cell covers the next column too, or the next one is empty."""
    following = cells[column + 1] if column + 1 < len(cells) else None
    return following is not None and (not following.text or following.start == cells[column].start)


def _joined(above: Sequence[Cell], below: Sequence[Cell], column: int) -> str:
    """The lower words, with the upper ones before them when the lower say too little ("Thời gian" + "Kết thúc")."""
    lower = below[column].text if not below[column].is_repeat else ""
    upper = above[column].text
    if not lower:
        return upper
    return lower if _said(lower) else f"{upper} {lower}"


def is_numbering(row: Row) -> bool:
    """A row that only numbers the columns: (1) (2) (3), or A B 1 2 3."""
    filled = [cell.text.strip() for cell in row.cells if cell.text and not cell.is_repeat]
    if len(filled) < _FEWEST_NUMBERED or not all(_NUMBERING.fullmatch(text) for text in filled):
        return False
    numbers = [int(found[1]) for text in filled if (found := _NUMBERING.fullmatch(text)) and found[1].isdigit()]
    return len(numbers) >= len(filled) - 2 and numbers == list(range(1, len(numbers) + 1))


def repeats_heading(row: Row, table: Table, heading: Heading) -> bool:
    """A heading said again, as at the top of each page."""
    words = [plain(cell.text) for cell in row.cells]
    if not any(words):
        return False
    return any(words == [plain(cell.text) for cell in table.rows[place].cells] for place in heading.rows)

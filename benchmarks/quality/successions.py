"""Whether the leads of an annex from before the mergers of 2025, followed to today, are those of the annex after them.

Reads the two copies of the annex to resolution 03/NQ-CP of 2025. A lead that differs between the copies counts as
explained when the mapping gives what the later copy says, or says itself that a person must choose.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from benchmarks.quality.scores import Score
from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.header import read_header
from thucthi.intake.reading.shapes import TaskRead
from thucthi.intake.reading.tasks.heirs import todays_leads, with_heirs
from thucthi.intake.reading.tasks.tables import read_task_tables
from thucthi.kernel.vietnamese_text import fold

BEFORE, AFTER = "03-NQ-CP_PL2-nhiem-vu.txt", "03-NQ-CP_PL2-nhiem-vu_sau-hop-nhat.txt"
ISSUED_ON, MERGED_BY = date(2025, 1, 9), date(2025, 6, 1)


def score(gold: Path, corpus: Path) -> list[Score]:
    rows = list(compared(corpus))
    return [
        Score(
            "kế thừa", "chủ trì khác nhau được giải thích", sum(how != "sai" for _b, _a, how in rows), len(rows), False
        ),
        Score("kế thừa", "trong đó đúng ngay", sum(how == "đúng" for _b, _a, how in rows), len(rows), False),
    ]


def compared(corpus: Path) -> Iterable[tuple[TaskRead, tuple[str, ...], str]]:
    """Each task whose lead differs: the task as followed, the later copy's lead, and đúng, nêu nghi vấn or sai."""
    gazetteer = Gazetteer.shipped()
    before, after = (_by_number(corpus / name, gazetteer) for name in (BEFORE, AFTER))
    for number, task in before.items():
        later = after.get(number)
        if later is None or _bare(task.lead) == _bare(later.lead):
            continue
        followed = with_heirs(task, gazetteer, on=ISSUED_ON, today=MERGED_BY)
        yield followed, later.lead, _judged(followed, later, gazetteer)


def _by_number(path: Path, gazetteer: Gazetteer) -> dict[str, TaskRead]:
    source = extract(path)
    tasks = read_task_tables(source, gazetteer, read_header(source))
    return {task.index: task for task in tasks if task.index}


def _judged(task: TaskRead, later: TaskRead, gazetteer: Gazetteer) -> str:
    leads = [body for name in task.lead for body in gazetteer.split(name)]
    followed = [gazetteer.succession(lead, ISSUED_ON, MERGED_BY, about=task.text) for lead in leads]
    ours = _bare(todays_leads(gazetteer, leads, followed))
    theirs = _bare(
        body.known.name if body.known else body.name for name in later.lead for body in gazetteer.split(name)
    )
    if ours == theirs:
        return "đúng"
    is_flagged = any(step and not step.is_certain for step in followed) or len(task.lead) > 1
    return "nêu nghi vấn" if is_flagged and task.doubts else "sai"


def _bare(names: Iterable[str]) -> list[str]:
    return [fold(name) for name in names]

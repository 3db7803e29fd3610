"""Reads tasks from running text."""

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import Source


def read_prose_tasks(
    source: Source, outline: Outline, gazetteer: Gazetteer, header: HeaderRead
) -> tuple[TaskRead, ...]:
    return ()

"""Reads tasks from annexes whose tables were flattened to running text."""

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import Source


def read_flattened_tasks(source: Source, gazetteer: Gazetteer, header: HeaderRead) -> tuple[TaskRead, ...]:
    return ()

"""Reads tasks from the rows of tables."""

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.shapes import HeaderRead, TaskRead, Warned
from thucthi.intake.reading.source import Source


def read_task_tables(source: Source, gazetteer: Gazetteer, header: HeaderRead) -> tuple[TaskRead, ...]:
    return ()


def table_warnings(source: Source, tasks: tuple[TaskRead, ...]) -> tuple[Warned, ...]:
    return ()

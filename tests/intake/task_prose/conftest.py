from collections.abc import Callable
from datetime import date

import pytest

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.outline import read_outline
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import SourceBuilder
from thucthi.intake.reading.tasks.prose import read_prose_tasks

ISSUED_ON = date(2026, 1, 5)


@pytest.fixture(scope="session")
def read_tasks() -> Callable[[str], tuple[TaskRead, ...]]:
    """The tasks of a text of invented lines, each checked to stand where it says."""

    def read(text: str) -> tuple[TaskRead, ...]:
        builder = SourceBuilder()
        builder.add_line(text)
        source = builder.finish()
        tasks = read_prose_tasks(source, read_outline(source), Gazetteer.shipped(), HeaderRead(issued_on=ISSUED_ON))
        assert all(source.text[task.start : task.end] == task.text for task in tasks)
        return tasks

    return read

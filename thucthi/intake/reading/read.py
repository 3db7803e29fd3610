"""From the extracted text of a document to everything read in it."""

from datetime import date

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.header import read_header
from thucthi.intake.reading.judging import judged
from thucthi.intake.reading.outline import declared_counts, numbering_faults, read_outline
from thucthi.intake.reading.shapes import Reading
from thucthi.intake.reading.source import Source
from thucthi.intake.reading.targets import read_targets
from thucthi.intake.reading.tasks.flattened import read_flattened_tasks
from thucthi.intake.reading.tasks.heirs import with_heirs
from thucthi.intake.reading.tasks.prose import read_prose_tasks
from thucthi.intake.reading.tasks.tables import read_task_tables, table_warnings


def read(source: Source, *, as_of: date | None = None, gazetteer: Gazetteer | None = None) -> Reading:
    """Header, clauses, targets and tasks, each with its place in `source.text`.

    `as_of` is the day on which the heirs of leads are looked up; None follows them to the newest known.
    `gazetteer` holds the bodies of the directory, otherwise those shipped with the product. The same source, day and
    bodies always give the same reading.
    """
    bodies = gazetteer or Gazetteer.shipped()
    header = read_header(source)
    outline = read_outline(source)
    in_tables = read_task_tables(source, bodies, header)
    tasks = (
        *in_tables,
        *read_flattened_tasks(source, bodies, header),
        *read_prose_tasks(source, outline, bodies, header),
    )
    today = as_of or date.max
    tasks = tuple(with_heirs(task, bodies, on=header.issued_on, today=today) for task in tasks)
    return Reading(
        text=source.text,
        header=header,
        clauses=outline.clauses,
        targets=read_targets(source, outline, header),
        tasks=tuple(judged(task, header.issued_on) for task in sorted(tasks, key=lambda task: (task.start, task.end))),
        warnings=(
            *source.warnings,
            *table_warnings(source, in_tables),
            *declared_counts(source, outline),
            *numbering_faults(outline),
        ),
    )

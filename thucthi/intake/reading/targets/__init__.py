"""Finds the figures that a document wants reached."""

from itertools import chain

from thucthi.intake.reading.outline import Outline
from thucthi.intake.reading.shapes import HeaderRead, TargetRead
from thucthi.intake.reading.source import Source
from thucthi.intake.reading.targets.flattened import flattened_targets
from thucthi.intake.reading.targets.prose import prose_targets
from thucthi.intake.reading.targets.tables import table_targets


def read_targets(source: Source, outline: Outline, header: HeaderRead) -> tuple[TargetRead, ...]:
    """Targets of prose, of tables of targets and of such tables flattened to text, in the order of the text."""
    found = chain(
        prose_targets(source, outline, header), table_targets(source, header), flattened_targets(source, header)
    )
    return tuple(sorted(found, key=lambda target: (target.start, target.end)))

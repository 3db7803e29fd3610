"""Whether and for which passages a language model may be asked."""

from collections.abc import Iterator

from django.conf import settings

from thucthi.intake.assistance import Assistant
from thucthi.intake.models import DocumentReading
from thucthi.intake.selectors.drafts import carried_out
from thucthi.intake.selectors.review import left_out

# Letters per question, and questions per request: some pages, some minutes of the model's time.
LONGEST_PASSAGE, MOST_PASSAGES = 6_000, 10


def assistant() -> Assistant | None:
    """None while no address is set: then nothing of this exists."""
    return Assistant(settings.ASSIST_URL, settings.ASSIST_MODEL, settings.ASSIST_KEY) if settings.ASSIST_URL else None


def may_be_asked(reading: DocumentReading) -> bool:
    """Only about a text that is registered as a public document; whatever is not registered may be anything."""
    if assistant() is None:
        return False
    document = carried_out(reading, reading.file.programme)
    return document is not None and document.is_public


def passages_to_ask(reading: DocumentReading) -> Iterator[tuple[int, int]]:
    """Places that no task cites yet, neighbours together, each short enough for one question."""
    start = end = -1
    asked = 0
    for clause in left_out(reading):
        if start >= 0 and clause.end - start > LONGEST_PASSAGE:
            yield start, end
            asked, start = asked + 1, -1
        if asked == MOST_PASSAGES:
            return
        start = clause.start if start < 0 else start
        end = min(clause.end, start + LONGEST_PASSAGE)
    if start >= 0:
        yield start, end

"""Texts that public resolutions still owe, as far as each had come on the day of the issue."""

from collections import defaultdict

from django.db.models import Prefetch

from thucthi.documents.models import Instrument, InstrumentStep
from thucthi.documents.selectors.instruments import InstrumentRow, standing_of
from thucthi.programmes.models import TaskInstrument
from thucthi.publication.selectors.public import public_documents, public_instruments
from thucthi.publication.selectors.reading import Reading
from thucthi.publication.shapes import InstrumentData, InstrumentStepData
from thucthi.reporting.selectors.obligations import known

NOT_BEGUN = "not_begun"


def instrument_data(reading: Reading) -> tuple[InstrumentData, ...]:
    """Those not issued first, the most days late on top; then by document and code."""
    slugs = dict(public_documents(reading.as_of).values_list("pk", "slug"))
    tasks = _tasks(reading)
    # A step that came in after the issue was closed belongs to the next one.
    steps = Prefetch("steps", queryset=known(InstrumentStep.objects.order_by("pk"), reading.known_by))
    texts = public_instruments(reading.as_of).select_related("document", "clause").prefetch_related(steps)
    rows = [
        _instrument(
            InstrumentRow(text, standing_of(text, reading.as_of), 0), reading, slugs, tuple(sorted(tasks[text.pk]))
        )
        for text in texts
    ]
    return tuple(sorted(rows, key=lambda each: (not each.is_owed, -(each.days_late or 0), each.document, each.code)))


def _tasks(reading: Reading) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for task_id, instrument_id in TaskInstrument.objects.values_list("task_id", "instrument_id"):
        if task_id in reading.task_codes:
            found[instrument_id].append(reading.task_codes[task_id])
    return found


def _instrument(row: InstrumentRow, reading: Reading, slugs: dict[int, str], tasks: tuple[str, ...]) -> InstrumentData:
    text, standing = row.instrument, row.standing
    return InstrumentData(
        code=text.code,
        document=slugs[text.document_id],
        clause=text.clause.path if text.clause else None,
        type=text.type,
        title=text.title,
        drafter=reading.organisations[text.drafter_id].code,
        due_on=text.due_on,
        deadline_text=text.deadline_raw,
        stage=standing.stage or NOT_BEGUN,
        since=row.since,
        timeliness=standing.timeliness.value,
        days_late=standing.days_late,
        issued_on=standing.issued_on,
        in_force_on=standing.in_force_on,
        issued_document=_issued(text, standing.issued_on is not None, slugs),
        steps=tuple(InstrumentStepData(each.stage, each.entered_on, each.clock_ends_on) for each in standing.spans),
        tasks=tasks,
    )


def _issued(text: Instrument, is_issued: bool, slugs: dict[int, str]) -> str | None:
    return slugs.get(text.issued_document_id) if is_issued and text.issued_document_id else None

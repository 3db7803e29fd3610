"""What is said of an owed instrument: the shape that forms give and actions take."""

from dataclasses import dataclass
from datetime import date

from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, Document, Instrument, InstrumentType
from thucthi.kernel.deadlines import Deadline, parse_deadline


@dataclass(frozen=True)
class InstrumentContent:
    """`code` "" is assigned; `deadline_raw` stays as written ("Quý IV/2026", "sau khi Luật được thông qua").

    `new_procedures` None: not yet counted, which is not zero (D10).
    """

    type: str
    title: str
    drafter: Organisation
    code: str = ""
    clause: Clause | None = None
    deadline_raw: str = ""
    legal_basis: str = ""
    compliance_cost: str = ""
    new_procedures: int | None = None
    is_simulated: bool = False


@dataclass(frozen=True)
class NewStep:
    """`stage` is entered on `entered_on`; issue and force carry the `reference` of the text."""

    stage: str
    entered_on: date
    reference: str = ""
    note: str = ""
    is_simulated: bool = False


@dataclass(frozen=True)
class NewClock:
    """From `valid_from` on the law gives this stage `days` days; None where nothing readable was typed."""

    type: str
    stage: str
    days: int | None
    counting: str
    legal_basis: str
    valid_from: date | None


PLAIN = ("type", "title", "deadline_raw", "legal_basis", "compliance_cost", "new_procedures")


def content_of_instrument(row: Instrument) -> InstrumentContent:
    """What stands now; `drafter` and `clause` should be at hand."""
    plain = {name: getattr(row, name) for name in PLAIN}
    return InstrumentContent(
        **plain, code=row.code, drafter=row.drafter, clause=row.clause, is_simulated=row.is_simulated
    )


def plain_content(content: InstrumentContent) -> dict[str, object]:
    """For the ledger: words and numbers alone."""
    words = {name: getattr(content, name) for name in PLAIN}
    clause = content.clause.path if content.clause else None
    return {**words, "type": str(content.type), "drafter": content.drafter.code, "clause": clause, "code": content.code}


def read_deadline(document: Document, raw: str) -> Deadline:
    """As the document means it: a missing year is the next one after its issue."""
    return parse_deadline(raw, issued_on=document.issued_on)


def due_on_of(document: Document, raw: str) -> date | None:
    """The last day; None for an event, a reference, and words that give none."""
    return read_deadline(document, raw).end


def is_known_type(value: str) -> bool:
    return value in InstrumentType.values

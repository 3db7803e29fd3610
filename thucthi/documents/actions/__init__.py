"""Every change of the register of documents, and of the instruments that documents owe."""

from thucthi.documents.actions.clocks import end_statutory_clock, set_statutory_clock
from thucthi.documents.actions.conflicts import answer_conflict, state_conflict
from thucthi.documents.actions.instruments import edit_instrument, owe_instrument, owe_instruments
from thucthi.documents.actions.register import NewClause, NewDocument, register_document, relate_documents
from thucthi.documents.actions.stages import enter_stage, link_issued_document
from thucthi.documents.selectors.contents import InstrumentContent, NewClock, NewStep

__all__ = [
    "InstrumentContent",
    "NewClause",
    "NewClock",
    "NewDocument",
    "NewStep",
    "answer_conflict",
    "edit_instrument",
    "end_statutory_clock",
    "enter_stage",
    "link_issued_document",
    "owe_instrument",
    "owe_instruments",
    "register_document",
    "relate_documents",
    "set_statutory_clock",
    "state_conflict",
]

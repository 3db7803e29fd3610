"""What was decided: documents, their clauses, how they relate, the instruments they still owe."""

from thucthi.documents.models.instruments import (
    ConflictAnswer,
    Instrument,
    InstrumentConflict,
    InstrumentStep,
    InstrumentType,
    Stage,
    StatutoryClock,
)
from thucthi.documents.models.texts import Clause, Document, DocumentRelation, DocumentType, RelationKind, Security

__all__ = [
    "Clause",
    "ConflictAnswer",
    "Document",
    "DocumentRelation",
    "DocumentType",
    "Instrument",
    "InstrumentConflict",
    "InstrumentStep",
    "InstrumentType",
    "RelationKind",
    "Security",
    "Stage",
    "StatutoryClock",
]

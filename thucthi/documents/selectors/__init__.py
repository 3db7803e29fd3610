"""Reading documents and the instruments they owe, always with a viewer."""

from thucthi.documents.selectors.register import (
    Passage,
    document_for,
    open_programmes_under,
    organisation_typed,
    passages_of,
    registers_of,
    relations_of,
    search_documents,
    visible_documents,
    words_of,
)

__all__ = [
    "Passage",
    "document_for",
    "open_programmes_under",
    "organisation_typed",
    "passages_of",
    "registers_of",
    "relations_of",
    "search_documents",
    "visible_documents",
    "words_of",
]

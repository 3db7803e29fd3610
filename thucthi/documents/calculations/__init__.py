"""Arithmetic of documents: texts with their clauses, stages of instruments. No framework, no clock, no database."""

from thucthi.documents.calculations.texts import NewClause, compose_text, paragraphs_of

__all__ = ["NewClause", "compose_text", "paragraphs_of"]

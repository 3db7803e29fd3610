"""Reads the head of a document: number, type, issuer, day, place, title, and what it does to other documents."""

from thucthi.intake.reading.header.reading import read_header

__all__ = ["read_header"]

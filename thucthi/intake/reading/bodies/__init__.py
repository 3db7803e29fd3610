"""Recognises the bodies that a text names."""

from thucthi.intake.reading.bodies.gazetteer import Gazetteer, is_collective
from thucthi.intake.reading.bodies.known import KnownBody, KnownSuccession, NamedBody

__all__ = ["Gazetteer", "KnownBody", "KnownSuccession", "NamedBody", "is_collective"]

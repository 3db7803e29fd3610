"""Arithmetic of programmes: clarity and standing. No framework, no clock, no database."""

from thucthi.programmes.calculations.clarity import (
    PROFILES,
    ClarityProfile,
    Criterion,
    Finding,
    Note,
    TaskFacts,
    Verdict,
)
from thucthi.programmes.calculations.findings import clarity
from thucthi.programmes.calculations.lifecycle import Standing, extensions, standing

__all__ = [
    "PROFILES",
    "ClarityProfile",
    "Criterion",
    "Finding",
    "Note",
    "Standing",
    "TaskFacts",
    "Verdict",
    "clarity",
    "extensions",
    "standing",
]

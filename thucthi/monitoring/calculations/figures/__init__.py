"""Figures made from parts (ADR 0017): pure rules, that the statements in `selectors` are tested against."""

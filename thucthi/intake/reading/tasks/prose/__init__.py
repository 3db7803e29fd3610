"""Reads tasks from running text."""

from thucthi.intake.reading.tasks.prose.reading import read_prose_tasks

__all__ = ["read_prose_tasks"]

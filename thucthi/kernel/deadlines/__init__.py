"""Deadlines: what they are, and how the words of a document become one."""

from thucthi.kernel.deadlines.deadline import Deadline, DeadlineKind, is_checkable
from thucthi.kernel.deadlines.reading import parse_deadline

__all__ = ["Deadline", "DeadlineKind", "is_checkable", "parse_deadline"]

"""Deadlines: what they are, and how the words of a document become one."""

from thucthi.kernel.deadlines.deadline import Deadline, DeadlineKind, is_checkable
from thucthi.kernel.deadlines.prose import FoundDeadline, combined, find_deadlines
from thucthi.kernel.deadlines.reading import parse_deadline

__all__ = ["Deadline", "DeadlineKind", "FoundDeadline", "combined", "find_deadlines", "is_checkable", "parse_deadline"]

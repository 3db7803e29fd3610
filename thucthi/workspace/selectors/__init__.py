"""Reads that compose several apps for one person's screen."""

from thucthi.workspace.selectors.my_work import my_work
from thucthi.workspace.selectors.search import search
from thucthi.workspace.selectors.standing import Figure, overview, task_progress, task_stuck

__all__ = ["Figure", "my_work", "overview", "search", "task_progress", "task_stuck"]

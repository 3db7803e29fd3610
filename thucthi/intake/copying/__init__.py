"""Notices programmes that repeat other programmes, and tasks that say nothing."""

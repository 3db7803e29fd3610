"""Reads an official document into its header, clauses, targets and tasks, each with its place in the text."""

"""Definitions, targets, paths, comparisons between documents, cascades."""

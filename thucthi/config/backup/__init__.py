"""Backups that can be trusted: taken, verified, restored to a moment, and held against what was published."""

"""Arithmetic of reports and files: no framework, no clock, no database."""

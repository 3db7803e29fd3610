"""Telling the programs of organisations what happened: endpoints, messages, attempts (ADR 0033)."""

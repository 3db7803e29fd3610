"""Arithmetic of readings: passages with lit places, changes between versions, what is left out. No framework."""

"""Asking other systems for values: one request without surprises, and reading the answer in a process of its own."""

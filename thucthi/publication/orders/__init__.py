"""What is too long for a page: a person asks for an issue to be made or published, the worker does it (ADR 0053)."""

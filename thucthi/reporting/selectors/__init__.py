"""Reading obligations, drafts, reports, evidence and verdicts."""

"""Pages of programmes, tasks and control frames."""

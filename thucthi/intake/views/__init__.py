"""Pages of documents taken in."""

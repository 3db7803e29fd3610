"""Pages of the official's home."""

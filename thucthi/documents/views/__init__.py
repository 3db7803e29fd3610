"""Pages of documents and of the instruments they owe."""

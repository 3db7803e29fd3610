"""How well documents are read, on labelled examples."""

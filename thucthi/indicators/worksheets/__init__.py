"""Tables of values as files: written out to be filled, and read back in a process of their own."""

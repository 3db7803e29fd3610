"""Forms of documents: they read what was typed; the actions say what is wrong with it."""

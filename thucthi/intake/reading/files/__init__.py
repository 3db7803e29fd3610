"""Files of the kinds that are read, each into its text, lines and tables; `extraction` loads every parser."""

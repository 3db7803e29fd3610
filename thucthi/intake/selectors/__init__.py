"""Reading files, readings and drafts, always with a viewer."""

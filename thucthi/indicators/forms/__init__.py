"""What is typed, by what it is about."""

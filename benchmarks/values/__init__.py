"""How sound the questions about values are."""

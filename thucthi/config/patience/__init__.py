"""PostgreSQL for Django, with a limit on how long a web request waits for a server that says nothing."""

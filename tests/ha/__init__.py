"""`python -m tests.ha` (make ha-test): the whole system on this machine, killed part by part under acknowledged writes.

Not collected by pytest, except for the small tests of its own arithmetic (test_*.py). The configurations are those of
`deploy/`; only addresses, directories and the size of the buffers differ.
"""

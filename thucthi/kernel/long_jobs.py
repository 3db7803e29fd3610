"""How jobs share a worker that does two at a time.

What may take minutes in a large country holds one lock: one such job runs, the next waits, and the other place is
always free for what must not wait: counts, the ledger, notices, letters, files that somebody has just sent.
"""

ONE_AT_A_TIME = "long jobs"

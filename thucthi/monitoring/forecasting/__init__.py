"""Where a series is heading: simple methods first, others only when they beat them on the past. No framework, no clock.

`smoothing` needs the statistics library, which takes seconds and a hundred megabytes to load: only `worker` imports it,
and `worker` runs in a process of its own, started by `asking`.
"""

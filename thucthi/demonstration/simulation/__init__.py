"""A simulated country of any size, made from a seed: from a village for a test to twenty thousand bodies.

`plan` decides how many of what and when (pure), the other files write the rows, `building.simulate` does it all,
whole or not at all (docs/adr/0047). Why the rows are made by the database itself: docs/adr/0036.
"""

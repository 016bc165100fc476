"""A day of 2,000 entries with a known plot: what was published, and what an alerting monitor owes its readers for it.

`plot.made(seed)` writes the day. `serving.write_rules(path, port)` and `serving.documents_at(plot, minute)` serve it:
ask every feed at each minute of `serving.POLLS`, the clock standing at `plot.instant(minute)`, and let the operator do
`expected.MUTE` between the polls of 12:00 and 12:05. `expected.expected(plot)` and `expected.quiet(plot)` say what it
calls for. That was decided by the plot's author, beat by beat (`arcs_told.py`, `arcs_weighed.py`), and never by running
or imitating the product. `python -m tests.plot SEED` prints the day as a script.
"""

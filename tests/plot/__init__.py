"""A day of 2,000 entries with a known plot: what was published, and what an alerting monitor owes its readers for it.

`made(seed)` writes the day, `documents_at` serves it, `expected` and `quiet` say what it calls for. What is called for
was decided by the plot's author, beat by beat (`arcs.py`), and never by running or imitating the product.
"""

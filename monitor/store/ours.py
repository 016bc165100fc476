"""What people's rules and feeds brought, told apart from what monitor writes itself: tests of channels, silences."""

from __future__ import annotations


def of_people(column: str) -> str:
    """In SQL: this id (of a rule, a feed, a newsroom) is one that a person gave. Ours have a colon, which no other id
    may have (`alerts.canary`, `silences`)."""
    # PostgreSQL knows what share of a column is not LIKE that: nearly all. Of a function's value it guesses 1 in 200,
    # and sorts a whole table where it should take the newest by an index.
    return f"{column} NOT LIKE '%:%'"

"""The shared statements, in PostgreSQL's words."""

from __future__ import annotations

import pytest

from monitor.store.postgres.translate import translate

SAID = {
    "positions": ("SELECT ? , ?", "SELECT %s , %s"),
    "names": ("SELECT :one WHERE a = :two", "SELECT %(one)s WHERE a = %(two)s"),
    "a cast is no name": ("SELECT a::bigint, :b::text", "SELECT a::bigint, %(b)s::text"),
    "a percent sign stands for itself": ("SELECT a % 2", "SELECT a %% 2"),
    "text is left alone": ("SELECT 'what?', ':no', 'it''s :me', \"a?\"", "SELECT 'what?', ':no', 'it''s :me', \"a?\""),
    "but its percent signs": ("WHERE a LIKE '%x'", "WHERE a LIKE '%%x'"),
    "a comment is left alone": ("SELECT 1 -- is it :so?\nFROM a", "SELECT 1 -- is it :so?\nFROM a"),
    "an index to be used": ("FROM a INDEXED BY a_by_b WHERE", "FROM a WHERE"),
    "no index to be used": ("FROM a NOT INDEXED WHERE", "FROM a WHERE"),
    "the same, or both nothing": ("a IS ? AND b IS :b", "a IS NOT DISTINCT FROM %s AND b IS NOT DISTINCT FROM %(b)s"),
    "another, or one nothing": ("a IS NOT :a", "a IS DISTINCT FROM %(a)s"),
    "nothing stays nothing": ("a IS NULL AND b IS NOT NULL", "a IS NULL AND b IS NOT NULL"),
    "what is there already": (
        "INSERT OR IGNORE INTO a (b) VALUES (?)\n",
        "INSERT INTO a (b) VALUES (%s) ON CONFLICT DO NOTHING",
    ),
}


@pytest.mark.parametrize(("said", "meant"), SAID.values(), ids=SAID.keys())
def test_a_statement_is_translated(said, meant):
    assert translate(said) == meant

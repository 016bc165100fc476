"""The table of rules versions, where the schema does not have it yet."""

from __future__ import annotations

from monitor.store.database import Database


def with_rules_table(database: Database) -> Database:
    with database.write() as db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS rules_version (number INTEGER PRIMARY KEY, published_us INTEGER NOT NULL,"
            " published_by TEXT NOT NULL, note TEXT NOT NULL, main TEXT NOT NULL, files TEXT NOT NULL)"
        )
    return database

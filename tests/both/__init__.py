"""The same state in SQLite and in PostgreSQL: whatever is asked of it, the answers are the same."""

"""The Store of many machines: the same statements on PostgreSQL (psycopg 3, extra `postgres`)."""

"""Past one machine: what workers that share a PostgreSQL database need. Nothing of it is imported by `monitor run`."""

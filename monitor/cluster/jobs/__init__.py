"""The engine: a queue of jobs in PostgreSQL, which workers share. `engine` is what others call, `ticks` its clock."""

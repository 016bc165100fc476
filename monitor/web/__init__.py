"""What people see in a browser: an alert, and what its links do."""

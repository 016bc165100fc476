"""What was alerted, for other programs: one row an alert, one writer a format.

Rows are read as they are written, so memory holds a few of them, however many there are.
"""

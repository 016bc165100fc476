"""Everything that keeps a monitor from doing what it is for, looked for: each finding says how to mend it.

It writes nothing and sends nothing, and works beside a running daemon.
"""

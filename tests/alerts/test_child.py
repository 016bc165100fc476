from __future__ import annotations

import socket
import subprocess
import sys

SCRIPT = """
import os, sys
from monitor.alerts.forking import _take_control
control = _take_control()
print("printed by a plugin", flush=True)
print("an error with a token in it", file=sys.stderr, flush=True)
for descriptor in (0, 1, 2):
    os.write(descriptor, b"written past Python")
control.sendall(control.recv(99))
"""


def test_nothing_but_answers_leaves_the_process():
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(b"question")
        with theirs:
            ran = subprocess.run(
                [sys.executable, "-c", SCRIPT], stdin=theirs, capture_output=True, text=True, check=True
            )
        assert (ran.stdout, ran.stderr) == ("", "")
        assert b"".join(iter(lambda: ours.recv(99), b"")) == b"question"

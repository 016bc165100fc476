from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, sys
from monitor.alerts.child import _take_pipes
incoming, outgoing = _take_pipes()
print("printed by a plugin", flush=True)
print("an error with a token in it", file=sys.stderr, flush=True)
os.write(1, b"written past Python")
os.write(2, b"written past Python")
outgoing.write(incoming.readline())
outgoing.flush()
"""


def test_nothing_but_answers_leaves_the_process():
    ran = subprocess.run([sys.executable, "-c", SCRIPT], input="question\n", capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("question\n", "")

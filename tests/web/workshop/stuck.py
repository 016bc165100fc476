"""A process at the other end of a bench that hears its order, says that it begins, and does nothing more."""

from __future__ import annotations

import json
import os
import socket


def main() -> None:
    pipe = socket.socket(fileno=os.dup(0))
    with pipe.makefile("rb") as lines:
        for line in lines:
            order = json.loads(line)
            if order["task"] == "die":
                os._exit(1)
            if order["task"] == "warm":
                pipe.sendall(b'{"ready": true}\n')
                continue
            pipe.sendall(b'{"begun": true}\n')
            if order["task"] == "answer":
                pipe.sendall(b'{"done": {"pid": %d}}\n' % os.getpid())

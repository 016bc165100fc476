"""The pages as a process beside the daemon: on a socket that it was given, until the daemon lets go of it."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Final, cast

import uvicorn

from monitor.cli import EXIT_CONFIG, EXIT_ERROR, logs
from monitor.errors import ConfigError, MonitorError
from monitor.search.keeping import kept_up
from monitor.web.app import make_app
from monitor.web.desk import Desk
from monitor.web.serving import END_WITHIN, server_of

NICER: Final = 5  # than the daemon: who looks does not hold up alerts

log = logging.getLogger(__name__)


def main(config: str, state: str, descriptor: str, form: str) -> None:
    """Called in a process of its own. Standard input ends when the daemon does, in whatever way: then so do we."""
    os.nice(NICER)
    logs.set_up(logging.INFO, cast(logs.Format, form))
    try:
        desk = Desk(Path(config), Path(state))
    except MonitorError as error:
        log.error("web.unstarted", extra={"what": str(error)})
        sys.exit(EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_ERROR)
    with socket.socket(fileno=int(descriptor)) as listening, kept_up(Path(state)):
        server = server_of(make_app(desk))
        threading.Thread(target=_end_with_the_daemon, args=(server,), name="daemon", daemon=True).start()
        server.run(sockets=[listening])


def _end_with_the_daemon(server: uvicorn.Server) -> None:
    while os.read(0, 1):
        pass
    last_resort = threading.Timer(END_WITHIN + 1, os._exit, [0])
    last_resort.daemon = True
    last_resort.start()
    server.should_exit = True

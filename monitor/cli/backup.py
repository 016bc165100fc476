"""`monitor backup`: a sound copy of the state."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.options import config_accepted, state_option
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.store import back_up, open_store
from monitor.store.read import open_reader


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@state_option
@config_accepted
def backup(target: Path, state: Path) -> None:
    """Write a sound copy of the state to FILE, also while the monitor is running. An older FILE is replaced.

    To restore: stop the monitor, put the copy into the state directory under the name monitor.db (and remove
    monitor.db-wal and monitor.db-shm), start it again. What was sent after the backup may be sent once more.
    """
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"{state} holds no state yet: there is nothing to copy")
    reader.close()
    store = open_store(state, now=SystemClock().now(), check=False)
    try:
        back_up(store, target)
    finally:
        store.close()
    click.echo(f"{target} is a copy of {state} as it was at this moment")

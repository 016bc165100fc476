"""`monitor demo`: the real thing over sample feeds, offline, with nothing to set up and nothing kept."""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from monitor.app import App
from monitor.cli import EXIT_USAGE, logs
from monitor.cli.passes import deliver_all, poll_all
from monitor.cli.show import counted
from monitor.cli.tally import Tally
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import Reason
from monitor.serve import Listen, bound

SAMPLES = Path(__file__).parent.parent / "demo_feeds"
LATER = SAMPLES / "later"  # what newsrooms publish in the place of their first feed, after it was read
ENCODINGS = re.compile(rb'encoding="([\w-]+)"')
PLACEHOLDER = re.compile(r"\{\{minutes_ago:(\d+)\}\}")


@click.command()
@click.option(
    "--web",
    is_flag=False,
    flag_value="127.0.0.1:8080",
    metavar="[ADDRESS:PORT]",
    help="Then show the same on the pages, until Ctrl-C; 127.0.0.1:8080 where no address is given.",
)
def demo(web: str | None) -> None:
    """Serve sample feeds from this machine, run the real pipeline over them, and print the alerts as they would arrive.

    Needs no network, account or configuration, and keeps nothing. The samples are invented.
    """
    logs.set_up(50, "text")
    now = SystemClock().now()
    pages = _pages(SAMPLES, now)
    with (
        _listening(web) as showing,
        tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder,
        _served(pages) as address,
    ):
        rules, state = Path(folder) / "rules.yaml", Path(folder) / "state"
        shutil.copyfile(SAMPLES / "rules.yaml", rules)  # what is changed on the pages goes with the rest
        environ = {"DEMO_URL": address}
        tally = Tally()
        app = App(
            rules,
            state,
            command="monitor demo",
            baseline=False,
            environ=environ,
            on_poll=tally.polled_feed,
            on_delivery=tally.tried_delivery,
        )
        try:
            _introduce(app, len(pages))
            for feed in app.config.feeds:  # one by one: whoever is first to tell a story is always the same
                poll_all(app, (feed,), tally, every=True)
            deliver_all(app)
            _go_on(app, pages, _pages(LATER, now), tally)
        finally:
            app.close()
        _conclude(tally)
        if showing:
            _show(showing, rules, state, environ)


@contextmanager
def _listening(web: str | None) -> Iterator[tuple[Listen, socket.socket] | None]:
    """Bound before anything is read: an address that is taken is told at once."""
    if web is None:
        yield None
        return
    try:
        listen = Listen.of(web, option="--web")
        if not listen.is_loopback:
            raise UsageError(f"--web {web}: samples are shown on this machine alone; take an address of its own")
        listening = bound(listen, option="--web")
    except UsageError as error:
        click.echo(f"monitor: {error}", err=True)
        raise SystemExit(EXIT_USAGE) from None
    with listening:
        yield listen, listening


def _show(where: tuple[Listen, socket.socket], rules: Path, state: Path, environ: Mapping[str, str]) -> None:
    from monitor.search.keeping import kept_up
    from monitor.web.app import make_app
    from monitor.web.desk import Desk
    from monitor.web.listening import address_of
    from monitor.web.serving import run

    click.echo(f"\nThe same on pages: {address_of(*where)} until Ctrl-C.")
    desk = Desk(rules, state, environ=environ)
    with kept_up(state):
        run(make_app(desk), where[1])


def _introduce(app: App, pages: int) -> None:
    rules = counted(len(app.config.rules), "rule", "rules")
    click.echo(f"Reading {counted(pages, 'sample feed', 'sample feeds')} from this machine with {rules} …\n")


def _go_on(app: App, pages: dict[str, bytes], later: dict[str, bytes], tally: Tally) -> None:
    click.echo("A newsroom changes what it has published …\n")
    pages.update(later)
    names = {Path(path).stem for path in later}
    poll_all(app, [feed for feed in app.config.feeds if feed.id in names], tally, every=True)
    deliver_all(app)


def _conclude(tally: Tally) -> None:
    quiet = ", ".join(f"{count} {reason.value}" for reason, count in tally.reasons.items() if not reason.tells)
    click.echo(
        f"{counted(tally.new, 'entry', 'entries')} read, {counted(len(tally.alerts), 'alert', 'alerts')} raised"
        + (f"; matched, but not announced: {quiet}." if quiet else ".")
    )
    copies = tally.reasons[Reason.DUPLICATE]
    if copies:
        click.echo(f"Not announced twice: {counted(copies, 'report', 'reports')} of what had been told.")
    click.echo("\nNext:  monitor init my-desk   writes feeds and rules of your own to start from.")


# --- the sample feeds


def _pages(folder: Path, now: datetime) -> dict[str, bytes]:
    """By path, each sample with its dates made recent."""
    return {f"/{file.name}": _recent(file.read_bytes(), now) for file in sorted(folder.glob("*.xml"))}


def _recent(page: bytes, now: datetime) -> bytes:
    declared = ENCODINGS.search(page[:200])
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    atom = b"<feed" in page[:500]

    def moment(found: re.Match[str]) -> str:
        at = now - timedelta(minutes=int(found[1]))
        return at.isoformat(timespec="seconds") if atom else format_datetime(at)

    return PLACEHOLDER.sub(moment, page.decode(encoding)).encode(encoding)


@contextmanager
def _served(pages: dict[str, bytes]) -> Iterator[str]:
    """The address of a loopback server of these pages."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()

"""One pass over feeds and deliveries, for commands that end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import click

from monitor.app import App
from monitor.cli.tally import Tally
from monitor.model import Feed

# Cron starts us every few minutes, some seconds early or late. Without this a feed whose time comes a second after we
# looked would wait for another whole round.
AHEAD = timedelta(seconds=30)
LOOK = 0.2  # seconds between two looks at what has ended
FOR_ARTICLES = 20.0  # seconds in which a pass begins to read some: cron's next pass waits for the end of this one
LAST_ARTICLE = 30.0  # seconds for what is under way when the pass has no more time for articles
PATIENCE = 60.0  # seconds that a pass waits for services that take only so many messages a minute; the next one goes on


@contextmanager
def interruptible() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM end the pass in order: the list holds the signal once it came. A second ends it at once."""
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def poll_all(app: App, feeds: Sequence[Feed], tally: Tally, *, every: bool, interrupted: Sequence[int] = ()) -> None:
    """Each feed at most once: those that are due, or all of `feeds`. Shows its progress to a person."""
    waiting = {feed.id: feed for feed in feeds}
    with click.progressbar(
        length=len(waiting), label="Polling feeds", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        while not interrupted:
            begun = app.polls.tick(app.setup, list(waiting.values()), every=every, ahead=AHEAD)
            for feed_id in begun:
                del waiting[feed_id]
            bar.update(tally.polled - bar.pos)
            _raise(app.polls.trouble)
            if not begun and not app.polls.busy:
                break
            app.polls.wait_for_any(LOOK)
        bar.update(tally.polled - bar.pos)
    _raise(app.polls.trouble)


def read_articles(app: App, feeds: Sequence[Feed], interrupted: Sequence[int] = ()) -> None:
    """Each article that is due, one after the other of a feed, as far as a pass has time: the next one goes on."""
    end = app.clock.monotonic() + FOR_ARTICLES
    while not interrupted and app.clock.monotonic() < end:
        begun = app.articles.tick(app.setup, feeds, ahead=AHEAD)
        _raise(app.articles.trouble)
        if not begun and not app.articles.busy:
            return
        app.articles.wait_for_any(LOOK)
    app.articles.wait(LAST_ARTICLE)
    _raise(app.articles.trouble)


def deliver_all(app: App, interrupted: Sequence[int] = ()) -> None:
    """Try each delivery that is due, until none is: what failed is due later and waits for the next pass, and so does
    what a service does not take within a minute.

    Raises what broke the loop, as `poll_all` does: a pass that lost something must not look well.
    """
    end = app.clock.monotonic() + PATIENCE
    while not interrupted:
        begun = app.deliveries.tick(app.setup)
        _raise(app.deliveries.trouble)
        if not begun and not app.deliveries.busy:
            pause = app.deliveries.next_in()
            if pause is None or app.clock.monotonic() + pause > end:
                return
            time.sleep(min(pause, LOOK))
        app.deliveries.wait_for_any(LOOK)


def look_after_itself(app: App, tally: Tally) -> None:
    """At the end of a pass: the sign of life, and what operators need to hear.

    A pass that asked nothing and sent nothing learned nothing, and need not look.
    """
    app.lookout.beat(app.config)
    if tally.polled or tally.tried or app.config.beacon is not None or any(app.undelivered()):
        app.look()


def _raise(trouble: Exception | None) -> None:
    if trouble is not None:
        raise trouble

"""A day of 2,000 entries with a known plot: alerts sent are those that the plot calls for, each reason right.

The plot, and what it calls for, was written by somebody who had not seen how it is decided; see `tests/plot`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from monitor import config as configuration
from monitor.backtest import Asked, Stored, run
from monitor.model import Alert, Reason
from monitor.prepared import OnDemand
from monitor.store import Reader
from tests.plot.day import Day
from tests.plot.expected import expected, quiet
from tests.plot.plot import made
from tests.plot.serving import POLL_EVERY
from tests.plot.values import Call, Plot
from tests.servers import site

NAMES = {
    Reason.FIRST_REPORT: "first report",
    Reason.CORROBORATED: "corroborated",
    Reason.ESCALATED: "escalated",
    Reason.UPDATED: "updated",
    Reason.CORRECTED: "corrected",
    Reason.DENIED: "denied",
    Reason.DUPLICATE: "duplicate",
    Reason.BASELINE: "baseline",
    Reason.STALE: "stale",
    Reason.MUTED: "muted",
    Reason.THROTTLED: "throttled",
    Reason.TOO_FEW_SOURCES: "below min_sources",
}
ORDERS = {3: 1, 4: 2}  # of the feeds, at each poll, by the plot's seed; others: as in the rules file


@pytest.fixture(scope="module", params=[1, 2, 3, 4], ids="seed {}".format)
def day(request, tmp_path_factory) -> Iterator[Day]:
    """The first is fetched over HTTP."""
    seed, directory = request.param, tmp_path_factory.mktemp("plot")
    with site() as served:
        day = Day(made(seed), directory, order=ORDERS.get(seed), site=served if seed == 1 else None)
        with closing(day):
            day.run()
            yield day


def test_the_alerts_sent_are_those_that_the_plot_calls_for(day):
    calls = [(call, _told(call)) for call in expected(day.plot)]
    sent = [(each, _of(each.alert, day.plot)) for each in day.sent]
    assert sorted(told for _, told in sent) == sorted(told for _, told in calls)
    for call, told in calls:
        in_time = [each.at for each, its in sent if its == told and call.earliest <= each.at <= call.latest]
        assert in_time, f"{told} was not sent between {call.earliest} and {call.latest}: {call.because}"


def test_every_report_gets_the_reason_that_the_plot_calls_for(day):
    called = {(told.entry, told.version, rule): verdict for told, rule, verdict in _judged(day.plot)}
    called |= {(each.entry, each.version, each.rule): each.reason for each in quiet(day.plot)}
    stored = {(each.entry, each.version, each.rule): NAMES[Reason[each.reason]] for each in day.decided()}
    differing = {key: (called.get(key), stored.get(key)) for key in called.keys() | stored.keys()}
    assert {key: both for key, both in differing.items() if both[0] != both[1]} == {}


def test_each_event_is_one_story(day):
    events = {(told.entry, rule): told.event.id for told, rule, _ in _judged(day.plot)}
    pairs = {(events[each.entry, each.rule], each.story) for each in day.decided() if (each.entry, each.rule) in events}
    assert len(pairs) == len({event for event, _ in pairs}) == len({story for _, story in pairs})


def test_nothing_waits_when_the_day_is_over(day):
    assert day.store.claim_deliveries(day.clock.now(), limit=9, lease=day.clock.now() - day.plot.begins) == []


def test_the_same_rules_tried_on_the_day_afterwards_would_send_what_was_sent(day):
    sent = [(each.at, _known_by(each.alert)) for each in day.sent]
    config, content = configuration.load(day.rules, environ={}), day.setup.matcher
    assert isinstance(content, OnDemand)
    history = Stored(Reader(day.store.database))
    trial = run(config, history, clock=day.clock, asked=Asked(mutes=True), content=content)
    would = [(_next_poll(each.at, day.plot), _known_by(each)) for each in trial.alerts]
    assert sorted(would, key=str) == sorted(sent, key=str)


def _known_by(alert) -> tuple[object, ...]:
    """What an alert and what would have been one have in common."""
    return alert.link, alert.rule_id, alert.reason, alert.severity, alert.sources, alert.reports, alert.why


def _next_poll(at: datetime, plot: Plot) -> datetime:
    """Messages of the day go out after a poll."""
    begins = plot.instant(0)
    return begins - (begins - at) // timedelta(minutes=POLL_EVERY) * timedelta(minutes=POLL_EVERY)


def _told(call: Call) -> tuple[object, ...]:
    tags = ",".join(sorted(call.tags))
    return (call.event, call.rule, call.saying or call.reason, call.severity, call.sources, call.reports, tags)


def _of(alert: Alert, plot: Plot) -> tuple[object, ...]:
    event = next(told.event.id for told in plot.told if told.entry == alert.link)
    tags = ",".join(sorted(tag.value for tag in alert.facts.tags))
    severity = alert.severity.value
    return (event, alert.rule_id, NAMES[alert.reason], severity, alert.sources, alert.reports, tags)


def _judged(plot: Plot) -> Iterator[tuple]:
    for told in plot.told:
        yield told, told.event.arc.rule, told.beat.verdict.reason
        if told.beat.second is not None:
            yield told, told.event.arc.second, told.beat.second.reason

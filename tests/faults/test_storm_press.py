"""The receiver of the storms reads what came, alone and in the digests of a burst."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from random import Random

import pytest

from monitor.alerts.render import render, render_digest
from tests.faults.storm_press import Press
from tests.store.builders import NOW, alert

TITLES = [f"غارة على أطراف بلدة رقم {n}" for n in (1, 2, 12, 121)]


@pytest.fixture
def press() -> Press:
    made = Press(Random(1))
    made.expected.update(TITLES)
    return made


def alerts(*titles: str):
    return [
        replace(alert(n, 1, decided_at=NOW + timedelta(minutes=n)), title=title, spans=())
        for n, title in enumerate(titles, 1)
    ]


def digest(*titles: str) -> str:
    message = render_digest(alerts(*titles), language="en", zone=UTC, now=NOW)
    return f"{message.title}\n{message.body}"


def single(title: str, *, repeated: bool = False) -> str:
    (one,) = alerts(title)
    message = render(one, language="en", zone=UTC, now=NOW, repeated=repeated)
    return f"{message.title}\n{message.body}"


def test_every_alert_of_a_digest_has_arrived(press):
    assert press.take("quick", 0, digest(*TITLES))
    assert press.take("slow", 0, single(TITLES[3]))
    assert {headline for headline, channel in press.lost() if channel == "quick"} == set()
    assert {headline for headline, channel in press.lost() if channel == "slow"} == {*TITLES[:3]}
    assert (press.received(), press.messages, press.digests, press.unasked) == (5, 2, 1, [])


def test_what_a_long_digest_counts_and_does_not_name_has_arrived_if_the_state_sent_it(press):
    many = [f"غارة على أطراف بلدة رقم {n}" for n in range(1000, 1100)]
    press.expected = set(many)
    message = press.take("quick", 1, digest(*many))
    unnamed = {headline for headline, channel in press.lost() if channel == "quick"}
    assert len(unnamed) == press.more[message] > 20
    assert press.received() == len(many)
    first, *others = sorted(unnamed)

    def lost(sent):
        press.sent = sent
        return {headline for headline, channel in press.lost() if channel == "quick"}

    assert lost({(each, "quick"): message for each in many}) == set()
    assert lost({(each, "quick"): message for each in others} | {(first, "slow"): message}) == {first}
    assert lost({(each, "quick"): message for each in others} | {(first, "quick"): message + 1}) == {first}, (
        "never came"
    )
    another = press.take("slow", 1, digest(*many))
    assert lost({(each, "quick"): message for each in others} | {(first, "quick"): another}) == {first}, "another's"
    press.more[message] -= 1
    assert len(lost({(each, "quick"): message for each in many})) == 1, "one more than it counted"


def test_a_digest_that_comes_again_is_one_message_again(press):
    for life in (1, 2):
        press.take("quick", life, digest(*TITLES))
    assert (press.extra(), press.worst_of_a_life()) == (4, 1)
    assert press.alerts_of_a_headline() <= 1
    assert press.unmarked() == 0


def test_two_messages_of_a_life_that_come_again_are_two(press):
    for title in TITLES[:2]:
        press.take("quick", 1, single(title))
    press.take("quick", 2, digest(*TITLES[:2]))
    assert press.worst_of_a_life() == 2


def test_a_daemon_that_lives_on_after_its_children_were_killed_may_repeat_one_more(press):
    for title in TITLES[:2] * 2:
        press.take("quick", 1, single(title))
    press.orphaned[2] += 1
    assert press.worst_of_a_life() == 2, "another daemon's children"
    press.orphaned[1] += 1
    assert press.worst_of_a_life() == 1


def test_a_single_repeat_says_so_or_is_unmarked(press):
    for repeated in (False, True, False):
        press.take("quick", 1, single(TITLES[0], repeated=repeated))
    assert press.unmarked() == 1
    press.by_hand.add((TITLES[0], "quick"))
    assert (press.unmarked(), press.worst_of_a_life()) == (0, 0)


@pytest.mark.parametrize(
    "text", ["nothing of ours", single("غارة على أطراف بلدة رقم 7"), digest(TITLES[0], "غارة على أطراف بلدة رقم 7")]
)
def test_what_nobody_published_is_unasked(press, text):
    press.take("quick", 1, text)
    assert press.unasked == [text]
    assert press.received() == 0

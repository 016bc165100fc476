"""From what is recorded to what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import health
from monitor.health import Fate, Seen
from monitor.model import ArticlesRead, FeedState
from monitor.trouble import Finding, Kind, Sends, Sight, Trouble, sight
from tests.world import NOW, feed, rule

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def state(feed_id: str, failures: int = 0, **learned) -> FeedState:
    known = {"last_polled_at": NOW - MINUTE, "last_success_at": NOW - HOUR, "last_new_at": NOW - HOUR, "window": 9}
    error = "no connection: made up" if failures else None
    return FeedState(feed_id=feed_id, next_poll_at=NOW, failures=failures, last_error=error, **{**known, **learned})


def seen(failing: int = 0, of: int = 10, *, failures: int = 3, rules=(), **more) -> Seen:
    """So many feeds, the first of which fail."""
    feeds = [feed(f"f{number}") for number in range(of)]
    states = {each.id: state(each.id, failures if number < failing else 0) for number, each in enumerate(feeds)}
    return Seen(feeds=feeds, rules=lambda: rules, channels=(), states=states, **more)


def kinds(of: Seen) -> list[Kind]:
    return [each.kind for each in health.findings(of, now=NOW)]


# --- the network


@pytest.mark.parametrize(
    ("failing", "of", "network"),
    [(0, 10, False), (1, 10, False), (7, 10, False), (8, 10, True), (28, 30, True), (2, 2, False), (3, 3, True)],
)
def test_when_most_feeds_fail_at_once_it_is_the_network_and_one_finding(failing, of, network):
    found = kinds(seen(failing, of))
    assert found == ([Kind.NETWORK] if network else [Kind.FEED_FAILING] * failing)


def test_the_network_is_told_when_one_feed_is_sure_and_the_others_have_begun_to_fail():
    lately = seen(9, failures=1)
    assert kinds(lately) == []
    sure = {**lately.states, "f0": state("f0", 3)}
    assert kinds(replace(lately, states=sure)) == [Kind.NETWORK]


def test_the_network_is_down_until_half_of_the_feeds_answer_again():
    assert kinds(seen(6, network_down=True)) == [Kind.NETWORK]
    assert Kind.NETWORK not in kinds(seen(4, network_down=True))


def test_feeds_that_were_not_asked_since_the_network_came_back_are_not_blamed():
    assert kinds(seen(4, network_over_at=NOW)) == []
    assert kinds(seen(4, network_over_at=NOW - HOUR)) == [Kind.FEED_FAILING] * 4


def test_only_feeds_that_were_asked_lately_say_something_about_the_network():
    some = seen(4)
    old = {key: replace(each, last_polled_at=NOW - 2 * HOUR) for key, each in some.states.items() if not each.failures}
    assert kinds(replace(some, states={**some.states, **old})) == [Kind.NETWORK]


def test_feeds_that_were_never_asked_or_are_not_known_are_no_trouble():
    assert kinds(replace(seen(0), states={})) == []
    assert kinds(replace(seen(0, 1), states={"f0": state("f0", last_polled_at=None)})) == []


# --- rules

FOUR = ("f0", "f1", "f2", "f3")


@pytest.mark.parametrize(
    ("failing", "matches", "blind"),
    [
        (3, {}, None),  # nothing is known of it: it is blind when it sees nothing at all
        (4, {}, "4 of 4"),
        (1, {"f0": 9, "f1": 1}, "1 of 2"),  # nearly all that it ever found is in one feed
        (1, {"f0": 5, "f1": 5}, None),
        (1, {"f8": 50, "f0": 1}, "1 of 1"),  # f8 is none of its feeds any more
        (3, {"f0": 2, "f1": 2, "f2": 2, "f3": 2}, "3 of 4"),
    ],
)
def test_a_rule_is_blind_when_its_usual_feeds_are_down(failing, matches, blind):
    told = seen(failing, 10, rules=[rule("r", feeds=FOUR)], matches=lambda: {"r": matches})
    found = [each for each in health.findings(told, now=NOW) if each.kind is Kind.RULE_BLIND]
    assert [f"{each.facts['down']} of {each.facts['of']}" for each in found] == ([blind] if blind else [])


def test_rules_that_do_not_look_are_not_blind():
    rules = [rule("off", feeds=FOUR, enabled=False), rule("past", feeds=FOUR, expires=NOW.date() - DAY)]
    assert Kind.RULE_BLIND not in kinds(seen(4, rules=rules))


def test_a_rule_finds_its_feeds_by_their_tags():
    tagged = replace(seen(1, 2), feeds=[feed("f0", tags=frozenset({"syria"})), feed("f1")])
    assert Kind.RULE_BLIND in kinds(replace(tagged, rules=lambda: [rule("r", feeds=("tag:syria",))]))


def test_while_the_network_is_down_no_rule_is_named():
    assert kinds(seen(10, rules=[rule()])) == [Kind.NETWORK]


def test_past_matches_are_not_looked_up_while_all_feeds_answer():
    def never():
        raise AssertionError

    assert kinds(seen(0, rules=[rule()], matches=never)) == []


# --- channels


@pytest.mark.parametrize(
    ("sends", "kind"),
    [
        (Sends(), None),
        (Sends(waiting_since=NOW - 14 * MINUTE, waiting=1, tries=2), None),
        (Sends(waiting_since=NOW - 16 * MINUTE, waiting=1), Kind.CHANNEL_LATE),
        (Sends(waiting_since=NOW - MINUTE, waiting=1, tries=3), Kind.CHANNEL_LATE),
        (Sends(given_up=1, given_up_at=NOW - MINUTE), Kind.CHANNEL_REFUSES),
        (Sends(given_up=1, given_up_at=NOW - 8 * DAY), None),
        (Sends(canaries=1, waiting=1, tries=9, waiting_since=NOW - 14 * MINUTE), None),
        (Sends(canaries=1, waiting=1, waiting_since=NOW - 15 * MINUTE), Kind.CANARY_LOST),
        (Sends(canaries=1, waiting=2, waiting_since=NOW - 15 * MINUTE), Kind.CHANNEL_LATE),
        (Sends(canaries=1, waiting=1, given_up=1, given_up_at=NOW - HOUR), Kind.CHANNEL_REFUSES),
    ],
)
def test_what_is_wrong_with_a_channel(sends, kind):
    assert kinds(seen(sends={"desk": sends})) == ([kind] if kind else [])


# --- the clock


def test_what_was_read_in_the_future_means_a_wrong_clock():
    assert kinds(replace(seen(0, 1), states={"f0": state("f0", last_polled_at=NOW + HOUR)})) == [Kind.CLOCK]
    assert kinds(replace(seen(0, 1), states={"f0": state("f0", last_polled_at=NOW + MINUTE)})) == []


# --- what became of what is not found


def finding(kind: Kind, subject: str = "f0", **more) -> Finding:
    return Finding(kind=kind, subject=subject, facts={}, **more)


@pytest.mark.parametrize(
    ("trouble", "now_there", "fate"),
    [
        (finding(Kind.FEED_FAILING), seen(0), Fate.OVER),
        (finding(Kind.FEED_FAILING), seen(10), Fate.HIDDEN),  # behind the network
        (finding(Kind.FEED_FAILING, "removed"), seen(0), Fate.MOOT),
        (finding(Kind.FEED_SILENT), seen(1), Fate.HIDDEN),  # it fails now: nobody knows what it publishes
        (finding(Kind.FEED_EMPTY), seen(1), Fate.MOOT),  # it fails now, which is told
        (finding(Kind.RULE_BLIND, "strikes"), seen(0, rules=[rule()]), Fate.OVER),
        (finding(Kind.RULE_BLIND, "strikes"), seen(10, rules=[rule()]), Fate.HIDDEN),
        (finding(Kind.RULE_BLIND, "removed"), seen(0, rules=[rule()]), Fate.MOOT),
        (finding(Kind.RULE_BLIND, "strikes"), seen(0, rules=[rule(enabled=False)]), Fate.MOOT),
        (finding(Kind.CHANNEL_LATE, "desk"), seen(0), Fate.OVER),
        (finding(Kind.CHANNEL_REFUSES, "desk", since=NOW - 6 * DAY), seen(0), Fate.OVER),
        (finding(Kind.CHANNEL_REFUSES, "desk", since=NOW - 7 * DAY), seen(0), Fate.MOOT),  # nothing arrived
        (finding(Kind.CANARY_LOST, "desk"), seen(sends={"desk": Sends(waiting=1, tries=3)}), Fate.MOOT),
    ],
)
def test_a_trouble_that_is_not_found_is_over_only_if_somebody_can_tell(trouble, now_there, fate):
    found = health.findings(now_there, now=NOW)
    assert health.fate(trouble, found, now_there, now=NOW) is fate


# --- feeds that answer


@pytest.mark.parametrize(("failing", "answer"), [(0, (10, 10)), (4, (6, 10)), (10, (0, 10))])
def test_how_many_feeds_answer(failing, answer):
    told = seen(failing, failures=1)
    assert health.answering(told.feeds, told.states, now=NOW) == answer


# --- sight


def lasting(*findings: Finding) -> list[Trouble]:
    return [Trouble(finding=each, begun_at=NOW) for each in findings]


@pytest.mark.parametrize(
    ("troubles", "left"),
    [
        ([], Sight.SEES),
        (lasting(finding(Kind.FEED_MOVED)), Sight.SEES),
        (lasting(finding(Kind.FEED_FAILING)), Sight.HALF_BLIND),
        (lasting(finding(Kind.FEED_FAILING), finding(Kind.NETWORK)), Sight.BLIND),
        (lasting(replace(finding(Kind.RULE_BLIND), facts={"rules": 2})), Sight.HALF_BLIND),
        (lasting(replace(finding(Kind.RULE_BLIND), facts={"rules": 1})), Sight.BLIND),
        ([replace(each, over_at=NOW) for each in lasting(finding(Kind.NETWORK))], Sight.SEES),
    ],
)
def test_what_is_left_of_our_sight(troubles, left):
    assert sight(troubles) is left


# --- articles

UNREAD = ArticlesRead(of=20, unread=15, waiting=0, error="no text of an article in it")


def articles_of(*, wants: bool, read: ArticlesRead) -> Seen:
    feeds = [feed("f0", full_text=wants)]
    return Seen(feeds=feeds, rules=tuple, channels=(), states={"f0": state("f0")}, articles=lambda _feed: read)


def test_articles_that_cannot_be_read_are_advice_until_they_can():
    found = health.findings(articles_of(wants=True, read=UNREAD), now=NOW)
    assert [(each.kind, each.kind.sight) for each in found] == [(Kind.FEED_ARTICLES, Sight.SEES)]
    mended = articles_of(wants=True, read=replace(UNREAD, unread=2))
    assert health.findings(mended, now=NOW) == []
    assert health.fate(found[0], [], mended, now=NOW) is Fate.OVER


def test_articles_that_nobody_wants_any_more_are_no_trouble_and_no_news():
    [told] = health.findings(articles_of(wants=True, read=UNREAD), now=NOW)
    unwanted = articles_of(wants=False, read=UNREAD)
    assert health.findings(unwanted, now=NOW) == []
    assert health.fate(told, [], unwanted, now=NOW) is Fate.MOOT

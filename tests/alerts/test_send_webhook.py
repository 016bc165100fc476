from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import NotSent, Sent, Severity
from tests.alerts.made import a_channel, a_delivery
from tests.alerts.servers import drop, endless, status, webhook


def _send(sender, url, **delivery):
    return sender.send(a_channel(url), a_delivery(**delivery))


def test_a_message_arrives_once_and_whole(sender):
    with webhook() as hook:
        result = _send(sender, hook.url())
    assert isinstance(result, Sent)
    [got] = hook.got
    assert got["title"] == "🔴 حرج · اشتباكات قرب مطار دير الزور"
    assert got["message"].split("\n")[:2] == [
        "دوي انفجارات واشتباكات عند مطار دير الزور العسكري",
        "https://www.furat.example/news/12345",
    ]
    assert got["type"] == "failure"
    assert hook.headers[0]["User-Agent"] == "monitor"


def test_a_lesser_alert_has_a_calmer_colour(sender):
    with webhook() as hook:
        _send(sender, hook.url(), severity=Severity.INFO)
    assert hook.got[0]["type"] == "info"


def test_times_are_told_in_the_channels_own_zone(sender):
    with webhook() as hook:
        sender.send(a_channel(hook.url(), zone="Europe/Berlin"), a_delivery())
    assert "12:05 بتوقيت برلين" in hook.got[0]["message"]


def test_a_message_leads_to_where_its_alert_can_be_answered(make_sender):
    sender = make_sender()
    sender.links = lambda alert: {"open": f"https://monitor.example/a/{alert.id}"}
    with webhook() as hook:
        sender.send(a_channel(hook.url()), a_delivery())
        sender.send_digest(a_channel(hook.url()), [a_delivery(), a_delivery(id="42.1.r", story_id=42)])
    alone, digest = (got["message"] for got in hook.got)
    assert "https://monitor.example/a/41.1.dez-airport-clashes" in alone
    assert "monitor ack" not in alone
    assert digest


def test_the_operators_own_parameters_are_kept(sender):
    with webhook() as hook:
        result = _send(sender, hook.url("/a/b", query="?+X-Desk=night&:room=7"))
    assert isinstance(result, Sent)
    assert hook.paths == ["/a/b"]
    assert hook.headers[0]["X-Desk"] == "night"
    assert hook.got[0]["room"] == "7"


def test_parameters_that_would_repeat_split_or_redress_a_message_have_no_effect(sender):
    with webhook(status(500)) as hook:
        _send(sender, hook.url(query="?retry=3&wait=0&overflow=split&format=html&redirect=yes"), title="قصف " * 3000)
    [got] = hook.got
    assert len(got["message"]) < 4000
    assert "<br" not in got["message"]


@pytest.mark.parametrize(
    ("answer", "detail", "permanent", "ambiguous", "wait"),
    [
        (status(500), "HTTP 500: the service is in trouble", False, False, None),
        (status(503, Retry_After="120"), "HTTP 503: the service is in trouble", False, False, 120),
        (status(429, Retry_After="7"), "HTTP 429: too many messages", False, False, 7),
        (
            status(401),
            "HTTP 401: the token or password is refused; renew it in the channel's address",
            False,
            False,
            None,
        ),
        (
            status(404),
            "HTTP 404: the service does not know this address; check the channel's address",
            False,
            False,
            None,
        ),
        (status(410), "HTTP 410: the channel is gone", True, False, None),
        (status(504), "HTTP 504: the service did not answer its own gateway in time", False, True, None),
        (drop, "the connection broke", False, True, None),
    ],
)
def test_what_went_wrong_is_told_as_it_was(sender, answer, detail, permanent, ambiguous, wait):
    with webhook(answer) as hook:
        result = _send(sender, hook.url())
    assert isinstance(result, NotSent)
    assert (result.detail, result.permanent, result.ambiguous) == (detail, permanent, ambiguous)
    assert result.retry_after == (None if wait is None else timedelta(seconds=wait))
    assert len(hook.got) == 1


def test_a_redirect_is_neither_followed_nor_taken_for_success(sender):
    with webhook() as other, webhook(status(302, Location=f"http://127.0.0.1:{other.port}/landing")) as hook:
        result = _send(sender, hook.url(query="?redirect=yes"))
    assert isinstance(result, NotSent)
    assert "redirect" in result.detail
    assert other.paths == []


def test_nobody_listening_is_no_doubt_but_a_plain_failure(sender):
    with webhook() as hook:
        gone = hook.url()
    result = _send(sender, gone)
    assert isinstance(result, NotSent)
    assert (result.detail, result.ambiguous, result.permanent) == ("no connection", False, False)


def test_after_a_failure_the_next_message_arrives(sender):
    with webhook(status(500), status(200)) as hook:
        assert isinstance(_send(sender, hook.url()), NotSent)
        assert isinstance(_send(sender, hook.url(), attempts=1), Sent)
    assert " · المحاولة 2\n" in hook.got[1]["message"]


def test_a_headline_with_line_ends_and_escapes_stays_one_line(sender):
    with webhook() as hook:
        result = _send(sender, hook.url(), title="قصف\r\nX-Evil: 1\x1b[31m\x00", spans=())
    assert isinstance(result, Sent)
    assert hook.got[0]["message"].split("\n")[0] == "قصف X-Evil: 1[31m"


def test_an_endless_answer_fills_no_memory_and_is_a_success(sender):
    with webhook(endless) as hook:
        assert isinstance(_send(sender, hook.url()), Sent)

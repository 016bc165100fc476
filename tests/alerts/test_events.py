"""The webhook for machines: what it is sent, signed, tried again, and what its page promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import events, webhook
from monitor.alerts.send import AppriseSender
from monitor.alerts.service import Refused
from monitor.model import (
    Facts,
    Figure,
    NamedFact,
    NotSent,
    Reason,
    Secret,
    Sent,
    SourceTold,
    Span,
    Tag,
)
from tests.alerts.cases import CASES, StoppedClock
from tests.alerts.everywhere import Everywhere
from tests.alerts.made import DAMASCUS, NOW, a_channel, a_delivery, an_alert
from tests.docs.markdown import blocks
from tests.support import ROOT

SCHEMA = json.loads((ROOT / "docs/reference/webhook.schema.json").read_text(encoding="utf-8"))
SECRET = "a-key-that-nobody-can-guess"
URL = "cloudevents+https://hooks.example/in"

EVERYTHING = an_alert(
    number=2,
    reason=Reason.UPDATED,
    follows="41.1.dez-airport-clashes",
    before={"killed": "3"},
    why="killed 3 → 5",
    facts=Facts(
        killed=Figure(kind="killed", least=5, most=5, span=Span(field="title", start=0, end=4, clause="killed")),
        wounded=Figure(kind="wounded", least=10, most=None, span=Span(field="body", start=9, end=14, clause="wounded")),
        tags=frozenset((Tag.DENIED, Tag.CORRECTION)),
    ),
    places=(NamedFact(id="deir-ez-zor", name={"ar": "دير الزور"}, pcode="SY0900", lat=35.3, lon=40.1),),
    events=(NamedFact(id="clash", name={"ar": "اشتباك", "en": "clash"}),),
    actors=(NamedFact(id="army", name={"en": "army"}),),
    sources=2,
    reports=7,
    told_by=(SourceTold(name="الفرات", link="https://www.furat.example/1", told_at=NOW, independent=True),),
)


@pytest.fixture(scope="module")
def sender(services: Everywhere) -> Iterator[AppriseSender]:
    sender = AppriseSender(clock=StoppedClock(), zone=DAMASCUS)
    yield sender
    sender.close()


def _channel(url: str = URL, **changes: Any):
    return a_channel(url, **({"secret": Secret(SECRET)} | changes))


def _is_genuine() -> Any:
    """The verifier that the page shows, as a reader would copy it."""
    [shown] = [block.text for block in blocks("docs/howto/webhook.md") if block.info == "python"]
    names: dict[str, Any] = {}
    exec(shown, names)
    assert len([line for line in shown.splitlines() if line.strip()]) <= 10
    return names["is_genuine"]


# --- what comes


def test_an_alert_is_a_cloud_event(sender, services):
    services.got.clear()
    result = sender.send(_channel(), a_delivery())
    assert isinstance(result, Sent)
    [got] = services.got
    assert (got.method, got.path, got.headers["Content-Type"]) == (
        "POST",
        "/in",
        "application/cloudevents+json; charset=utf-8",
    )
    event = got.json
    assert {name: event[name] for name in ("specversion", "source", "type", "time", "subject", "datacontenttype")} == {
        "specversion": "1.0",
        "source": "urn:monitor:rule:dez-airport-clashes",
        "type": "org.monitor.alert.v1",
        "time": "2026-11-22T11:11:00Z",
        "subject": "story/41",
        "datacontenttype": "application/json",
    }
    assert event["data"]["url"] == "https://www.furat.example/news/12345"
    assert event["data"]["title"][13:22] == "واشتباكات"


@pytest.mark.parametrize(
    "alert",
    [an_alert(), EVERYTHING, an_alert(link=None, published_at=None), *(case.alert for case in CASES.values())],
    ids=["plain", "everything", "little", *CASES],
)
def test_the_data_are_what_the_schema_says(alert):
    event = events.of_delivery(replace(a_delivery(), alert=alert))
    read = json.loads(events.written([event], batch=False))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(read["data"])


def test_the_schema_is_one_and_names_every_reason_that_tells():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["reason"]["enum"] == [reason.value for reason in Reason if reason.tells]


def test_an_event_is_the_same_at_each_try_and_another_for_each_recipient_and_alert():
    first = events.of_delivery(a_delivery())
    assert events.of_delivery(a_delivery(attempts=3, doubts=1)) == first
    others = [a_delivery(key="rother"), a_delivery(id="41.2.x"), a_delivery(decided_at=NOW + timedelta(seconds=1))]
    assert len({first["id"], *(events.of_delivery(other)["id"] for other in others)}) == 4


def test_several_come_as_a_batch_of_the_events_that_each_would_be_alone(sender, services):
    services.got.clear()
    deliveries = [a_delivery(id=f"{number}.1.r") for number in range(3)]
    assert isinstance(sender.send_digest(_channel(), deliveries), Sent)
    [got] = services.got
    assert got.headers["Content-Type"] == "application/cloudevents-batch+json; charset=utf-8"
    assert got.json == [events.of_delivery(delivery) for delivery in deliveries]
    assert _is_genuine()(got.body, got.headers["X-Monitor-Signature"], SECRET, now=StoppedClock().now().timestamp())


def test_a_notice_of_the_monitor_is_an_event_of_its_own_type(sender, services):
    services.got.clear()
    assert isinstance(sender.tell(_channel(operations=True), "Title", "text"), Sent)
    [got] = services.got
    assert got.json["type"] == "org.monitor.notice.v1"
    assert got.json["data"] == {"title": "Title", "text": "text"}


@given(st.text(st.characters(), max_size=60))
def test_whatever_a_feed_wrote_is_json_in_utf_8(text):
    body = events.written([events.of_delivery(a_delivery(title=text, summary=text))], batch=False)
    assert json.loads(body.decode("utf-8"))["data"]["title"] == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("text", ["كلمة " * 20_000, '"' * 60_000, "\n" * 60_000], ids=["words", "quotes", "line ends"])
def test_an_event_is_never_larger_than_all_must_let_through(text):
    event = events.of_delivery(a_delivery(title=text, summary=text))
    assert 60_000 < len(events.written([event], batch=False)) <= 64 * 1024
    assert event["data"]["title"].startswith(text[:5000])
    assert event["data"]["url"] == "https://www.furat.example/news/12345"


# --- signed


def test_the_verifier_of_the_page_knows_ours_from_others(sender, services):
    services.got.clear()
    sender.send(_channel(), a_delivery())
    [got] = services.got
    header, now, is_genuine = got.headers["X-Monitor-Signature"], StoppedClock().now().timestamp(), _is_genuine()
    assert is_genuine(got.body, header, SECRET, now=now)
    assert is_genuine(got.body, header + ",v2=later", SECRET, now=now)
    assert not is_genuine(got.body + b" ", header, SECRET, now=now)
    assert not is_genuine(got.body, header, SECRET + "x", now=now)
    assert not is_genuine(got.body, header, SECRET, now=now + 301)
    assert not is_genuine(got.body, header.replace("t=1", "t=2"), SECRET, now=now)
    assert not is_genuine(got.body, "", SECRET, now=now)


def test_without_a_key_nothing_is_signed(sender, services):
    services.got.clear()
    sender.send(_channel(secret=None), a_delivery())
    assert "X-Monitor-Signature" not in services.got[0].headers


# --- on its way


@pytest.mark.parametrize(
    ("status", "permanent", "detail"),
    [
        (500, False, "HTTP 500: the service is in trouble"),
        (410, True, "HTTP 410: the channel is gone"),
        (302, False, "HTTP 302: a redirect, which is not followed; give the final address"),
        (401, False, "HTTP 401: the token or password is refused; renew it in the channel's address"),
    ],
)
def test_what_the_receiver_answers_is_what_came_of_it(sender, services, status, permanent, detail):
    services.got.clear()
    services.refuse["hooks.example"] = [(status, "")]
    result = sender.send(_channel(), a_delivery())
    assert isinstance(result, NotSent)
    assert (result.permanent, result.detail) == (permanent, detail)
    assert len(services.got) == 1


def test_credentials_and_headers_of_the_address_are_sent_and_its_query_is_kept(sender, services):
    services.got.clear()
    url = "cloudevents+https://desk:p%40ss@hooks.example/in?room=7&%2BX-Desk=night&empty="
    assert isinstance(sender.send(_channel(url), a_delivery()), Sent)
    [got] = services.got
    assert got.path == "/in?room=7&empty="
    assert got.headers["X-Desk"] == "night"
    assert got.headers["Authorization"] == "Basic ZGVzazpwQHNz"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("cloudevents+https:///in", "no host"),
        ("cloudevents+https://h:x/in", "no host"),
        ("cloudevents+https://h/?+Bad%0AName=x", "a header"),
        ("cloudevents+https://h/?+Name=a%0D%0AX: y", "a header"),
    ],
)
def test_an_address_that_cannot_be_posted_to_is_refused_with_its_reason(address, says):
    with pytest.raises(Refused, match=says):
        webhook.target(address)


def test_an_address_tells_where_it_leads(sender):
    reached = sender.endpoint(a_channel("cloudevents+http://hooks.example:8080/in"))
    assert (reached.host, reached.port, reached.tls) == ("hooks.example", 8080, False)
    assert sender.problem(a_channel("cloudevents+https:///in", id="x")) is not None

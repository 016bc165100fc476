"""A follow-up hangs on the first message of its story, in each service that lets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from monitor.alerts.send import AppriseSender
from monitor.alerts.styles import STYLES
from monitor.alerts.threads import HANGING, marked, named, unmarked
from monitor.model import Channel, Delivery, NotSent, Reason, Recipient, Sent
from monitor.store import SqliteStore, open_store
from tests.alerts.cases import ADDRESSES, HOSTS, StoppedClock
from tests.alerts.everywhere import Everywhere
from tests.alerts.made import DAMASCUS, NOW, a_channel, an_alert
from tests.alerts.servers import mail_server
from tests.store.builders import DESK, alert, item, tell, verdict
from tests.store.builders import NOW as STORED_AT

MATTERMOST_BOT = "mmosts://mattermost.example/" + "k" * 26 + "?mode=bot&team=desk&to=town"
MORE = {
    "mattermost-bot": (MATTERMOST_BOT, "mattermost.example"),
    "google-chat": ("gchat://workspace/key/token", "chat.googleapis.com"),
    "rocket": ("rockets://hooktoken/abc@rocket.example/%23desk", "rocket.example"),
}


@pytest.fixture(scope="module")
def sender(services: Everywhere) -> Iterator[AppriseSender]:
    sender = AppriseSender(clock=StoppedClock(), zone=DAMASCUS)
    yield sender
    sender.close()


def _delivery(number: int, thread: str | None = None, key: str = "only") -> Delivery:
    alert = an_alert(id=f"41.{number}.r", number=number, reason=Reason.FIRST_REPORT if number == 1 else Reason.UPDATED)
    recipient = Recipient(channel_id="desk", key=key)
    return Delivery(id=number, alert=alert, recipient=recipient, attempts=0, created_at=NOW, thread=thread)


def _told(sender: AppriseSender, services: Everywhere, url: str, host: str):
    """The story's first message and its follow-up, as they came."""
    services.got.clear()
    first = sender.send(a_channel(url), _delivery(1))
    assert isinstance(first, Sent)
    second = sender.send(a_channel(url), _delivery(2, first.thread))
    assert isinstance(second, Sent)
    return first, second, services.messages(host)


@pytest.mark.parametrize(
    ("service", "hangs"),
    [
        ("slack-bot", {"thread_ts": "1732278000.001"}),
        ("telegram", {"reply_parameters": {"message_id": 1, "allow_sending_without_reply": True}}),
        (
            "matrix",
            {
                "m.relates_to": {
                    "rel_type": "m.thread",
                    "event_id": "$event1",
                    "is_falling_back": True,
                    "m.in_reply_to": {"event_id": "$event1"},
                }
            },
        ),
        ("whatsapp", {"context": {"message_id": "wamid.1"}}),
        ("signal", {"quote_timestamp": 1732278000001, "quote_author": "+963955555551", "quote_message": "…"}),
        ("mattermost-bot", {"root_id": "post1"}),
        ("google-chat", {"thread": {"name": "spaces/S/threads/1"}}),
        ("rocket", {"tmid": "r1"}),
    ],
)
def test_a_follow_up_hangs_on_the_first_message(sender, services, service, hangs):
    url, host = MORE[service] if service in MORE else (ADDRESSES[service], HOSTS[service])
    first, second, [told, followed] = _told(sender, services, url, host)
    assert first.thread
    assert first.thread == second.thread  # a third hangs on the first as well
    assert not set(hangs) & set(told.json)
    assert {key: followed.json.get(key) for key in hangs} == hangs


def test_google_chat_opens_a_new_thread_where_the_old_one_is_gone(sender, services):
    *_, [_, followed] = _told(sender, services, *MORE["google-chat"])
    assert "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD" in followed.path


@pytest.mark.parametrize("service", ["slack", "discord", "teams", "ntfy", "mattermost", "json", "cloudevents"])
def test_a_service_that_names_no_message_is_sent_a_plain_follow_up(sender, services, service):
    first, _, [_, followed] = _told(sender, services, ADDRESSES[service], HOSTS[service])
    assert first.thread is None
    assert not {"thread_ts", "root_id", "message_reference", "thread"} & set(followed.json)


def test_a_mail_follows_the_first_of_its_story_under_the_same_subject(sender):
    with mail_server() as mailbox:
        channel = a_channel(ADDRESSES["mail"].format(mail_port=mailbox.port))
        first = sender.send(channel, _delivery(1))
        assert isinstance(first, Sent)
        third = sender.send(channel, _delivery(3, first.thread))
        assert isinstance(third, Sent)
    told, followed = (message_from_bytes(content, policy=policy.default) for _, content in mailbox.got)
    assert followed["In-Reply-To"] == followed["References"] == told["Message-ID"]
    assert followed["Message-ID"] != told["Message-ID"]
    assert followed["Subject"] == told["Subject"]
    assert told["In-Reply-To"] is None
    assert third.thread == first.thread


@pytest.mark.parametrize(
    ("service", "refusal"),
    [
        ("telegram", (400, '{"ok": false, "description": "Bad Request: message to be replied not found"}')),
        ("slack-bot", (200, '{"ok": false, "error": "thread_not_found"}')),
        ("mattermost-bot", (400, '{"message": "Invalid RootId parameter"}')),
    ],
)
def test_where_the_first_message_is_gone_the_follow_up_comes_without_it(sender, services, service, refusal):
    url, host = MORE[service] if service in MORE else (ADDRESSES[service], HOSTS[service])
    first = sender.send(a_channel(url), _delivery(1))
    assert isinstance(first, Sent)
    services.got.clear()
    services.refuse[host] = [refusal]
    again = sender.send(a_channel(url), _delivery(2, first.thread))
    assert isinstance(again, Sent)
    hanging, alone = services.messages(host)
    assert {"thread_ts", "root_id", "reply_parameters"} & set(hanging.json)
    assert not {"thread_ts", "root_id", "reply_parameters"} & set(alone.json)
    assert again.thread != first.thread  # what follows hangs on the one that is there


@pytest.mark.parametrize(
    "refusal",
    [(401, ""), (403, ""), (429, ""), (500, ""), (504, "")],
    ids=["token", "right", "too many", "trouble", "a gateway's doubt"],
)
def test_no_other_refusal_sends_a_message_twice(sender, services, refusal):
    url, host = ADDRESSES["telegram"], HOSTS["telegram"]
    first = sender.send(a_channel(url), _delivery(1))
    assert isinstance(first, Sent)
    services.got.clear()
    services.refuse[host] = [refusal]
    assert isinstance(sender.send(a_channel(url), _delivery(2, first.thread)), NotSent)
    assert len(services.messages(host)) == 1


def test_nothing_hangs_on_a_message_of_another_room(sender, services):
    first = sender.send(a_channel(ADDRESSES["telegram"]), _delivery(1))
    assert isinstance(first, Sent)
    services.got.clear()
    moved = ADDRESSES["telegram"].replace("-100123", "-100999")
    sender.send(a_channel(moved), _delivery(2, first.thread))
    [got] = services.messages(HOSTS["telegram"])
    assert "reply_parameters" not in got.json


def test_what_follows_does_not_hang_on_a_digest(sender, services):
    result = sender.send_digest(a_channel(ADDRESSES["telegram"]), [_delivery(1), _delivery(2)])
    assert isinstance(result, Sent)
    assert result.thread is None


# --- names


@pytest.mark.parametrize(
    ("schema", "body", "name"),
    [
        ("tgram", '{"ok": true, "result": {"message_id": 7}}', "7"),
        ("tgram", '{"ok": true, "result": {"message_id": true}}', None),
        ("tgram", '{"ok": true, "result": []}', None),
        ("whatsapp", '{"messages": []}', None),
        ("whatsapp", '{"messages": [{"id": "wamid.X"}]}', "wamid.X"),
        ("slack", "ok", None),
        ("slack", '{"ok": true, "ts": "' + "9" * 600 + '"}', None),
        ("matrix", '{"event_id": ""}', None),
        ("json", '{"id": "x"}', None),
        ("tgram", "{" * 100_000, None),
    ],
)
def test_a_message_is_called_what_the_service_says(schema, body, name):
    assert named(schema, [body]) == name


def test_a_name_is_known_again_in_its_own_room_only():
    name = marked("17.2 x", "slack", ["#desk"])
    assert unmarked(name, "slack", ["#desk"]) == "17.2 x"
    assert unmarked(name, "slack", ["#ops"]) is None
    assert unmarked(name, "tgram", ["#desk"]) is None
    assert unmarked(None, "slack", ["#desk"]) is None
    assert unmarked("", "slack", ["#desk"]) is None


def test_each_service_that_lets_messages_hang_is_one_that_is_spoken_to():
    assert set(HANGING) <= set(STYLES)


# --- through the store


def test_a_follow_up_hangs_on_what_the_store_remembers_of_the_first(sender, services, tmp_path):
    services.got.clear()
    channel = a_channel(ADDRESSES["telegram"])
    with closing(open_store(tmp_path / "state", now=STORED_AT)) as store:
        first = tell(store, "غارة", DESK)
        _send_all(store, sender, channel)
        with store.ingest() as tx:
            told = item("تحديث", story_id=first.story_id, verdicts=[verdict(reason=Reason.UPDATED)])
            entry_id, story_id, number = tx.write(told, seen_at=STORED_AT)
            assert story_id == first.story_id
            tx.alert(entry_id, replace(alert(story_id, number), reason=Reason.UPDATED), [DESK])
        _send_all(store, sender, channel)
    [told, followed] = services.messages(HOSTS["telegram"])
    assert "reply_parameters" not in told.json
    assert followed.json["reply_parameters"]["message_id"] == 1


def _send_all(store: SqliteStore, sender: AppriseSender, channel: Channel) -> None:
    for delivery in store.claim_deliveries(STORED_AT, limit=9, lease=timedelta(minutes=2)):
        store.record(delivery, sender.send(channel, delivery), retry_at=None)

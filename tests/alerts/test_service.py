"""Addresses as Apprise reads them, and what it makes of a message for services that we cannot run here."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
import requests

from monitor.alerts import handing, service
from monitor.alerts.clean import one_line
from monitor.alerts.service import Gone, Refused

BOT = "123456789:ABCdefghijklmnopqrstuvwxyzABCDEFGHI"
OTHER_BOT = "987654321:ZYXdefghijklmnopqrstuvwxyzABCDEFGHI"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
KEY = "b" * 32
SID = "AC" + "a" * 32


def _keys(url: str) -> tuple[str, ...]:
    return tuple(service.parse(url).targets)


@pytest.mark.parametrize(
    ("url", "recipients"),
    [
        (f"tgram://{BOT}/-100123", 0),
        (f"tgram://{BOT}/-100123/456:7/@chan", 3),
        (f"tgram://{BOT}/1?to=2,3", 3),
        (SLACK, 0),
        (f"{SLACK}/#a/#b/@c", 3),
        ("ntfy://localhost/a/b", 2),
        ("signal://localhost:8080/+14155550100/+14155550101/+14155550102", 2),
        (f"twilio://{SID}:{KEY}@14155550100/14155550101/14155550102", 2),
        ("mmost://localhost/3ccdd113474722377935511fc85d3dd4?channels=a,b", 2),
        ("matrixs://user:pass@localhost/#room/!Other:localhost", 2),
        ("mailto://localhost?from=a@x.example&to=b@x.example", 0),
        ("mailto://localhost?from=a@x.example&to=b@x.example,c@x.example", 2),
        ("mailto://localhost?from=a@x.example&to=b@x.example&cc=c@x.example,d@x.example&bcc=e@x.example", 4),
        ("mailto://localhost?from=a@x.example&cc=c@x.example", 2),
        ("json://localhost/hook", 0),
        ("json://localhost/hook\n", 0),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", 0),
    ],
)
def test_an_address_is_split_into_its_recipients(url, recipients):
    assert len(_keys(url)) == recipients


def test_each_recipient_is_one_target_of_its_own():
    address = service.parse(f"tgram://{BOT}/-100123/456:7/@chan")
    targets = {str(service.service(address, key).targets) for key in address.targets}
    assert targets == {"[(-100123, None)]", "[(456, 7)]", "[('@chan', None)]"}


def test_a_copy_goes_to_its_own_recipient_only():
    address = service.parse("mailto://localhost?from=a@x.example&to=b@x.example&cc=c@x.example")
    made = [service.service(address, key) for key in address.targets]
    assert sorted(name for single in made for _, name in single.targets) == ["b@x.example", "c@x.example"]
    assert all(not single.cc and not single.bcc for single in made)


def test_a_recipients_key_outlives_a_new_token_and_another_order():
    assert _keys(f"tgram://{BOT}/1/2/3") == _keys(f"tgram://{OTHER_BOT}/3/1/2")
    named = "mailto://localhost?from=a@x.example&to=Desk <B@x.example>,c@x.example"
    plain = "mailto://u:p@localhost:2525?from=a@x.example&to=c@x.example,b@x.example"
    assert _keys(named) == _keys(plain)


def test_keys_that_differ_in_case_only_are_two_rooms():
    assert len(_keys("matrixs://user:pass@localhost/!Room:localhost/!room:localhost")) == 2


@pytest.mark.parametrize(
    "url", [f"tgram://{BOT}/1/1", "mailto://localhost?from=a@x.example&to=b@x.example&cc=B@x.example"]
)
def test_a_recipient_written_twice_is_told_once(url):
    address = service.parse(url)
    assert address.targets == {}
    single = service.service(address, "only")
    assert len(single.targets) == 1
    assert not getattr(single, "cc", ())


def test_a_recipient_who_was_removed_is_told_nothing():
    with pytest.raises(Gone):
        service.service(service.parse(f"tgram://{BOT}/1/2"), service.key_of("3"))


def test_what_was_for_one_of_several_reaches_them_when_they_are_the_only_one_left():
    [one, other] = _keys(f"tgram://{BOT}/1/2")
    address = service.parse(f"tgram://{BOT}/1")
    first = service.key_of("1")
    assert {one, other} == {first, service.key_of("2")}
    assert service.service(address, first).targets == [(1, None)]
    with pytest.raises(Gone):
        service.service(address, service.key_of("2"))


def test_what_was_for_the_only_recipient_goes_to_all_when_there_are_more():
    assert len(service.service(service.parse(f"tgram://{BOT}/1/2"), "only")) == 2


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("dbus://", "only this machine"),
        ("windows://", "only this machine"),
        ("syslog://", "only this machine"),
        ("json://localhost/?optional=yes", "optional=yes"),
        ("tgram://x", "tgram://"),
        ("nosuch://x", "no service of Apprise"),
        ("hooks.example.com", "no Apprise address"),
        ("https://example.com/hook", "no service of Apprise"),
        ("", "no Apprise address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_reason(url, says):
    with pytest.raises(Refused) as refused:
        service.parse(url)
    assert says in str(refused.value)


@pytest.mark.parametrize("url", [f"tgram://{BOT}/1", SLACK, "json://localhost", "mailto://localhost?from=a@x.example"])
def test_our_bounds_hold_whatever_the_address_asks_for(url):
    join = "&" if "?" in url else "?"
    address = service.parse(f"{url}{join}redirect=yes&cto=900&rto=900&retry=5&wait=9&overflow=split&emojis=yes")
    single = service.service(address, "only")
    assert (single.redirects, single.retry, single.optional, single.overflow_mode.value) == (
        False,
        0,
        False,
        "upstream",
    )
    assert single.request_timeout == (10, 20)
    assert not single.interpret_emojis


@pytest.mark.parametrize(
    ("url", "title", "body", "unit"),
    [
        (f"tgram://{BOT}/1", 0, 4000, "characters"),
        (SLACK, 140, 2900, "characters"),
        ("ntfy://localhost/a", 200, 4000, "bytes"),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", 0, 1950, "characters"),
        (f"twilio://{SID}:{KEY}@14155550100/14155550101", 0, 160, "characters"),
        ("json://localhost", 200, 4000, "characters"),
    ],
)
def test_a_service_tells_what_it_takes(url, title, body, unit):
    limits = service.limits(service.parse(url))
    assert (limits.title, limits.body, limits.unit) == (title, body, unit)


# --- what reaches a service

HEADLINE = "قصف <b>x</b> & @everyone <!channel> [x](https://evil.example) foo_bar"
LINK = "https://www.furat.example/a_b-c/?x=1&y=2"


@pytest.fixture
def wire(monkeypatch) -> list[requests.PreparedRequest]:
    """The outside network: takes everything, answers as Telegram and Slack do."""
    sent: list[requests.PreparedRequest] = []

    def send(_session, request, **_options):
        sent.append(request)
        response = requests.Response()
        response.status_code = 200
        response._content = b"ok" if "hooks.slack.com" in request.url else b'{"ok": true}'
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    return sent


def _notify(url: str) -> bool:
    single = service.service(service.parse(url), "only")
    body = f"{one_line(HEADLINE)}\n{LINK}"
    request = {"title": one_line("عنوان <b>"), "body": body, "type": "failure", "format": "text"}
    return handing.notify(single, request, schema=url.partition("://")[0])


def test_telegram_gets_escaped_html_without_preview(wire):
    assert _notify(f"tgram://{BOT}/1")
    payload = json.loads(wire[0].body)
    assert payload["parse_mode"] == "HTML"
    assert payload["disable_web_page_preview"] is True
    assert "&lt;\u2060b&gt;x" in payload["text"]
    assert payload["text"].count("<") == 2  # the title's own <b> and </b>
    assert LINK.replace("&", "&amp;") in payload["text"]


def test_slack_gets_no_live_mention_and_no_remote_image(wire):
    assert _notify(SLACK)
    text = json.dumps(json.loads(wire[0].body), ensure_ascii=False)
    assert "<!channel>" not in text
    assert "github" not in text
    assert "pprise" not in text
    assert LINK.replace("&", "&amp;") in text


def test_discord_pings_nobody(wire):
    assert _notify("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?format=markdown")
    payload = json.loads(wire[0].body)
    assert "@everyone" not in json.dumps(payload, ensure_ascii=False)
    assert LINK in payload["content"]
    assert "avatar_url" not in payload


@pytest.mark.parametrize(
    "url",
    ["gchat://w/k/t", "workflows://host/WORKFLOW/SIGNATURE", "rocket://web/hook@localhost/#c", "webex://" + "a" * 80],
)
def test_a_service_that_knows_markdown_only_gets_a_link_that_works_and_none_that_hides(wire, url):
    assert _notify(url)
    text = json.dumps(json.loads(wire[0].body), ensure_ascii=False).replace("&amp;", "&")
    assert LINK in text
    assert "](https://evil" not in text
    assert "<!channel" not in text


def test_pushover_gets_plain_text(wire):
    assert _notify("pover://" + "u" * 30 + "@" + "a" * 30)
    assert parse_qs(wire[0].body)["message"] == [f"{one_line(HEADLINE)}\n{LINK}"]

"""What twelve services are really sent, through Apprise and over TLS, of a plain, a long and a hostile alert.

Each payload is kept as a snapshot beside this file, for people to read. After a change that is meant:

    UPDATE_SNAPSHOTS=1 python -m pytest -n 0 tests/alerts/test_twelve_services.py
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.clean import safe_link
from monitor.alerts.send import AppriseSender
from monitor.alerts.styles import style_of
from monitor.model import Alert, Delivery, Reason, Recipient, Sent
from tests.alerts.cases import ADDRESSES, CASES, HOSTS, LINK, TWELVE, StoppedClock, crowded
from tests.alerts.everywhere import Everywhere, Got, everywhere
from tests.alerts.made import DAMASCUS, NOW, a_channel
from tests.alerts.sent import Seen, seen, seen_in_mail, written, written_mail
from tests.alerts.servers import Mailbox, mail_server
from tests.support import ROOT

SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
SENT = [(service, case) for service in TWELVE for case in CASES]
TO_READ = [(service, case) for service, case in SENT if service != "cloudevents"]


@dataclass
class World:
    everywhere: Everywhere
    mailbox: Mailbox
    sender: AppriseSender
    thread: str | None = None

    def story(self, service: str, first: Alert, update: Alert) -> tuple[str, Got | bytes]:
        """By what name the first message can be followed ('' for none), and the message that follows it."""
        self.send(service, first)
        name = self.thread
        return (name or "").rpartition(" ")[2], self.send(service, update, thread=name)

    def send(self, service: str, alert: Alert, *, thread: str | None = None, **channel: Any) -> Got | bytes:
        """The one message that came of it."""
        url = ADDRESSES[service].format(mail_port=self.mailbox.port)
        delivery = Delivery(
            id=1,
            alert=alert,
            recipient=Recipient(channel_id=service, key="only"),
            attempts=0,
            created_at=NOW,
            thread=thread,
        )
        self.mailbox.got.clear()
        self.everywhere.got.clear()
        result = self.sender.send(a_channel(url, id=service, **channel), delivery)
        assert isinstance(result, Sent), result
        self.thread = result.thread
        if service == "mail":
            [(_, content)] = self.mailbox.got
            return content
        [got] = self.everywhere.messages(HOSTS[service])
        return got


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with everywhere(tmp_path_factory.mktemp("authority")) as services, mail_server() as mailbox:
        sender = AppriseSender(clock=StoppedClock(), zone=DAMASCUS)
        yield World(services, mailbox, sender)
        sender.close()


@pytest.fixture(scope="module")
def sent(world: World) -> dict[tuple[str, str], Got | bytes]:
    return {(service, case): world.send(service, CASES[case].alert) for service, case in SENT}


def _seen(service: str, message: Got | bytes) -> dict[str, Seen]:
    return seen_in_mail(message) if isinstance(message, bytes) else seen(service, message)


@pytest.mark.parametrize(("service", "case"), SENT)
def test_the_message_is_the_one_in_the_snapshot(sent, service, case):
    message = sent[service, case]
    shown = written_mail(message) if isinstance(message, bytes) else written(message)
    file = SNAPSHOTS / f"{service}-{case}.txt"
    if WRITE:
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8"), f"see the top of {Path(__file__).name} if this is meant"


@pytest.mark.parametrize(("service", "case"), TO_READ)
def test_the_link_stands_whole_and_alone_by_the_third_line(sent, service, case):
    for kind, shown in _seen(service, sent[service, case]).items():
        lines = [line.strip() for line in shown.lines if line.strip()]
        assert safe_link(LINK) in lines[:3], (kind, lines[:4])


@pytest.mark.parametrize(("service", "case"), TO_READ)
def test_nothing_that_matters_is_lost(sent, service, case):
    for kind, shown in _seen(service, sent[service, case]).items():
        text = "\n".join(shown.lines)
        told = ("حرج", "اشتباكات قرب مطار دير الزور", CASES[case].begins, "صوت", "14:05", "41.1.dez-airport-clashes")
        assert [word for word in told if word not in text] == [], (kind, text)


LIVE = re.compile(
    r"@(everyone|here|channel|all|room)\b|<!(channel|here|everyone)|<@&?\w|<at>|<users/|\]\(https?://evil|<https?://evil"
    r"|https?://evil|<script|<img|<iframe|\bon\w+=|href=.https?://evil",
    re.IGNORECASE,
)
INVISIBLE = re.compile(r"[\u202a-\u202e\u200b\u200e\u200f\u2066\u2067\ufeff\u2028\u2029\x00\x1b\ud800-\udfff]")


@pytest.mark.parametrize("service", [service for service in TWELVE if service != "cloudevents"])
def test_nothing_is_live_that_came_from_a_feed(sent, service):
    message = sent[service, "hostile"]
    raw = written_mail(message) if isinstance(message, bytes) else "\n".join(_strings(message.json))
    assert [found[0] for found in LIVE.finditer(raw)] == []
    if not isinstance(message, bytes):  # a snapshot shows code points in place of what is invisible
        assert [hex(ord(found[0])) for found in INVISIBLE.finditer(raw)] == []
    for kind, shown in _seen(service, message).items():
        assert {target for target in shown.targets if "furat.example" not in target} == set(), kind
        assert not any("evil" in target for target in shown.targets), kind
        assert shown.tags.isdisjoint({"script", "img", "iframe", "form", "input", "svg", "object"}), kind
        assert not any("@on" in tag for tag in shown.tags), kind
        assert INVISIBLE.search("\n".join(shown.lines)) is None, kind


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


# --- inside the limits, as each service counts


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _sizes(service: str, message: Got | bytes) -> Iterator[tuple[str, int, int]]:
    """What is measured, how much it has, how much the service's documentation allows."""
    if isinstance(message, bytes):
        subject = seen_in_mail(message)["plain"].lines[0]
        yield "longest line of the mail (RFC 5321)", max(map(len, message.split(b"\r\n"))), 998
        yield "subject", len(subject), 200
        return
    read = message.json
    match service:
        case "slack":
            for block in read["attachments"][0]["blocks"]:
                yield block["type"], len(block["text"]["text"]), {"header": 150, "section": 3000}[block["type"]]
        case "telegram":
            yield "text after entities", _utf16("\n".join(seen(service, message)["html"].lines)), 4096
            yield "text as sent", _utf16(read["text"]), 4096
            yield "line ends of two characters", read["text"].count("\r"), 0
        case "discord":
            yield "content", _utf16(read["content"]), 2000
        case "ntfy":
            yield "message in bytes", len(read["message"].encode()), 4096
            yield "request in bytes", len(message.body), 2 * 4096
        case "matrix":
            yield "event in bytes", len(message.body), 65_536
        case "teams":
            yield "request in bytes", len(message.body), 28 * 1024
        case "whatsapp":
            yield "body", _utf16(read["text"]["body"]), 4096
        case "signal":
            yield "message", _utf16(read["message"]), 8192
        case "mattermost":
            yield "text", _utf16(read["text"]), 16_383
        case "cloudevents":
            yield "event in bytes", len(message.body), 64 * 1024


@pytest.mark.parametrize(("service", "case"), SENT)
def test_a_message_stays_inside_each_limit(sent, service, case):
    over = [(what, size, most) for what, size, most in _sizes(service, sent[service, case]) if size > most]
    assert over == []


@pytest.mark.parametrize("service", TWELVE)
def test_an_alert_with_all_there_is_to_say_in_two_languages_stays_inside_each_limit(world, service):
    alert = crowded()
    world.sender.links = lambda _: {name: f"https://monitor.example/a/{name}?t={'x' * 90}" for name in LINKS}
    try:
        message = world.send(service, alert, language="both")
    finally:
        world.sender.links = lambda _: {}
    over = [(what, size, most) for what, size, most in _sizes(service, message) if size > most]
    assert over == []
    for kind, shown in {} if service == "cloudevents" else _seen(service, message).items():
        lines = [line.strip() for line in shown.lines if line.strip()]
        if kind == "plain" and service == "mail":  # beneath the subject, which is no line of it
            lines = lines[1:]
        assert safe_link(alert.link) in lines[:3], (kind, lines[:4])
        assert "حرج" in lines[0]


LINKS = ("open", "ack", "mute", "wrong")


@pytest.mark.parametrize("service", [service for service in TWELVE if service not in ("json", "cloudevents", "mail")])
def test_a_long_alert_uses_what_the_service_gives(sent, service):
    """A limit that is too careful loses words, too."""
    shown = next(iter(_seen(service, sent[service, "long"]).values()))
    assert sum(map(len, shown.lines)) > 500


# --- what else a service is told


def test_discord_is_told_to_ping_nobody_and_to_show_no_preview(sent):
    read = sent["discord", "hostile"].json
    assert read["allowed_mentions"] == {"parse": []}
    assert read["flags"] & 4
    assert "embeds" not in read
    assert "👉" not in read["content"]
    assert sent["discord", "plain"].path.endswith("?wait=true")


def test_slack_unfurls_nothing_and_knows_what_a_notification_shows(sent):
    read = sent["slack", "plain"].json
    assert (read["unfurl_links"], read["unfurl_media"]) == (False, False)
    assert read["attachments"][0]["fallback"].startswith("🔴 حرج")


def test_telegram_shows_no_preview(sent):
    assert sent["telegram", "plain"].json["disable_web_page_preview"] is True


def test_matrix_is_told_that_nobody_is_meant(sent):
    assert sent["matrix", "hostile"].json["m.mentions"] == {}


def test_ntfy_knows_how_urgent_it_is_and_where_a_tap_leads(sent):
    got = sent["ntfy", "plain"]
    assert got.headers["X-Priority"] == "max"
    assert got.json["click"] == safe_link(LINK)
    assert got.json["tags"] == ["critical", "dez-airport-clashes"]


def test_a_long_message_to_ntfy_is_a_message_and_no_file(world):
    world.everywhere.got.clear()
    world.sender.tell(a_channel(ADDRESSES["ntfy"], id="ntfy", operations=True), "عنوان", "كلمة " * 2000)
    [got] = world.everywhere.messages(HOSTS["ntfy"])
    assert got.path == "/"
    assert 3900 < len(got.json["message"].encode()) <= 4096
    assert len(got.body) <= 2 * 4096


def test_a_line_is_a_block_of_its_own_in_teams(sent):
    card = sent["teams", "plain"].json["attachments"][0]["content"]
    assert card["rtl"] is True
    assert safe_link(LINK) in [block["text"] for block in card["body"]]
    assert card["msteams"] == {"width": "full"}


@pytest.mark.parametrize("service", [service for service in TWELVE if service not in ("mail", "cloudevents")])
def test_nothing_says_apprise_and_nothing_is_fetched_from_elsewhere(sent, service):
    got = sent[service, "plain"]
    text = json.dumps(got.json)
    assert "pprise" not in text
    assert "github" not in text
    assert got.headers["User-Agent"] == "monitor"
    assert not re.search(r'"(icon_url|avatar_url|image_url|thumbnail)"', text)


# --- what docs/howto/channels.md says of each

_PAGE = (ROOT / "docs/howto/channels.md").read_text(encoding="utf-8")
CLAIMS = {
    cells[0].strip("`"): cells[1:]
    for line in _PAGE.splitlines()
    if line.startswith("| `") and len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 5
}
SHOWN_BOLD = re.compile(r"<b>واشتباكات</b>|(?<!\*)\*{1,2}واشتباكات\*{1,2}(?!\*)")
SHOWN_MARKED = re.compile(r"<mark[^>]*>واشتباكات</mark>")


def _raw(message: Got | bytes) -> str:
    return written_mail(message) if isinstance(message, bytes) else "\n".join(_strings(message.json))


def test_the_page_of_channels_has_a_row_for_each_service():
    assert tuple(CLAIMS) == TWELVE


@pytest.mark.parametrize("service", TWELVE)
def test_found_words_are_shown_as_the_page_of_channels_says(sent, service):
    raw, claim = _raw(sent[service, "plain"]), CLAIMS[service][0]
    assert bool(SHOWN_BOLD.search(raw)) == claim.startswith("bold")
    assert bool(SHOWN_MARKED.search(raw)) == claim.startswith("marked")


@pytest.mark.parametrize("service", [service for service in TWELVE if service not in ("json", "cloudevents")])
def test_a_message_may_measure_what_the_page_of_channels_says(service):
    limits = style_of(ADDRESSES[service].partition("://")[0]).limits
    numbers = [int(number) for number in re.findall(r"\d+", CLAIMS[service][1].partition(",")[0])]
    assert limits is not None
    assert numbers == [each for each in (limits.title, limits.body) if each]
    assert limits.unit in CLAIMS[service][1]


@pytest.mark.parametrize("service", TWELVE)
def test_what_can_be_done_is_there_to_press_or_to_read_as_the_page_of_channels_says(world, service):
    world.sender.links = lambda _: {name: f"https://monitor.example/a/{name}" for name in LINKS}
    try:
        message = world.send(service, CASES["plain"].alert)
    finally:
        world.sender.links = lambda _: {}
    claim = CLAIMS[service][2]
    if service == "cloudevents":
        assert claim.startswith("none")
        assert "monitor.example" not in _raw(message)
        return
    shown = next(iter(reversed(_seen(service, message).values()))) if service == "mail" else None
    shown = shown or next(iter(_seen(service, message).values()))
    lines = [line.strip() for line in shown.lines]
    for name in LINKS:
        address = f"https://monitor.example/a/{name}"
        assert (address in lines) == (claim == "addresses"), lines
        assert (address in shown.targets and address not in lines) == (claim == "words to press"), lines


@pytest.mark.parametrize("service", TWELVE)
def test_a_follow_up_hangs_or_stands_alone_as_the_page_of_channels_says(world, service):
    claim = CLAIMS[service][3]
    first = CASES["plain"].alert
    update = replace(first, id="41.2.dez-airport-clashes", number=2, reason=Reason.UPDATED, follows=first.id)
    [told, followed] = world.story(service, first, update)
    raw = _raw(followed) if isinstance(followed, bytes) else json.dumps(followed.json, ensure_ascii=False)
    assert ("↳" in raw) == (service not in ("cloudevents",))
    hangs = "In-Reply-To: " in raw if service == "mail" else told != "" and told in raw
    assert hangs == (not claim.startswith(("stands alone", "names"))), raw
    if service == "cloudevents":
        assert followed.json["data"]["follows"] == first.id

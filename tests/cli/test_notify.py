"""`monitor notify test`, against services on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.group import cli
from monitor.links import judge_token, key_in
from monitor.store.lock import PollLock
from tests.alerts.cases import ADDRESSES, HOSTS
from tests.alerts.everywhere import Everywhere, everywhere

SECRET = "a-key-that-nobody-can-guess"
RULES = """
version: 1
language: ar
channels:
  slack: {url: "${SLACK}"}
  bot: {url: "${BOT}"}
  telegram: {url: "${TELEGRAM}"}
  whatsapp: {url: "${WHATSAPP}"}
  machine: {url: "cloudevents+https://hooks.example/in", secret: "${KEY}"}
  unsigned: {url: "cloudevents+https://hooks.example/in"}
rules:
  - {id: water, title: مياه, all: [انقطاع المياه], notify: [slack], tests: [{match: انقطاع المياه عن الحي}]}
"""
ENVIRON = {
    "SLACK": ADDRESSES["slack"],
    "BOT": ADDRESSES["slack-bot"],
    "TELEGRAM": ADDRESSES["telegram"],
    "WHATSAPP": ADDRESSES["whatsapp"],
    "KEY": SECRET,
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everywhere]:
    with everywhere(tmp_path_factory.mktemp("authority")) as services:
        yield services


@pytest.fixture
def notify(services: Everywhere, tmp_path: Path):
    """Runs `monitor notify test` with the arguments."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    services.got.clear()
    services.refuse.clear()

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, ["notify", "test", *arguments, "-c", str(rules)], env=ENVIRON)
        for secret in ("abcdefghijklmnopqrstuvwx", "xoxb-1234-1234-abc124", "abcdefg_hijklmnop", "t" * 40, SECRET):
            assert secret not in result.output
        return result

    return run


def test_what_the_service_answered_is_printed(notify):
    result = notify("slack")
    assert result.exit_code == 0
    assert "slack: delivered (HTTP 200 from hooks.slack.com: ok)" in result.stderr
    assert "Follow-ups stand alone here" in result.stderr


def test_a_refusal_is_printed_in_the_services_words_with_what_helps(notify, services):
    services.refuse["hooks.slack.com"] = [(404, '{"error": "no_service"}')]
    result = notify("slack")
    assert result.exit_code == 5
    assert "slack: not delivered: HTTP 404 from hooks.slack.com" in result.stderr
    assert "('no_service')" in result.stderr
    assert "  = make a new address in the service's settings" in result.stderr


def test_an_update_hangs_on_the_first_report_that_was_sent_before_it(notify, services):
    result = notify("bot", "--kind", "update")
    assert result.exit_code == 0
    first, update = services.messages(HOSTS["slack-bot"])
    assert "thread_ts" not in first.json
    assert update.json["thread_ts"] == "1732278000.001"
    assert "follow-ups hang on this message" in result.stderr


@pytest.mark.parametrize(
    ("kind", "messages", "says"),
    [
        ("first", 1, "هكذا سيصل التنبيه"),
        ("digest", 1, "https://example.org/channel-test/4"),
        ("hostile", 1, "رسالة تجريبية معادية"),
        ("notice", 1, "هكذا تصل ملاحظات التشغيل"),
    ],
)
def test_each_kind_is_sent_as_a_real_one_is(notify, services, kind, messages, says):
    assert notify("telegram", "--kind", kind).exit_code == 0
    got = services.messages(HOSTS["telegram"])
    assert len(got) == messages
    assert says.replace("رسالة ", "") in got[0].json["text"].replace("<b>", "").replace("</b>", "")
    assert "@everyone" not in got[0].json["text"]


def test_the_limits_of_a_service_are_told(notify):
    assert "24 hours" in notify("whatsapp").stderr
    assert "20 a minute to a group" in notify("telegram").stderr


def test_a_machine_without_a_key_is_advised_of_one(notify, services):
    assert "give the channel a 'secret'" in notify("unsigned").stderr
    assert "secret" not in notify("machine").stderr
    assert [bool(got.headers.get("X-Monitor-Signature")) for got in services.got] == [False, True]


@pytest.mark.parametrize("kind", ["first", "update", "digest", "hostile", "notice"])
def test_a_preview_sends_nothing_and_shows_each_message_with_its_sizes(notify, services, kind):
    result = notify("telegram", "--kind", kind, "--preview")
    assert result.exit_code == 0
    assert services.got == []
    assert result.stdout.count("--- telegram: telegram") == (2 if kind == "update" else 1)
    assert " of 4000 characters" in result.stdout


def test_a_preview_of_a_machine_is_the_event(notify, services):
    result = notify("machine", "--preview")
    assert '"specversion": "1.0"' in result.stdout
    assert services.got == []


def test_a_message_is_in_the_operators_own_words_and_has_links_by_the_key_of_the_state(notify, services, tmp_path):
    own = "{{ alert.severity_word }} {{ alert.headline | mark }} {{ alert.link | address }} مكتبنا"
    own += "{% for action in alert.actions %} {{ action.url }}{% endfor %}"
    (tmp_path / "own.j2").write_text(own, encoding="utf-8")
    rules = RULES + "web: {url: https://desk.example}\ntemplates: {telegram: own.j2}\n"
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    state = tmp_path / "state"
    state.mkdir()
    key = key_in(state)
    said = notify("telegram", "-s", str(state)).stderr
    assert "telegram: delivered" in said
    [got] = services.messages(HOSTS["telegram"])
    previewed = notify("telegram", "--preview", "-s", str(state)).stdout
    for text in (got.json["text"], previewed):
        assert "مكتبنا" in text
        alert_id, token = re.search(r"https://desk\.example/a/(\S+)/mute\?t=([\w-]+)", text).groups()
        assert judge_token(key, token, "mute", alert_id, now=datetime.now(UTC)) is None


def test_a_preview_has_links_and_makes_no_key_where_there_is_none(notify, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES + "web: {url: https://desk.example}\n", encoding="utf-8")
    assert "https://desk.example/a/test-" in notify("telegram", "--preview", "-s", str(tmp_path / "none")).stdout
    assert not (tmp_path / "none").exists()


def test_all_channels_are_tried_and_one_that_fails_is_told(notify, services):
    services.refuse["graph.facebook.com"] = [(401, "")]
    result = notify("--all")
    assert result.exit_code == 5
    assert result.stderr.count(": delivered") == 6  # the console, too
    assert "whatsapp: not delivered: HTTP 401" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("--all", "slack"), "do not go together"), ((), "name a channel, or --all: bot"), (("slak",), "did you mean")],
)
def test_which_channel_is_meant_must_be_clear(notify, arguments, says):
    result = notify(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


UNSET = """
version: 1
feeds: [{url: "https://one.example/rss"}]
rules:
  - {id: water, title: مياه, all: [انقطاع المياه], notify: [desk]}
channels:
  desk: {url: "${DESK_URL}"}
  file: {url: "${file:/no/such}"}
"""


@pytest.fixture
def unset(tmp_path: Path):
    rules = tmp_path / "rules.yaml"
    rules.write_text(UNSET, encoding="utf-8")

    def run(*arguments: str) -> Result:
        where = ["-c", str(rules)] + (["-s", str(tmp_path / "state")] if arguments[0] == "notify" else [])
        return CliRunner().invoke(cli, [*arguments, *where], env={"DESK_URL": None})

    return run


@pytest.mark.parametrize(
    ("channel", "remedy"),
    [
        ("desk", "${DESK_URL} has no value in this terminal: export DESK_URL=…; then try again"),
        ("file", "${file:/no/such} has no value in this terminal: create the file /no/such; then try again"),
    ],
)
def test_a_channel_that_only_this_terminal_lacks_is_not_said_to_be_unknown(unset, channel, remedy):
    result = unset("notify", "test", channel)
    assert result.exit_code == 2
    assert f"the channel '{channel}' stands in " in result.stderr
    assert remedy in result.stderr
    assert "no channel" not in result.stderr
    assert "left out" not in result.stderr, "said once"
    assert "The monitor that runs" not in result.stderr


def test_it_says_of_the_monitor_that_runs_that_it_may_have_the_value(unset, tmp_path):
    with PollLock.acquire(tmp_path / "state", command="monitor run", now=datetime.now(UTC)):
        told = unset("notify", "test", "desk").stderr
    assert re.search(r"The monitor that runs is another matter \(pid \d+ \(monitor run\) since ", told)
    assert "set it there and start it again" in told


def test_what_sends_nothing_does_not_speak_of_channels(unset):
    assert "left out" not in unset("feeds", "list").stderr
    assert "the channel 'desk' is left out" in unset("notify", "test", "--all").stderr

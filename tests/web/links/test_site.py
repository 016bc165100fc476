"""Links of messages over the real server: what they show, what they do, and to whom they show nothing."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from monitor.hidden import MASK
from monitor.links import LASTS
from monitor.model import MuteKind
from monitor.serve import FORM_BYTES
from monitor.web.links.site import MOST_BAD
from tests.web.links.desk import BASE, Desk, seen
from tests.world import STRIKE, item

DAY = timedelta(days=1)
DEEDS = ["ack", "mute", "wrong"]
TABLES = {"ack": "acknowledgement", "mute": "mute", "wrong": "feedback"}


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.close()


def other(path: str, action: str) -> str:
    """The token of one link at the address of another."""
    address, token = path.split("?")
    return f"{'/'.join(address.split('/')[:3])}{'' if action == 'open' else '/' + action}?{token}"


# --- who is shown what


def test_a_link_shows_its_alert(desk):
    answer = desk.get(desk.path())
    assert answer.status == 200
    assert STRIKE in answer.body
    assert "https://news.example/1" in answer.body
    assert "desk" in answer.body
    assert desk.alert.id in answer.body


def without_token(path: str) -> str:
    return path.partition("?")[0]


@pytest.mark.parametrize(
    "changed",
    [
        without_token,
        lambda path: without_token(path) + "?t=",
        lambda path: path[:-1],
        lambda path: path + "A",
        lambda path: path + "&t=" + path.partition("t=")[2],
        lambda path: path.replace("?t=", "?token="),
        lambda path: path.replace("/a/", "/a/1"),
        lambda path: path.replace("?", "/?"),
        lambda path: path.replace("?", "/drop?"),
        lambda path: path.replace("/a/", "/a/../a/"),
        lambda path: path + "&x=" + "y" * 300,
        lambda path: path + "&x=1" * 9,
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_is_shown_without_a_good_token(desk, changed, method):
    answer = desk.get(changed(desk.path()), method=method)
    assert answer.status == 403
    for secret in (STRIKE, desk.alert.id, "news.example", "strikes"):
        assert secret not in answer.body


@pytest.mark.parametrize("made_for", ["open", *DEEDS])
@pytest.mark.parametrize("used_for", ["open", *DEEDS])
def test_a_token_is_good_for_its_own_link_only(desk, made_for, used_for):
    path = other(desk.path(made_for), used_for)
    assert desk.get(path).status == (200 if made_for == used_for else 403)
    if used_for != "open":
        assert desk.post(path).status == (200 if made_for == used_for else 403)
        assert len(desk.rows(TABLES[used_for])) == (made_for == used_for)


def test_a_token_of_another_alert_opens_nothing(desk):
    desk.world.poll(item("غارة أخرى على جسر", n=2))
    second = desk.world.reports[-1].alerts[0]
    token = desk.path("ack").partition("?")[2]
    assert second.id != desk.alert.id
    assert desk.post(f"/a/{second.id}/ack?{token}").status == 403
    assert desk.rows("acknowledgement") == []


@pytest.mark.parametrize("action", ["open", *DEEDS])
def test_a_link_ends(desk, action):
    path = desk.path(action)
    desk.clock.advance(LASTS[action] + timedelta(minutes=1))
    answer = desk.get(path)
    assert answer.status == 403
    assert "انتهت مدة هذا الرابط" in answer.body
    assert STRIKE not in answer.body
    if action != "open":
        assert desk.post(path).status == 403
        assert desk.rows(TABLES[action]) == []


def test_without_a_web_address_there_are_no_pages(desk):
    path, desk.links = desk.path(), None
    assert desk.get(path, Host="127.0.0.1").status == 404


def test_the_public_name_opens_links_and_no_figures(desk):
    assert desk.get("/metrics").status == 421
    assert desk.get("/metrics", Host="127.0.0.1").status == 200
    assert desk.get(desk.path(), Host="attacker.example").status == 421


def test_an_alert_that_is_gone_is_said_to_be(desk):
    with desk.store.database.write() as db:
        db.execute("DELETE FROM delivery")
        db.execute("DELETE FROM alert")
    assert desk.get(desk.path()).status == 404
    assert desk.post(desk.path("ack")).status == 404


def test_a_state_that_cannot_be_read_is_said_to_be(desk):
    for name in ("monitor.db", "monitor.db-wal", "monitor.db-shm"):
        (desk.state / name).unlink(missing_ok=True)
    (desk.state / "monitor.db").write_bytes(b"no database at all" * 100)
    answer = desk.get(desk.path())
    assert answer.status == 503
    assert "monitor doctor" in answer.body


def test_who_tries_tokens_is_put_off_and_readers_are_not(desk, caplog):
    bad = f"/a/{desk.alert.id}?t=" + "A" * 27
    with caplog.at_level(logging.WARNING):
        answers = [desk.get(bad).status for _ in range(MOST_BAD + 5)]
    assert answers == [403] * MOST_BAD + [429] * 5
    assert [record.message for record in caplog.records].count("links.guessed") == 1
    assert desk.get(bad).headers["retry-after"] == "60"
    assert desk.get(desk.path()).status == 200
    desk.clock.advance(timedelta(minutes=1))
    assert desk.get(bad).status == 403


# --- what they do


@pytest.mark.parametrize("action", DEEDS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_link_does_nothing(desk, action, method):
    answer = desk.get(desk.path(action), method=method)
    assert answer.status == 200
    assert desk.rows(TABLES[action]) == []


@pytest.mark.parametrize("action", DEEDS)
def test_the_form_of_the_page_leads_back_to_it(desk, action):
    page = seen(desk.get(desk.path(action)).body)
    [form] = page.of("form")
    fields = {each["name"]: each["value"] for each in page.of("input") if each["type"] == "hidden" or "checked" in each}
    assert form["method"] == "post"
    answer = desk.post("/".join(desk.path(action).split("/")[:3]) + "/" + form["action"], fields)
    assert answer.status == 200
    assert len(desk.rows(TABLES[action])) == 1


def test_an_acknowledgement_is_written_down_and_ends_the_chains_of_its_story_and_rule(desk):
    with desk.store.database.write() as db:
        chain = (desk.alert.id, '["phone"]', 900_000_000, 0)
        db.execute("INSERT INTO chain (alert_id, channels, every_us, due_us) VALUES (?, ?, ?, ?)", chain)
    answer = desk.post(desk.path("ack"))
    assert "سُجّل الاطلاع على التنبيه" in answer.body
    [row] = desk.rows("acknowledgement")
    assert (row["alert_id"], row["by"]) == (desk.alert.id, f"link of alert {desk.alert.id}")
    assert desk.rows("chain") == []


@pytest.mark.parametrize(
    ("fields", "kind", "lasts"),
    [
        ({"doing": "do"}, MuteKind.STORY, timedelta(hours=2)),
        ({"doing": "do", "subject": "story", "lasts": "1h"}, MuteKind.STORY, timedelta(hours=1)),
        ({"doing": "do", "subject": "rule", "lasts": "7d"}, MuteKind.RULE, 7 * DAY),
    ],
)
def test_a_mute_is_of_what_was_chosen_and_as_long(desk, fields, kind, lasts):
    answer = desk.post(desk.path("mute"), fields)
    assert "كُتمت التنبيهات حتى" in answer.body
    mute = desk.wishes.muted(f"link of alert {desk.alert.id}", now=desk.clock.now())
    assert (mute.kind, mute.subject) == (kind, str(desk.alert.story_id) if kind is MuteKind.STORY else "strikes")
    assert mute.until == desk.clock.now() + lasts
    assert f"monitor unmute {mute.id}" in seen(answer.body).text


def test_not_a_match_is_noted_for_its_rule_and_mutes_nothing(desk):
    desk.post(desk.path("wrong"))
    [row] = desk.rows("feedback")
    assert (row["alert_id"], row["rule_id"], row["verdict"]) == (desk.alert.id, "strikes", "not a match")
    assert desk.rows("mute") == []


@pytest.mark.parametrize("action", DEEDS)
def test_the_same_again_changes_nothing(desk, action):
    path = desk.path(action)
    desk.post(path)
    before = desk.rows(TABLES[action])
    desk.clock.advance(timedelta(minutes=5))
    again = desk.post(path, {"doing": "do", "lasts": "7d"})
    assert again.status == 200
    assert desk.rows(TABLES[action]) == before


@pytest.mark.parametrize("action", DEEDS)
def test_what_was_done_can_be_taken_back_by_the_page_that_tells_of_it_and_done_anew(desk, action):
    path = desk.path(action)
    page = seen(desk.post(path).body)
    [undo] = [each["value"] for each in page.of("input") if each["name"] == "doing"]
    assert undo == "undo"
    assert "undo" in [each["value"] for each in seen(desk.get(path).body).of("input")]
    desk.post(path, {"doing": undo})
    standing = [row for row in desk.rows(TABLES[action]) if action != "mute" or row["ended_us"] is None]
    assert standing == []
    assert [each["value"] for each in seen(desk.get(path).body).of("input") if each["name"] == "doing"] == ["do"]
    desk.post(path)
    assert len([row for row in desk.rows(TABLES[action]) if action != "mute" or row["ended_us"] is None]) == 1


def test_a_mute_that_is_over_can_be_set_anew(desk):
    desk.post(desk.path("mute"), {"lasts": "1h"})
    desk.clock.advance(timedelta(hours=2))
    assert "do" in [each["value"] for each in seen(desk.get(desk.path("mute")).body).of("input")]
    desk.post(desk.path("mute"), {"lasts": "1h"})
    assert len(desk.rows("mute")) == 2


# --- from where


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": BASE}, 200),
        ({"Origin": BASE, "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "http://127.0.0.1:9618", "Host": "127.0.0.1:9618"}, 200),
        ({"Origin": "https://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": BASE + ".attacker.example"}, 403),
        ({"Origin": BASE.replace("https", "ftp")}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": BASE, "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": BASE, "Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "", "Sec_Fetch_Site": "none"}, 403),
    ],
)
def test_only_a_form_of_ours_does_anything(desk, headers, status):
    assert desk.post(desk.path("ack"), **headers).status == status
    assert len(desk.rows("acknowledgement")) == (status == 200)


@pytest.mark.parametrize(
    "fields", [{"doing": "drop"}, {"subject": "place"}, {"subject": "source"}, {"lasts": "99d"}, {"doing": ""}]
)
def test_a_form_that_is_none_of_ours_is_refused(desk, fields):
    assert desk.post(desk.path("mute"), fields).status == 400
    assert desk.rows("mute") == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"doing", b"&" * 50, "doing=do&lasts=١h".encode()])
def test_a_body_that_is_no_form_is_refused(desk, body):
    assert desk.ask("POST", desk.path("mute"), {"Origin": BASE}, body).status == 400
    assert desk.rows("mute") == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(FORM_BYTES + 1)}, 413),
        ({"Content-Length": "9" * 40}, 413),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "\xb2"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_body_of_no_length_or_too_much_of_it_is_refused(desk, headers, status):
    assert desk.ask("POST", desk.path("ack"), {"Origin": BASE, **headers}, b"").status == status
    assert desk.rows("acknowledgement") == []


def test_the_alert_itself_takes_no_form_and_nothing_else_is_taken(desk):
    answer = desk.post(desk.path())
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert desk.get(desk.path("ack"), method="DELETE").status == 405
    assert desk.post("/metrics", Host="127.0.0.1").status == 405


# --- what does not show


def test_no_token_and_no_key_is_logged(desk, caplog):
    with caplog.at_level(logging.DEBUG):
        for action in DEEDS:
            desk.get(desk.path(action))
            desk.post(desk.path(action))
        desk.get(f"/a/{desk.alert.id}?t=" + "A" * 27)
    told = " ".join(str(vars(record)) for record in caplog.records)
    assert [record.message for record in caplog.records] == ["link.do"] * 3
    for action in DEEDS:
        assert desk.path(action).partition("t=")[2] not in told
    assert MASK not in told


def test_an_answer_is_kept_nowhere_and_framed_by_nobody(desk):
    for answer in (desk.get(desk.path()), desk.get(desk.path("mute")), desk.get("/a/1")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("language", "spoken", "direction"), [("ar", "ar", "rtl"), ("both", "ar", "rtl"), ("en", "en", "ltr")]
)
def test_a_page_is_in_the_language_of_the_messages_and_can_be_had_in_the_other(desk, language, spoken, direction):
    desk.config.language = language
    page = seen(desk.get(desk.path("mute")).body)
    [html] = page.of("html")
    assert (html["lang"], html["dir"]) == (spoken, direction)
    [there] = [each["href"] for each in page.of("a") if each.get("lang")]
    other_page = seen(desk.get("/".join(desk.path().split("?")[0].split("/")[:3]) + "/" + there).body)
    assert other_page.of("html")[0]["lang"] == ("en" if spoken == "ar" else "ar")

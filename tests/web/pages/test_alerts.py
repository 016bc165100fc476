"""The page of alerts over HTTP: what it lists, filters and pages; and what a reader does there."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import heartbeat
from monitor.heartbeat import Heartbeat
from monitor.model import MuteKind
from monitor.model.workers import Told, WorkerSeen
from monitor.store import Reader, ballast, codec
from monitor.store.feedback_rows import Feedback
from monitor.store.mute_rows import Mutes
from monitor.store.views.history import Wanted, history, one
from monitor.store.wish_rows import Wishes
from monitor.store.worker_rows import Workers
from monitor.web.desk import Desk
from monitor.web.pages import alerts as module
from tests.web.browser import scene
from tests.web.site import client, post

HOSTILE = "<script>alert(1)</script> غارة \u202eevil\u202c \"'><img src=x>"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = scene.make(tmp_path_factory.mktemp("alerts"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    made = scene.bare(tmp_path_factory.mktemp("own"))
    for feed_id in ("difaf", "manara", "harbour"):
        made.tell(feed_id, "خبر لا تطلبه أي قاعدة", n=1)
    made.tell("difaf", "غارة جوية على أطراف الرقة", n=2, summary="دخان فوق الحي الشرقي.")
    made.world.clock.advance(timedelta(hours=2))
    made.tell("harbour", "Clashes near the Omar field", n=3)
    yield made
    made.close()


@pytest.fixture
def own(begun):
    """Its alerts are there, and nothing is said of them. A test may tell more."""
    with begun.world.store.database.write() as db:
        for table in ("acknowledgement", "mute", "feedback"):
            db.execute(f"DELETE FROM {table}")
    return begun


def follow_up(of: scene.Scene, town: str, *, n: int) -> list[str]:
    """Ids of the alerts of one story under one rule, the first first."""
    of.tell("difaf", f"غارة جوية على أطراف {town}", n=n)
    of.world.clock.advance(timedelta(minutes=30))
    of.tell("difaf", f"غارة جوية على أطراف {town} تقتل 4 مدنيين", n=n)
    found = history(Reader(of.world.store.database), Wanted(rules=frozenset({"air-strikes"})), limit=1)
    return Reader(of.world.store.database).alerts_of(found[0].alert.story_id)


_DESKS: dict[Path, Desk] = {}  # reading the rules takes longer than a page


def desk(of: scene.Scene) -> Desk:
    if of.state not in _DESKS:
        _DESKS[of.state] = Desk(of.rules, of.state, clock=of.world.clock, environ={})
    return _DESKS[of.state]


def page(of: scene.Scene, address: str = "/", status: int = 200) -> str:
    answer = client(desk(of), accept_language="en").get(address)
    assert answer.status_code == status
    return answer.text


def cards(text: str) -> list[str]:
    return re.findall(r'<article class="card.*?</article>', text, re.DOTALL)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>|[\u2066-\u2069]", "", text))


def headlines(text: str) -> list[str]:
    return [plain(re.search(r"<h3.*?</h3>", each, re.DOTALL)[0]).strip() for each in cards(text)]


# --- what it lists


def test_alerts_stand_by_day_the_newest_first(shared):
    text = page(shared)
    days = [plain(each).strip() for each in re.findall(r"<h2.*?</h2>", text, re.DOTALL)]
    assert days[0].startswith("Today, Wednesday 25 November")
    assert days[1].startswith("Yesterday, Tuesday 24 November")
    assert days[2] == "Monday 23 November"
    assert headlines(text)[0].startswith("Clashes near the Omar field")


def test_an_alert_tells_severity_both_times_marked_words_facts_and_why(shared):
    card = next(each for each in cards(page(shared)) if "6 قتلى" in plain(each))
    told = plain(card)
    assert "CRITICAL" in told
    assert "11:01" in told
    assert "08:01 UTC" in told
    assert "<mark>قصف</mark>" in card
    assert "<mark>مشفى</mark>" in card
    assert "Killed: 3 → 6" in told
    assert "Idlib Governorate" in told
    assert "+2 more sources" in told
    assert "killed: 6, told before: 3" in told
    assert "↳ update" in told


def test_follow_ups_stand_under_the_newest_of_their_story_and_rule(shared):
    told = [each for each in headlines(page(shared)) if "إدلب" in each]
    assert len(told) == 1
    card = next(each for each in cards(page(shared)) if "6 قتلى" in plain(each))
    assert "Earlier alerts of this story (2)" in plain(card)


def test_a_page_in_arabic_says_the_same_in_arabic(shared):
    text = client(desk(shared), accept_language="ar").get("/").text
    assert 'dir="rtl"' in text
    assert "القتلى: 3 ← 6" in plain(text)
    assert "تغيّر ما يُروى عنه" in plain(text)


def test_a_state_with_nothing_in_it_says_what_comes_here(tmp_path):
    (tmp_path / "rules.yaml").write_text(scene.RULES, encoding="utf-8")
    answer = client(Desk(tmp_path / "rules.yaml", tmp_path / "state", environ={}), accept_language="en").get("/")
    assert "No alerts yet." in answer.text


def test_what_a_feed_wrote_is_text_and_nothing_else(own):
    before = len(cards(page(own)))
    own.tell("difaf", HOSTILE, n=4, summary=HOSTILE)
    text = page(own)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "\u202e" not in text
    assert len(cards(text)) == before + 1


# --- filters and pages

FILTERS = [
    ("rule=clashes", r"Clashes|çatışma|اشتباكات"),
    ("severity=critical", "إدلب"),
    ("source=kopru", "Kamışlı|Haseke"),
    ("place=idlib-governorate", "إدلب"),
    ("day=2026-11-24", "البوكمال|المياه"),
    ("seen=yes", "دير الزور|Deir"),
    ("opinion=wrong", "اشتباكات|çatışma"),
    ("rule=crossings&seen=no", "crossing|معبر"),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[query for query, _ in FILTERS])
def test_only_what_was_asked_for_is_listed_and_the_conditions_are_told(shared, query, expected):
    text = page(shared, f"/?{query}")
    assert headlines(text)
    assert all(re.search(expected, each) for each in headlines(text))
    assert len(re.findall(r'<a class="chip" href="/[^"]*"><span>', text)) >= query.count("=")


def test_a_place_takes_with_it_what_lies_within(shared):
    assert headlines(page(shared, "/?place=syria")) != []
    assert all("Al-Rai" not in each for each in headlines(page(shared, "/?place=deir-ez-zor-governorate")))
    assert any("الزور" in each for each in headlines(page(shared, "/?place=deir-ez-zor-governorate")))


def test_conditions_under_which_there_is_nothing_say_so(shared):
    assert "No alerts under these conditions." in page(shared, "/?rule=never-met")


def test_older_alerts_are_a_page_further_with_the_same_conditions(shared, monkeypatch):
    monkeypatch.setattr(module, "PER_PAGE", 2)
    address, found = "/?seen=no", []
    while address:
        text = page(shared, address.replace("&amp;", "&"))
        found += headlines(text)
        older = re.search(r'rel="next" href="([^"]+)"', text)
        address = older[1] if older else ""
        assert "seen=no" in address or not address
    monkeypatch.undo()
    whole = headlines(page(shared, "/?seen=no"))
    assert set(whole) <= set(found)
    assert len(found) <= 20


@pytest.mark.parametrize(
    "address", ["/?before=x", "/?before=1.2", "/?day=%00", "/?rule=%F0%28", "/?severity=%00&place=%22"]
)
def test_an_address_that_nobody_can_mean_breaks_nothing(shared, address):
    page(shared, address)


# --- what is new


def test_what_came_since_is_a_part_by_itself(own):
    web = client(desk(own), accept_language="en")
    after = re.search(r'data-after="(\d+)"', web.get("/").text)[1]
    assert cards(web.get(f"/alerts/new?after={after}").text) == []
    own.tell("difaf", "غارة جوية على صوامع في ريف منبج", n=9)
    own.tell("manara", "اشتباكات على طريق الحسكة", n=10)
    part = web.get(f"/alerts/new?after={after}").text
    assert len(cards(part)) == 2
    assert "<html" not in part
    assert f'data-after="{int(after) + 2}"' in part
    assert len(cards(web.get(f"/alerts/new?after={after}&rule=clashes").text)) == 1


def test_more_than_a_page_of_new_alerts_is_no_part(own, monkeypatch):
    monkeypatch.setattr(module, "PER_PAGE", 1)
    assert client(desk(own)).get("/alerts/new?after=0").status_code == 205


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_what_is_no_place_in_the_alerts_is_refused(own, after):
    assert client(desk(own)).get(f"/alerts/new?after={after}").status_code == 400


# --- what a reader does


def do(of: scene.Scene, deed: str, alert_id: str, **fields: str):
    return post(client(desk(of), accept_language="en"), f"/alerts/{alert_id}/{deed}", fields, on="/")


def told(of: scene.Scene, alert_id: str):
    return one(Reader(of.world.store.database), alert_id)


def ids(of: scene.Scene) -> list[str]:
    return [each.replace("-", ".") for each in re.findall(r'id="alert-(\d+-\d+)"', page(of))]


def test_seen_is_recorded_and_taken_back(own):
    alert_id = ids(own)[0]
    answer = do(own, "seen", alert_id, back="/?rule=clashes")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/?rule=clashes&did=seen#alert-{alert_id.replace('.', '-')}"
    assert told(own, alert_id).acknowledged.by == "page"
    assert "Recorded as seen." in page(own, answer.headers["location"].partition("#")[0])
    do(own, "unseen", alert_id)
    assert told(own, alert_id).acknowledged is None


def test_seen_is_what_came_before_in_the_story_too_and_with_it_is_taken_back(own):
    story = follow_up(own, "منبج", n=30)
    assert len(story) > 1
    do(own, "seen", story[-1])
    assert all(told(own, each).acknowledged for each in story)
    do(own, "unseen", story[-1])
    assert not any(told(own, each).acknowledged for each in story)


def test_what_somebody_else_has_seen_before_stays_so(own):
    first, last = follow_up(own, "تدمر", n=40)
    Wishes(own.world.store.database).acknowledge(first, by="sana", now=own.now - timedelta(minutes=5))
    do(own, "seen", last)
    do(own, "unseen", last)
    assert told(own, first).acknowledged.by == "sana"
    assert told(own, last).acknowledged is None


MUTED = [
    ("story", "24h", MuteKind.STORY, 24),
    ("rule", "1h", MuteKind.RULE, 1),
    ("source", "7d", MuteKind.SOURCE, 168),
    ("place:raqqa", "3d", MuteKind.PLACE, 72),
]


@pytest.mark.parametrize(("subject", "lasts", "kind", "hours"), MUTED, ids=[each[0] for each in MUTED])
def test_what_a_reader_mutes_is_muted_as_long_as_they_say(own, subject, lasts, kind, hours):
    alert = next(told(own, each).alert for each in ids(own) if "raqqa" in told(own, each).alert.facts.places)
    assert do(own, "mute", alert.id, subject=subject, lasts=lasts, reason="works").status_code == 303
    (mute,) = Mutes(own.world.store.database).in_force(own.now)
    named = {MuteKind.STORY: str(alert.story_id), MuteKind.RULE: "air-strikes", MuteKind.SOURCE: "difaf"}
    assert (mute.kind, mute.subject) == (kind, named.get(kind, "raqqa"))
    assert mute.until == own.now + timedelta(hours=hours)
    assert (mute.reason, mute.by) == ("works", "page")
    assert "Muted until" in page(own)
    do(own, "unmute", alert.id, mute=str(mute.id))
    assert Mutes(own.world.store.database).in_force(own.now) == ()


def test_what_is_muted_for_longer_is_not_muted_twice(own):
    alert_id = ids(own)[0]
    for lasts in ("7d", "24h", "7d"):
        do(own, "mute", alert_id, subject="rule", lasts=lasts)
    assert len(Mutes(own.world.store.database).in_force(own.now)) == 1


def test_no_match_is_an_opinion_that_can_be_taken_back(own):
    alert_id = ids(own)[0]
    do(own, "wrong", alert_id)
    do(own, "wrong", alert_id)
    (said,) = Feedback(own.world.store.database).latest(limit=9)
    assert (said.alert_id, said.by, said.opinion.value) == (alert_id, "page", "not a match")
    assert "Take back “not a match”" in page(own)
    do(own, "right", alert_id)
    assert Feedback(own.world.store.database).latest(limit=9) == []


REFUSED = [
    ("seen", "999.1", {}, 404),
    ("seen", "x", {}, 404),
    ("explode", None, {}, 400),
    ("mute", None, {"subject": "everything"}, 400),
    ("mute", None, {"subject": "place:atlantis"}, 400),
    ("mute", None, {"lasts": "for ever"}, 400),
    ("unmute", None, {"mute": "x"}, 400),
    ("unmute", None, {}, 400),
]


@pytest.mark.parametrize(("deed", "alert_id", "fields", "status"), REFUSED, ids=[str(n) for n in range(len(REFUSED))])
def test_what_is_no_deed_of_ours_is_refused_and_changes_nothing(own, deed, alert_id, fields, status):
    answer = do(own, deed, alert_id or ids(own)[0], **fields)
    assert answer.status_code == status
    assert Mutes(own.world.store.database).in_force(own.now) == ()


def test_looking_changes_nothing(own):
    assert client(desk(own)).get(f"/alerts/{ids(own)[0]}/seen").status_code == 405


BACK = [
    ("/", "/?did=seen"),
    ("/stories/1", "/stories/1?did=seen"),
    ("/?rule=a&did=mute&seen=no", "/?rule=a&seen=no&did=seen"),
    ("https://evil.example/", "/?did=seen"),
    ("//evil.example", "/?did=seen"),
    ("/\\evil.example", "/?did=seen"),
    ("/rules", "/?did=seen"),
    ("/?x=1\r\nSet-Cookie: a=b", "/?did=seen"),
    ("", "/?did=seen"),
]


@pytest.mark.parametrize(("back", "expected"), BACK, ids=[str(n) for n in range(len(BACK))])
def test_a_reader_comes_back_to_where_they_were_and_nowhere_else(back, expected):
    assert module._back(back, "seen", "1.2") == f"{expected}#alert-1-2"


def test_htmx_is_given_the_card_alone_with_what_to_say(own):
    alert_id = ids(own)[0]
    web = client(desk(own), accept_language="en", HX_Request="true")
    answer = post(web, f"/alerts/{alert_id}/seen", {"back": "/?seen=no"}, on="/")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'data-outcome="Recorded as seen."' in answer.text
    assert 'name="back" value="/?seen=no"' in answer.text
    assert "Take back" in plain(answer.text)


# --- how the monitor stands


def standing_of(text: str) -> str:
    found = re.search(r'<p class="notice (?:warning|error)"><a href="/operations">(.*?)</a>', text, re.DOTALL)
    return re.sub("<[^>]+>", "", found[1]) if found else ""


def test_a_monitor_that_is_half_blind_says_so_above_its_alerts(shared):
    assert standing_of(page(shared)) == "▲ It is half blind · not every alert arrives"


def test_nothing_is_said_while_all_is_well_and_a_daemon_that_went_silent_is_told(own):
    with own.world.store.database.write() as db:
        db.execute("UPDATE delivery SET status = 'sent' WHERE status IN ('pending', 'retrying')")
        db.execute("UPDATE feed_state SET next_poll_us = ?", (codec.microseconds(own.now),))
    assert standing_of(page(own)) == ""  # nobody runs; nothing is overdue for long
    beat_at = own.now.isoformat()
    beat = Heartbeat(pid=1, started_at=beat_at, beat_at=beat_at, version="1")
    heartbeat.write(own.state, beat)
    (own.state / ballast.FILE).touch()  # as a daemon lays it
    try:
        assert standing_of(page(own)) == ""
        own.world.clock.advance(timedelta(minutes=3))
        assert standing_of(page(own)) == "✖ It is blind"
    finally:
        heartbeat.remove(own.state)
        (own.state / ballast.FILE).unlink()
    own.world.clock.advance(timedelta(hours=3))
    assert standing_of(page(own)) == "▲ Nobody reads the feeds at the moment"
    seen = WorkerSeen(
        id="w", host="h", pid=1, began_at=own.now, version="1", stage="working", rules_number=1, told=Told()
    )
    workers = Workers(own.world.store.database, lambda _db: own.world.clock.now())
    workers.beat(seen)
    try:
        assert standing_of(page(own)) == "", "workers on other machines read them"
    finally:
        workers.end(seen.id)
    assert standing_of(page(own)) == "▲ Nobody reads the feeds at the moment"

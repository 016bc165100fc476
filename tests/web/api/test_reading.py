"""What programs read: the same as the pages show, whole and in plain text."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from monitor import config as configuration
from monitor.store import article_rows, entry_rows, open_store
from monitor.store.views.history import Wanted, history
from monitor.text.clean import display


def alerts_of(api):
    with api.desk.reader() as reader:
        return history(reader, Wanted(), limit=500)


def asked(api, **query):
    return [each["id"] for each in api.get(f"/alerts?{urlencode({'limit': 500, **query}, doseq=True)}")["alerts"]]


def test_alerts_are_those_of_the_history_the_newest_first(api):
    told, found = alerts_of(api), api.get("/alerts?limit=500")
    assert [each["id"] for each in found["alerts"]] == [each.alert.id for each in told]
    assert found["next"] is None
    first, alert = found["alerts"][0], told[0].alert
    assert first["headline"]["text"] == display(alert.title)
    assert first["severity"] == alert.severity.value
    assert first["reason"] == alert.reason.value
    assert first["decided_at"] == alert.decided_at.isoformat().replace("+00:00", "Z")
    assert first["story"] == str(alert.story_id)


FILTERS = (
    ({"rule": ["clashes", "crossings"]}, lambda told: told.alert.rule_id in ("clashes", "crossings")),
    ({"severity": "critical"}, lambda told: told.alert.severity.value == "critical"),
    ({"reason": "first report"}, lambda told: told.alert.reason.value == "first report"),
    ({"feed": "manara"}, lambda told: told.alert.feed_id == "manara"),
    ({"source": "harbour"}, lambda told: told.newsroom == "harbour"),
    ({"seen": "true"}, lambda told: told.acknowledged is not None),
    ({"seen": "false", "severity": "high"}, lambda t: t.acknowledged is None and t.alert.severity.value == "high"),
    ({"opinion": "not a match"}, lambda told: any(said.opinion.value == "not a match" for said in told.said)),
    ({"opinion": "none"}, lambda told: not told.said),
    ({"story": "1"}, lambda told: told.alert.story_id == 1),
)


@pytest.mark.parametrize(("query", "holds"), FILTERS, ids=lambda each: str(each) if isinstance(each, dict) else "")
def test_alerts_are_filtered_as_asked(api, query, holds):
    wanted = [told.alert.id for told in alerts_of(api) if holds(told)]
    assert wanted
    assert len(wanted) < len(alerts_of(api))
    assert asked(api, **query) == wanted


def test_times_are_within_from_the_first_and_before_the_second(api):
    told = alerts_of(api)
    at = told[2].alert.decided_at
    assert asked(api, since=at.isoformat()) == [each.alert.id for each in told if each.alert.decided_at >= at]
    assert asked(api, until=at.isoformat()) == [each.alert.id for each in told if each.alert.decided_at < at]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "query.limit"),
        ("limit=501", "query.limit"),
        ("limit=5_0", "query.limit"),
        ("limit=1&limit=2", "query.limit"),
        ("after=x", "query.after"),
        ("seen=yes", "query.seen"),
        ("since=2026-11-22", "query.since"),
        ("since=1795435200", "query.since"),
        ("since=2026-11-22T12:00:00", "query.since"),
        ("severity=grave", "query.severity.0"),
        ("nothing=1", "query.nothing"),
        ("story=0", "query.story"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_named(api, query, where):
    told = api.get(f"/alerts?{query}", 422)
    assert where in [each["where"] for each in told["errors"]]


def test_one_alert_and_what_became_of_its_messages(api):
    for told in alerts_of(api):
        one = api.get(f"/alerts/{told.alert.id}")
        assert one in api.get("/alerts?limit=500")["alerts"]
        messages = api.get(f"/alerts/{told.alert.id}/deliveries")["deliveries"]
        counted = {status.value: number for status, number in told.deliveries.items()}
        assert {each["status"] for each in messages} == set(counted)
        assert one["deliveries"] == counted
        assert sum(counted.values()) == len(messages)


def test_marks_are_of_the_words_that_a_rule_found(api):
    alert = next(each for each in api.get("/alerts?rule=medical-hit")["alerts"])
    text, marks = alert["headline"]["text"], alert["headline"]["marks"]
    assert any("مشفى" in text[mark["start"] : mark["end"]] for mark in marks)


def test_a_story_has_its_entries_their_texts_and_decisions_and_its_alerts_with_their_messages(api):
    alert = api.get("/alerts?rule=medical-hit")["alerts"][0]
    story = api.get(f"/stories/{alert['story']}")
    assert story["entry_count"] == len(story["entries"]) >= 2
    edited = next(each for each in story["entries"] if each["version_count"] == 2)
    first, second = edited["versions"]
    assert first["title"]["text"] != second["title"]["text"]
    assert {each["rule"] for each in edited["decisions"]} == {"medical-hit"}
    assert alert["id"] in [each["alert"]["id"] for each in story["alerts"]]
    assert {message["channel"] for each in story["alerts"] for message in each["messages"]} == {"desk", "phone"}
    assert story["next"] is None


@pytest.mark.parametrize(
    "path",
    [
        *("/alerts/999.1", "/alerts/1.999", "/alerts/x", "/alerts/1.1/2", "/alerts/999.1/deliveries"),
        *(
            "/stories/999",
            "/stories/0",
            "/stories/999/evidence",
            "/stories/999/evidence.zip",
            "/stories/0/evidence.zip",
            "/rules/none",
            "/feeds/none",
            "/feeds/none/entries",
        ),
        *("/deliveries/999", "/trials/none", "/none"),
    ],
)
def test_what_is_not_there_is_a_problem(api, path):
    answer = api.program.get(f"/api/v1{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_search_finds_what_the_page_finds_by_any_spelling(api):
    found = api.get(f"/search?{urlencode({'q': 'بدير الزور'})}")
    assert found["found"]
    assert all("الزور" in each["title"]["text"] for each in found["found"])
    assert found["found"][0]["alerts"]
    assert found["found"][0]["rules"] == ["air-strikes"]
    assert found["found"][0]["title"]["marks"]
    assert found["next"] is None


@pytest.mark.parametrize(
    ("query", "feeds"),
    [
        ({"q": "إغلاق OR crossing"}, ["difaf", "harbour"]),
        ({"q": "إغلاق OR crossing", "feed": "harbour"}, ["harbour"]),
        ({"q": "موسم", "outcome": "unmatched"}, ["difaf"]),
        ({"q": "موسم", "outcome": "alerted"}, []),
    ],
)
def test_search_is_filtered(api, query, feeds):
    assert [each["feed"] for each in api.get(f"/search?{urlencode(query)}")["found"]] == feeds


def test_a_query_that_cannot_be_read_is_refused_with_the_place_of_the_mistake(api):
    told = api.get(f"/search?{urlencode({'q': 'غارة AND ('})}", 422)
    assert told["errors"][0]["where"] == "query.q"
    assert told["errors"][0]["column"] >= 1


def test_rules_are_told_with_how_they_fare(api):
    rules = {each["id"]: each for each in api.get("/rules")["rules"]}
    assert list(rules) == [rule.id for rule in api.desk.config.rules]
    assert sum(rules["clashes"]["hits"]["matches"]) >= 3
    assert rules["clashes"]["hits"]["wrong"] == 1
    assert rules["never-met"]["states"] == ["untested"]  # after three days nobody knows it as idle
    assert rules["crossings"]["muted_until"] is not None
    one = api.get("/rules/crossings")
    assert rules["crossings"].items() <= one.items()
    assert one["yaml"].lstrip().startswith("- id: crossings")
    assert "/" not in one["file"]
    assert api.get("/rules/clashes")["latest_opinions"][0]["note"] == "a street quarrel, no fighting"


def test_feeds_are_told_with_their_health_those_that_need_somebody_first(api):
    feeds = api.get("/feeds")["feeds"]
    assert {each["id"] for each in feeds} == {feed.id for feed in api.desk.config.feeds}
    assert feeds[0]["level"] in ("down", "weak")
    assert feeds[0]["troubles"][0]["remedy"]
    assert all(each["level"] == "down" for each in api.get("/feeds?level=down")["feeds"])
    assert api.get("/feeds/difaf") in feeds
    entries = api.get("/feeds/difaf/entries")["entries"]
    assert entries[0]["seen_at"] == max(each["seen_at"] for each in entries)


def test_of_a_feed_whose_pages_are_read_it_is_told_how_that_goes(own):
    assert own.get("/feeds/difaf")["articles"] is None
    text = own.told.rules.read_text(encoding="utf-8")
    own.told.rules.write_text(text.replace("id: difaf,", "id: difaf, full_text: true,"), encoding="utf-8")
    own.desk.take(configuration.load(own.told.rules, environ=own.desk.environ))
    assert own.get("/feeds/difaf")["articles"] is None, "none was wanted yet"
    one, two, three, *_ = [int(each["id"]) for each in own.get("/feeds/difaf/entries")["entries"]]
    store = open_store(own.told.state, now=own.told.now)
    try:

        def wanted(db):
            feed = entry_rows.feed_number(db, "difaf")
            for entry_id in (one, two, three):
                article_rows.want(db, feed, entry_id, link="https://difaf.example/1", raw=b"", now=own.told.now)
            article_rows.read(db, one, f"https://pages.example/{one}", now=own.told.now)

        store.database.do(wanted)
        rows, minute = article_rows.Articles(store.database), timedelta(minutes=1)
        [asked] = rows.claim(["difaf"], own.told.now, ahead=minute, limit=1, lease=minute)
        assert asked.entry_id == two
        rows.unread(asked, "no page there", now=own.told.now, again_at=None)
    finally:
        store.close()
    told = {"read": 1, "unread": 1, "waiting": 1, "last_error": "no page there"}
    assert own.get("/feeds/difaf")["articles"] == told
    assert {each["id"]: each["articles"] for each in own.get("/feeds")["feeds"] if each["articles"]} == {"difaf": told}


def test_the_address_of_a_feed_shows_no_secret(own):
    text = own.told.rules.read_text(encoding="utf-8")
    own.told.rules.write_text(
        text.replace("https://difaf.example/rss", '"https://difaf.example/${WEB_TOKEN}"'), encoding="utf-8"
    )
    own.desk.take(configuration.load(own.told.rules, environ=own.desk.environ))
    answer = own.program.get("/api/v1/feeds/difaf")
    assert answer.json()["address"] == "https://difaf.example/${WEB_TOKEN}"
    assert own.desk.environ["WEB_TOKEN"] not in answer.text
    assert own.desk.environ["WEB_TOKEN"] not in own.program.get("/api/v1/rules/clashes").text


def test_deliveries_are_told_by_status(api):
    every = api.get("/deliveries?limit=500")["deliveries"]
    for status in ("sent", "dead", "retrying", "pending", "ended", "replaced"):
        wanted = [each for each in every if each["status"] == status]
        assert api.get(f"/deliveries?status={status}&limit=500")["deliveries"] == wanted
    assert {each["status"] for each in every} >= {"sent", "dead"}
    assert api.get(f"/deliveries/{every[0]['id']}") == every[0]


def test_operations_say_what_the_state_says(api):
    told = api.get("/operations")
    assert told["sight"] == "half blind"
    assert {each["id"] for each in told["channels"]} >= {"desk", "phone", "mail", "ops"}
    assert told["alerts"] == len(alerts_of(api))
    assert told["deliveries"]["dead"] == len(api.get("/deliveries?status=dead&limit=500")["deliveries"])
    assert any(each["subject"] == "mail" for each in told["troubles"])
    assert set(told["failing_feeds"]) == {"sanabil", "archive"}
    assert told["mutes"] == len(api.get("/mutes")["mutes"]) == 2


def test_a_state_in_which_nothing_was_recorded_has_nothing(told, tmp_path):
    from tests.web.api.conftest import Told, an_api

    (tmp_path / "state").mkdir()
    api = an_api(Told(told.rules, tmp_path / "state", told.clock))
    for path, key in (
        ("/alerts", "alerts"),
        ("/deliveries", "deliveries"),
        ("/mutes", "mutes"),
        ("/search?q=water", "found"),
    ):
        assert api.get(path)[key] == []
    assert api.get("/operations")["nobody_looks"] == "never"


def test_times_are_utc_and_nothing_says_so_otherwise(api):
    def times(value):
        if isinstance(value, dict):
            for key, each in value.items():
                if key.endswith(("_at", "until", "since")) and isinstance(each, str):
                    yield each
                yield from times(each)
        elif isinstance(value, list):
            for each in value:
                yield from times(each)

    found = [
        at for path in ("/alerts", "/deliveries", "/feeds", "/rules", "/operations") for at in times(api.get(path))
    ]
    assert len(found) > 50
    for at in found:
        assert at.endswith("Z")
        assert datetime.fromisoformat(at).utcoffset() == timedelta(0)


def test_an_answer_that_is_as_before_is_not_sent_again(api):
    tag = api.program.get("/api/v1/alerts").headers["etag"]
    again = api.program.get("/api/v1/alerts", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert api.program.get("/api/v1/alerts?limit=1", headers={"If-None-Match": tag}).status_code == 200
    assert "no-store" in again.headers["cache-control"]


def test_rules_explain_a_text_and_nothing_is_recorded(own):
    before = own.get("/operations")["entries"]
    text = {"title": "قصف مدفعي يصيب مشفى البلدة"}
    told = own.program.post("/api/v1/explain", json=text).json()
    assert told["rules"][0]["rule"] == "medical-hit"
    assert told["rules"][0]["matches"]
    sighting = told["rules"][0]["all"]["parts"][0]["parts"][0]["sightings"][0]
    assert text["title"][sighting["start"] : sighting["end"]] == sighting["surface"]
    alone = own.program.post("/api/v1/explain", json={**text, "rules": ["clashes"]}).json()
    assert [each["rule"] for each in alone["rules"]] == ["clashes"]
    assert own.get("/operations")["entries"] == before


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"title": "x", "rules": ["none"]}, "body.rules"),
        ({"title": "x", "feed": "none"}, "body.feed"),
        ({"title": "x" * 15_000, "body": "x" * 15_000}, "body"),
        ({"title": 1}, "body.title"),
        ({"text": "x"}, "body.text"),
    ],
)
def test_a_text_that_is_none_is_refused(api, sent, where):
    answer = api.program.post("/api/v1/explain", content=json.dumps(sent), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["errors"]] == [where]


def stories(api, **query):
    return api.get(f"/stories?{urlencode({'limit': 200, **query}, doseq=True)}")["stories"]


def test_stories_are_listed_as_they_were_last_told_and_each_can_be_read(api):
    listed = stories(api)
    assert [int(each["id"]) for each in listed] == sorted((int(each["id"]) for each in listed), reverse=True)
    newest = {}
    for told in reversed(alerts_of(api)):
        newest[str(told.alert.story_id)] = told.alert
    assert {each["id"] for each in listed if each["alert_count"]} == set(newest)
    for each in listed:
        one = api.get(f"/stories/{each['id']}")
        assert (each["report_count"], each["voice_count"]) == (one["entry_count"], len(one["owners"]))
        if each["alert_count"]:
            last = one["alerts"][0]["alert"]
            assert (each["newest_alert"], each["severity"], each["headline"]) == (
                last["id"], last["severity"], last["headline"],
            )  # fmt: skip


STORY_FILTERS = (
    ({"rule": "medical-hit"}, lambda one: any(each["alert"]["rule"] == "medical-hit" for each in one["alerts"])),
    ({"severity": "critical"}, lambda one: any(each["alert"]["severity"] == "critical" for each in one["alerts"])),
    ({"feed": "manara"}, lambda one: any(each["feed"] == "manara" for each in one["entries"])),
    ({"source": "harbour"}, lambda one: any(each["newsroom"] == "harbour" for each in one["entries"])),
    ({"told": "true", "feed": "difaf"}, lambda one: one["alerts"] and "difaf" in {e["feed"] for e in one["entries"]}),
)


@pytest.mark.parametrize(
    ("query", "holds"), STORY_FILTERS, ids=lambda each: str(each) if isinstance(each, dict) else ""
)
def test_stories_are_filtered_as_asked(api, query, holds):
    every = [each["id"] for each in stories(api)]
    wanted = [story for story in every if holds(api.get(f"/stories/{story}"))]
    assert wanted
    assert len(wanted) < len(every)
    assert [each["id"] for each in stories(api, **query)] == wanted


def test_a_place_stands_for_the_places_within_it(api):
    within = {each["story"] for each in api.get("/alerts?limit=500&place=deir-ez-zor-governorate")["alerts"]}
    assert within
    assert {each["id"] for each in stories(api, place="deir-ez-zor-governorate")} == within


def test_the_evidence_of_a_story_is_told_and_given_as_one_file(api):
    story = api.get("/alerts?rule=medical-hit")["alerts"][0]["story"]
    told = api.get(f"/stories/{story}/evidence")
    assert len(told["seen"]) >= 3  # one of its entries has two texts
    for seen in told["seen"]:
        assert re.fullmatch("[0-9a-f]{64}", seen["item"]["sha256"])
        assert re.fullmatch("[0-9a-f]{64}", seen["document"]["sha256"])
        assert "medical-hit" in seen["rules"]
    answer = api.program.get(f"/api/v1/stories/{story}/evidence.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert f'filename="evidence-{story}.zip"' in answer.headers["content-disposition"]
    with ZipFile(BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        digests = "".join(bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist())
    assert all(seen["item"]["sha256"] in digests for seen in told["seen"])
    paged, after = [], ""
    while after is not None:
        page = api.get(f"/stories/{story}/evidence?limit=1{f'&after={after}' if after else ''}")
        paged += page["seen"]
        after = page["next"]
    assert paged == told["seen"]

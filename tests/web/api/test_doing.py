"""What programs do: the same as people on the pages, and doing it twice is doing it once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.store import Reader, open_store
from monitor.store.mute_rows import Mutes


def send(api, method, path, status=200, **body):
    more = {"json": body} if body else {}
    answer = api.program.request(method, f"/api/v1{path}", **more)
    assert answer.status_code == status, answer.text
    return answer.json()


def unseen(api):
    return api.get("/alerts?seen=false")["alerts"][0]["id"]


def test_an_alert_is_acknowledged_once_and_that_is_taken_back(own):
    alert = unseen(own)
    first = send(own, "PUT", f"/alerts/{alert}/acknowledgement")
    assert first["acknowledged"]["by"] == "token"
    assert send(own, "PUT", f"/alerts/{alert}/acknowledgement") == first
    assert own.get(f"/alerts/{alert}") == first
    for _ in range(2):
        assert send(own, "DELETE", f"/alerts/{alert}/acknowledgement")["acknowledged"] is None


def test_who_has_seen_it_first_stands(own):
    alert = own.get("/alerts?seen=true")["alerts"][0]
    assert alert["acknowledged"]["by"] == "سلمى"
    again = send(own, "PUT", f"/alerts/{alert['id']}/acknowledgement")
    assert again["acknowledged"] == alert["acknowledged"]


def said(alert):
    return [(each["opinion"], each["note"]) for each in alert["judgements"] if each["by"] == "token"]


def test_an_opinion_is_one_a_person_replaced_by_another_and_taken_back(own):
    path = f"/alerts/{unseen(own)}/opinion"
    first = send(own, "PUT", path, opinion="not a match", note="a drill")
    assert said(first) == [("not a match", "a drill")]
    own.told.clock.advance(timedelta(hours=1))
    assert send(own, "PUT", path, opinion="not a match", note="a drill") == first
    assert said(send(own, "PUT", path, opinion="match")) == [("match", "")]
    for _ in range(2):
        assert said(send(own, "DELETE", path)) == []


def test_what_others_said_stays(own):
    alert = own.get("/alerts?opinion=not+a+match")["alerts"][0]
    send(own, "PUT", f"/alerts/{alert['id']}/opinion", opinion="match")
    after = send(own, "DELETE", f"/alerts/{alert['id']}/opinion")
    assert after["judgements"] == alert["judgements"]


@pytest.mark.parametrize(
    ("about", "kind", "key"), [("story", "story", "story"), ("rule", "rule", "rule"), ("source", "source", "newsroom")]
)
def test_from_an_alert_its_story_rule_or_source_is_muted_once(own, about, kind, key):
    alert = own.get("/alerts?rule=air-strikes&source=difaf")["alerts"][0]
    path = f"/alerts/{alert['id']}/mute"
    made = send(own, "POST", path, 201, about=about, lasts_seconds=30 * 86_400, reason="known")
    assert (made["kind"], made["subject"], made["reason"], made["by"]) == (kind, alert[key], "known", "token")
    assert made["holds"]
    until = datetime.fromisoformat(made["until"])
    assert until == own.told.now + timedelta(days=30)
    assert send(own, "POST", path, 200, about=about, lasts_seconds=3600) == made
    assert made in own.get("/mutes")["mutes"]


def test_a_place_that_the_alert_does_not_name_is_not_muted_from_it(own):
    path = f"/alerts/{unseen(own)}/mute"
    told = send(own, "POST", path, 422, about="place", place="nowhere")
    assert told["errors"][0]["where"] == "body.place"


@pytest.mark.parametrize(
    ("kind", "subject"),
    [("rule", "clashes"), ("place", "syria"), ("source", "difaf"), ("source", "harbour"), ("story", "1")],
)
def test_what_is_there_is_muted_until_it_is_ended(own, kind, subject):
    answer = own.program.post("/api/v1/mutes", json={"kind": kind, "subject": subject, "lasts_seconds": 7200})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/mutes/{made['id']}"
    with own.desk.reader() as reader:
        assert subject in [each.subject for each in Mutes(reader.database).in_force(own.told.now)]
    assert send(own, "POST", "/mutes", 200, kind=kind, subject=subject, lasts_seconds=60) == made
    ended = send(own, "DELETE", f"/mutes/{made['id']}")
    assert not ended["holds"]
    assert ended["ended_at"] is not None
    own.told.clock.advance(timedelta(minutes=1))
    assert send(own, "DELETE", f"/mutes/{made['id']}") == ended
    assert made["id"] not in [each["id"] for each in own.get("/mutes")["mutes"]]
    assert ended in own.get("/mutes?over=true")["mutes"]


@pytest.mark.parametrize(
    ("kind", "subject"), [("rule", "none"), ("place", "none"), ("source", "none"), ("story", "999"), ("story", "٣")]
)
def test_what_is_not_there_is_not_muted(own, kind, subject):
    told = send(own, "POST", "/mutes", 422, kind=kind, subject=subject, lasts_seconds=7200)
    assert [each["where"] for each in told["errors"]] == ["body.subject"]
    assert send(own, "DELETE", "/mutes/999", 404)["status"] == 404


@pytest.mark.parametrize(("lasts", "status"), [(7200, 201), (7200.0, 201), (7200.5, 422), ("7200", 422), (True, 422)])
def test_a_number_is_whole_by_what_it_is_and_not_by_how_it_is_written(own, lasts, status):
    body = {"kind": "rule", "subject": "strikes", "lasts_seconds": lasts}
    assert own.program.post("/api/v1/mutes", json=body).status_code == status


def test_what_was_given_up_is_sent_again(own):
    dead = own.get("/deliveries?status=dead")["deliveries"]
    assert dead
    again = send(own, "POST", f"/deliveries/{dead[0]['id']}/resend")
    assert (again["status"], again["attempts"]) == ("pending", 0)
    assert send(own, "POST", f"/deliveries/{dead[0]['id']}/resend") == again
    channel = dead[0]["channel"]
    left = [each for each in dead[1:] if each["channel"] == channel]
    assert send(own, "POST", f"/channels/{channel}/resend")["resent"] == len(left)
    assert send(own, "POST", f"/channels/{channel}/resend")["resent"] == 0
    assert not own.get("/deliveries?status=dead")["deliveries"]


def test_what_is_being_sent_at_this_moment_is_left_alone(own):
    store = open_store(own.told.state, now=own.told.now)
    try:
        number = own.get("/deliveries?status=dead")["deliveries"][0]["id"]
        store.resend([int(number)], now=own.told.now)
        claimed = store.claim_deliveries(own.told.now, limit=50, lease=timedelta(minutes=2))
        assert int(number) in [each.id for each in claimed]
        assert send(own, "POST", f"/deliveries/{number}/resend", 409)["status"] == 409
    finally:
        store.close()


def test_a_rule_is_tried_on_the_past_one_at_a_time(own):
    first = send(own, "POST", "/trials", 201, rule="clashes", days=30)
    assert first["state"] == "running"
    assert first["outcome"] is None
    from monitor.web.workshop.studio import Studio

    studio: Studio = own.app.state.studio
    try:
        job = studio.jobs.get(first["id"])
        if job.state == "running":
            assert send(own, "POST", "/trials", 409, rule="clashes")["status"] == 409
        assert job.over.wait(120)
        done = own.get(f"/trials/{first['id']}")
        assert (done["state"], done["share"], done["trouble"]) == ("done", 1.0, None)
        assert done["outcome"]["alerts"] == sum(each["alerts"] for each in done["outcome"]["by_day"]) >= 3
        assert {each["source"] for each in done["outcome"]["by_source"]} >= {"منارة الجزيرة"}
        assert send(own, "POST", f"/trials/{first['id']}/stop") == done
    finally:
        studio.end()


def test_a_trial_is_stopped(own):
    first = send(own, "POST", "/trials", 201, rule="clashes")
    studio = own.app.state.studio
    try:
        send(own, "POST", f"/trials/{first['id']}/stop")
        assert studio.jobs.get(first["id"]).over.wait(30)
        assert own.get(f"/trials/{first['id']}")["state"] in ("stopped", "done")
    finally:
        studio.end()


def test_a_rule_that_is_not_there_is_not_tried(own):
    assert send(own, "POST", "/trials", 422, rule="none")["errors"][0]["where"] == "body.rule"


def test_nothing_that_is_read_changes_anything(api):
    with api.desk.reader() as reader:
        before = totals(reader)
    for path in ("/alerts", "/deliveries", "/mutes", "/feeds", "/rules", "/operations", "/alerts/1.1", "/stories/1"):
        api.get(path)
    with api.desk.reader() as reader:
        assert totals(reader) == before


def totals(reader: Reader):
    return [
        reader.rows(f"SELECT count(*) FROM {table}")[0][0]
        for table in ("alert", "delivery", "mute", "feedback", "acknowledgement", "entry", "verdict")
    ]

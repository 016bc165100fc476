"""The page of operations over HTTP: what is wrong, what waits, what was given up; sent again, and unmuted."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from monitor import heartbeat
from monitor.cluster.published import gather
from monitor.heartbeat import Heartbeat
from monitor.model import DeliveryStatus, MuteKind
from monitor.model.rules_versions import RulesFiles
from monitor.model.workers import WorkerSeen
from monitor.store.housekeeping import note_backup
from monitor.store.lock import Holder, PollLock
from monitor.store.mute_rows import Mutes
from monitor.store.rules_rows import RulesVersions
from monitor.store.trouble_rows import TroubleRows
from monitor.store.views import operations as recorded
from monitor.store.worker_rows import Workers
from monitor.web.desk import Desk
from tests.web.site import ORIGIN, a_desk, client, post


def page_of(scene, language: str = "en", query: str = "") -> str:
    return page_from(scene.desk(), language, query)


def page_from(desk: Desk, language: str = "en", query: str = "") -> str:
    answer = client(desk, accept_language=language).get(f"/operations{query}")
    assert answer.status_code == 200
    return re.sub("[\u2068\u2069]", "", unescape(answer.text))


def section(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def rows(part: str) -> list[str]:
    return re.findall(r"<tr[ >].*?</tr>", part.partition("<tbody>")[2], re.DOTALL)


def test_what_is_wrong_stands_first_with_what_to_do(scene):
    sight = section(page_of(scene), "sight")
    assert "It is half blind · not every alert arrives" in sight
    assert "Feed 'صوت السنابل' cannot be read" in sight
    assert "Channel 'mail' refuses" in sight
    assert "monitor notify test mail" in sight


def test_it_says_the_same_in_arabic(scene):
    sight = section(page_of(scene, "ar"), "sight")
    assert "المرصد يرى بعض الأخبار فقط · بعض التنبيهات لا تصل" in sight
    assert "القناة «mail» ترفض" in sight


def test_what_waits_is_told_with_the_services_answer(scene):
    outbox = section(page_of(scene), "outbox")
    waiting = rows(outbox)
    assert waiting
    tried = [row for row in waiting if "is tried again" in row]
    assert tried
    assert all("phone" in row and "503 Service Unavailable: try later" in row for row in tried)
    assert "later <b>" not in client(scene.desk()).get("/operations").text


def test_dead_letters_have_their_answers_and_a_button_each(scene):
    dead = rows(section(page_of(scene), "dead"))
    assert dead
    assert all("550 no such mailbox" in row and 'action="/operations/resend"' in row for row in dead)


def test_channels_tell_how_they_do(scene):
    page = section(page_of(scene), "channels")
    by_id = {re.search(r'<bdi dir="auto">(\w+)</bdi>', row)[1]: row for row in rows(page)}
    assert set(by_id) == {"console", "desk", "phone", "mail", "ops"}
    assert "Send all again" in by_id["mail"]
    assert "Send all again" not in by_id["desk"]
    assert "nothing yet" in by_id["phone"]
    assert "nothing yet" not in by_id["desk"]
    assert "for troubles of the monitor" in by_id["ops"]


def test_mutes_that_hold_are_told_with_who_and_why(scene):
    mutes = rows(section(page_of(scene), "mutes"))
    assert len(mutes) == 2
    assert any("Border crossings" in row and "known closure" in row and "Omar" in row for row in mutes)


@pytest.mark.parametrize(
    ("kind", "subject", "told"),
    [
        (MuteKind.PLACE, "hasakah", "المكان: الحسكة"),
        (MuteKind.RULE, "crossings", "القاعدة: المعابر"),
        (MuteKind.SOURCE, "difaf", "المصدر: شبكة الضفاف"),
        (MuteKind.STORY, "7", "القصة: 7"),
        (MuteKind.RULE, "long-gone", "القاعدة: long-gone"),
    ],
)
def test_a_mute_is_told_by_the_names_that_people_know(fresh, kind, subject, told):
    with fresh.desk().store() as store:
        Mutes(store.database).begin(
            kind,
            subject,
            until=fresh.now + timedelta(hours=2),
            reason="",
            by="page",
            now=fresh.now,
            within=lambda _: (),
        )
    newest = [row for row in rows(section(page_of(fresh, "ar"), "mutes")) if "قارئ في هذه الصفحة" in row]
    assert [re.sub("<[^>]+>", "", re.search(r"<th.*?</th>", row)[0]) for row in newest] == [told]


def test_what_waits_and_what_was_given_up_name_their_rule_and_alert(scene):
    page = page_of(scene)
    for part in ("outbox", "dead"):
        for row in rows(section(page, part)):
            assert re.search(r"(Medical facility hit|Air strikes|Clashes|Border crossings)</bdi> · Alert <bdi", row), (
                row
            )
            assert re.search(r'<bdi dir="ltr">\d+\.\d+</bdi>', row)


def test_the_state_and_the_versions_are_told(scene):
    page = page_of(scene)
    state = section(page, "state")
    assert re.search(r"\d\.\d MiB", state)
    assert "none is recorded yet" in state
    assert 'Right alerts: <span class="num">1</span> · Not a match: <span class="num">1</span>' in state
    assert re.search(r"<bdi>SQLite</bdi></th><td><bdi dir=\"ltr\">3\.\d+", section(page, "versions"))


def test_dead_letters_are_paged(scene, monkeypatch):
    monkeypatch.setattr("monitor.web.pages.operations.DEAD", 1)
    first = page_of(scene)
    older = re.search(r'rel="next" href="(\?below=\d+)#dead"', first)[1]
    second = page_of(scene, query=older)
    ids = [re.findall(r'name="id" value="(\d+)"', section(page, "dead")) for page in (first, second)]
    assert [len(each) for each in ids] == [1, 1]
    assert int(ids[1][0]) < int(ids[0][0])


def statuses(scene) -> dict[int, DeliveryStatus]:
    with scene.desk().reader() as reader:
        return {record.id: record.status for status in DeliveryStatus for record in reader.deliveries(status, limit=99)}


def test_one_dead_letter_or_all_of_a_channel_are_sent_again(fresh):
    browser = client(fresh.desk(), accept_language="en")
    dead = [number for number, status in statuses(fresh).items() if status is DeliveryStatus.DEAD]
    assert len(dead) > 1
    answer = post(browser, "/operations/resend", {"id": str(dead[0])}, on="/operations")
    assert (answer.status_code, answer.headers["location"]) == (303, "/operations?did=resent&count=1")
    after = statuses(fresh)
    assert [after[each] for each in dead[:2]] == [DeliveryStatus.PENDING, DeliveryStatus.DEAD]
    answer = post(browser, "/operations/resend", {"channel": "mail"}, on="/operations")
    assert answer.headers["location"] == f"/operations?did=resent&count={len(dead) - 1}"
    assert {statuses(fresh)[each] for each in dead} == {DeliveryStatus.PENDING}
    assert f"To be sent again: {len(dead) - 1}" in browser.get(answer.headers["location"]).text
    answer = post(browser, "/operations/resend", {"channel": "mail"}, on="/operations")
    assert "There is nothing left to send again" in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    "sent", [{}, {"id": "0"}, {"id": "-1"}, {"id": "x"}, {"id": "9" * 25}, {"id": "99999"}, {"channel": "nobody"}]
)
def test_what_is_not_there_is_not_sent_again(scene, sent):
    before = statuses(scene)
    answer = post(client(scene.desk()), "/operations/resend", sent, on="/operations")
    assert (answer.status_code, answer.headers["location"]) == (303, "/operations?did=resent&count=0")
    assert statuses(scene) == before


def test_a_mute_is_ended_at_once(fresh):
    browser = client(fresh.desk(), accept_language="en")
    page = browser.get("/operations").text
    number = re.search(r'action="/operations/unmute">.*?name="id" value="(\d+)"', page, re.DOTALL)[1]
    answer = post(browser, "/operations/unmute", {"id": number}, on="/operations")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "The mute has ended" in page
    assert len(rows(section(page, "mutes"))) == 1
    post(browser, "/operations/unmute", {"id": number}, on="/operations")
    post(browser, "/operations/unmute", {"id": "nonsense"}, on="/operations")


@pytest.mark.parametrize("path", ["/operations/resend", "/operations/unmute"])
def test_nothing_is_done_without_a_form_of_ours(scene, path):
    before = statuses(scene)
    elsewhere = {"Origin": "https://elsewhere.example"}
    sent = {"channel": "mail", "id": "1"}
    assert client(scene.desk()).post(path, data=sent, headers=elsewhere).status_code == 403
    assert client(scene.desk()).post(path, data=sent, headers={"Origin": ORIGIN}).status_code == 403
    assert client(scene.desk()).get(path).status_code == 405
    assert statuses(scene) == before


def beat(scene, *, ago: timedelta, refused: bool = False) -> None:
    at = (scene.now - ago).isoformat()
    told = Heartbeat(pid=1, started_at=at, beat_at=at, version="1", rules_at=at, rules_refused=refused)
    heartbeat.write(scene.state, told)


def test_the_daemon_runs_hangs_is_stale_or_is_not_there(fresh):
    assert "<b>not running</b>" in page_of(fresh)
    beat(fresh, ago=timedelta(seconds=5), refused=True)
    page = page_of(fresh)
    assert "<b>running</b>" in page
    assert "The daemon refused a later file" in page
    beat(fresh, ago=timedelta(minutes=9))
    assert "<b>ended without a word</b>" in page_of(fresh)
    lock = PollLock.acquire(fresh.state, command="monitor run", now=fresh.now)
    try:
        page = page_of(fresh)
        assert "no sign of life" in page
        assert "It is blind" in page
        assert "look at its log, and start it again" in page
    finally:
        lock.release()


def test_a_monitor_that_does_not_run_is_not_called_well(fresh):
    with fresh.desk().store() as store:
        TroubleRows(store.database).save({}, gone=TroubleRows(store.database).load())
    sight = section(page_of(fresh), "sight")
    assert "Nobody reads the feeds at the moment" in sight
    assert "Nothing is to be mended" not in sight
    assert "start 'monitor run'" in sight


@pytest.mark.parametrize(
    ("database", "resting", "never"),
    [
        (None, ["monitor check", "monitor run"], "monitor run"),
        ("postgresql://of-workers/db", ["monitor worker", "monitor run"], "monitor worker"),
    ],
)
def test_what_to_start_is_what_works_on_this_state(fresh, tmp_path_factory, monkeypatch, database, resting, never):
    monkeypatch.setattr("monitor.web.pages.operations.database_url", lambda: database)
    with fresh.desk().store() as store:
        TroubleRows(store.database).save({}, gone=TroubleRows(store.database).load())
    for language in ("en", "ar"):
        told = section(page_of(fresh, language), "sight")
        assert re.findall(r"monitor \w+", told) == resting
    told = section(page_from(a_desk(tmp_path_factory.mktemp("new"))), "sight")
    assert f"No feed was ever read: start '{never}'" in told


def test_feeds_that_should_have_been_asked_are_counted(fresh):
    assert re.search(r"<b>0</b><span>Feeds overdue", page_of(fresh)) is None  # the scene was left long ago
    with fresh.desk().store() as store:
        store.make_due(["difaf"], now=fresh.now - timedelta(hours=2))
    assert re.search(r"<b>\d</b><span>Feeds overdue · the latest by \d+ (hours|days)", page_of(fresh))


def test_a_backup_that_was_made_is_told(fresh):
    with fresh.desk().store() as store:
        note_backup(store, fresh.now - timedelta(hours=3))
    assert "none is recorded yet" not in page_of(fresh)
    with fresh.desk().reader() as reader:
        assert recorded.stored(reader).backed_up_at == fresh.now - timedelta(hours=3)


def test_refused_rules_are_told_with_their_place_and_line(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    desk = a_desk(tmp_path)
    text = desk.path.read_text(encoding="utf-8")
    desk.path.write_text(text.replace("severity: high", "severity: hihg"), encoding="utf-8")
    browser = client(desk, accept_language="en")
    pages = [unescape(browser.get("/operations").text) for _ in range(3)]
    rules = section(pages[-1], "rules")
    assert f"{desk.path}:8:15" in rules
    assert "R203" in rules
    assert "severity: hihg" in rules
    assert "did you mean 'high'" in rules


def test_without_anything_recorded_it_says_what_to_start(tmp_path):
    page = unescape(client(a_desk(tmp_path), accept_language="en").get("/operations").text)
    assert "No feed was ever read" in page
    assert "Nothing waits to be sent." in page
    assert "Nothing was given up." in page


def test_no_address_of_a_channel_shows(tmp_path):
    desk = a_desk(tmp_path)
    secret = "tgram://123456789:AAExampleExampleExampleExample4711/-100"
    desk.path.write_text(
        desk.path.read_text(encoding="utf-8") + 'channels:\n  phone: {url: "${PHONE}"}\n', encoding="utf-8"
    )
    desk = Desk(desk.path, desk.state, environ={"PHONE": secret})
    page = client(desk, accept_language="en").get("/operations").text
    assert "phone" in page
    assert "AAExample" not in page
    assert "1 in 1 s" in page


def test_the_command_line_notes_its_backups(tmp_path, fresh):
    from tests.cli.terminal import monitor

    assert monitor("db", "backup", str(tmp_path / "copy.db"), "-s", str(fresh.state)).exit_code == 0
    with fresh.desk().reader() as reader:
        assert recorded.stored(reader).backed_up_at is not None


def test_status_tells_programs_the_same(scene):
    from tests.cli.terminal import monitor

    told = json.loads(monitor("status", "--json", "-s", str(scene.state)).stdout)
    page = page_of(scene)
    assert f"<b>{told['deliveries']['dead']}</b><span>Given up" in page
    assert f"<b>{told['deliveries']['held']}</b><span>Held" in page


def test_workers_that_share_the_state_are_told_of_and_led_to(fresh):
    assert "/cluster" not in page_of(fresh)
    seen = WorkerSeen(id="a-1", host="alpha", pid=1, began_at=fresh.now, version="1")
    with fresh.desk().store() as store:
        Workers(store.database, lambda _db: fresh.now).beat(seen)
    page = page_of(fresh)
    assert '<a class="button quiet" href="/cluster">How the workers do</a>' in page
    assert "<b>by workers</b>" in page
    assert "<b>يقوم بها عمّال</b>" in page_of(fresh, "ar")
    with fresh.desk().store() as store:
        Workers(store.database, lambda _db: fresh.now - timedelta(hours=1)).beat(seen)
    gone = page_of(fresh)
    assert "/cluster" in gone
    assert "<b>by workers</b>" not in gone


def test_a_daemon_on_another_machine_is_at_work_though_its_signs_of_life_are_there(fresh, monkeypatch):
    elsewhere = Holder(pid=7, host="beta", command="monitor run", started_at=fresh.now - timedelta(hours=3))
    monkeypatch.setattr("monitor.status.at_work", lambda _state: (elsewhere,))
    page = page_of(fresh)
    assert "<b>running</b>" in page
    assert "pid 7 on beta (monitor run)" in page
    assert "no sign of life" not in page


@pytest.mark.parametrize("publishes_it", [True, False])
def test_what_workers_go_by_is_told_where_the_files_are_not_what_is_in_force(fresh, monkeypatch, publishes_it):
    monkeypatch.setattr("monitor.web.pages.operations.database_url", lambda: "postgresql://of-workers/db")
    assert "The rules files are sound and in force." in page_of(fresh), "nothing was published yet"
    desk = fresh.desk()
    files = gather(desk.config).files if publishes_it else RulesFiles(main="a.yaml", texts={"a.yaml": "version: 1"})
    with desk.store() as store:
        RulesVersions(store.database).publish(files, by="us", note="", now=fresh.now)
    told = {
        page_of(fresh): "the files here say something else:",
        page_of(fresh, "ar"): "تختلف عنه",
    }
    for page, words in told.items():
        assert (words in page) is not publishes_it
        assert "sound and in force" not in page
        assert "سليمة وسارية" not in page
    assert ("Workers go by rules version 1, which says what the files here say." in page_of(fresh)) is publishes_it

"""The pages of rules over HTTP: how each fares, what it needs, what it says; a text tried; a trial of the past."""

from __future__ import annotations

import re
from html import unescape

import pytest

from monitor.model import MuteKind
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.store.mute_rows import Mutes
from monitor.store.views import rules as view
from monitor.web.desk import Desk
from tests.web.browser.scene import make
from tests.web.site import a_desk, client, post

ORIGIN = "http://127.0.0.1:8080"


class Site:
    def __init__(self, scene):
        self.scene = scene
        self.desk = Desk(scene.rules, scene.state, clock=scene.world.clock, environ={})
        self.asked = client(self.desk, accept_language="en", origin=ORIGIN)

    def get(self, path, status=200, language="en"):
        answer = self.asked.get(path, headers={"accept-language": language})
        assert answer.status_code == status
        return unescape(answer.text)

    def post(self, path, **data):
        token = re.search(r'name="csrf" value="([^"]*)"', self.get("/rules/try"))
        return self.asked.post(path, data={**data, "csrf": token[1]}, follow_redirects=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    scene = make(tmp_path_factory.mktemp("scene"))
    yield Site(scene)
    scene.close()


def plain(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def keep_since(site, begun_at):
    with site.desk.store() as store, store.database.write() as db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'begun_at'", (begun_at,))


def listed(page):
    return re.findall(r'<th scope="row"><a href="/rules/([^"]+)"', page)


def test_all_rules_are_listed_with_what_they_found(site):
    page = site.get("/rules")
    assert set(listed(page)) == {rule.id for rule in site.desk.config.rules}
    with site.desk.reader() as reader:
        counted = reader.rows("SELECT count(*) FROM verdict WHERE rule_id = 'medical-hit'")[0][0]
    assert counted
    assert f"Matches a day in the last 30 days: {counted}" in page


def test_a_rule_that_found_nothing_needs_a_look_and_stands_before_those_that_are_well(site):
    order = listed(site.get("/rules"))
    assert order.index("never-met") < order.index("medical-hit")
    assert listed(site.get("/rules?state=idle")) == []  # for there are no records of so long
    keep_since(site, "2020-01-01T00:00:00+00:00")
    assert listed(site.get("/rules?state=idle")) == ["never-met"]
    by_name = listed(site.get("/rules?sort=name", language="en"))
    assert by_name[0] == "air-strikes"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=hospital or clinic", ["medical-hit"]),
        ("severity=info", ["water-and-power"]),
        ("q=المعابر", ["crossings"]),
        ("q=zzz", []),
    ],
)
def test_the_list_is_narrowed(site, asked, found):
    assert listed(site.get(f"/rules?{asked}")) == found


def test_counts_come_from_indexes_alone(site):
    with site.desk.reader() as reader:
        for table in ("verdict", "alert"):
            query = "EXPLAIN QUERY PLAN " + view._BY_DAY.format(table=table)
            with reader.database.read() as db:
                plan = [row[3] for row in db.execute(query, {"rules": '["a"]', "offset": 0, "since": 0})]
            assert any("COVERING INDEX verdict_by_rule" in step or "INDEX alert_by_rule" in step for step in plan)
            assert not any(re.search(rf"SCAN {table}\b", step) for step in plan)


def test_what_readers_said_and_mutes_are_shown(site):
    now = site.scene.now
    with site.desk.reader() as reader:
        alerts = view.recent_alerts(reader, "medical-hit", limit=3)
    with site.desk.store() as store:
        for number, alert in enumerate(alerts):
            opinion = Opinion.WRONG if number else Opinion.MATCH
            Feedback(store.database).say(
                Said(alert_id=alert.id, rule_id="medical-hit", opinion=opinion, note="<b>no</b>", by="Lina", at=now)
            )
        until = now.replace(year=now.year + 1)
        Mutes(store.database).begin(
            MuteKind.RULE, "medical-hit", until=until, reason="", by="Lina", now=now, within=lambda _: ()
        )
    page = site.get("/rules/medical-hit")
    assert "2 of 3 (67%)" in plain(page)
    assert "Muted" in plain(page)
    assert "<b>no</b>" not in site.asked.get("/rules/medical-hit").text
    assert "medical-hit" in listed(site.get("/rules?state=muted"))
    assert "medical-hit" in listed(site.get("/rules?state=noisy"))


def test_one_rule_says_in_words_what_it_looks_for_and_where_it_stands(site):
    page = plain(site.get("/rules/medical-hit"))
    assert "All of these, at most 12 words between one and the next" in page
    assert "مشفى or مستشفى" in page
    assert f"{site.scene.rules}:13" in page
    assert "near: 12 words" in page
    arabic = plain(site.get("/rules/medical-hit", language="ar"))
    assert "وبين كل عبارة والتي تليها 12 كلمة على الأكثر" in arabic


def test_what_refused_alerts_have_in_common_is_told_and_each_can_be_tried(site):
    with site.desk.reader() as reader:
        told = reader.rows("SELECT id, title FROM alert WHERE rule_id = 'medical-hit' AND title LIKE '%إدلب%'")
        all_told = reader.rows("SELECT id FROM alert WHERE rule_id = 'medical-hit'")
    assert len(told) >= 2
    assert "none that was right" not in site.get("/rules/medical-hit")
    with site.desk.store() as store:
        feedback = Feedback(store.database)
        for row in all_told:  # what others said of them, right or wrong, is of no concern here
            feedback.take_back(row["id"], by="Lina")
        for row in told:
            said = Said(
                alert_id=row["id"], rule_id="medical-hit", opinion=Opinion.WRONG, note="", by="x", at=site.scene.now
            )
            feedback.say(said)
        try:
            page = site.get("/rules/medical-hit")
        finally:
            for row in told:
                feedback.take_back(row["id"], by="x")
    shared = re.search(r"none that was right:</p>(.*?)</ul>", page, re.S)[1]
    assert re.search(rf"إدلب</bdi> <span class=\"num\">{len(told)}</span>", shared)
    assert "مشفى" not in shared, "that is what the rule looks for"
    tried = re.search(r'<a href="(/rules/try\?rule=medical-hit&text=[^"]+)">Why did the rule match', page)[1]
    assert "مشفى" in site.get(tried)


def test_a_rule_that_finds_nothing_is_offered_the_playground(site):
    keep_since(site, "2020-01-01T00:00:00+00:00")
    assert "It has found nothing for 30 days" in site.get("/rules/never-met")
    assert "It has found nothing for 30 days" not in site.get("/rules/medical-hit")


def test_quiet_matches_are_shown_with_their_reason(site):
    page = plain(site.get("/rules/medical-hit"))
    assert "already told" in page
    assert "Shelling hits hospital" in page
    assert "بهذه القصة، ولا جديد هنا" in plain(site.get("/rules/medical-hit", language="ar"))


def test_its_tests_are_run_and_the_results_shown(site):
    assert "2 passed, 0 failed" in plain(site.get("/rules/medical-hit/tests"))
    assert "2 passed, 0 failed" in plain(site.get("/rules/medical-hit?tests=run"))
    assert "The rule has no tests" in plain(site.get("/rules/clashes"))


def test_a_rule_that_is_not_there_is_not_found(site):
    site.get("/rules/nothing", 404)
    site.get("/rules/trials/nothing", 404)


# --- the playground


def told(answer):
    return plain(unescape(answer.text.split('id="told"', 1)[-1]))


def test_the_process_that_explains_is_begun_as_the_page_is_opened(site):
    site.get("/rules/try")
    bench = site.asked.app.state.studio.quick
    begun = bench._process.pid
    told(site.post("/rules/try", text="جسر", rule="medical-hit"))
    assert bench._process.pid == begun


def test_a_text_is_explained_with_what_is_missing(site):
    page = told(site.post("/rules/try", text="قصف مدفعي على البلدة", rule="medical-hit"))
    assert "almost matches" in page
    assert re.search(r"Missing: *مشفى *, *مستشفى *, *عيادة *or *2 more", page)


def test_what_matches_is_marked_and_the_normal_form_shown_when_asked(site):
    page = site.post("/rules/try", text="قَصْفٌ على مشفى البلدة", normal="on", rule="medical-hit").text
    assert re.findall("<mark>(.*?)</mark>", page.split('id="told"')[1])[:2] == ["قَصْفٌ", "مشفى"]
    assert "قصف على مشفي البلده" in page or "قصف علي مشفي البلدة" in page or "قصف على مشفى البلدة" in page


def test_a_rule_that_is_written_there_is_tried_and_kept_nowhere(site):
    before = site.scene.rules.read_bytes()
    page = told(site.post("/rules/try", text="جسر قديم", yaml="- {id: mine, all: [جسر]}"))
    assert "✓ matches" in page
    assert site.scene.rules.read_bytes() == before


@pytest.mark.parametrize(
    ("draft", "language", "expected"),
    [
        ("- &a [*a]", "en", r"rules\.yaml:\d+:\d+ R109 the anchor '&a' is not allowed"),
        ("- &a [*a]", "ar", r"السطر \d+، العمود \d+: R109 .*والإحالات غير مسموح بها"),
        (f"- any: {'[' * 5000}", "en", r"line 1, column \d+: more than 20 blocks and lists .*; write it flatter"),
        ("- id: a\n  any: [x", "en", r"line 2, column 8: a list opens here and is not closed close it with"),
        ("- id: a\n  any: [x", "ar", r"السطر 2، العمود 8: تبدأ هنا قائمة"),
        (f"- any: {'[' * 5000}", "ar", r"السطر 1، العمود \d+: تداخل الكتل والقوائم أعمق من 20 مستوى"),
    ],
)
def test_what_rules_may_not_have_is_told_with_its_line_in_the_language_of_the_page(site, draft, language, expected):
    site.asked.headers["accept-language"] = language
    try:
        page = told(site.post("/rules/try", text="جسر", yaml=draft))
    finally:
        site.asked.headers["accept-language"] = "en"
    assert re.search(expected, re.sub("[\u2066-\u2069]", "", page), re.S)


def test_a_mistake_in_it_is_told_with_its_place_and_what_was_meant(site):
    page = told(site.post("/rules/try", text="جسر", yaml="- {id: mine, severity: حررج, all: [جسر]}"))
    assert re.search(r"rules\.yaml:\d+:\d+ R203", page)
    assert "did you mean 'حرج'?" in page


def test_while_the_file_is_broken_the_rules_in_force_go_on_explaining(site, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    written = site.scene.rules.read_bytes()
    site.scene.rules.write_bytes(written.replace(b"severity: critical", b"severity: citrical", 1))
    try:
        assert [site.desk.refused, site.desk.refused][1] is not None
        site.asked.app.state.studio.quick.end()  # a new process has read no rules yet
        assert "almost matches" in told(site.post("/rules/try", text="قصف مدفعي على البلدة", rule="medical-hit"))
    finally:
        site.scene.rules.write_bytes(written)
        assert [site.desk.refused, site.desk.refused][1] is None


def test_a_bad_regex_is_ended_and_told(site):
    rule = "- {id: slow, all: [{regex: '(س|سس)+$'}]}"
    page = told(site.post("/rules/try", text="س" * 60 + "!", yaml=rule))
    assert "took longer than" in page


def test_an_address_is_read_only_when_asked_and_never_within_this_network(site):
    assert "Press “Read this address”" in told(site.post("/rules/try", text="https://news.example/a"))
    page = told(site.post("/rules/try", text="http://127.0.0.1/secret", do="fetch"))
    assert "inside your network" in page


def test_an_address_is_not_filled_in_with_what_is_ours(site):
    page = told(site.post("/rules/try", text="https://news.example/${TOKEN}", do="fetch"))
    assert "${" in page
    assert "cannot be read" not in page


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ("include: [secret.txt]", "The text cannot be read, line 2, column 1"),
        ("- {id: second, all: [جسر]}", "The text must be one rule"),
    ],
)
def test_only_a_rule_is_tried_and_no_other_file_is_read(tmp_path, more, refused):
    rules = "version: 1\nfeeds:\n- {id: wire, url: https://news.example/feed.xml}\nrules:\n- {id: first, all: [جسر]}\n"
    browser = client(a_desk(tmp_path, rules), accept_language="en")
    (tmp_path / "secret.txt").write_text("what: [nobody, should\nread: x", encoding="utf-8")
    rule = f"- {{id: mine, all: [جسر]}}\n{more}"
    page = unescape(post(browser, "/rules/try", {"text": "جسر", "yaml": rule}, on="/rules/try").text)
    assert refused in page
    assert "nobody, should" not in page


def test_a_text_without_end_is_refused(site):
    assert "longer than it may be" in told(site.post("/rules/try", text="ا" * 20_001))


# --- trials


def until_over(site, address):
    """Each look waits for the server; no time is measured."""
    job = site.asked.app.state.studio.jobs.get(address.rsplit("/", 1)[1])
    job.over.wait(120)
    return site.get(f"{address}/part")


def test_a_rule_is_tried_on_the_past_one_trial_at_a_time(site):
    begun = site.post("/rules/medical-hit/trial")
    assert begun.status_code == 303
    second = site.post("/rules/clashes/trial")
    assert second.status_code == 409
    assert begun.headers["location"] in second.text
    page = plain(until_over(site, begun.headers["location"]))
    assert "What would have been sent" in page
    assert "Entries read: 16" in page


def tried(site, rule, old, new):
    """The rule with that instead, as its editor would send it."""
    form = site.get(f"/rules/{rule}/edit")
    fields = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)"[^>]*? value="([^"]*)"', form)
    }
    yaml = re.search(r'id="yaml".*?>\n(.*?)</textarea>', form, re.S)[1]
    assert old in yaml
    changed = yaml.replace(old, new)
    begun = site.post("/rules/trial", rule=rule, file=fields["file"], digest=fields["digest"], yaml=changed, seen="{}")
    assert begun.status_code == 303, plain(unescape(begun.text))
    return begun


def test_a_trial_says_what_a_channel_would_keep_and_until_when(site):
    begun = tried(site, "clashes", "severity: medium", "severity: medium\n  digest: daily 07:00")
    page = plain(until_over(site, begun.headers["location"]))
    assert "waits at desk: for the next digest" in page
    assert re.search(r"for the next digest [^·]*07:00", page)
    days = re.findall(
        r'<th scope="row"><bdi dir="ltr">([\d-]+)</bdi></th><td class="num">(\d+)',
        site.get(f"{begun.headers['location']}/part"),
    )
    assert "0" in {number for _, number in days}, "a day without alerts is a day, too"


def test_an_edit_is_tried_against_the_rule_in_force(site):
    begun = tried(site, "medical-hit", "drill]", 'drill, "6 قتلى"]')
    page = plain(until_over(site, begun.headers["location"]))
    assert "−1 lost" in page
    assert "Now: Excluded by 6 قتلى" in page
    back = site.get(begun.headers["location"])
    assert 'name="yaml"' in back


def test_a_trial_is_stopped(site):
    begun = site.post("/rules/medical-hit/trial")
    address = begun.headers["location"]
    assert site.post(f"{address}/stop").status_code == 303
    assert "Stopped, as you asked" in plain(until_over(site, address))

"""A rule that is not in force, tried by a program: on a text, and on the past."""

from __future__ import annotations

import pytest
import yaml

from monitor import config as configuration
from monitor.web.editing.passage import NotHere
from monitor.web.trying import as_snippet, placed
from tests.web.api.test_doing import send
from tests.web.site import RULES, a_desk, client

TEXT = "إضراب عام في المرفأ"
LINES = "- id: harbour-strikes\n  title: {en: Harbour strikes}\n  any: [إضراب]\n"
AS_OBJECT = {"id": "harbour-strikes", "title": {"en": "Harbour strikes"}, "any": ["إضراب"]}
INSTEAD = "- id: strikes\n  title: {en: Strikes}\n  any: [إضراب]\n  none: [مرفأ]\n"
BOMB = "- id: a\n  title: {en: A}\n  any: [x]\n  x0: &x0 [l, l, l, l, l, l, l, l, l]\n" + "".join(
    f"  x{level + 1}: &x{level + 1} [{', '.join([f'*x{level}'] * 9)}]\n" for level in range(12)
)


def before(api):
    return api.told.rules.read_bytes()


@pytest.mark.parametrize("draft", [LINES, AS_OBJECT, LINES.replace("\n", "\r\n")], ids=["lines", "object", "CRLF"])
def test_a_text_is_explained_by_a_draft_alone_and_nothing_is_written(api, draft):
    file = before(api)
    (rule,) = send(api, "POST", "/explain", title=TEXT, draft=draft)["rules"]
    assert (rule["rule"], rule["matches"]) == ("harbour-strikes", True)
    assert before(api) == file
    assert api.get("/rules/harbour-strikes", 404)


def test_a_draft_stands_in_the_place_of_the_rule_of_its_id(api):
    (rule,) = send(api, "POST", "/explain", title=TEXT, draft=INSTEAD)["rules"]
    assert (rule["rule"], rule["matches"]) == ("strikes", False)
    (in_force,) = send(api, "POST", "/explain", title=TEXT, rules=["strikes"])["rules"]
    assert in_force["matches"] is True


@pytest.mark.parametrize(
    ("draft", "what", "column"),
    [
        ("- id: a\n  title: {en: A}\n  anny: [x]\n", "line 3: R2", 3),
        ({"id": "a", "title": {"en": "A"}, "anny": ["x"]}, "anny", 3),
        ("- id: strikes\n  title: {en: A}\n  anny: [x]\n", "line 3: R2", 3),
        ("- title: {en: A}\n  any: [x]\n", "line 1: R2", 3),
        ("- id: a\n  any: [x\n", "no YAML: line 2: R106: a list opens here and is not closed: close it", None),
        ("- id: a\n  any: a: b\n", "line 2: R104: a second ':' on this line: a text with ': ' in it must", None),
        (f"{LINES}- id: another\n  any: [y]\n", "more than one rule", None),
        (f"{LINES}feeds: []\n", "no YAML: line 4: ", None),
        ("", "", None),
        ({}, "", None),
        ({"id": "a", "any": [None, 1e300, {"x": [[]]}]}, "R", None),
        ("nothing", "", None),
        ("- [a]", "", None),
        ("- &a [*a]\n", "line 1: R109: the anchor '&a' is not allowed: remove it", 3),
        ("- &a {id: a, any: [x], k: *a}\n", "line 1: R109: '*a' is a YAML alias", 3),
        (BOMB, "line 5: R109: '*x0' is a YAML alias, and aliases are not allowed: write it out", None),
        (f"- id: a\n  any: {'[' * 900}{']' * 900}", "line 2: R108: more than 20 blocks and lists", None),
        (f"- id: a\n  any: {'[' * 5000}", "line 2: more than 20 blocks and lists inside one another; write it", None),
        (f"{LINES}---\n- id: b\n", "line 4: a second document begins here; remove the line '---'", None),
    ],
)
def test_every_mistake_in_a_draft_is_told_with_its_line(api, draft, what, column):
    for path, more in (("/explain", {"title": TEXT}), ("/trials", {})):
        answer = send(api, "POST", path, 422, draft=draft, **more)
        wrong = answer["errors"]
        assert {each["where"] for each in wrong} == {"body.draft"}
        assert what in " ".join(each["what"] for each in wrong)
        if column is not None:
            assert wrong[0]["column"] == column


def test_a_draft_that_is_too_long_is_refused(api):
    for draft in ("#" * 20_001, {"id": "a", "any": ["x" * 20_000]}):
        assert send(api, "POST", "/explain", 422, title=TEXT, draft=draft)["errors"]


def test_a_draft_whose_regex_runs_away_is_ended(api):
    draft = {"id": "a", "title": {"en": "A"}, "any": [{"regex": "(a+)+$"}]}
    (rule,) = send(api, "POST", "/explain", title="a" * 5000 + "b", draft=draft)["rules"]
    assert rule["matches"] is False
    assert rule["problems"]


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/explain", {"title": TEXT, "rules": ["strikes"], "draft": LINES}, "body.rules"),
        ("/trials", {"rule": "strikes", "draft": LINES}, "body"),
        ("/trials", {"days": 3}, "body"),
    ],
)
def test_a_rule_in_force_and_a_draft_are_asked_of_one_at_a_time(api, path, body, where):
    assert [each["where"] for each in send(api, "POST", path, 422, **body)["errors"]] == [where]


def tried(api, **body):
    begun = send(api, "POST", "/trials", 201, **body)
    studio = api.app.state.studio
    try:
        assert studio.jobs.get(begun["id"]).over.wait(120)
        assert api.program.get(f"/rules/trials/{begun['id']}").status_code == 200
        return api.get(f"/trials/{begun['id']}")
    finally:
        studio.end()


def test_a_draft_is_tried_on_the_past_beside_the_rule_that_it_would_replace(own):
    clashes = own.get("/rules/clashes")
    done = tried(own, draft=f"{clashes['yaml']}  none: [درعا, الحسكة, حلب, إدلب, الرقة]\n", days=30)
    compared = done["compared"]
    assert (done["state"], done["rule"]) == ("done", "clashes")
    assert done["outcome"]["alerts"] == compared["kept"] + compared["gained"]["number"]
    assert compared["alerts"] == compared["kept"] + compared["lost"]["number"]
    assert compared["lost"]["number"] == len(compared["lost"]["shown"]) > 0
    assert all(each["why"] and each["headline"]["text"] for each in compared["lost"]["shown"])


def test_what_a_channel_would_have_kept_says_until_when(own):
    text = own.told.rules.read_text(encoding="utf-8")
    own.told.rules.write_text(
        text.replace('"json://desk.example"', '"json://desk.example", digest: daily 08:00'), encoding="utf-8"
    )
    own.desk.take(configuration.load(own.told.rules, environ=own.desk.environ))
    samples = tried(
        own, draft={"id": "made-up", "title": {"en": "Made up"}, "severity": "low", "any": ["غارة"], "notify": ["desk"]}
    )
    held = [each["held"] for each in samples["outcome"]["samples"]]
    assert held
    for each, sample in zip(held, samples["outcome"]["samples"], strict=True):
        assert [(one["channel"], one["hold"]) for one in each] == [("desk", "digest")]
        assert each[0]["until"] > sample["at"]


def test_a_draft_of_a_new_rule_is_compared_with_none(own):
    done = tried(own, draft={"id": "made-up", "title": {"en": "Made up"}, "any": ["غارة"]})
    assert (done["state"], done["rule"], done["compared"]) == ("done", "", None)
    assert done["outcome"]["alerts"] > 0


@pytest.mark.parametrize("text", ["yes", "01", "a: b", "سطر\nثان", "- x", "#", "\u2028\x7f\x00", "🙂", "'", ""])
def test_an_object_says_in_yaml_what_it_says_in_json(text):
    rule = {"id": "a", "any": [text], text: None}
    assert yaml.safe_load(as_snippet(rule)) == [rule]


def test_the_file_has_nothing_but_the_draft_beside_what_it_had(tmp_path):
    desk = a_desk(tmp_path)
    had = desk.path.read_text(encoding="utf-8")
    draft = placed(desk, LINES)
    assert not draft.in_force
    assert draft.raw.decode().startswith(had)
    assert draft.raw.decode().splitlines()[draft.begins - 1].strip() == "- id: harbour-strikes"
    assert [rule.id for rule in draft.sound(desk).rules] == ["strikes", "harbour-strikes"]


BROKEN = {
    "a setting": RULES.replace("severity: high", "severety: high"),
    "no YAML": RULES.replace("any: [", "any: [["),
    "an anchor": RULES.replace("rules:\n", "rules: &all\n"),
    "no rules": "version: 1\n",
}


@pytest.mark.parametrize("written", BROKEN.values(), ids=BROKEN)
def test_a_draft_is_tried_with_the_rules_in_force_while_the_file_is_broken(tmp_path, monkeypatch, written):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    desk = a_desk(tmp_path)
    desk.path.write_text(written, encoding="utf-8")
    assert [desk.refused, desk.refused][1] is not None
    for draft in (LINES, INSTEAD):
        rules = placed(desk, draft).sound(desk).rules
        assert [rule.title["en"] for rule in rules] == (
            ["Strikes"] if draft == INSTEAD else ["Air strikes", "Harbour strikes"]
        )
    browser = client(desk)
    told = browser.post("/api/v1/explain", json={"title": TEXT, "draft": LINES}).json()
    assert [(rule["rule"], rule["matches"]) for rule in told["rules"]] == [("harbour-strikes", True)]
    wrong = browser.post("/api/v1/explain", json={"title": TEXT, "draft": "- id: a\n  anny: [x]\n"}).json()
    assert wrong["errors"][0]["what"].startswith("line 2: R20")
    assert desk.path.read_text(encoding="utf-8") == written


def test_a_draft_is_tried_while_another_file_than_its_own_is_broken(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    more = "version: 1\nrules:\n  - {id: bridges, title: {en: Bridges}, any: [جسر]}\n"
    desk = a_desk(tmp_path, f"{RULES}include: [more.yaml]\n", more=more)
    (tmp_path / "more.yaml").write_text(more.replace("any", "anny"), encoding="utf-8")
    assert [desk.refused, desk.refused][1] is not None
    assert [rule.id for rule in placed(desk, INSTEAD).sound(desk).rules] == ["strikes", "bridges"]
    replaced = placed(desk, "- {id: bridges, title: {en: Bridges}, any: [قنطرة]}\n")
    assert replaced.file == tmp_path / "more.yaml"
    assert [rule.id for rule in replaced.sound(desk).rules] == ["strikes", "bridges"]


def test_a_file_that_has_just_been_broken_is_not_taken_for_a_mistake_in_the_draft(tmp_path):
    desk = a_desk(tmp_path)
    desk.path.write_text("rules: [\n", encoding="utf-8")  # not yet seen by the desk
    with pytest.raises(NotHere) as told:
        placed(desk, LINES)
    assert told.value.key == "editor.unreadable"

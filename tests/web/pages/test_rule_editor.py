"""The editor over HTTP: both sides say the same, what is wrong stands beside its field, and only what was seen is
saved."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, urlencode

import pytest

from monitor import config
from monitor.search.sought import rule_of
from monitor.web import writable
from monitor.web.desk import Desk
from tests.web.site import a_desk, client

RULES = """\
version: 1
timezone: Asia/Damascus
include: [more.yaml]
feeds:
  - {id: wire, name: Wire, url: https://news.example/feed.xml, tags: [syria]}
rules:
  # kept: the first of all
  - id: strikes
    title: {ar: غارات, en: Air strikes}
    severity: high   # since May
    any:
      - غارة        # in all its forms
      - "air strike"
    tests:
      - match: غارة على البلدة
channels:
  desk: {url: "json://desk.example"}
"""
MORE = """\
version: 1
rules:
  - id: bridges
    all: [جسر, [قصف, تدمير]]
    near: 8 words
    query: "جسر NOT مسلسل"
"""


class Page:
    """A form as a browser has it: what is sent is what was shown, but for what somebody changes."""

    def __init__(self, answer):
        self.text, self.status = answer.text, answer.status_code
        self.fields = dict(re.findall(r'<input type="hidden" name="(\w+)"[^>]*? value="([^"]*)"', self.text))
        for name, value in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', self.text, re.S):
            self.fields[name] = value
        for name, value in re.findall(r'<input id="box-\w+(?:-\w+)?" name="(\w+)"[^>]*? value="([^"]*)"', self.text):
            self.fields[name] = value
        for name, value in re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked', self.text):
            self.fields[name] = "\n".join(filter(None, [self.fields.get(name, ""), value]))
        chosen = re.search(r'<select id="box-severity".*?<option value="(\w*)" selected', self.text, re.S)
        self.fields["severity"] = chosen[1] if chosen else ""
        self.fields = {name: unescape(value) for name, value in self.fields.items()}

    def wrong(self, name):
        return [
            unescape(re.sub("<[^>]+>", "", told))
            for told in re.findall(rf'id="wrong-{name}[^"]*">(.*?)</p>', self.text)
        ]


class Editor:
    def __init__(self, folder):
        (folder / "more.yaml").write_text(MORE, encoding="utf-8")
        self.desk: Desk = a_desk(folder, RULES)
        self.asked = client(self.desk, accept_language="en", origin="http://127.0.0.1:8080")

    def open(self, path):
        return Page(self.asked.get(path))

    def send(self, page, path, **changed):
        fields = {**page.fields, **changed}
        data = {name: value.split("\n") if name in ("notify", "search_in") else value for name, value in fields.items()}
        token = re.search(r'name="csrf" value="([^"]*)"', page.text)
        answer = self.asked.post(path, data={**data, "csrf": token[1] if token else ""}, follow_redirects=False)
        self.location = answer.headers.get("location")
        return Page(answer)

    @property
    def file(self):
        return self.desk.path.read_text(encoding="utf-8")


@pytest.fixture
def editor(tmp_path):
    return Editor(tmp_path)


def test_the_boxes_show_what_the_rule_says_and_the_yaml_stands_beside_them(editor):
    page = editor.open("/rules/strikes/edit")
    assert page.fields["any"] == "غارة\nair strike"
    assert page.fields["severity"] == "high"
    assert (page.fields["title_ar"], page.fields["title_en"]) == ("غارات", "Air strikes")
    assert page.fields["yaml"].startswith("- id: strikes\n  title:")


@pytest.mark.parametrize("path", ["/rules/strikes/edit", "/rules/new"])
def test_a_file_that_cannot_be_written_is_told_before_anybody_types(editor, path, monkeypatch):
    ahead = "cannot be saved from here"
    assert ahead not in editor.open(path).text
    monkeypatch.setattr(writable, "hindrance", lambda _: "read_only")
    page = editor.open(path)
    assert ahead in page.text
    assert "mount the folder without :ro" in page.text
    assert f"<code>{editor.desk.path}</code>" in page.text
    assert "any" in page.fields, "it can still be tried"


def test_a_change_is_shown_tested_and_saved_and_nothing_else_in_the_file_changes(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", any="غارة\nair strike\nقصف جوي")
    assert page.status == 200
    assert "<ins>+      - قصف جوي</ins>" in page.text
    assert "1 passed, 0 failed" in page.text
    assert editor.file == RULES
    editor.send(page, "/rules/strikes/edit", do="save")
    assert editor.location == "/rules/strikes?saved"
    assert editor.file == RULES.replace('      - "air strike"\n', '      - "air strike"\n      - قصف جوي\n')
    assert len(editor.desk.config.rules[0].any) == 3


def test_what_was_not_shown_is_not_saved(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="save", any="غارة\nقصف", agreed="0" * 64)
    assert editor.location is None
    assert "What will change" in page.text
    assert editor.file == RULES


def test_what_stands_around_a_change_shows_no_secret(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", yaml=page.fields["yaml"] + "  owner: night desk\n")
    assert "owner: night desk</ins>" in page.text
    assert "  desk: {url: &#34;json://***" in page.text
    assert "json://desk.example" not in page.text


def test_a_rule_longer_than_any_is_refused(editor):
    page = editor.open("/rules/strikes/edit")
    assert editor.send(page, "/rules/strikes/edit", do="write", any="a\n" * 31_000).status == 413


@pytest.mark.parametrize("seen", ["[" * 20_000, "[]", "1", "nothing"])
def test_a_form_that_no_page_of_ours_made_breaks_nothing(editor, seen):
    page = editor.open("/rules/strikes/edit")
    assert editor.send(page, "/rules/strikes/edit", do="write", seen=seen).status in (200, 422)


def test_a_rule_of_an_included_file_is_saved_there_with_what_no_box_can_say(editor):
    page = editor.open("/rules/bridges/edit")
    assert "<code>query</code>" in page.text
    assert page.fields["all"] == "جسر\nقصف | تدمير"
    page = editor.send(page, "/rules/bridges/edit", do="preview", none="مسلسل", title_en="Bridges")
    editor.send(page, "/rules/bridges/edit", do="save")
    assert editor.file == RULES
    expected = MORE.replace("    all:", "    title: {en: Bridges}\n    all:").replace(
        "    near:", "    none:\n      - مسلسل\n    near:"
    )
    got = (editor.desk.path.parent / "more.yaml").read_text(encoding="utf-8")
    assert sorted(got.splitlines()) == sorted(expected.splitlines())
    assert 'query: "جسر NOT مسلسل"' in got


def test_a_severity_with_a_typo_is_told_beside_its_field_with_its_place_and_what_was_meant(editor):
    page = editor.open("/rules/strikes/edit")
    changed = page.fields["yaml"].replace("severity: high", "severity: مرتفغ")
    page = editor.send(page, "/rules/strikes/edit", do="read", yaml=changed)
    page = editor.send(page, "/rules/strikes/edit", do="preview")
    assert page.status == 422
    (told,) = page.wrong("severity")
    assert told.strip().endswith("rules.yaml:10:15")
    assert "did you mean 'مرتفع'?" in told
    assert editor.file == RULES


def test_a_rule_whose_tests_fail_is_not_saved_and_it_is_said_which(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", any="انفجار")
    assert "0 passed, 1 failed" in page.text
    assert "must match" in page.text
    assert "Missing:" in page.text
    assert 'value="save"' not in page.text


def test_a_file_that_was_changed_meanwhile_is_left(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", any="غارة")
    theirs = RULES.replace("# since May", "# since June")
    editor.desk.path.write_text(theirs, encoding="utf-8")
    page = editor.send(page, "/rules/strikes/edit", do="save")
    assert "has changed since you opened this page" in page.text
    assert editor.file == theirs


@pytest.mark.parametrize(
    "yaml",
    [
        "- id: strikes\n  any: [غارة]\nfeeds: []\n",
        "- id: strikes\n  any: [غارة]\n- id: second\n  any: [x]\n",
        "- id: strikes\n  any: [غارة\n",
        "",
    ],
)
def test_a_text_that_is_not_one_rule_changes_nothing(editor, yaml):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", yaml=yaml)
    assert page.status == 422
    assert page.wrong("yaml")
    assert editor.file == RULES


@pytest.mark.parametrize(
    ("language", "do", "changed", "told"),
    [
        ("en", "preview", "  any: &a [*a]\n", "'*a' is a YAML alias, and aliases are not allowed"),
        ("ar", "preview", "  any: &a [*a]\n", "والإحالات غير مسموح بها"),
        ("en", "preview", f"  any: {'[' * 900}{']' * 900}\n", "write it flatter; groups keep long lists out of rules"),
        ("ar", "preview", f"  any: {'[' * 900}{']' * 900}\n", "تداخل الكتل والقوائم أعمق من"),
        (
            "en",
            "read",
            f"  any: {'[' * 5000}\n",
            "line 2, column 1006: more than 20 blocks and lists inside one another",
        ),
        ("ar", "read", f"  any: {'[' * 5000}\n", "تداخل الكتل والقوائم أعمق من"),
        ("en", "read", "  any: [x\n", "line 2, column 8: a list opens here and is not closed: close it with ']'"),
        ("ar", "read", "  any: [x\n", "السطر 2، العمود 8: تبدأ هنا قائمة"),
        ("ar", "preview", "  any: [x\n", "السطر 2، العمود 8: تبدأ هنا قائمة"),
    ],
)
def test_what_rules_may_not_have_is_told_with_its_remedy_in_the_language_of_the_page(
    editor, language, do, changed, told
):
    page = editor.open("/rules/strikes/edit")
    editor.asked.headers["accept-language"] = language
    page = editor.send(page, "/rules/strikes/edit", do=do, yaml=f"- id: strikes\n{changed}")
    assert page.status in (200, 422)
    assert told in re.sub("[\u2066-\u2069]", "", unescape(re.sub("<[^>]+>", "", page.text)))
    assert editor.file == RULES


@pytest.mark.parametrize("written", ["rules: &all\n", "rules: !!seq\n"])
def test_a_rule_is_shown_while_the_file_is_refused_for_what_stands_before_its_list(editor, written):
    broken = RULES.replace("rules:\n", written)
    editor.desk.path.write_text(broken, encoding="utf-8")
    shown = unescape(editor.asked.get("/rules/strikes").text)
    assert '- "air strike"' in shown
    assert editor.open("/rules/strikes/edit").fields["id"] == "strikes"


def test_the_sides_update_each_other(editor):
    page = editor.open("/rules/strikes/edit")
    text = editor.send(page, "/rules/sync/boxes", any="غارة\n{place: idlib}")
    assert "      - {place: idlib}\n".removeprefix("  ") in text.fields["yaml"]
    changed = page.fields["yaml"].replace("severity: high", "severity: حرج").replace("    - غارة ", "    - انفجار ")
    boxes = editor.send(page, "/rules/sync/yaml", yaml=changed)
    assert boxes.fields["severity"] == "critical"
    assert boxes.fields["any"] == "انفجار\nair strike"


def test_changes_on_both_sides_without_script_are_both_kept(editor):
    page = editor.open("/rules/strikes/edit")
    changed = page.fields["yaml"].replace("severity: high", "severity: low")
    page = editor.send(page, "/rules/strikes/edit", do="preview", yaml=changed, title_en="Raids")
    assert "severity: low" in page.fields["yaml"]
    assert "en: Raids" in page.fields["yaml"]


@pytest.mark.parametrize(
    ("query", "in_all", "in_yaml"),
    [
        ("سد", "سد", "- سد"),
        ('غارة name:"دير الزور"', "غارة\n{name: دير الزور}", "- name: دير الزور"),
        ("قصف OR غارة", "", "query: قصف OR غارة"),
        ("title:هدنة", "", "query: title:هدنة"),
        ("غارة NOT تدريب", "", "query: غارة NOT تدريب"),
    ],
)
def test_a_search_becomes_a_rule_that_finds_the_same(editor, query, in_all, in_yaml):
    page = editor.open(f"/rules/new?query={quote(query)}&search_in=title&search_in=summary&search_in=body")
    assert page.fields["all"] == in_all
    assert in_yaml in page.fields["yaml"].replace("{", "").replace("}", "")
    assert "search_in: [title, summary, body]" in page.fields["yaml"]
    page = editor.send(page, "/rules/new", do="preview", id="sought", title_ar="بحث")
    editor.send(page, "/rules/new", do="save")
    assert editor.location == "/rules/sought?saved"


def test_a_new_rule_comes_prefilled_and_is_saved_behind_the_last(editor):
    page = editor.open("/rules/new?all=سد&all=منسوب | مستوى&none=مسلسل")
    assert page.fields["all"] == "سد\nمنسوب | مستوى"
    page = editor.send(page, "/rules/new", do="preview", id="dams", title_ar="السدود")
    editor.send(page, "/rules/new", do="save")
    assert editor.location == "/rules/dams?saved"
    before, after = RULES.split("channels:")
    assert editor.file.startswith(before)
    assert editor.file.endswith("channels:" + after)
    (rule,) = [rule for rule in editor.desk.config.rules if rule.id == "dams"]
    assert len(rule.all) == 2
    assert rule.title == {"ar": "السدود"}


@pytest.mark.parametrize("query", ["سد NEAR/8 انهيار", '"على السد" OR title:سدّ', "place:idlib"])
def test_a_search_is_saved_as_a_rule_with_the_same_query(editor, query):
    page = editor.open("/rules/new?" + urlencode({"query": query, "search_in": ["title", "body"]}, doseq=True))
    page = editor.send(page, "/rules/new", do="preview", id="searched")
    editor.send(page, "/rules/new", do="save")
    rule = next(rule for rule in editor.desk.config.rules if rule.id == "searched")
    assert rule.search_in == ("title", "body")
    assert rule.query == rule_of(query, editor.desk.config.lexicon)[0].query


def test_a_new_rule_may_stand_in_any_of_the_files_and_in_no_other(editor, tmp_path):
    other = tmp_path / "more.yaml"
    page = editor.open(f"/rules/new?any=سد&file={other}")
    page = editor.send(page, "/rules/new", do="preview", id="dams")
    editor.send(page, "/rules/new", do="save")
    assert editor.file == RULES
    assert "- id: dams" in other.read_text(encoding="utf-8")
    assert editor.open("/rules/new?file=/etc/passwd").status == 404


def test_a_rule_is_switched_off_and_on_again(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", enabled="")
    editor.send(page, "/rules/strikes/edit", do="save")
    assert not editor.desk.config.rules[0].enabled
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", enabled="on")
    editor.send(page, "/rules/strikes/edit", do="save")
    assert editor.file == RULES


def test_an_id_that_is_changed_is_warned_of(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", id="raids")
    assert "stay with the old one" in page.text


def test_the_editor_speaks_arabic(editor):
    page = Page(editor.asked.get("/rules/strikes/edit", headers={"accept-language": "ar"}))
    assert "كل ما يلي" in page.text
    assert 'dir="rtl"' in page.text


@pytest.mark.parametrize("path", ["/rules/nothing/edit", "/rules/nothing"])
def test_a_rule_that_is_not_there_is_not_found(editor, path):
    assert editor.open(path).status == 404


def radio(page, text):
    """What is offered for a name, and which of it is chosen."""
    found = re.findall(rf'name="take:{text}" value="(\w+)"( checked)?', page.text)
    return [value for value, _ in found], next((value for value, chosen in found if chosen), None)


def test_the_name_of_a_place_in_a_box_is_asked_about_before_it_is_saved_as_the_place(editor):
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/strikes/edit", do="preview", none="دير الزور")
    assert radio(page, "دير الزور") == (["place", "exact"], "place")
    assert "spellings" in page.text
    assert '<q><bdi dir="auto">ديرالزور</bdi></q>' in page.text, "what the word alone would miss"
    assert "<ins>+      - place: deir-ez-zor</ins>" in page.text
    assert page.fields["none"] == "دير الزور", "what was typed stands in its box"
    editor.send(page, "/rules/strikes/edit", do="save")
    assert editor.location == "/rules/strikes?saved"
    assert "- place: deir-ez-zor" in editor.file


def test_its_author_may_take_it_as_the_exact_word_and_sees_that_before_it_is_saved(editor):
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/strikes/edit", do="preview", none="دير الزور")
    page = editor.send(page, "/rules/strikes/edit", do="save", **{"take:دير الزور": "exact"})
    assert editor.location is None, "it is not what was shown"
    assert radio(page, "دير الزور") == (["place", "exact"], "exact")
    editor.send(page, "/rules/strikes/edit", do="save", **{"take:دير الزور": "exact"})
    assert "- exact: دير الزور" in editor.file


def test_a_place_is_told_while_it_is_typed(editor):
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/sync/boxes", none="دير الزور")
    assert "all its spellings" in page.text


def test_a_word_of_the_file_stays_a_word_and_is_told_as_weak_in_the_preview_and_when_it_is_saved(editor):
    text = editor.file.replace("      - غارة        # in", "      - منبج\n      - غارة        # in")
    editor.desk.path.write_text(text, encoding="utf-8")
    editor.desk.take(config.load(editor.desk.path, environ={}))
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/strikes/edit", do="preview")
    assert radio(page, "منبج") == (["place", "word"], "word")
    assert "R421" in page.text
    page = editor.send(page, "/rules/strikes/edit", do="preview", severity="low")
    editor.send(page, "/rules/strikes/edit", do="save")
    assert editor.location == "/rules/strikes?saved"
    assert "R421" in editor.open(editor.location).text


def test_what_was_chosen_for_a_name_goes_along_to_a_trial_and_back(editor):
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/strikes/edit", do="read", **{"take:منبج": "exact"})
    assert re.search(r'type="hidden" name="take:منبج" value="exact"', page.text)


def test_headlines_of_the_tests_are_boxes_and_are_saved_with_the_rule(editor):
    page = editor.open("/rules/strikes/edit")
    assert (page.fields["match"], page.fields["no_match"]) == ("غارة على البلدة", "")
    page = editor.send(page, "/rules/strikes/edit", do="preview", no_match="فيلم وثائقي")
    assert "<ins>+      - no_match: فيلم وثائقي</ins>" in page.text
    editor.send(page, "/rules/strikes/edit", do="save")
    assert "      - match: غارة على البلدة\n      - no_match: فيلم وثائقي\n" in editor.file


def test_a_mistake_names_the_line_of_its_box_and_keeps_that_of_the_file_for_who_edits_it(editor):
    page = editor.send(editor.open("/rules/strikes/edit"), "/rules/strikes/edit", do="preview", any="غارة\n\nجسر، سد\n")
    (told,) = page.wrong("any")
    assert told.startswith("line 2: "), told
    assert told.rstrip().endswith("rules.yaml:13:12"), told
    assert "<strong>Any of these</strong> – line 2:" in page.text


def test_a_mistake_in_what_has_no_box_names_the_line_of_the_text_beside_it(editor):
    page = editor.open("/rules/strikes/edit")
    page = editor.send(page, "/rules/strikes/edit", do="preview", yaml=page.fields["yaml"] + "  at_least: many\n")
    (told,) = page.wrong("yaml")
    height = page.fields["yaml"].count("\n")
    assert told.startswith(f"line {height}: "), told

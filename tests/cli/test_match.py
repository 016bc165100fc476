from __future__ import annotations

import json

import pytest

from tests.cli.terminal import RULES, monitor, rules_in


@pytest.fixture
def match(tmp_path):
    config = rules_in(tmp_path)

    def run(*lines: object):
        stdin = "".join(
            f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines
        )
        result = monitor("match", "--config", config, stdin=stdin)
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return run


def test_each_document_is_answered_in_order_with_its_spans(match):
    title = "عاجل: اشتباكات قرب المطار"
    code, answers, _ = match({"id": 7, "title": title}, {"id": "x", "title": "افتتاح المطار"})
    assert code == 0
    assert [answer["id"] for answer in answers] == [7, "x"]
    [found] = answers[0]["matches"]
    assert (found["rule"], found["severity"]) == ("clashes", "high")
    marked = {span["clause"]: title[span["start"] : span["end"]] for span in found["spans"]}
    assert marked == {"اشتباك": "اشتباكات", "مطار": "المطار"}
    assert answers[1]["matches"] == []


def test_offsets_count_the_field_as_given_before_any_unescaping(match):
    title = "&quot;<b>اشتبـــاكات</b>&quot; قرب المطار"
    _, [answer], _ = match({"title": title})
    spans = answer["matches"][0]["spans"]
    assert [title[span["start"] : span["end"]] for span in spans] == ["اشتبـــاكات", "المطار"]


def test_the_body_is_called_text_and_is_searched_where_the_rule_says_so(tmp_path):
    config = rules_in(tmp_path, RULES.replace("    near:", "    search_in: [title, body]\n    near:"))
    document = {"title": "", "text": "اشتباكات قرب المطار"}
    result = monitor("match", "-c", config, stdin=json.dumps(document))
    spans = json.loads(result.stdout)["matches"][0]["spans"]
    assert {span["field"] for span in spans} == {"text"}


@pytest.mark.parametrize("bad", ["[1]", "null", "{", '"text"', '{"title": NaN}', "\x00"])
def test_a_line_that_is_no_document_is_named_and_the_others_are_answered(match, bad):
    code, answers, told = match({"id": 1, "title": ""}, bad, {"id": 3, "title": ""})
    assert code == 2
    assert [answer["id"] for answer in answers] == [1, 3]
    assert told.startswith("line 2:")


def test_bytes_that_are_no_utf8_are_named_too(tmp_path):
    stdin = b'{"id": 1}\n\xff\xfe\n{"id": 3}\n'
    result = monitor("match", "-c", rules_in(tmp_path), stdin=stdin)
    assert (result.exit_code, result.stderr.startswith("line 2:")) == (2, True)
    assert len(result.stdout.splitlines()) == 2


def test_unknown_keys_missing_ids_nulls_and_lone_surrogates_are_no_trouble(match):
    hostile = '{"id": "\\ud800", "title": "\\udfff اشتباكات قرب المطار \\u0000", "summary": null, "zzz": [1]}'
    code, [answer], _ = match(hostile)
    assert code == 0
    assert answer["id"] == "\ud800"
    assert len(answer["matches"]) == 1


@pytest.mark.parametrize(
    "odd", ['{"title": 3}', '{"title": ["اشتباكات المطار"], "summary": {}}', '{"id": 1e999, "title": ""}']
)
def test_an_object_whose_fields_are_no_texts_is_answered_with_a_line_of_json(match, odd):
    code, [answer], _ = match(odd)
    assert (code, answer) == (0, {"id": None, "matches": []})


def test_neither_secrets_nor_feeds_nor_channels_are_asked_for(tmp_path):
    config = rules_in(tmp_path, RULES + 'channels: {desk: {url: "${NOT_SET_ANYWHERE}"}}\n')
    result = monitor("match", "-c", config, stdin='{"title": ""}')
    assert (result.exit_code, result.stderr) == (0, "")


def test_bad_rules_are_exit_3_with_their_place(tmp_path):
    config = rules_in(tmp_path, RULES.replace("near: 5 words", "nearr: 5 words"))
    result = monitor("match", "-c", config, stdin='{"title": ""}')
    assert result.exit_code == 3
    assert f"{config}:9:5: error R201" in result.stderr
    assert "did you mean 'near'" in result.stderr

"""`monitor search` as a user has it."""

from __future__ import annotations

import csv
import io
import json
from zipfile import ZipFile

import pytest

from tests.command import Command
from tests.search.world import an_archive

RULES = """\
version: 1
timezone: Asia/Damascus
feeds: [{id: local, url: "https://local.example/feed"}]
rules: [{id: strikes, title: غارات, any: [غارة]}]
groups: {own: [مرفأ]}
"""


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    made = Command(tmp_path_factory.mktemp("search"))
    made.write_rules(RULES)
    with an_archive(made.folder / "state") as archive:
        archive.write("قصف على ديرالزور", link="https://local.example/1")
        archive.write("غارة على المرفأ", alerted=True, body="جسر")
        archive.write("غارة <b>أخرى</b>", feed_id="other")
    return made


def found(command, *arguments):
    done = command.run("search", "--json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return [each["title"] for each in json.loads(done.stdout)["entries"]]


ASKED = [
    (["غارة"], ["غارة <b>أخرى</b>", "غارة على المرفأ"]),
    (["بدير الزور"], ["قصف على ديرالزور"]),
    (["بدير الزور", "--as-written"], []),
    (["group:own"], ["غارة على المرفأ"]),
    (["غارة", "--feed", "other"], ["غارة <b>أخرى</b>"]),
    (["غارة", "--outcome", "alerted"], ["غارة على المرفأ"]),
    (["جسر", "--in", "body"], ["غارة على المرفأ"]),
    (["غارة", "--limit", "1"], ["غارة <b>أخرى</b>"]),
    (["غارة", "--since", "1h"], []),
    (["غارة", "--until", "2020-01-01"], []),
]


@pytest.mark.parametrize(("arguments", "titles"), ASKED, ids=lambda each: " ".join(each))
def test_what_is_found(command, arguments, titles):
    assert found(command, *arguments) == titles


def test_a_person_reads_when_where_and_what_became_of_it(command):
    done = command.run("search", "غارة OR قصف")
    assert done.returncode == 0
    assert "local  alert 1.1" in done.stdout
    assert "غارة أخرى" in done.stdout
    assert "https://local.example/1" in done.stdout


def test_what_was_made_of_the_words_is_said(command):
    assert 'searched for: name:"دير الزور"' in command.run("search", "دير الزور").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["قصف (جسر"], 2, "    قصف (جسر\n        ^\n"),
        (["غارة", "--since", "yesterday"], 2, "write 30d"),
        (["غارة", "--state", "nowhere"], 2, "nothing is recorded"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_remedy(command, arguments, code, said):
    done = command.run("search", *arguments)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_nothing_found_is_an_exit_code_of_its_own(command):
    done = command.run("search", "زلزال")
    assert (done.returncode, done.stdout) == (1, "no entry says that\n")


def test_a_directory_that_takes_no_index_is_searched_all_the_same(command):
    """The name is taken by a directory."""
    (command.folder / "state" / "search.db").unlink(missing_ok=True)
    (command.folder / "state" / "search.db").mkdir()
    done = command.run("search", "غارة")
    (command.folder / "state" / "search.db").rmdir()
    assert done.returncode == 0
    assert "no index can be kept" in done.stderr


def test_what_is_found_is_written_as_rows_for_other_programs(command):
    done = command.run("search", "غارة", "--format", "ndjson")
    titles = [json.loads(line)["title"] for line in done.stdout.splitlines()]
    assert titles == ["غارة <b>أخرى</b>", "غارة على المرفأ"]
    assert command.run("search", "غارة", "--format", "csv", "-o", "found.csv").stdout == ""
    text = (command.folder / "found.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["title"], row["alerts"]) for row in rows] == [("غارة أخرى", ""), ("غارة على المرفأ", "1.1")]
    assert command.run("search", "غارة", "--format", "xlsx", "-o", "found.xlsx").returncode == 0
    assert "xl/workbook.xml" in ZipFile(command.folder / "found.xlsx").namelist()


def test_rows_of_nothing_are_no_rows_and_the_exit_code_says_so(command):
    done = command.run("search", "زلزال", "--format", "json")
    assert (done.returncode, done.stdout) == (1, "[]\n")


def test_a_file_needs_a_format(command):
    done = command.run("search", "غارة", "-o", "found.txt")
    assert done.returncode == 2
    assert "--format csv" in done.stderr

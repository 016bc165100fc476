"""`history` and `export`, over a state with a few alerts."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, timedelta
from zipfile import ZipFile

import pytest
from click import unstyle

from monitor.cli import history
from monitor.store import open_store
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.store.wish_rows import Wishes
from tests.cli.terminal import monitor
from tests.command import Command
from tests.exports.rows import WHOLE
from tests.store.builders import tell
from tests.world import NOW

RULES = """\
version: 1
timezone: Asia/Damascus
feeds:
  - {id: local, url: "https://local.example/rss", name: الجريدة المحلية}
  - {id: hidden, url: "https://local.example/rss?key=${KEY}", name: Hidden}
rules:
  - {id: strikes, title: غارات, any: [غارة]}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Three alerts: 1.1 two days old and acknowledged, 2.1 of another rule and called wrong, 3.1."""
    monkeypatch.setattr("monitor.clock.SystemClock.now", lambda _: NOW)
    monkeypatch.setenv("KEY", "s3cret")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    store = open_store(tmp_path / "state", now=NOW)
    tell(store, "غارة أولى", seen_at=NOW - timedelta(days=2))
    tell(store, "غارة ثانية", seen_at=NOW - timedelta(hours=2), rule_id="=cmd")
    tell(store, "غارة ثالثة", seen_at=NOW - timedelta(hours=1))
    Wishes(store.database).acknowledge("1.1", by="سلمى", now=NOW)
    said = Said(alert_id="2.1", rule_id="=cmd", opinion=Opinion.WRONG, note="", by="Omar", at=NOW)
    Feedback(store.database).say(said)
    store.close()
    return tmp_path


def ids(*arguments: str) -> list[str]:
    return [each["alert"] for each in json.loads(monitor("history", "--format", "json", *arguments).stdout)]


CHOICES = [
    ((), ["3.1", "2.1", "1.1"]),
    (("--limit", "2"), ["3.1", "2.1"]),
    (("--since", "1d"), ["3.1", "2.1"]),
    (("--until", "2026-11-20"), ["1.1"]),
    (("--since", "2026-11-20", "--until", "90m"), ["2.1", "1.1"]),
    (("--rule", "strikes"), ["3.1", "1.1"]),
    (("--rule", "strikes", "--rule", "=cmd"), ["3.1", "2.1", "1.1"]),
    (("--severity", "high"), ["3.1", "2.1", "1.1"]),
    (("--severity", "low"), []),
    (("--seen",), ["1.1"]),
    (("--unseen",), ["3.1", "2.1"]),
    (("--opinion", "wrong"), ["2.1"]),
    (("--opinion", "none"), ["3.1", "1.1"]),
    (("--feed", "local", "--story", "2"), ["2.1"]),
    (("--place", "syria"), []),
    (("--place", "بدير الزور"), []),
]


@pytest.mark.parametrize(("arguments", "expected"), CHOICES, ids=lambda each: " ".join(each))
def test_history_lists_what_is_asked_for_the_newest_first(place, arguments, expected):
    assert ids(*arguments) == expected


def test_the_table_tells_what_became_of_each(place):
    shown = monitor("history").stdout.splitlines()
    assert shown[0] == "3.1  2026-11-22 14:00 (11:00Z)  HIGH  strikes  first report  sent 0, not seen"
    assert shown[1:4] == ["  غارة على أطراف البلدة", "  الجريدة المحلية", "  https://local.example/1"]
    assert "called wrong" in shown[4]
    assert "seen by سلمى" in shown[8]


@pytest.mark.parametrize(
    ("language", "first", "judged"),
    [
        ("ar", "مرتفع  strikes  أول خبر عن هذا الحدث  أُرسل 0، لم يؤكد أحد الاطلاع عليه", "قيل إنه ليس مطابقًا"),
        ("en", "HIGH  strikes  first report  sent 0, not seen", "called wrong"),
        ("both", "HIGH  strikes  first report  sent 0, not seen", "called wrong"),
    ],
)
def test_the_table_is_in_the_language_of_the_rules_file(place, language, first, judged):
    (place / "rules.yaml").write_text(RULES + f"language: {language}\n", encoding="utf-8")
    shown = monitor("history").stdout.splitlines()
    assert shown[0] == f"3.1  2026-11-22 14:00 (11:00Z)  {first}"
    assert judged in shown[4]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_all_that_the_table_says_of_an_alert_is_in_one_language(language):
    """What feeds and people wrote aside."""
    row = replace(WHOLE, headline="", summary="", feed_name="", rule_id="", link=None, acknowledged_by="")
    told = unstyle(" ".join(history._told(row, UTC, language))).replace("Z)", ")")
    assert {char.isascii() for char in told if char.isalpha()} == {language == "en"}


def test_a_table_says_that_there_is_more(place, monkeypatch):
    monkeypatch.setattr(history, "SHOWN", 2)
    assert monitor("history").stdout.splitlines()[-1].startswith("… the newest 2 alerts")
    assert "…" not in monitor("history", "--limit", "3").stdout


def test_where_nothing_fits_it_says_so(place):
    assert monitor("history", "--severity", "info").stdout == "no alert fits\n"


def test_a_spreadsheet_gets_all_of_them_and_no_formula(place):
    data = monitor("history", "--format", "csv").stdout_bytes
    found = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [each["rule"] for each in found] == ["strikes", "'=cmd", "strikes"]
    monitor("history", "--format", "xlsx", "-o", "a.xlsx")
    assert "xl/worksheets/sheet1.xml" in ZipFile("a.xlsx").namelist()


def test_a_table_can_be_written_to_a_file(place):
    assert monitor("history", "-o", "table.txt").stdout == ""
    text = (place / "table.txt").read_text(encoding="utf-8")
    assert text.startswith("3.1  2026-11-22")
    assert "\x1b" not in text


@pytest.mark.parametrize("form", ["geojson", "stix", "misp", "atom", "jsonfeed"])
def test_every_other_format_is_written_to_a_file_or_standard_output(place, form):
    shown = monitor("export", form, "--rule", "strikes").stdout
    monitor("export", form, "--rule", "strikes", "-o", "out")
    text = (place / "out").read_text(encoding="utf-8")
    assert text.count("https://local.example/1") == shown.count("https://local.example/1") > 0
    if form == "geojson":
        assert [each["id"] for each in json.loads(text)["features"]] == ["3.1", "1.1"]


def test_opml_holds_the_feeds_without_secrets(place):
    shown = monitor("export", "opml").stdout
    assert "https://local.example/rss" in shown
    assert "s3cret" not in shown
    assert "Hidden" not in shown


REFUSED = [
    (("export", "csv"), "monitor history --format csv"),
    (("export", "pdf"), "geojson, stix, misp, atom, jsonfeed, opml"),
    (("export", "atom", "--tlp", "red"), "--tlp goes with stix and misp"),
    (("history", "--place", "deirezzorr"), "did you mean place:deir-ez-zor"),
    (("history", "--since", "soon"), "write 7d"),
    (("history", "--state", "elsewhere"), "'monitor check' or 'monitor run' begins it"),
    (("export", "atom", "--state", "elsewhere"), "'monitor check' or 'monitor run' begins it"),
]


@pytest.mark.parametrize(("arguments", "remedy"), REFUSED, ids=lambda each: each if isinstance(each, str) else each[-1])
def test_what_cannot_be_done_is_refused_with_a_remedy(place, arguments, remedy):
    done = monitor(*arguments)
    assert done.exit_code == 2
    assert remedy in done.stderr
    assert done.stdout == ""


def test_the_past_can_be_looked_at_while_the_rules_are_broken(place):
    (place / "rules.yaml").write_text("version: 1\nrules: nonsense\n", encoding="utf-8")
    done = monitor("history")
    assert done.exit_code == 0
    assert "2026-11-22 11:00 (11:00Z)" in done.stdout
    assert "'monitor lint' says what is wrong" in done.stderr


def test_a_missing_library_is_named_with_its_extra_and_no_file_is_left(place, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("monitor.exports.extras.import_module", missing)
    done = monitor("export", "misp", "-o", "out.json")
    assert done.exit_code == 2
    assert "pip install 'monitor[misp]'" in done.stderr
    assert not (place / "out.json").exists()


def test_a_reader_that_goes_away_early_is_no_error_of_ours(tmp_path):
    """`| head` closes the pipe."""
    store = open_store(tmp_path / "state", now=NOW)
    for number in range(60):
        tell(store, f"غارة {number}", seen_at=NOW + timedelta(minutes=number))
    store.close()
    started = Command(tmp_path).start("history", "--format", "json")
    started.stdout.read(10)
    started.stdout.close()
    assert "Traceback" not in started.stderr.read()
    started.stderr.close()
    started.wait()

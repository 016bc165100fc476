"""`monitor backtest`, as a person and a script have it."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.cli.progress import progress
from tests.backtest.trials import FIRE, OTHER, STRIKE, STRIKES, document, lines, rule, rules
from tests.cli.terminal import monitor
from tests.world import PlainReading

DAYS = [
    document(STRIKE, "2026-03-04T09:00:00Z", "one", url="https://one.example/1", id=1),
    document(STRIKE, "2026-03-04T10:00:00Z", "two", id=2),
    document(OTHER, "2026-03-05T09:00:00Z", "one", id=3),
    document(FIRE, "2026-03-07T09:00:00Z", "one", id=4),
]
BOTH = (STRIKES, rule("fire", "حريق"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("backtest")
    (folder / "state").mkdir(mode=0o700)
    (folder / "rules.yaml").write_text(rules(*BOTH), encoding="utf-8")
    (folder / "new.yaml").write_text(rules(STRIKES.replace("[غارة]", "[غارة, أطراف]")), encoding="utf-8")
    (folder / "archive.jsonl").write_bytes(lines(*DAYS))
    (folder / "night.jsonl").write_bytes(lines(document(STRIKE, "2026-03-04T23:30:00Z")))
    (folder / "kept.yaml").write_text(rules(rule("strikes", "غارة", notify="desk, night, daily")), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def reads_no_facts(monkeypatch):
    """They are read in `tests/test_plot_day.py`; what reads them takes seconds to make."""
    monkeypatch.setattr("monitor.backtest.trial.prepare_reading", lambda *_: PlainReading())


def backtest(folder: Path, *words: str, data: str = "archive.jsonl", stdin: bytes = b""):
    given = ("--data", data if data == "-" else str(folder / data)) if data else ()
    where = ("-c", str(folder / "rules.yaml"), "-s", str(folder / "state"))
    return monitor("backtest", *words, *given, *where, stdin=stdin)


def test_what_channels_keep_for_later_is_told_with_its_hour(folder):
    kept = ("--rules", str(folder / "kept.yaml"))
    shown = backtest(folder, *kept, data="night.jsonl").stdout
    assert "  to night at 2026-03-05 07:00 (07:00Z): the end of the channel's quiet hours\n" in shown
    assert "  to daily at 2026-03-05 08:00 (08:00Z): the next digest\n" in shown
    told = json.loads(backtest(folder, *kept, "--json", data="night.jsonl").stdout)
    assert told["alerts"][0]["held"][1] == {
        "channel": "night",
        "for": "quiet_hours",
        "until": "2026-03-05T07:00:00+00:00",
    }


def test_quiet_hours_that_change_when_it_is_sent_are_a_difference(folder):
    compared = backtest(
        folder, "--rules", str(folder / "kept.yaml"), "--against", str(folder / "rules.yaml"), data="night.jsonl"
    )
    assert "to all at once → to daily at 2026-03-05 08:00" in compared.stdout


def test_a_person_sees_days_rules_sources_and_samples_with_marked_words_in_80_columns(folder):
    shown = backtest(folder)
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout
    told = shown.stdout.splitlines()
    assert told[0].startswith("4 entries, 2026-03-04 to 2026-03-07; read in ")
    assert told[1] == "2 alerts would have been sent"
    days = told[told.index("alerts a day") + 1 :][:4]
    assert [line.split()[0] for line in days] == ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"]
    assert [line.split()[-1] for line in days] == ["1", "0", "0", "1"]
    assert "[غارة] جوية على أطراف بلدة السهل" in shown.stdout
    assert "     1  already alerted" in shown.stdout
    assert [line for line in told if len(line) > 80] == []


def test_a_script_gets_one_object_with_every_alert(folder):
    told = json.loads(backtest(folder, "--json").stdout)
    assert [(each["rule"], each["document"], each["source"]) for each in told["alerts"]] == [
        ("strikes", "line 1 (1)", "one"),
        ("fire", "line 4 (4)", "one"),
    ]
    assert told["by_rule"] == {"strikes": {"matched": 2, "alerts": 1}, "fire": {"matched": 1, "alerts": 1}}
    assert told["by_day"] == {"2026-03-04": 1, "2026-03-05": 0, "2026-03-06": 0, "2026-03-07": 1}
    assert (told["complete"], told["entries"], told["precision"]) == (True, 4, None)


def test_what_matches_is_what_monitor_match_says(folder):
    raw = (folder / "archive.jsonl").read_bytes()
    answers = map(json.loads, monitor("match", "-c", str(folder / "rules.yaml"), stdin=raw).stdout.splitlines())
    matched = {
        (f"line {n} ({answer['id']})", each["rule"])
        for n, answer in enumerate(answers, 1)
        for each in answer["matches"]
    }
    told = json.loads(backtest(folder, "--json").stdout)
    assert {(each["document"], each["rule"]) for each in (*told["alerts"], *told["quiet"])} == matched


def test_rules_that_are_named_are_told_of_alone(folder):
    told = json.loads(backtest(folder, "fire", "--json").stdout)
    assert (told["rules"], [each["rule"] for each in told["alerts"]]) == (["fire"], ["fire"])


def test_two_rules_files_are_compared_and_each_alert_explained(folder):
    shown = backtest(folder, "--rules", str(folder / "new.yaml"), "--against", str(folder / "rules.yaml"))
    assert "0 gained, 1 lost, 1 alert both ways" in shown.stdout
    lost = shown.stdout[shown.stdout.index("\nlost\n") :]
    assert "[حريق]" in lost
    assert "the rule is gone" in lost
    told = json.loads(backtest(folder, "--against", str(folder / "new.yaml"), "--json").stdout)
    assert [(each["alert"]["rule"], each["why"]) for each in told["difference"]["gained"]] == [
        ("fire", ["the rule is new"])
    ]
    assert (told["difference"]["kept"], told["against"]["by_rule"]["strikes"]["alerts"]) == (1, 1)


def test_standard_input_can_be_compared_too(folder):
    shown = backtest(folder, "--against", str(folder / "new.yaml"), data="-", stdin=lines(*DAYS))
    assert "1 gained, 0 lost" in shown.stdout


def test_the_days_are_drawn_into_a_file(folder, tmp_path):
    backtest(folder, "--plot", str(tmp_path / "days.svg"))
    drawn = ElementTree.fromstring((tmp_path / "days.svg").read_text(encoding="utf-8"))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert [each.text for each in drawn.iter() if each.tag.endswith("title")][1:] == [
        "04.03.: 1", "05.03.: 0", "06.03.: 0", "07.03.: 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "data", "code", "says"),
    [
        (("fier",), "archive.jsonl", 2, "did you mean 'fire'?"),
        (("zzz",), "archive.jsonl", 2, "there are fire, strikes"),
        (("--since", "soon"), "archive.jsonl", 2, "--since: 'soon' is not a length of time"),
        (("--until", "0"), "archive.jsonl", 2, "--until"),
        (("--since", "2026-03-05", "--until", "2026-03-04"), "archive.jsonl", 2, "not before --until"),
        (("--against", "gone.yaml"), "archive.jsonl", 2, "there is no such file"),
        (("--rules", "gone.yaml"), "archive.jsonl", 3, "cannot be read"),
        ((), "gone.jsonl", 2, "gone.jsonl cannot be read: No such file"),
        (("--plot", "/nowhere/x.svg"), "archive.jsonl", 2, "cannot be written"),
        ((), "", 2, "nothing is recorded in"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(folder, words, data, code, says):
    done = backtest(folder, *words, data=data)
    assert (done.exit_code, done.stdout) == (code, "")
    assert says in done.stderr


def test_a_time_may_be_asked_about(folder):
    told = json.loads(backtest(folder, "--since", "2026-03-05", "--until", "2026-03-07 09:30", "--json").stdout)
    assert (told["entries"], [each["rule"] for each in told["alerts"]]) == (2, ["fire"])
    assert (told["from"][:10], told["to"][:10]) == ("2026-03-05", "2026-03-07")


def test_ctrl_c_asks_the_work_to_end_and_the_second_one_ends_it(capsys):
    before = signal.getsignal(signal.SIGINT)
    with progress() as shown:
        assert shown("matching", 1, None)
        signal.raise_signal(signal.SIGINT)
        assert not shown("matching", 2, 0.5)
        assert "what was done so far follows" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_was_broken_off_is_shown_as_far_as_it_came(folder, monkeypatch):
    monkeypatch.setattr("monitor.cli.progress.Progress.__call__", lambda *_: False)
    monkeypatch.setattr("monitor.backtest.sift.EVERY", 2)
    done = backtest(folder)
    assert done.exit_code == 130
    assert done.stdout.startswith("Broken off: this is what was found until then.\n2 entries")

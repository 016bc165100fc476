"""`monitor rules`: what many workers go by, version by version."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model.rules_versions import RulesFiles
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from tests.cli.terminal import RULES, monitor, rules_in
from tests.postgres import Postgres
from tests.world import NOW

WITH_PACK = "include: [packs/fire.yaml]\n" + RULES
FIRE = "version: 1\nrules:\n  - {id: fire, title: حريق, all: [حريق], tests: [{match: حريق}]}\n"


@pytest.fixture(scope="module")
def shared(postgres: Postgres) -> Iterator[str]:
    url = postgres.fresh()
    open_postgres(url, now=NOW).close()
    yield url
    postgres.drop(url)


@pytest.fixture(autouse=True)
def database(shared: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is published there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATABASE_URL", shared)
    store = open_postgres(shared, now=NOW)
    with store.database.write() as db:
        db.execute("DELETE FROM rules_version")
    store.close()


def publish(folder: Path, text: str = RULES, *more: str) -> dict[str, object]:
    result = monitor("rules", "publish", "-c", rules_in(folder, text), "--yes", "--json", *more)
    assert result.exit_code == 0, result.stderr
    told: dict[str, object] = json.loads(result.stdout)
    return told


def put(url: str, *texts: str, by: str = "desk@host", note: str = "", pack: str | None = None) -> None:
    """Publish them in the database, one after the other; with a pack beside the rules file."""
    store = open_postgres(url, now=NOW)
    for text in texts:
        files = {"rules.yaml": text} | ({"packs/fire.yaml": pack} if pack is not None else {})
        RulesVersions(store.database).publish(RulesFiles(main="rules.yaml", texts=files), by=by, note=note, now=NOW)
    store.close()


def with_pack(folder: Path) -> None:
    (folder / "packs").mkdir()
    (folder / "packs" / "fire.yaml").write_text(FIRE, encoding="utf-8")


# --- publishing


def test_a_version_is_published_with_who_and_why_and_when(tmp_path):
    result = monitor("rules", "publish", "-c", rules_in(tmp_path), "--yes", "--note", "the first")
    assert (result.exit_code, result.stderr) == (0, "")
    who = f"{getpass.getuser()}@{socket.gethostname()}"
    assert result.stdout.startswith("all is new: rules.yaml\npublished: version 1, ")
    assert f", by {who}: the first\n" in result.stdout
    [listed] = json.loads(monitor("rules", "list", "--json").stdout)
    assert (listed["number"], listed["by"], listed["note"]) == (1, who, "the first")


def test_the_first_version_may_be_the_first_thing_that_a_database_holds(tmp_path, postgres, monkeypatch):
    url = postgres.fresh()
    monkeypatch.setenv("MONITOR_DATABASE_URL", url)
    nothing = monitor("rules", "list")
    assert (nothing.exit_code, "nothing is recorded" in nothing.stderr) == (2, True)
    assert publish(tmp_path)["number"] == 1
    postgres.drop(url)


def test_what_is_published_is_shown_as_a_difference_file_by_file(tmp_path):
    publish(tmp_path)
    with_pack(tmp_path)
    result = monitor("rules", "publish", "-c", rules_in(tmp_path, WITH_PACK), "--yes")
    assert result.exit_code == 0
    assert "--- rules.yaml (version 1)\n+++ rules.yaml (to be published)\n" in result.stdout
    assert "+include: [packs/fire.yaml]\n" in result.stdout
    assert "--- /dev/null\n+++ packs/fire.yaml (to be published)\n" in result.stdout
    assert "published: version 2, " in result.stdout


def test_the_same_rules_are_not_published_again(tmp_path):
    publish(tmp_path)
    again = publish(tmp_path)
    assert (again["number"], again["published"]) == (1, False)
    told = monitor("rules", "publish", "-c", str(tmp_path / "rules.yaml"))
    assert (told.exit_code, told.stdout.startswith("nothing is published; in force is version 1, ")) == (0, True)


def test_a_dry_run_publishes_nothing(tmp_path):
    dry = monitor("rules", "publish", "-c", rules_in(tmp_path), "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "all is new: rules.yaml\nnothing is published yet\n")
    assert json.loads(monitor("rules", "list", "--json").stdout) == []


def test_nobody_is_asked_where_nobody_sits(tmp_path):
    for more, remedy in ((), "give --yes"), (("--json",), "give --yes as well"):
        result = monitor("rules", "publish", "-c", rules_in(tmp_path), *more)
        assert (result.exit_code, remedy in result.stderr) == (2, True)


@pytest.fixture
def sitting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.rules_publish.is_attended", lambda: True)


@pytest.mark.parametrize(("answer", "code", "numbers"), [("y\n", 0, [1]), ("n\n", 1, []), ("", 1, [])])
def test_who_sits_there_is_asked(tmp_path, sitting, answer, code, numbers):
    result = monitor("rules", "publish", "-c", rules_in(tmp_path), stdin=answer)
    assert result.exit_code == code
    assert "Publish 1 file as version 1? [y/N]" in result.stderr
    assert [each["number"] for each in json.loads(monitor("rules", "list", "--json").stdout)] == numbers


def test_who_said_yes_to_a_difference_undoes_nothing_that_came_meanwhile(tmp_path, sitting, shared, monkeypatch):
    publish(tmp_path)

    def meanwhile(*_: object, **__: object) -> bool:
        put(shared, "theirs", by="other@desk")
        return True

    monkeypatch.setattr("click.confirm", meanwhile)
    result = monitor("rules", "publish", "-c", rules_in(tmp_path, RULES + "# mine\n"))
    assert result.exit_code == 2
    assert "meanwhile version 2, " in result.stderr
    assert "by other@desk was published" in result.stderr
    assert monitor("rules", "show", "--file", "rules.yaml").stdout == "theirs"


def test_rules_with_mistakes_are_refused_at_their_line(tmp_path):
    config = rules_in(tmp_path, RULES.replace("severity: high", "severity: urgent"))
    result = monitor("rules", "publish", "-c", config, "--yes")
    assert result.exit_code == 3
    assert f"{config}:7:15: error R2" in result.stderr
    assert json.loads(monitor("rules", "list", "--json").stdout) == []


def test_rules_that_fail_a_test_are_refused(tmp_path):
    config = rules_in(tmp_path, RULES.replace("match: اشتباكات قرب المطار", "match: هدوء"))
    result = monitor("rules", "publish", "-c", config, "--yes")
    assert result.exit_code == 7
    assert f"{config}:12:" in result.stderr
    assert "nothing is published: 1 test failed" in result.stderr
    assert json.loads(monitor("rules", "list", "--json").stdout) == []


def test_rules_that_would_watch_nothing_are_refused(tmp_path):
    without = RULES[: RULES.index("feeds:")] + RULES[RULES.index("rules:") :]
    result = monitor("rules", "publish", "-c", rules_in(tmp_path, without), "--yes")
    assert (result.exit_code, "nothing would be watched" in result.stderr) == (2, True)


def test_feeds_whose_secret_is_elsewhere_are_feeds(tmp_path):
    text = RULES.replace("https://one.example/rss", "https://one.example/rss?key=${NOT_HERE}")
    assert publish(tmp_path, text)["published"] is True


def test_what_has_no_value_here_is_named_for_those_who_set_up_workers(tmp_path):
    """Whoever publishes need not know the secrets; to be warned that a channel 'is left out' would mislead."""
    text = RULES + 'channels: {desk: {url: "${NOT_HERE}"}}\nweb: {token: "${NOR_HERE}"}\n'
    result = monitor("rules", "publish", "-c", rules_in(tmp_path, text), "--yes")
    assert result.exit_code == 0
    assert "without a value here, which does not matter: ${NOT_HERE}, ${NOR_HERE}. Set it for every" in result.stderr
    assert "R316" not in result.stderr


def test_a_file_that_workers_would_not_have_is_refused_at_its_line(tmp_path):
    with_pack(tmp_path)
    config = rules_in(tmp_path, WITH_PACK.replace("packs/", f"{tmp_path}/packs/"))
    result = monitor("rules", "publish", "-c", config, "--yes")
    assert result.exit_code == 3
    assert f"{config}:1:11: error R112" in result.stderr
    assert "write its path relative to the file that names it" in result.stderr


def test_a_secret_in_plain_sight_is_warned_of_and_not_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("DESK", "json://127.0.0.1:9/opensesame99")
    text = RULES + 'channels: {desk: {url: "${DESK}"}}\n# was json://127.0.0.1:9/opensesame99\n'
    result = monitor("rules", "publish", "-c", rules_in(tmp_path, text), "--dry-run")
    assert result.exit_code == 0
    assert "rules.yaml:16:7: warning R309" in result.stderr
    assert "opensesame99" not in result.output


def test_against_a_state_directory_there_is_nothing_to_publish(tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_DATABASE_URL")
    result = monitor("rules", "publish", "-c", rules_in(tmp_path), "--yes")
    assert result.exit_code == 2
    assert "'monitor run' and 'monitor check' read" in result.stderr
    assert "MONITOR_DATABASE_URL" in result.stderr
    assert not (tmp_path / "state").exists()


# --- looking


def test_versions_are_listed_the_newest_first(shared):
    put(shared, RULES)
    put(shared, WITH_PACK, by="ci", note="two\x1b[31m")
    lines = monitor("rules", "list").stdout.splitlines()
    assert [line.split(",")[0] for line in lines] == ["version 2", "version 1"]
    assert lines[0].endswith("by ci: two<U+001B>[31m  (in force)")
    assert monitor("rules", "list", "--limit", "1").stdout.splitlines() == lines[:1]


def test_before_the_first_version_there_is_nothing_to_show(tmp_path):
    assert "no rules were published yet" in monitor("rules", "list").stdout
    for command in (["show"], ["diff"], ["export", "1", str(tmp_path / "out")]):
        result = monitor("rules", *command)
        assert (result.exit_code, "no rules were published yet" in result.stderr) == (2, True)


def test_a_version_is_shown_with_all_its_files(shared):
    put(shared, WITH_PACK, pack=FIRE)
    put(shared, RULES)
    assert "packs/fire.yaml" not in monitor("rules", "show").stdout
    shown = monitor("rules", "show", "1").stdout
    assert shown.index("\n--- rules.yaml\n") < shown.index("\n--- packs/fire.yaml\n")
    assert WITH_PACK in shown
    assert monitor("rules", "show", "1", "--file", "packs/fire.yaml").stdout == FIRE
    assert json.loads(monitor("rules", "show", "1", "--json").stdout)["files"]["packs/fire.yaml"] == FIRE


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["show", "7"], "there is no rules version 7: the newest is 1"),
        (["diff", "7"], "there is no rules version 7: the newest is 1"),
        (["export", "7", "out"], "there is no rules version 7: the newest is 1"),
        (["show", "--file", "x.yaml"], "version 1 has no file 'x.yaml': it has rules.yaml"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(shared, arguments, remedy):
    put(shared, RULES)
    result = monitor("rules", *arguments)
    assert (result.exit_code, remedy in result.stderr) == (2, True)


def test_two_versions_are_compared(shared):
    put(shared, *(RULES + more for more in ("", "# two\n", "# three\n")))
    assert "-# two\n+# three\n" in monitor("rules", "diff").stdout
    assert "+# three\n" in monitor("rules", "diff", "1").stdout
    assert "+# two\n" in monitor("rules", "diff", "1", "2").stdout
    assert "-# two\n" in monitor("rules", "diff", "2", "1").stdout
    assert monitor("rules", "diff", "3", "3").stdout == "version 3 and version 3 say the same\n"


def test_an_older_version_is_brought_back_under_a_new_number(tmp_path, shared):
    put(shared, WITH_PACK, pack=FIRE)
    put(shared, RULES)
    result = monitor("rules", "export", "1", str(tmp_path / "old"))
    assert result.exit_code == 0
    main = tmp_path / "old" / "rules.yaml"
    assert f"monitor rules publish --config {main}" in result.stdout
    assert json.loads(monitor("rules", "publish", "-c", str(main), "--yes", "--json").stdout)["number"] == 3
    one, three = (json.loads(monitor("rules", "show", number, "--json").stdout) for number in ("1", "3"))
    assert one["files"] == three["files"]


def test_what_moves_a_cursor_is_not_sent_to_a_terminal(shared):
    put(shared, RULES + "# \x7f\u202e\n", RULES)
    for command in (["show", "1"], ["diff"]):
        told = monitor("rules", *command).stdout
        assert "<U+007F><U+202E>" in told
        assert "\u202e" not in told


def test_a_damaged_version_is_mended_by_the_next(tmp_path, shared):
    put(shared, RULES)
    store = open_postgres(shared, now=NOW)
    with store.database.write() as db:
        db.execute("UPDATE rules_version SET files = '[]'")
    store.close()
    shown = monitor("rules", "show")
    assert (shown.exit_code, "rules version 1 is damaged" in shown.stderr) == (1, True)
    result = monitor("rules", "publish", "-c", rules_in(tmp_path), "--yes")
    assert result.exit_code == 0
    assert "rules version 1 is damaged" in result.stderr
    assert "published: version 2, " in result.stdout

"""`monitor why`: what became of an entry, and why somebody was, or was not, told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.language import Acknowledge
from monitor.model import DeliveryStatus
from monitor.store import Reader, SqliteStore, open_store
from monitor.store.why import find
from tests.cli.terminal import monitor
from tests.world import NOW, STRIKE, World, feed, item, rule

OTHER = "قصف عنيف يهز الحي القديم ليلا"


@pytest.fixture
def world(tmp_path):
    """Two feeds that were read before, and two rules of which one wants two sources."""
    store = open_store(tmp_path / "state", now=NOW)
    world = World(
        rule("strikes"), rule("sure", min_sources=2), feeds=[feed("one"), feed("two")], store=store
    )  # fmt: skip
    world.poll()
    world.poll(feed_id="two")
    yield world
    store.close()


def shown(world: World, asked: str, *more: str) -> str:
    return monitor("why", asked, "-s", str(world.store.path.parent), *more).stdout


@pytest.mark.parametrize(
    "asked",
    [
        "1", "1.1", "https://news.example/1", "http://news.example/1/", "https://news.example/1#top", "أطراف البلدة",
        "غارة",
    ],
    ids=["entry", "alert", "address", "another scheme", "a mark within", "words", "a word"],
)  # fmt: skip
def test_an_entry_is_found_by_all_that_people_know_of_it(world, asked):
    world.poll(item())
    assert "entry 1  one, seen" in shown(world, asked)


@pytest.mark.parametrize(
    ("rules", "seen", "complaint"),
    [
        (
            "version: 1\ntimezone: Asia/Damascus\nrules:\n  - {id: strikes, any: [غارة]}\n",
            ", 2026-11-22 15:03 (12:03Z)",
            "",
        ),
        ("version: broken", ", 2026-11-22 12:03 (12:03Z)", "times are in UTC"),
    ],
)
def test_times_are_those_of_the_rules_file_beside_utc(world, tmp_path, rules, seen, complaint):
    world.poll(item())
    (tmp_path / "rules.yaml").write_text(rules)
    told = monitor("why", "1", "-s", str(tmp_path / "state"), "-c", str(tmp_path / "rules.yaml"))
    assert "  one, seen" in told.stdout
    assert seen in told.stdout.splitlines()[0]
    assert complaint in told.stderr


def test_it_tells_each_rule_its_reason_and_what_became_of_the_message(world):
    world.poll(item())
    world.deliver()
    told = shown(world, "1")
    assert STRIKE in told
    assert "rule strikes: first report" in told
    assert "alert 1.1: first report, high, 1 independent source (1 report)" in told
    assert "desk: sent" in told
    assert "rule sure: below min_sources" in told
    assert "one independent source so far, and the rule wants 2" in told


def test_a_copy_says_what_it_is_a_copy_of(world):
    world.poll(item())
    world.poll(item(n=77), feed_id="two")
    told = shown(world, "2")
    assert "rule strikes: already alerted" in told
    assert "alert 1.1 told the story; nothing is new here" in told
    assert "it joined as the same text" in told
    assert "2 reports, from one, two; a copy counts as the word of whoever told it first" in told
    assert "this one is told by two\n" in told


def test_what_could_not_be_sent_says_what_the_service_answered(world):
    world.sender.refuse.add("desk")
    world.poll(item())
    world.deliver()
    assert "desk: waits" in shown(world, "1.1")
    assert "refused" in shown(world, "1.1")


def test_what_is_held_says_until_when_and_what_took_its_place(world):
    world.poll(item())
    again = [item("تجدد القصف العنيف على السوق القديم غارة", n=1), item("نزوح كبير من الحي بعد غارة ليلية مدمرة", n=1)]
    for edit in again:
        world.poll(edit)
    told = shown(world, "1")
    assert "the story changed" in told
    assert "desk: a later alert of the story took its place while it waited" in told
    assert "desk: waits for the end of the rule's throttle, due now" in told


def test_nobody_is_next_for_an_alert_that_another_took_the_place_of(tmp_path):
    chain = Acknowledge(within=timedelta(minutes=15), then=("phone",))
    store = open_store(tmp_path / "state", now=NOW)
    world = World(rule("strikes", acknowledge=chain), feeds=[feed("one")], store=store)
    world.poll()
    world.poll(item())
    assert shown(world, "1.1").count("next is phone") == 1
    for edit in ("تجدد القصف العنيف على السوق القديم غارة", "نزوح كبير من الحي بعد غارة ليلية مدمرة"):
        world.poll(item(edit, n=1))
    told = shown(world, "1")
    store.close()
    assert told.count("took its place") == 1
    assert told.count("next is phone") == 2


def test_an_entry_that_no_rule_matched_says_how_to_see_why(world):
    world.poll(item("افتتاح معرض الكتاب", n=5))
    told = shown(world, "https://news.example/5")
    assert "It matched no rule" in told
    assert "monitor explain 'افتتاح معرض الكتاب'" in told


def test_an_address_never_seen_names_the_feed_that_would_have_had_it(world, tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "version: 1\nfeeds:\n  - {id: one, url: https://one.example/rss}\nrules:\n  - {id: r, all: [غارة]}\n",
        encoding="utf-8",
    )
    told = monitor("why", "https://www.one.example/x", "-s", str(tmp_path / "state"), "-c", str(rules))
    assert told.exit_code == 1
    assert "never seen" in told.stdout
    assert "by the feed one, read last" in told.stdout
    assert "monitor explain 'https://www.one.example/x'" in told.stdout
    nowhere = monitor("why", "https://elsewhere.example/x", "-s", str(tmp_path / "state"), "-c", str(rules)).stdout
    assert "has an address of elsewhere.example: where none brings its reports, add one" in nowhere
    assert "this one was not in it" in nowhere
    without = monitor(
        "why", "https://one.example/x", "-s", str(tmp_path / "state"), "-c", str(tmp_path / "none")
    ).stdout
    assert "cannot be told" in without


def test_words_that_many_have_are_listed(world):
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(5)))
    told = shown(world, "البلدة")
    assert "5 entries have these words" in told
    assert told.index("5  one, seen") < told.index("1  one, seen")


def test_json_has_it_all(world):
    world.poll(item())
    world.deliver()
    (entry,) = json.loads(shown(world, "1", "--json"))["entries"]
    assert (entry["title"], entry["feed"], entry["versions"]) == (STRIKE, "one", 1)
    assert entry["story"]["owners"] == ["one"]
    told = {decision["rule"]: decision for decision in entry["decisions"]}
    assert told["strikes"]["alerts"][0]["deliveries"][0]["status"] == DeliveryStatus.SENT.value
    assert (told["sure"]["tells"], told["sure"]["alerts"]) == (False, [])


def test_nothing_that_was_recorded_is_told_as_such(tmp_path):
    result = monitor("why", "1", "-s", str(tmp_path / "none"))
    assert (result.exit_code, "nothing is recorded" in result.stderr) == (2, True)


@pytest.mark.parametrize("asked", ["%", "_", "!", '"', "9" * 30, "1.99", "", "\ud800"])
def test_nothing_that_is_asked_breaks_it_or_finds_everything(asked):
    store = SqliteStore.in_memory(now=NOW)
    world = World(store=store, baseline=False)
    world.poll(item())
    assert find(Reader(store.database), asked) == []


def test_it_tells_by_which_words_a_rule_matched_and_where_they_stand(world):
    world.poll(item("خبر عاجل", summary=f"{'كلمات ' * 20}شن الطيران وغارات على البلدة {'بعدها ' * 20}"))
    told = shown(world, "1").translate({0x2068: None, 0x2069: None})
    [by] = {line.strip() for line in told.splitlines() if line.startswith("    by ")}
    assert by.startswith("by غارة: «وغارات» in the summary: …كلمات ")
    assert "شن الطيران «وغارات» على البلدة" in by
    assert by.endswith(" بعدها…")
    [entry] = json.loads(shown(world, "1", "--json"))["entries"]
    [found] = entry["decisions"][0]["found"]
    assert (found["clause"], found["field"], found["words"]) == ("غارة", "summary", ["وغارات"])


def test_words_of_a_headline_stand_in_the_text_that_was_judged(world):
    """Not in the one that an edit made of it."""
    world.poll(item())
    world.poll(item("قصف السوق القديم بالمدفعية ثم غارة ثانية", n=1))
    told = shown(world, "1").translate({0x2068: None, 0x2069: None})
    assert told.count("    by غارة: «غارة» in the title\n") == 4  # two rules, two texts

"""The plot keeps its own promises, for several seeds. What the product makes of it is tested elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml

from monitor.config import load_rules
from monitor.model import Entry as Published
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from tests.plot import arcs, expected, noise, serving, towns
from tests.plot.arcs_told import HIT_AGAIN, NEIGHBOUR
from tests.plot.outlets import OUTLETS
from tests.plot.plot import made
from tests.plot.values import QUIET, TOLD, Arc, Entry, How, Plot, Verdict

SEEDS = (1, 2, 3, 20, 777)
MADE = cache(made)
RULES: list[dict[str, Any]] = yaml.safe_load(serving.RULES.read_text(encoding="utf-8"))["rules"]
LIFE = ("min_sources", "escalate", "killed")  # keys of a rule that have no say in which words it finds

# Stems that stand in every word a rule of the class finds in our texts, and in the noise without a place of it.
STEMS = {
    "clash": ("اشتباك", "قتال", "معارك", "clashes"),
    "airstrike": ("غارة", "غارات", "ضربة جوية", "قصف جوي", "air strike", "airstrike"),
    "explosion": ("انفجار", "تفجير", "تنفجر", "explosion", "blast"),
    "shelling-missile": ("قصف", "قذيفة", "قذائف", "صاروخ", "مدفعية", "shell"),
    "drone": ("مسيرة", "مسير", "drone"),
}


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed-{seed}")
def plot(request: pytest.FixtureRequest) -> Plot:
    return MADE(request.param)


@pytest.fixture(scope="module")
def by_guid(plot: Plot) -> dict[str, Entry]:
    return {entry.guid: entry for entry in plot.entries}


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """The rules of the day by their words alone."""
    file: dict[str, Any] = yaml.safe_load(serving.RULES.read_text(encoding="utf-8"))
    del file["sources"]
    for rule in file["rules"]:
        for key in LIFE:
            rule.pop(key, None)
    path = tmp_path_factory.mktemp("plot") / "rules.yaml"
    path.write_text(json.dumps(file, ensure_ascii=False).replace("PORT", "8080"), encoding="utf-8")
    config = load_rules(path, environ={})
    return Matcher(config.rules, config.lexicon)


def test_the_day_has_two_thousand_entries_evenly_over_eight_outlets_of_six_owners(plot: Plot) -> None:
    assert len({entry.guid for entry in plot.entries}) == 2000
    assert set(Counter(entry.outlet.id for entry in plot.entries).values()) == {250}
    assert len({outlet.owner for outlet in OUTLETS}) == 6
    assert sum(outlet.agency for outlet in OUTLETS) == 2


def test_equal_seeds_make_equal_plots_and_others_do_not(plot: Plot) -> None:
    again = made(plot.seed)
    assert again == plot
    assert expected.expected(again) == expected.expected(plot)
    assert made(plot.seed + 1).entries != plot.entries


def test_forty_events_are_told_beat_by_beat(plot: Plot, by_guid: dict[str, Entry]) -> None:
    assert len(plot.events) == 40
    for event in (*plot.events, *plot.echoes):
        told = [each for each in plot.told if each.event == event]
        assert [each.beat for each in told] == list(event.arc.beats)
        for each in told:
            assert by_guid[each.entry].versions[each.version].minute == each.minute
            assert by_guid[each.entry].outlet == event.cast[each.beat.role]


def test_events_have_towns_of_their_own_but_for_the_one_that_is_hit_again(plot: Plot) -> None:
    stood = Counter(town for event in plot.events for town in (event.town, event.moved_to) if town)
    twice = [event for event in plot.events if event.arc is HIT_AGAIN]
    assert {town for town, times in stood.items() if times > 1} == {twice[0].town}
    assert twice[1].minute - twice[0].minute == arcs.AGAIN_AFTER
    near = [event for event in plot.events if event.arc is NEIGHBOUR]
    assert near[0].town != near[1].town
    assert abs(near[0].minute - near[1].minute) < 60


def test_beats_of_an_event_fall_into_different_polls_of_the_day(plot: Plot) -> None:
    for event in plot.events:
        seen = [serving.seen_at(each.minute) for each in plot.told if each.event == event]
        assert all(earlier < later for earlier, later in pairwise(seen)), event.id
        assert seen[0] >= 0
        assert seen[-1] <= serving.POLLS[-1]


def test_the_calls_have_each_reason_that_tells_and_the_quiet_ones_each_that_does_not(plot: Plot) -> None:
    calls = expected.expected(plot)
    assert {call.reason for call in calls} == {*TOLD, "throttled"}
    assert {call.saying for call in calls if call.reason == "throttled"} == {"updated", "corroborated"}
    assert {tag for call in calls for tag in call.tags} == {"denied", "correction", "drill", "anniversary"}
    assert set(expected.counts(plot)) == set(QUIET)


def test_an_alert_is_called_for_where_its_report_stands_in_the_feed(plot: Plot, by_guid: dict[str, Entry]) -> None:
    for call in expected.expected(plot):
        assert call.earliest <= call.latest
        assert call.latest - call.earliest < timedelta(minutes=3 * serving.POLL_EVERY)
        entry = by_guid[call.entry]
        assert call.earliest >= plot.instant(entry.minute)
        assert call.rule in entry.rules


def test_a_throttled_alert_is_due_when_the_throttle_ends(plot: Plot) -> None:
    for call in expected.expected(plot):
        if call.reason == "throttled":
            first = min(each.minute for each in plot.told if each.event.id == call.event)
            assert call.earliest == plot.instant(first + expected.POLICIES[call.rule].throttle)


def test_of_alerts_that_wait_for_one_throttle_the_last_alone_is_called_for(plot: Plot) -> None:
    calls = expected.expected(plot)
    waiting = Counter((call.event, call.rule, call.earliest) for call in calls if call.reason == "throttled")
    assert set(waiting.values()) == {1}
    held = [each for each in plot.told if each.event.arc.id == "held-chain" and each.beat.verdict.reason == "throttled"]
    assert [call.entry for call in calls if call.event == held[0].event.id][1:] == [held[-1].entry]
    assert expected.counts(plot)["throttled"] == sum(waiting.values()) + len(held) - 1


def test_of_one_event_and_rule_the_first_alert_is_the_first_report_and_voices_never_fall(plot: Plot) -> None:
    calls = expected.expected(plot)
    for event_id, rule in {(call.event, call.rule) for call in calls}:
        story = [call for call in calls if (call.event, call.rule) == (event_id, rule)]
        opening = "corroborated" if rule == "diyala-explosions" else "first report"
        assert [call.reason for call in story].index(opening) == 0
        assert [call.reason for call in story].count("first report") == (opening == "first report")
        assert [call.sources for call in story] == sorted(call.sources for call in story)


def test_an_escalation_has_the_voices_and_the_time_that_its_rule_asks_for(plot: Plot) -> None:
    asked = {rule["id"]: rule["escalate"] for rule in RULES if "escalate" in rule}
    assert len(asked) == 2
    for told in plot.told:
        rule = told.event.arc.rule
        if rule not in asked:
            assert told.beat.verdict.reason != "escalated"
            continue
        voices, within = asked[rule]["sources"], 60 * int(asked[rule]["within"].removesuffix("h"))
        new = told.beat.how is How.OWN and told.beat.of == ""
        reached = told.sources == voices and new and told.minute - told.event.minute <= within
        assert (told.beat.verdict.reason == "escalated") == reached


def test_where_a_rule_wants_two_voices_one_is_below_and_the_second_is_told(plot: Plot) -> None:
    asked = {rule["id"]: rule["min_sources"] for rule in RULES if "min_sources" in rule}
    assert asked == {"diyala-explosions": 2}
    for told in plot.told:
        if told.event.arc.rule in asked:
            assert (told.beat.verdict.reason == "below min_sources") == (told.sources < 2)
        else:
            assert told.beat.verdict.reason != "below min_sources"


def test_the_muted_rule_tells_before_noon_and_never_after(plot: Plot) -> None:
    for told in plot.told:
        if told.event.arc.rule == expected.MUTE.rule:
            assert (told.beat.verdict.reason == "muted") == (told.minute > expected.MUTE.minute)
            assert not told.minute <= expected.MUTE.minute < serving.seen_at(told.minute) + serving.POLL_EVERY
        else:
            assert told.beat.verdict.reason != "muted"


def test_the_rule_that_wants_five_killed_hears_of_five_and_more(plot: Plot) -> None:
    for told in plot.told:
        if told.event.arc.second:
            assert (told.beat.second is not None) == (told.toll is not None and told.toll >= 5)


def test_a_copy_adds_a_report_and_no_voice(plot: Plot) -> None:
    for event in plot.events:
        told = [each for each in plot.told if each.event == event]
        for before, each in pairwise(told):
            if each.beat.how.copies or each.beat.how is How.CREDIT:
                assert (each.sources, each.reports) == (before.sources, before.reports + 1)


@pytest.mark.parametrize("arc", dict.fromkeys(arcs.ARCS), ids=lambda arc: arc.id)
def test_no_arc_reads_its_verdict_from_figures_that_do_not_bear_it_out(arc: Arc) -> None:
    """Figures that rise are never a duplicate, and figures that fall are a correction."""
    for before, beat in pairwise(arc.beats):
        if beat.toll > before.toll:
            low, high = arc.tolls[beat.toll], arc.tolls[before.toll]
            assert low[0] > high[1] or low[1] < high[0], "the ranges of two tolls overlap"
            wanted = {"updated", "throttled"} if low[0] > high[1] else {"corrected"}
            assert beat.verdict.reason in wanted


@pytest.mark.parametrize("arc", dict.fromkeys(arcs.ARCS), ids=lambda arc: arc.id)
def test_the_gaps_of_an_arc_keep_clear_of_the_throttle(arc: Arc) -> None:
    for rule, verdicts in ((arc.rule, _verdicts(arc, second=False)), (arc.second, _verdicts(arc, second=True))):
        throttle = expected.POLICIES[rule].throttle if rule else 0
        last = None
        for after, verdict in verdicts:
            if verdict.reason in ("updated", "corroborated") and last is not None and throttle:
                assert after - last >= throttle + 10
            if verdict.reason == "throttled":
                assert last is not None
                assert after - last <= throttle - 10
            last = after if verdict.told else last


def _verdicts(arc: Arc, *, second: bool) -> list[tuple[int, Verdict]]:
    judged = [(beat.after, beat.second if second else beat.verdict) for beat in arc.beats]
    return [(after, verdict) for after, verdict in judged if verdict is not None]


def test_an_edit_changes_what_it_says_and_keeps_guid_and_date(plot: Plot, by_guid: dict[str, Entry]) -> None:
    for each in plot.told:
        if not each.beat.how.edits:
            continue
        entry = by_guid[each.entry]
        old, new = entry.versions[each.version - 1], entry.versions[each.version]
        common = set(old.title.split()) & set(new.title.split())
        assert (old.title, old.summary) != (new.title, new.summary)
        assert entry.dated == entry.minute < new.minute
        match each.beat.how:
            case How.EDIT_HEADLINE:
                assert 2 * len(common) < min(len(set(old.title.split())), len(set(new.title.split())))
                assert old.summary == new.summary
            case How.EDIT_TYPO:
                assert old.title == new.title
                assert len(old.summary) == len(new.summary) + 1
            case How.EDIT_PLACE:
                assert each.event.moved_to is not None
                assert each.event.town.ar in old.title
                assert each.event.moved_to.ar in new.title


def test_independent_voices_tell_in_other_words(plot: Plot, by_guid: dict[str, Entry]) -> None:
    for event in plot.events:
        fresh = [each for each in plot.told if each.event == event and each.beat.how in (How.OWN, How.CREDIT)]
        texts = [by_guid[each.entry].versions[0] for each in fresh]
        for index, one in enumerate(texts):
            for other in texts[index + 1 :]:
                a, b = (set(f"{each.title} {each.summary}".split()) for each in (one, other))
                assert len(a & b) < 0.5 * len(a | b), (one, other)


def test_the_town_that_is_hit_again_is_told_of_in_other_words(plot: Plot, by_guid: dict[str, Entry]) -> None:
    one, other = (
        by_guid[told.entry].versions[0]
        for told in plot.told
        if told.event.arc is HIT_AGAIN and told.beat.how is How.OWN
    )
    a, b = set(one.title.split()), set(other.title.split())
    assert len(a & b) < 0.6 * len(a | b)
    assert one.summary.split(".")[0] != other.summary.split(".")[0]


def test_a_feed_holds_fifty_at_most_and_every_version_is_seen_by_a_poll(plot: Plot) -> None:
    seen: set[tuple[str, int]] = set()
    for outlet in OUTLETS:
        for minute in serving.POLLS:
            held = serving.held(plot, outlet, minute)
            assert len(held) <= 50
            seen |= {(entry.guid, entry.versions.index(entry.at(minute))) for entry in held}
    assert seen == {(entry.guid, version) for entry in plot.entries for version in range(len(entry.versions))}


def test_the_first_poll_finds_yesterday_and_nothing_of_the_day(plot: Plot) -> None:
    first = {entry.guid for outlet in OUTLETS for entry in serving.held(plot, outlet, serving.POLLS[0])}
    assert first == {entry.guid for entry in plot.entries if entry.minute < 0}
    assert {entry.guid for entry in plot.yesterday} <= first
    assert all(entry.minute - entry.dated > 25 * 60 for entry in plot.stale)


def test_documents_are_rss_of_what_a_feed_holds(plot: Plot) -> None:
    minute = 13 * 60
    documents = serving.documents_at(plot, minute)
    assert set(documents) == {f"/{outlet.id}.xml" for outlet in OUTLETS}
    for outlet in OUTLETS:
        parsed = feedparser.parse(documents[outlet.path])
        assert not parsed.bozo
        assert [(each.id, each.title, each.summary) for each in parsed.entries] == [
            (entry.guid, entry.at(minute).title, entry.at(minute).summary)
            for entry in serving.held(plot, outlet, minute)
        ]


def test_the_words_of_each_telling_match_the_rules_of_its_event_and_no_noise_matches(
    plot: Plot, matcher: Matcher
) -> None:
    for entry in plot.entries:
        for version in entry.versions:
            document = read(Published(feed_id=entry.outlet.id, title=version.title, summary=version.summary))
            found = matcher.match(document, feed=None, today=plot.begins.date())
            assert {match.rule_id for match in found.matches} == entry.rules, (version.title, version.summary)


def test_noise_has_the_words_of_a_rule_or_a_place_of_it_and_never_both(plot: Plot) -> None:
    both, words, places = 0, 0, 0
    names = [name for town in noise.ALL_TOWNS for name in (town.ar, town.en)]
    for entry in plot.entries:
        if entry.rules:
            continue
        text = f"{entry.versions[0].title} {entry.versions[0].summary}"
        of_rule = any(stem in text.lower() for stems in STEMS.values() for stem in stems)
        of_place = any(name in text for name in names)
        both, words, places = both + (of_rule and of_place), words + of_rule, places + of_place
    assert both == 0
    assert words > 100
    assert places > 100


def test_the_rules_file_says_what_the_plot_takes_for_granted(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    serving.write_rules(path, 8123)
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "PORT" not in path.read_text(encoding="utf-8")
    assert {feed["url"] for feed in file["feeds"]} == {f"http://127.0.0.1:8123{outlet.path}" for outlet in OUTLETS}
    assert {key: (said["name"], said["owner"], said.get("agency", False)) for key, said in file["sources"].items()} == {
        outlet.id: (outlet.name, outlet.owner, outlet.agency) for outlet in OUTLETS
    }
    throttles = {rule["id"]: (rule["severity"], int(rule["throttle"].rstrip("ms"))) for rule in file["rules"]}
    assert throttles == {rule: (said.severity, said.throttle) for rule, said in expected.POLICIES.items()}
    assert {rule["id"] for rule in file["rules"]} == {*towns.KIND, "yemen-many-killed"}
    assert expected.MUTE.rule in towns.KIND

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.arabic import arabic, meaning, table
from monitor.arabic.forms import FSI, HOLE, PDI
from monitor.rules.problems import CODES
from tests.arabic.spoken import sentences
from tests.rules import test_lint, test_query
from tests.rules.given import read_text
from tests.rules.mistakes import MISTAKES

OF_RULES = (
    "config.py",
    *(
        f"rules/{name}.py"
        for name in (
            "addresses", "circles", "filling", "full_texts", "items", "judge", "kinds", "lint_articles",
            "lint_exclusions", "lint_pairs",
            "lint_rules", "lint_words", "literal_names", "names", "never", "overall", "own_templates", "query",
            "query_row", "query_words", "read", "scores", "secrets", "shape", "terms", "usable", "values", "written",
            "written_names", "written_parts", "written_rule", "written_web", "yaml_hints", "yaml_nodes", "yaml_source",
        )
    ),
)  # fmt: skip

OF_EXPLAINING = tuple(
    f"rules/{name}.py" for name in ("filters", "explain", "clauses", "distances", "operators", "leaves", "tolls")
)
OF_FEEDS = (
    "given.py",
    *(
        f"feeds/{name}.py"
        for name in (
            "answer", "box", "box_child", "box_salvage", "box_worker", "decode", "fetch", "inflate", "lookup", "opml",
            "parse", "parts", "reader_child", "request", "transfer", "urls",
        )
    ),
)  # fmt: skip
OF_TROUBLE = (
    "status.py", "app.py", "reload.py", "daemon.py", "lookout.py", "beacon.py", "web/beside.py",
    *(
        f"store/{name}.py"
        for name in ("ballast", "straits", "held", "database", "opening", "place", "lock", "inspect", "migrate")
    ),
)  # fmt: skip
OF_VERSIONS = (
    "cluster/laid_out.py", "cluster/published.py", "cluster/rules_watch.py", "store/rules_rows.py",
)  # fmt: skip
OF_TRIALS = ("backtest/archive.py", "backtest/difference.py", "backtest/trial.py", "model/feeds.py", "model/stories.py")
OF_DELIVERIES = ("pipeline.py", "alerts/send.py", "alerts/service.py", "alerts/webhook.py")
ALL = (*OF_DELIVERIES, *OF_RULES, *OF_EXPLAINING, *OF_FEEDS, *OF_TROUBLE, *OF_TRIALS, *OF_VERSIONS)

NOT_SAID = {
    # pieces that stand within sentences which have a form as a whole
    "11did you mean '11'?",
    "the rule '11' looks at texts in 11, and its feeds are in ",
    " (type an ordinary space instead)",
    # of which the few forms are there one by one
    "'11' is the name of a 11; here the word itself is searched for", "a 11 opens here and is not closed",
    # what the reader of YAML says, which is looked for and not told
    "mapping values are not allowed", "mapping values", "end of stream", "sequence entries are not allowed",
    "cannot start any token", "quoted scalar", "flow sequence", "flow mapping", "did not find", "could not find ",
    " is left out: ", "no number of 11 is told", "this one", ": does not match: ", "now holds", "held before",
    " (it wants a password)", " (it lets us not read this)", " (no such page)", " (asked too often)",
    "answered 304 to an unconditional request",
    "11 breaks the parser; it 11", "was read without its markup", "could not be read",
    "11 is not on the public internet11", "; if it is yours, write allow_private: true under the feed",
    "11; if it opens there, look at this machine's firewall and proxy", "11 and look at its certificate",
    "11; if it opens quickly there, look at this machine's network", "11, and give the address where you end",
    "11; if it is whole there, save the page and name the file instead",
    "11; if it opens there, save the page and name the file instead",
    "11\nLook at 'heartbeat' in the rules file, and at the service that it belongs to.",
    "; install the Python package 11",
    # names and values
    "rules version 11: ",
    "<?xml version='1.0' encoding='utf-8'?>\n", "stored entry", "monitor run", "monitor worker",
    "state found", "same text", "same event",
    "id title severity max_age throttle enabled notify tests owner tags description false_positives at",
    "weekly mon 07:00", "every hour",
}  # fmt: skip

COMMANDS = ("monitor places search", "monitor feeds list", "monitor db restore", "monitor rules publish")
_IN_A_ROW = re.compile(r"(?<![\w/.-])[A-Za-z]+ [A-Za-z]+ [A-Za-z]+(?![\w/.-])")
HELD = re.compile(r"<([a-z]+)[*|>]")
_ISOLATED = re.compile(f"{FSI}[^{FSI}{PDI}]*{PDI}")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


def english_left(told: str) -> list[str]:
    """Words outside of what is isolated."""
    return _ENGLISH.findall(_ISOLATED.sub("", told))


@pytest.mark.parametrize("module", ALL)
def test_every_sentence_that_a_page_may_show_can_be_said_in_arabic(module: str) -> None:
    said = [each for each in sentences(module) if each not in NOT_SAID]
    assert [each for each in said if not arabic(each)] == []


@pytest.mark.parametrize("module", ALL)
def test_no_sentence_stands_in_arabic_as_a_piece_of_it_in_english(module: str) -> None:
    """A form that nearly fits takes the rest of a sentence for a name, and isolates it."""
    told = [arabic(each) for each in sentences(module) if each not in NOT_SAID]
    pieces = [piece[1:-1] for each in told for piece in _ISOLATED.findall(each)]
    assert [piece for piece in pieces if _IN_A_ROW.search(piece) and piece not in COMMANDS] == []


def test_what_is_not_said_is_still_somewhere_in_the_sources() -> None:
    assert NOT_SAID - {each for module in ALL for each in sentences(module)} == set()


def test_every_problem_that_people_make_is_told_in_arabic_alone() -> None:
    texts = [mistake.text for mistake in MISTAKES]
    texts += [test_query.rules_with(query) for query, *_ in (*test_query.MISTAKES, *test_query.HINTS)]
    problems = [problem for text in texts for problem in read_text(text)[1]]
    assert len(problems) > 200
    told = {sentence: arabic(sentence) for each in problems for sentence in (each.what, each.remedy)}
    assert [sentence for sentence, words in told.items() if not words] == []
    assert {words: left for words in told.values() if (left := english_left(words))} == {}


def test_every_weak_spot_is_told_in_arabic_alone() -> None:
    problems = [problem for _, text, _ in test_lint.RULES for problem in test_lint.problems(text)]
    assert len(problems) > 10
    told = [arabic(sentence) for each in problems for sentence in (each.what, each.remedy)]
    assert all(told)
    assert [left for words in told if (left := english_left(words))] == []


def test_every_code_has_a_meaning_in_arabic() -> None:
    assert [code for code in CODES if not meaning(code)] == []
    assert meaning("R000") == ""


CASES = [
    ("unknown setting 'nearr'", "لا يوجد إعداد باسم «⁨nearr⁩»"),
    ("did you mean 'near'?", "هل تقصد «⁨near⁩»؟"),
    ("did you mean 'clash' or 'drone'?", "هل تقصد «⁨clash⁩» أو «⁨drone⁩»؟"),
    ("settings have English names; did you mean 'severity'?", "أسماء الإعدادات بالإنكليزية؛ هل تقصد «⁨severity⁩»؟"),
    ("settings here: then, within", "الإعدادات الممكنة هنا: ⁨then⁩، ⁨within⁩"),
    ("write the whole address: https://a.example/x", "اكتب العنوان كاملًا: ⁨https://a.example/x⁩"),
    ("this line does not fit into the block", "هذا السطر لا يلائم الكتلة"),
    ("this line does not fit into the block that begins on line 5", "هذا السطر لا يلائم الكتلة التي تبدأ في السطر ⁨5⁩"),
    ("did you mean 'idlib'? If not, add it under 'places'", "هل تقصد «⁨idlib⁩»؟ وإلا فأضفه تحت ⁨places⁩"),
    ("write one id: place:name, and for several place:one OR group:two", ""),  # one hole, two texts
    ("this feed address cannot be used: something that nobody says", ""),
    ("nobody says this", ""),
    ("", ""),
]


@pytest.mark.parametrize(("english", "told"), CASES)
def test_a_sentence_is_said_by_its_form(english: str, told: str) -> None:
    assert arabic(english) == told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("0", "تعذّرت قراءة 0 خبرًا"),
        ("1", "تعذّرت قراءة خبر واحد"),
        ("2", "تعذّرت قراءة خبرين"),
        ("3", "تعذّرت قراءة 3 أخبار"),
        ("10", "تعذّرت قراءة 10 أخبار"),
        ("11", "تعذّرت قراءة 11 خبرًا"),
        ("100", "تعذّرت قراءة 100 خبر"),
        ("102", "تعذّرت قراءة 102 خبر"),
        ("1,003", "تعذّرت قراءة 1,003 أخبار"),
    ],
)
def test_what_is_counted_takes_the_form_of_its_number(number: str, told: str) -> None:
    assert arabic(f"{number} entries could not be read") == told


def test_a_sentence_within_a_sentence_may_come_from_elsewhere() -> None:
    english = "«x» also means a kettle of fish, and nothing else in the rule 'y' tells them apart"
    assert arabic(english) == ""
    assert "إبريق" in arabic(english, {"a kettle of fish": "إبريق"})


def test_both_texts_of_a_form_have_the_same_holes_and_are_written_alike() -> None:
    for form in table():
        english = form.holes
        assert {name for name, _ in HOLE.findall(form.arabic)} <= english, form.arabic
        assert form.inner >= {name for name, star in HOLE.findall(form.arabic) if star}, form.arabic
        assert form.arabic.count("`") % 2 == 0, form.arabic
        assert form.arabic.count("(") == form.arabic.count(")") or "`" in form.arabic, form.arabic


def test_an_arabic_text_keeps_what_the_author_wrote() -> None:
    """Each hole of the English text stands in the Arabic one, unless the Arabic says why not."""
    left_out = {form.arabic: missing for form in table() if (missing := form.holes - set(HELD.findall(form.arabic)))}
    assert left_out == {"اكتب `<ref>`، أو ضع الكلمة في قائمته": {"kind"}}


@given(st.text(max_size=300))
def test_any_text_is_said_or_not_and_never_breaks(text: str) -> None:
    assert isinstance(arabic(text), str)
    assert isinstance(arabic(f"unknown setting '{text}'"), str)

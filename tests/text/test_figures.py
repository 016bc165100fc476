"""How many were killed and wounded, by a table of headlines of our own and by what is preferred to what."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model import Entry, Figure
from monitor.text import casualty_cues
from monitor.text.document import read
from monitor.text.figures import Figures, Told, figures

ROWS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "figures.tsv").read_text(encoding="utf-8").splitlines()
    if "\t" in line
]


def told(title: str = "", summary: str = "") -> Figures:
    return figures(read(Entry(feed_id="f", title=title, summary=summary)), ("title", "summary"))


def shown(found: Told | None) -> str:
    if found is None:
        return "-"
    figure = found.figure
    if figure.most is None:
        return f"{figure.least}+"
    return str(figure.least) if figure.least == figure.most else f"{figure.least}..{figure.most}"


@pytest.mark.parametrize(("title", "killed", "wounded"), ROWS, ids=[row[0] for row in ROWS])
def test_a_headline_tells_how_many(title: str, killed: str, wounded: str) -> None:
    found = told(title)
    assert (shown(found.killed), shown(found.wounded)) == (killed, wounded)


@pytest.mark.parametrize(("title", "killed", "wounded"), ROWS, ids=[row[0] for row in ROWS])
def test_every_figure_has_a_word_by_which_rules_know_to_look(title: str, killed: str, wounded: str) -> None:
    """`killed:` of a rule waits for these beginnings: one that is missing is a missed alert."""
    if (killed, wounded) != ("-", "-"):
        words = read(Entry(feed_id="f", title=title)).title.words
        assert any(beginning in word for word in words for beginning in casualty_cues.BEGINNINGS)


@pytest.mark.parametrize(
    ("title", "summary", "killed"),
    [
        ("مقتل 5 في قصف", "قتل 7 أشخاص في قصف على البلدة", "5"),
        ("قتلى في قصف", "قتل 7 أشخاص في قصف على البلدة", "7"),
        ("عشرات القتلى", "قتل 45 شخصا", "45"),
        ("عشرات القتلى", "قتل 3 أشخاص", "20+"),
        ("قتلى في انفجار", "قتل 3 أشخاص على الأقل", "3+"),
        ("انفجار وسط المدينة", "أسفر عن مقتل 3 ما يرفع الحصيلة إلى 9 قتلى", "9"),
        ("غارة على صنعاء", "قتل 4 أشخاص. وبلغت حصيلة القتلى منذ بدء الحرب 10 آلاف قتيل", "4"),
        ("حصيلة القتلى تبلغ 40 ألف قتيل منذ بدء الحرب", "", "40000"),
        ("Dozens killed in strike", "The death toll rose to 32 on Sunday.", "32"),
        ("Strike hits market", "Five were killed. A strike killed 40 there last year.", "5"),
        ("لا قتلى في القصف", "قتل شخصان في القصف", "2"),
    ],
)
def test_of_several_numbers_that_of_the_event_is_told(title: str, summary: str, killed: str) -> None:
    assert shown(told(title, summary).killed) == killed


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("عاجل: مقتل ثلاثة عشر شخصا في حلب", "مقتل ثلاثة عشر شخصا"),
        ("حلب: سقوط ١٢ قتيلاً في القصف", "١٢ قتيلاً"),
        ("&quot;قتيلان&quot; في حلب", "قتيلان"),
        ("Aleppo: at least three civilians were killed", "at least three civilians were killed"),
    ],
)
def test_a_span_shows_the_words_as_published(title: str, words: str) -> None:
    found = told(title).killed
    assert found is not None
    span = found.figure.span
    assert (span.field, span.clause, title[span.start : span.end]) == ("title", "killed", words)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [((3, 3), (3, 3), True), ((3, 3), (30, 30), False), ((20, None), (45, 45), True), ((20, None), (3, 3), False)],
)
def test_figures_agree_where_both_can_be_true(
    one: tuple[int, int | None], other: tuple[int, int | None], agree: bool
) -> None:
    found = told("قتيل").killed
    assert found is not None
    span = found.figure.span
    first, second = (Figure(kind="killed", least=least, most=most, span=span) for least, most in (one, other))
    assert first.agrees(second) is agree
    assert second.agrees(first) is agree


def test_a_text_of_nothing_but_numbers_takes_linear_time() -> None:
    """What a hostile feed may send: no number is read twice for each that follows."""
    assert shown(told("مئة " * 20_000).killed) == "-"

"""What an alert tells of an article."""

from __future__ import annotations

import pytest

from monitor.model import FieldName, Span
from monitor.telling import LONGEST_FOUND, MOST_FOUND, found_in_article

BODY = "اشتباكات قرب المطار، ثم اشتباكات أخرى، وقصف، وانفجار، وحريق. " + "ا" * 2 * LONGEST_FOUND


def span(words: str, *, clause: str = "c", field: FieldName = "body") -> Span:
    start = BODY.index(words)
    return Span(field=field, start=start, end=start + len(words), clause=clause)


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], {}),
        ([span("قصف"), span("حريق", clause="d")], {"c": ("قصف",), "d": ("حريق",)}),
        ([span("اشتباكات", field="title"), span("قصف")], {"c": ("قصف",)}),
        ([span("اشتباكات"), span("اشتباكات"), span("قصف")], {"c": ("اشتباكات", "قصف")}),
        ([span(word) for word in ("اشتباكات", "قصف", "انفجار", "حريق")], {"c": ("اشتباكات", "قصف", "انفجار")}),
        ([span("ا" * (LONGEST_FOUND + 1))], {"c": ("ا" * LONGEST_FOUND,)}),
    ],
    ids=[
        "nothing",
        "two clauses",
        "the headline is no article",
        "each once",
        "three of a clause",
        "no more than so long",
    ],
)
def test_the_words_of_an_article_by_which_each_clause_was_found_are_told_within_bounds(spans, found):
    assert found_in_article(BODY, spans) == found


def test_the_bounds_are_small_for_each_alert_is_kept_with_what_it_tells():
    assert (MOST_FOUND, LONGEST_FOUND) == (3, 200)

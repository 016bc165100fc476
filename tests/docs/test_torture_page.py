"""The pages on how Arabic is matched show rows of the torture set, and the matcher does what they say."""

from __future__ import annotations

import re

import pytest

from tests.docs.torture_page import PAGES, Pick, between_marks, picks, tables
from tests.text.torture import is_found

PICKS = list(picks())


@pytest.mark.parametrize(("page", "language"), PAGES.items())
def test_a_page_shows_the_rows_that_are_picked_as_the_set_has_them(page: str, language: str) -> None:
    renew = "python -m tests.docs.torture_page renews it"
    assert between_marks(page) == f"\n{tables(language)}\n", renew


@pytest.mark.parametrize("pick", PICKS, ids=lambda pick: pick.row.surface)
def test_the_matcher_does_what_the_page_says(pick: Pick) -> None:
    assert is_found(pick.row) == pick.row.found, str(pick.row)


def test_the_pages_show_many_rows_of_both_kinds_each_with_a_reason_in_arabic() -> None:
    assert len(PICKS) >= 60
    assert 0.3 < sum(not pick.row.found for pick in PICKS) / len(PICKS) < 0.6
    assert all(re.search("[\u0621-\u064a]", pick.why["ar"]) for pick in PICKS)
    assert len({(pick.row.surface, pick.row.term) for pick in PICKS}) == len(PICKS)

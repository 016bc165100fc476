from __future__ import annotations

from monitor.text.fold import fold, unify_ta
from monitor.text.frequent import frequent_words
from monitor.text.tokens import tokenize


def test_every_word_is_written_as_words_are_compared() -> None:
    words = frequent_words()
    assert len(words) > 1_000
    for word in words:
        assert unify_ta(fold(word)) == word
        assert [token.folded for token in tokenize(word)] == [word]


def test_a_share_is_one_of_articles_and_none_is_rarer_than_one_in_two_hundred() -> None:
    shares = frequent_words().values()
    assert min(shares) >= 0.005
    assert max(shares) <= 1


def test_the_commonest_words_of_arabic_are_there_and_the_rarer_are_met_less() -> None:
    words = frequent_words()
    assert words["في"] > 0.9
    assert words["في"] > words["الحكومه"] > words.get("مدرج", 0)


def test_they_are_read_once() -> None:
    assert frequent_words() is frequent_words()

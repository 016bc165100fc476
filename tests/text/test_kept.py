from __future__ import annotations

from monitor.text.kept import LONGEST_KEY, Kept


def test_what_was_kept_is_there() -> None:
    kept: Kept[int] = Kept(2)
    kept.keep("a", 1)
    assert kept.get("a") == 1
    assert kept.newer(["a", "b"]) == [1, None]


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    kept: Kept[int] = Kept(2)
    kept.keep("asked for", 1)
    kept.keep("forgotten", 2)
    for number in range(10):
        kept.keep(str(number), number)
        assert kept.get("asked for") == 1
    assert kept.get("forgotten") is None


def test_no_more_is_kept_than_was_allowed() -> None:
    kept: Kept[int] = Kept(3)
    keys = [str(number) for number in range(1000)]
    for key in keys:
        kept.keep(key, 1)
    assert 3 <= sum(kept.get(key) is not None for key in keys) <= 6


def test_a_key_that_is_no_word_is_not_kept() -> None:
    kept: Kept[int] = Kept(3)
    kept.keep("ا" * (LONGEST_KEY + 1), 1)
    assert kept.get("ا" * (LONGEST_KEY + 1)) is None

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.heads import HeadIndex, Heads, HeadStem

_letters = st.text("ابج", max_size=5)
_heads = st.builds(
    Heads,
    words=st.frozensets(_letters, max_size=3),
    stems=st.lists(
        st.builds(HeadStem, root=_letters, endings=st.frozensets(st.text("ابج", max_size=2), max_size=3)), max_size=3
    ).map(tuple),
    prefixes=st.lists(st.text("ابج", min_size=1, max_size=4), max_size=2).map(tuple),
)


@given(st.lists(_heads, max_size=6), st.lists(_letters, max_size=3))
def test_those_looked_up_at_once_are_those_that_include_a_remainder(heads: list[Heads], remainders: list[str]) -> None:
    one_by_one = [number for number, head in enumerate(heads) if any(map(head.include, remainders))]
    assert list(HeadIndex(heads).that_include(remainders)) == one_by_one


_HEADS = Heads(frozenset({"قصف"}), (HeadStem("غار", {"ة": "", "ات": ""}), HeadStem("ا", {"ل": ""})), ("سلد",))


@pytest.mark.parametrize(
    ("remainder", "included"),
    [
        ("قصف", True),
        ("قصفت", False),
        ("قص", False),
        ("غارة", True),
        ("غارات", True),
        ("غار", False),
        ("غارتان", False),
        ("ال", True),
        ("ا", False),
        ("سلد", True),
        ("سلديرلار", True),
        ("سل", False),
        ("", False),
    ],
)
def test_a_remainder_is_a_word_or_a_stem_with_an_ending_or_begins_so(remainder: str, included: bool) -> None:
    assert _HEADS.include(remainder) is included
    assert HeadIndex([Heads(), _HEADS]).that_include([remainder]) == ((1,) if included else ())


def test_nothing_includes_what_no_head_has() -> None:
    assert HeadIndex([]).that_include(["قصف"]) == ()
    assert HeadIndex([Heads()]).that_include(["قصف", ""]) == ()

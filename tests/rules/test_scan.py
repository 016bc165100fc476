from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.scan import Scan, any_stands, places
from monitor.text.alphabet import encode
from monitor.text.needles import Needle

_ALONE = frozenset({""})
GHARA = Needle("غار", frozenset({"ه", "ات"}), starts=True)

STANDING = [
    # needle, haystack, where it stands (letters before it), because
    (GHARA, "غاره", [0], "the word"),
    (GHARA, "وغاره ولغارات كغاره فغاره بغاره", [1, 8, 15, 21, 27], "behind particles"),
    (GHARA, "الغاره", [2], "behind the article"),
    (GHARA, "مغاره", [], "in another word"),
    (GHARA, "غارتان", [], "with an ending that is none of its own"),
    (GHARA, "غار غاره", [4], "without an ending"),
    (GHARA, "غاره3 ,غاره", [0, 7], "beside digits and signs"),
    (GHARA, "xغارهx", [1], "beside other letters"),
    (Needle("قصف"), "مقصوف يقصفون", [7], "anywhere in a word"),
    (Needle("raid", _ALONE, starts=True), "مطارraidمطار", [4], "a word that Arabic letters touch on both sides"),
    (Needle("10", _ALONE, starts=True), "قتل10قتلي", [3], "a number that they touch"),
    (Needle("か", _ALONE, starts=True), "مطارかمطار", [4], "a letter of far away"),
    (Needle("ٹا", _ALONE, starts=True), "مٹا", [1], "a word that begins with a letter that is not of this alphabet"),
    (Needle("ان", _ALONE), "انان", [2], "two that overlap what follows"),
]


@pytest.mark.parametrize(("needle", "haystack", "where", "because"), STANDING, ids=[case[3] for case in STANDING])
def test_a_needle_stands_where_its_author_promised(
    needle: Needle, haystack: str, where: list[int], because: str
) -> None:
    expected = [len(encode(haystack[:at])) for at in where]
    assert [at for _, at in told(Scan([needle]), haystack)] == expected, because
    assert any_stands([Scan([needle]).entry(0)], encode(haystack)) is bool(where)


def told(scan: Scan, haystack: str) -> list[tuple[int, int]]:
    written = encode(haystack)
    return sorted(scan.standing(scan.hits(written), written))


_LETTERS = "الوبمهxز1ٹか"
_needles = st.lists(
    st.builds(
        Needle,
        text=st.text(_LETTERS, min_size=1, max_size=3),
        endings=st.one_of(st.none(), st.frozensets(st.text("المه", max_size=2), max_size=3)),
        starts=st.booleans(),
    ),
    max_size=8,
)
_ARABIC = frozenset("الوبمهز")


def _slowly(needle: Needle, haystack: str) -> list[int]:
    found = []
    for at in range(len(haystack)):
        behind = haystack[at + len(needle.text) :]
        letters = behind[: next((n for n, char in enumerate(behind) if char not in _ARABIC), len(behind))]
        inside = at > 0 and haystack[at - 1] in _ARABIC - frozenset("وبل") and needle.text[0] in _ARABIC
        follows = needle.endings is None or needle.text[-1] not in _ARABIC or letters in needle.endings
        if haystack.startswith(needle.text, at) and follows and not (needle.starts and inside):
            found.append(len(encode(haystack[:at])))
    return found


@given(_needles, st.text(_LETTERS + " ", max_size=20))
@settings(max_examples=300)
def test_all_needles_are_found_at_once_wherever_each_stands(needles: list[Needle], haystack: str) -> None:
    scan, written = Scan(needles), encode(haystack)
    expected = sorted((number, at) for number, each in enumerate(scan.needles) for at in _slowly(each, haystack))
    assert told(scan, haystack) == expected
    for number in range(len(scan.needles)):
        where = [at for each, at in expected if each == number]
        assert list(places(scan.entry(number), written)) == where
        assert any_stands([scan.entry(number)], written) is bool(where)
        assert not where or scan.text_of[number] in scan.texts_in(written)


def test_needles_of_one_text_have_its_number_in_common() -> None:
    one, other, third = Needle("قصف"), Needle("قصف", _ALONE, starts=True), Needle("غاره")
    scan = Scan([one, other, third, one])
    assert tuple(scan.needles) == (one, other, third)
    assert scan.text_of == [0, 0, 1]
    assert told(scan, "يقصف") == [(0, len(encode("ي")))]


def test_without_needles_nothing_stands() -> None:
    assert not Scan([])
    assert Scan([GHARA])
    assert told(Scan([]), "قصف") == []
    assert not any_stands([], encode("قصف"))

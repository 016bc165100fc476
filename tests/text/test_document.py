from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import Name, Term
from monitor.model import Entry
from monitor.text.document import Text, raw_hash, read, read_text
from monitor.text.fold import fold, unify_ta
from monitor.text.terms import compile_item
from tests.text.search import found_in
from tests.text.test_fold import any_text

ENTRY = Entry(
    feed_id="f", guid="1", link="https://a.example/1", title="قصف يطال المطار القديم", summary="تفاصيل", body="نص"
)

# The term مطار as careless and hostile feeds write it.
_DRESSED = st.lists(
    st.sampled_from(["", "\u064e", "\u0651", "ـ", "ــ", "\u200d", "\u200f", "<b>", "</b>", "<i class='x'>", "&zwnj;"]),
    min_size=3,
    max_size=3,
)
_LETTERS = st.tuples(
    st.sampled_from(["م", "&#1605;", "&amp;#1605;", "ﻣ"]),
    st.sampled_from(["ط", "&#x637;", "ﻄ"]),
    st.sampled_from(["ا", "&#1575;", "ﺎ"]),
    st.sampled_from(["ر", "&#1585;", "ﺭ"]),
)
_AROUND = st.lists(
    st.sampled_from([" ", "قصف ", "😀 ", "𝔸 ", "&amp; ", "&laquo;", "<p>", "<br>", "1 ", "، ", "\x00", "\u202b"]),
    max_size=6,
).map("".join)


@given(_AROUND, _LETTERS, _DRESSED, _AROUND)
def test_what_is_marked_is_the_term_whatever_it_is_dressed_in(
    before: str, letters: tuple[str, ...], dress: list[str], after: str
) -> None:
    published = f"{before} {letters[0]}{''.join(a + b for a, b in zip(dress, letters[1:], strict=True))} {after}"
    text = read_text(published)
    (hit,) = found_in(compile_item(Term(text="مطار")), text)
    start, end = text.span(hit.first, hit.last)
    assert 0 <= start < end <= len(published)
    assert [token.folded for token in read_text(published[start:end]).tokens] == ["مطار"]
    assert start >= len(before.rstrip())


@given(any_text)
def test_spans_are_sorted_disjoint_and_inside_any_text(published: str) -> None:
    text = read_text(published)
    bounds = [bound for at in range(len(text.tokens)) for bound in text.span(at, at + 1)]
    assert bounds == sorted(bounds)
    assert all(start < end for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    assert not bounds or bounds[-1] <= len(published)


@given(any_text)
def test_every_folded_character_knows_its_place(published: str) -> None:
    text = read_text(published)
    places = [text.folded_span(at, at + 1) for at in range(len(text.folded))]
    assert all(place and 0 <= place[0] < place[1] <= len(published) for place in places)
    assert places == sorted(places, key=lambda place: place or (0, 0))
    assert text.folded_span(0, 0) is None


def test_a_folded_range_leads_back_to_what_was_published() -> None:
    text = read_text("قُتِل&nbsp;&nbsp;١٢ <b>مدني</b>ّاً ﻻ أكثر")
    assert text.folded == "قتل 12 مدنيا لا اكثر"
    assert _marked(text, "12 مدن") == "١٢ <b>مدن"
    assert _marked(text, "مدني") == "مدني</b>ّ"  # the shadda is the last letter's
    assert _marked(text, "قتل 1") == "قُتِل&nbsp;&nbsp;١"
    assert _marked(text, "لا") == "ﻻ"
    assert _marked(text, "كث") == "كث"


def _marked(text: Text, folded: str) -> str:
    at = text.folded.index(folded)
    place = text.folded_span(at, at + len(folded))
    assert place is not None
    return text.published[slice(*place)]


def test_a_folded_range_outside_the_text_has_no_place() -> None:
    text = read_text("قصف")
    assert [text.folded_span(*span) for span in ((0, 4), (-1, 2), (2, 1))] == [None] * 3


@given(any_text)
def test_tokens_stand_in_the_folded_text_in_their_order(published: str) -> None:
    text = read_text(published)
    at = 0
    for token in text.tokens:
        at = text.folded.index(token.folded, at) + len(token.folded)


def test_a_document_has_its_fields_by_name() -> None:
    document = read(ENTRY)
    assert [document.field(name).published for name in ("title", "summary", "body")] == [
        "قصف يطال المطار القديم",
        "تفاصيل",
        "نص",
    ]
    assert document.entry is ENTRY


@pytest.mark.parametrize(
    ("change", "same_text", "same_headline"),
    [
        ({"title": "قَصْفُ يطال <b>المطار</b> القديم"}, True, True),
        ({"title": "قصف يطال المطـار القديم!"}, True, True),
        ({"summary": "تفاصيل أخرى"}, False, True),
        ({"title": "قصف يطال المطار الجديد"}, False, False),
        ({"body": "نصوص"}, False, True),
        ({"guid": "2"}, True, True),
    ],
)
def test_a_fingerprint_tells_what_changed(change: dict[str, str], same_text: bool, same_headline: bool) -> None:
    one, other = read(ENTRY).fingerprint, read(replace(ENTRY, **change)).fingerprint
    assert one.raw != other.raw
    assert (one.text == other.text) is same_text
    assert (one.headline == other.headline) is same_headline


def test_a_text_that_moves_to_another_field_is_another_text() -> None:
    moved = replace(ENTRY, title="قصف يطال المطار", summary="القديم تفاصيل")
    assert read(moved).fingerprint.text != read(ENTRY).fingerprint.text


@pytest.mark.parametrize("title", ["<br>", "عاجل", "آخر أخبار اليوم"])
def test_with_a_title_that_tells_little_the_headline_is_the_whole_text(title: str) -> None:
    entry = replace(ENTRY, title=title)
    assert read(entry).fingerprint.headline != read(replace(entry, body="نص آخر")).fingerprint.headline


def test_words_for_similarity_are_those_of_title_and_summary() -> None:
    assert read(ENTRY).fingerprint.words == {"قصف", "يطال", "المطار", "القديم", "تفاصيل"}


def test_dropped_dots_make_no_other_text() -> None:
    one, other = (read(replace(ENTRY, title=title)).fingerprint for title in ("غارة ليلية", "غاره ليليه"))
    assert (one.text, one.headline, one.words) == (other.text, other.headline, other.words)


@pytest.mark.parametrize("field", ["guid", "link", "title", "summary", "body"])
def test_the_raw_hash_sees_every_published_text(field: str) -> None:
    assert raw_hash(replace(ENTRY, **{field: "x"})) != raw_hash(ENTRY)


def test_the_raw_hash_knows_where_a_field_ends() -> None:
    assert raw_hash(replace(ENTRY, title="ab", summary="c")) != raw_hash(replace(ENTRY, title="a", summary="bc"))


def test_the_raw_hash_takes_what_utf8_cannot_hold() -> None:
    assert len(raw_hash(replace(ENTRY, title="\ud800"))) == len(raw_hash(ENTRY))


@given(any_text)
def test_anything_published_is_read(published: str) -> None:
    document = read(Entry(feed_id="f", title=published, summary=published, body=published))
    assert document.fingerprint.words == {unify_ta(fold(token.folded)) for token in document.title.tokens}
    assert document.language in {"", "ar", "fa", "ur", "ckb", "he", "ru", "uk", "tr", "en"}


def test_the_language_is_that_of_the_first_field_with_letters() -> None:
    entry = Entry(feed_id="f", title="2026!", body="قصف المطار")
    assert read(entry).language == "ar"


def test_a_name_and_its_particle_are_marked_together_across_markup() -> None:
    text = read_text("عاد &quot;<b>لل</b>موصل&quot;")
    (hit,) = found_in(compile_item(Name(text="الموصل")), text)
    assert text.published[slice(*text.span(hit.first, hit.last))] == "لل</b>موصل"

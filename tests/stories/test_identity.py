from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Entry, Fingerprint, KnownEntry
from monitor.stories.identity import Recognised, Reused, Sameness, recognise, reused, similarity

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTHING_REUSED = Reused(guids=frozenset(), links=frozenset())
HEADLINE = "قصف على أطراف البلدة يوقع جرحى"
EDITED = "قصف على أطراف البلدة يوقع ثلاثة جرحى"
TICKER = ("غارة إسرائيلية على بلدة كفركلا", "غارة إسرائيلية على بلدة الخيام")
OTHER = "افتتاح معرض الكتاب في المدينة القديمة"


def mark(text: str) -> Fingerprint:
    data = text.encode()
    return Fingerprint(raw=data, text=data, headline=data, words=frozenset(text.split()))


def published(text: str = HEADLINE, guid: str = "g1", link: str | None = "https://a.example/1", at=AT) -> Entry:
    return Entry(feed_id="f", guid=guid, link=link, title=text, published_at=at)


def stored(text: str = HEADLINE, guid: str = "g1", link: str | None = "https://a.example/1", at=AT, id=1) -> KnownEntry:
    return KnownEntry(
        id=id,
        guid=guid,
        link=link,
        published_at=at,
        texts=frozenset({text.encode()}),
        words=frozenset(text.split()),
        matched_rules=frozenset(),
        story_id=None,
    )


def judge(entry: Entry, *known: KnownEntry, reused: Reused = NOTHING_REUSED) -> Sameness:
    return recognise(entry, mark(entry.title), known, reused=reused).sameness


LATER = AT + timedelta(hours=5)
KNOWN, NEW, EDIT = Sameness.KNOWN, Sameness.NEW, Sameness.EDITED


@pytest.mark.parametrize(
    ("entry", "known", "expected", "because"),
    [
        (published(), stored(), KNOWN, "nothing changed"),
        (published(guid=""), stored(guid=""), KNOWN, "no guid, same link"),
        (published(guid="g2"), stored(), KNOWN, "the site renumbered its guids"),
        (published(link="https://b.example/1"), stored(), KNOWN, "the site moved to another host"),
        (published(guid="g2", link="https://b.example/1"), stored(), KNOWN, "both moved, the date stayed"),
        (published(guid="g2", link="https://b.example/1", at=None), stored(), KNOWN, "no date speaks against it"),
        (published(guid="g2", link="https://a.example/2", at=LATER), stored(), NEW, "published anew, hours later"),
        (published(at=LATER), stored(), KNOWN, "a feed that stamps every entry with the time of the request"),
        (published(EDITED), stored(), EDIT, "an edited headline"),
        (published(EDITED, at=LATER), stored(), EDIT, "an edit that renews the date"),
        (published(TICKER[1], at=LATER), stored(TICKER[0]), NEW, "a ticker's next report at its one address"),
        (published(EDITED, link="https://a.example/slug"), stored(), EDIT, "an edit that changes the slug"),
        (published(EDITED, guid="", at=None), stored(guid="", at=None), EDIT, "an edit known by its link alone"),
        (published(OTHER), stored(), EDIT, "guid, link and date all agree: rewritten from scratch"),
        (published(OTHER, at=LATER), stored(), NEW, "the address was reused for another report"),
        (published(OTHER, link="https://a.example/2"), stored(), NEW, "a reused guid silences nothing"),
        (published(EDITED, link="https://a.example/2", at=LATER), stored(), NEW, "a reused guid, a similar headline"),
        (published(EDITED, guid="g2", at=LATER), stored(), NEW, "a link reused for a similar headline"),
        (published(OTHER, guid="", link=None), stored(guid="", link=None), NEW, "nothing but a date in common"),
        (published(EDITED, guid="", link=None), stored(guid="", link=None), NEW, "a date alone identifies nothing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_entry_is_known_by_what_agrees(entry, known, expected, because):
    assert judge(entry, known) is expected, because


def test_a_guid_that_a_whole_document_shares_identifies_nothing():
    first, second = published(guid="same"), published(EDITED, guid="same", link="https://a.example/2")
    shared = reused([first, second])
    assert shared.guids == {"same"}
    assert judge(second, stored(guid="same"), reused=shared) is Sameness.NEW


def test_an_entry_repeated_in_its_document_does_not_make_its_guid_reused():
    assert reused([published(), published()]) == NOTHING_REUSED


def test_a_version_seen_before_is_known_also_after_a_later_edit():
    known = KnownEntry(
        id=1,
        guid="g1",
        link=None,
        published_at=AT,
        texts=frozenset({HEADLINE.encode(), EDITED.encode()}),
        words=frozenset(EDITED.split()),
        matched_rules=frozenset(),
        story_id=None,
    )
    assert judge(published(HEADLINE, link=None), known) is Sameness.KNOWN


@given(st.permutations([stored(id=1), stored(id=2, guid="g2"), stored(EDITED, id=3), stored(OTHER, id=4)]))
def test_the_answer_does_not_depend_on_the_order_of_the_candidates(order):
    expected = Recognised(sameness=Sameness.EDITED, entry=stored(EDITED, id=3))
    entry = published(EDITED + " بينهم طفل")
    assert recognise(entry, mark(entry.title), order, reused=NOTHING_REUSED) == expected


words = st.frozensets(st.sampled_from("abcdefgh"))


@given(words, words)
def test_similarity_is_symmetric_bounded_and_one_only_for_equals(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert (similarity(one, other) == 1) == (one == other)

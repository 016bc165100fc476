"""Whose word a report is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import Location, Newsroom
from monitor.lexicon import load
from monitor.model import Entry, Feed, Origin, Secret
from monitor.stories.credit import HEAD, TAIL
from monitor.stories.mentions import Spellings
from monitor.stories.origin import Origins
from monitor.text.document import read
from tests.support import ROOT

ORIGINS = Origins(load().newsrooms)
VALLEY = "https://valley.example/rss"


def a_feed(source: str = "valley.example", address: str = VALLEY) -> Feed:
    every = timedelta(minutes=5)
    return Feed(id="f", url=Secret(address), address=address, name="F", source=source, every=every)


def origin(feed: Feed | None = None, origins: Origins = ORIGINS, **said: str) -> Origin:
    return origins.of(feed or a_feed(), read(Entry(feed_id="f", **said)))


def _table() -> list[tuple[str | None, str, str]]:
    lines = (ROOT / "tests" / "stories" / "credits.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(None if who == "-" else who, field, text.replace("\\n", "\n")) for who, field, text in rows]


@pytest.mark.parametrize(("who", "field", "text"), _table())
def test_the_credited_newsroom_is_read(who: str | None, field: str, text: str) -> None:
    assert origin(**{field: text}).credited == who


def test_a_credited_report_is_the_voice_of_the_agencys_owner() -> None:
    found = origin(a_feed("alaraby"), summary="وصل الوفد (الأناضول)")
    assert found == Origin(newsroom="alaraby", owner="state-of-turkey", credited="anadolu")


@pytest.mark.parametrize("said", ["دمشق-سانا وصل الوفد", "وصل الوفد.\nالمصدر: سانا", "أفادت سانا بأن الوفد وصل"])
def test_a_newsroom_that_names_itself_credits_nobody(said: str) -> None:
    assert origin(a_feed("sana"), summary=said) == Origin(newsroom="sana", owner="state-of-syria")


@pytest.mark.parametrize(
    ("source", "credited"),
    [
        ("المصدر: الجزيرة + وكالات", None),
        ("المصدر: وكالات", "agencies"),
        ("المصدر: الجزيرة + رويترز", "reuters"),
        ("المصدر: وكالات + رويترز", "reuters"),
        ("المصدر: رويترز، فرانس برس", "reuters"),
    ],
)
def test_of_several_sources_a_named_agency_counts_and_one_without_a_name_last(source: str, credited: str) -> None:
    assert origin(a_feed("aljazeera"), body=f"وصل الوفد إلى المدينة.\n{source}").credited == credited


def test_what_a_text_states_as_its_source_beats_whom_it_quotes() -> None:
    assert origin(summary="قال مسؤول لرويترز إن الجسر سقط (أ ف ب)").credited == "afp"
    assert origin(a_feed("sana"), summary="دمشق-سانا قال الوزير لرويترز إن الجسر سقط").credited is None


def test_an_agency_that_a_long_text_quotes_far_down_is_background() -> None:
    words = "كلمة " * (HEAD + TAIL)
    assert origin(body=f"{words} قال مسؤول لرويترز إن الجسر سقط. {words}").credited is None
    assert origin(body=f"قال مسؤول لرويترز إن الجسر سقط. {words}{words}").credited == "reuters"
    assert origin(body=f"{words}{words} كما قال مسؤول لرويترز.").credited == "reuters"
    assert origin(body=f"{words}{words} (رويترز)").credited == "reuters"


# --- the newsroom --------------------------------------------------------------------------------------

GATHERED = "https://news.google.com/rss/search?q=x"
GATHERING = a_feed("news-google-com-rss-search-q-x-123456", GATHERED)


@pytest.mark.parametrize(
    ("feed", "said", "newsroom"),
    [
        (a_feed("rudaw"), {"link": "https://www.sana.sy/1"}, "rudaw"),
        (a_feed("my-own-name"), {"link": "https://www.sana.sy/1"}, "my-own-name"),
        (a_feed(), {"link": "https://valley.example/1"}, "valley.example"),
        (a_feed(), {"link": "https://www.sana.sy/1"}, "valley.example"),  # it cannot speak for whom it links to
        (a_feed(), {"link": "https://elsewhere.example/1"}, "valley.example"),
        (a_feed(), {"title": "وصول الوفد - سانا"}, "valley.example"),
        (GATHERING, {"link": "https://www.rudaw.net/1"}, "rudaw"),
        (GATHERING, {"link": "https://ar.hill.example/1"}, "hill.example"),
        (GATHERING, {"link": f"{GATHERED}/1", "title": "وصول الوفد إلى البلدة - عنب بلدي"}, "enabbaladi"),
        (GATHERING, {"link": f"{GATHERED}/1", "title": "Envoy arrives - Al Jazeera"}, "aljazeera"),
        (GATHERING, {"link": f"{GATHERED}/1", "author": "عنب بلدي"}, "enabbaladi"),
        (GATHERING, {"link": f"{GATHERED}/1", "title": "وصول الوفد - صحيفة لا يعرفها أحد"}, GATHERING.source),
        (GATHERING, {}, GATHERING.source),
    ],
)
def test_the_newsroom_is_the_feeds_or_of_collections_the_entrys(
    feed: Feed, said: dict[str, str], newsroom: str
) -> None:
    assert origin(feed, **said).newsroom == newsroom


def test_a_newsroom_that_nobody_knows_is_its_own_owner() -> None:
    assert origin().owner == "valley.example"


def test_the_operators_newsrooms_count_beside_the_shipped_ones() -> None:
    here = Location("rules.yaml", 3, 1)
    wire = Newsroom(
        id="valley-wire", name={"ar": "برق الوادي", "en": "Valley Wire"}, owner="valley-group", agency=True,
        credits=("وكالة برق الوادي",), at=here,
    )  # fmt: skip
    own = Newsroom(id="own-reuters", name={"en": "Own"}, owner="own-reuters", credits=("رويترز",), at=here)
    origins = Origins({**load().newsrooms, wire.id: wire, own.id: own})
    assert origin(origins=origins, summary="الوادي – برق الوادي: سقط الجسر").owner == "valley-group"
    assert origin(origins=origins, summary="سقط الجسر بحسب وكالة برق الوادي").credited == "valley-wire"
    assert origin(origins=origins, summary="سقط الجسر (رويترز)").credited == "own-reuters"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_whatever_was_published_has_an_origin(title: str, summary: str, author: str) -> None:
    found = origin(title=title, summary=summary, author=author)
    assert found.owner
    assert found.newsroom == "valley.example"


@given(
    st.lists(st.sampled_from(["رويترز", "لـ", "قال", "مراسل", "(", ")", "-", ":", "\n", "وكالة", "الأنباء", "و", "."]))
)
def test_no_order_of_these_words_breaks_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = origin(title=text, summary=text, body=text, author=text)
    assert found.credited in (None, "reuters")
    assert found.credited is None or "رويترز" in pieces


def test_a_credit_beats_the_same_spelling_as_a_name() -> None:
    named = Newsroom(id="named", name={"ar": "برق الوادي"}, owner="named")
    credit = Newsroom(id="credited", name={"ar": "غيره"}, owner="credited", credits=("برق الوادي",))
    for newsrooms in ([named, credit], [credit, named]):
        assert Spellings(newsrooms).whole("برق الوادي") == "credited"

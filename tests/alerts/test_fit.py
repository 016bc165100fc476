from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.fit import Limits, clip, fit, measure

LINK = "https://furat.example/news/12345"
UNITS = st.sampled_from(["characters", "bytes"])


def test_bytes_and_utf16_are_measured_as_services_do():
    assert measure("قصف", "bytes") == 6
    assert measure("قصف", "characters") == 3
    assert measure("🔴", "characters") == 2


def test_a_text_is_cut_between_words_where_that_loses_little():
    assert clip("قصف على أطراف المدينة", 16) == "قصف على أطراف…"
    assert clip("abcdefghijklmnop", 10) == "abcdefghi…"
    assert clip("قصف", 3) == "قصف"


def test_what_is_isolated_ends_where_the_text_is_cut():
    cut = clip("حرج · \u2068CRITICAL · Clashes near the airport\u2069", 20)
    assert cut.endswith("…\u2069")
    assert len(cut) <= 20


@given(st.text(), st.integers(0, 80), UNITS)
def test_a_cut_text_never_measures_more_than_its_room(text, room, unit):
    text = text.encode("utf-8", "ignore").decode()
    assert measure(clip(text, room, Limits(title=0, body=room, unit=unit)), unit) <= room


@given(
    st.lists(st.text("ابتثABC 🔴", max_size=300), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 3), st.text("ابتث", max_size=100)), max_size=6),
    st.integers(67, 600),
    UNITS,
)
def test_a_message_keeps_to_its_limit(head, details, limit, unit):
    limits = Limits(title=0, body=limit, unit=unit)
    body = fit(head, LINK, details, limits)
    assert measure(body, unit) <= limit
    if measure(LINK, unit) + 61 <= limit:
        assert LINK in body.split("\n")


def test_the_headline_is_cut_and_the_link_is_not():
    body = fit(["قصف " * 200], LINK, [(0, "الوقت")], Limits(title=0, body=160))
    headline, link = body.split("\n")[:2]
    assert headline.startswith("قصف قصف")
    assert headline.endswith("…")
    assert link == LINK


def test_a_link_that_leaves_no_room_for_words_is_left_out_whole():
    assert fit(["قصف على المدينة"], LINK, [], Limits(title=0, body=67)) == "قصف على المدينة"


def test_the_least_needed_lines_go_first_and_the_others_keep_their_order():
    details = [(1, "source"), (0, "time"), (2, "why"), (3, "rule")]
    body = fit(["headline"], "", details, Limits(title=0, body=len("headline\nsource\ntime\n!")))
    assert body == "headline\nsource\ntime"

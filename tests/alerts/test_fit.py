from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.fit import Limits, clip, fit, longest, measure

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


# --- leaving out


def _writer(lines, headline, wrap="{}"):
    """As a template does it: the headline, then the lines that are needed most, each escaped."""

    def write(kept, room):
        return wrap.format("\n".join(html.escape(line) for line in [clip(headline, room), *lines[:kept]]))

    return write


@given(
    st.lists(st.text("ابت<&>", max_size=80), max_size=6),
    st.text("ابتثABC<&> 🔴", max_size=300),
    st.integers(0, 600),
    UNITS,
)
def test_what_is_kept_fits_as_it_is_escaped(lines, headline, limit, unit):
    limits = Limits(title=0, body=limit, unit=unit)
    body = fit(_writer(lines, headline), len(lines), 300, limits)
    if body is None:
        assert measure(_writer(lines, headline)(0, 0), unit) > limit
        return
    assert measure(body, unit) <= limit
    fullest = _writer(lines, headline)(len(lines), 300)
    assert body == fullest or measure(fullest, unit) > limit


def test_the_least_needed_lines_go_first():
    write = _writer(["time", "source", "why", "rule"], "headline")
    assert fit(write, 4, 100, Limits(title=0, body=len("headline\ntime\nsource\n!"))) == "headline\ntime\nsource"


def test_the_headline_is_cut_when_nothing_else_is_left_to_leave_out():
    body = fit(_writer(["time"], "قصف على أطراف المدينة"), 1, 100, Limits(title=0, body=16))
    assert body == "قصف على أطراف…"


def test_what_fits_in_no_way_is_left_to_the_caller():
    assert fit(_writer([], "", wrap="<p>{}</p>"), 0, 100, Limits(title=0, body=6)) is None


@given(st.text("اب<&> ", max_size=100), st.integers(0, 80), UNITS)
def test_the_longest_escaped_text_is_not_cut_within_an_escape(text, room, unit):
    shown = longest(text, html.escape, Limits(title=0, body=room, unit=unit))
    assert measure(shown, unit) <= room
    assert html.escape(html.unescape(shown)) == shown

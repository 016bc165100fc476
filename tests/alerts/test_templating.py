"""Own templates where they are used, and what they cost where they are not."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.dialects import FORMATS
from monitor.alerts.fit import Limits
from monitor.alerts.render import render
from monitor.alerts.samples import NOW
from monitor.alerts.templating import renderer
from tests.alerts.made import DAMASCUS, an_alert
from tests.alerts.read_back import assert_dead

LINK = "https://www.furat.example/news/12345"
GOOD = "{{ alert.icon }} {{ alert.headline | mark }}\n{{ alert.link | address }}\n"


def _render(own, *, format="telegram", limits=None, **changes):
    return render(
        an_alert(**changes), language="ar", zone=DAMASCUS, now=NOW, format=format,
        limits=limits or Limits(title=0, body=4000), templates={format: own},
    ).body  # fmt: skip


def test_an_own_template_takes_the_place_of_the_shipped_one():
    assert _render(GOOD) == (
        f"🔴 دوي انفجارات <b>واشتباكات</b> عند <b>مطار</b> <b>دير الزور</b> العسكري\n{LINK}"
    )  # fmt: skip


@pytest.mark.parametrize(
    "own",
    [
        "{% if alert.title %}",
        "{{ alert.nothing }}",
        "{{ 1 / 0 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "x" * 5000,
        " \n",
    ],
)
def test_one_that_breaks_or_does_not_fit_gives_way_to_the_shipped_one(own, caplog):
    with caplog.at_level(logging.WARNING):
        assert "المصدر: صوت الفرات" in _render(own)
    assert next(record.message for record in caplog.records).startswith("template.")


def test_an_own_template_is_fitted_by_leaving_lines_out():
    own = GOOD + "{% for line in alert.lines %}\n{{ line.label ~ ': ' ~ line.text }}\n{% endfor %}"
    whole = _render(own)
    cut = _render(own, limits=Limits(title=0, body=len(whole) - 1))
    assert len(cut) < len(whole)
    assert cut.startswith("🔴")
    assert LINK in cut.split("\n")


WAYS = st.sampled_from(
    [
        "{{ alert.headline }}", "{{ alert.headline | mark }}", "{{ alert.source ~ alert.headline }}",
        "{{ alert.source | strong }}", "{{ (alert.headline | mark) ~ alert.source }}", "{{ alert.summary | isolate }}",
        "{% set x %}{{ alert.source }}{% endset %}{{ x ~ alert.source }}",
        "{{ [alert.source, alert.summary] | join(' ') }}",
        "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{% call m(alert.source) %}{{ alert.summary }}{% endcall %}",
        "{{ alert.summary | default(alert.source) }}", "{{ alert.source + alert.summary if false else alert.source }}",
        "{{ [alert.source] | first }}", "{{ [alert.headline | mark, alert.source] | join }}",
        "{{ alert.tags or alert.source }}",
        "{{ alert.summary | address }}",
    ]
)  # fmt: skip
POISON = st.sampled_from(
    [
        "[x](https://evil.example)",
        "<!channel>",
        "</b><script>",
        "@everyone",
        "\\[x](/y)",
        "<https://e.example|x>",
        "*a*",
    ]
)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@given(st.lists(WAYS, min_size=1, max_size=3), POISON, POISON, POISON)
def test_no_own_template_brings_to_life_what_a_feed_wrote(format, ways, title, name, summary):
    own = "{{ alert.link | address }}\n" + "\n".join(ways)
    body = _render(
        own, format=format, limits=Limits(title=0, body=30_000), title=title, feed_name=name, summary=summary
    )
    assert_dead(body, format, {LINK})


def test_a_template_is_compiled_once():
    assert renderer("text", GOOD) is renderer("text", GOOD)


def test_nothing_of_jinja_is_imported_until_a_message_is_written():
    code = (
        "import sys, monitor.app, monitor.config, monitor.alerts.send, monitor.alerts.render;"
        "sys.exit('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

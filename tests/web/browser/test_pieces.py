"""The pieces that pages are built with: all of them on one page, accessible, and fit for a phone."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from monitor.model import Severity
from monitor.web import render
from monitor.web.words import text
from tests.web.browser.eyes import CONTRAST, axe, everywhere, keep_picture

LONG = "بلا-مسافات-" * 30
PIECES = """
{% import "macros.html" as ui with context %}
<h1>{{ t("product") }}</h1>
<section class="stack">
{{ ui.day("22") }}
<article class="card critical" data-item id="a"><div class="row">{{ severity(critical) }} {{ ui.badge("ok", "ok") }}
{{ ui.badge("warn", "warn") }} {{ ui.badge("bad", "bad") }} {{ ui.badge("–") }}</div>
<h3><a data-open href="#a">{{ long | foreign }} <mark>x</mark> <ins>y</ins> <del>z</del></a></h3>
<details class="fold"><summary>why</summary><p>because</p></details>
<div class="actions">{{ ui.act("/preferences", "seen", key="e", fields={"a": "<b>"}, about="x") }}
{{ ui.act("/preferences", "mute", key="m") }} {{ ui.act("/preferences", "gone", kind="danger small") }}</div></article>
{% for each in others %}<article class="card {{ each.value }}">{{ severity(each) }}</article>{% endfor %}
</section>
<div class="chips">{{ ui.chip("a", remove="/") }} {{ ui.chip("b", href="/", current=true) }} {{ ui.chip("c") }}</div>
{% for kind in ("info", "ok", "warning", "error") %}{% call ui.notice(kind, kind) %}<p>more <a href="/">x</a></p>
{% endcall %}{% endfor %}
{% call ui.empty(t("nothing")) %}<p><a href="/">x</a></p>{% endcall %}
<form class="filters">{{ ui.field("Words", "q", type="search", long=true) }}
{{ ui.select("Rule", "rule", [("", "all"), ("a", long)], "a") }}<button>ok</button></form>
<form class="form">{{ ui.field("Name", "n", value=long, hint="a hint", wrong="it is wrong", more={"required": true}) }}
{{ ui.field("Text", "y", value="a: 1", type="textarea", more={"class": "code", "dir": "ltr", "spellcheck": "false"}) }}
{{ ui.checks("Severity", "s", [("a", "A"), ("b", "B")], ("a",)) }}
{{ ui.checks("One", "r", [("a", "A"), ("b", "B")], ("b",), type="radio") }}
<button class="quiet">q</button> <button class="link">l</button> <button disabled>d</button></form>
<table class="rows"><caption>A table</caption><thead><tr><th>name</th><th class="num">figure</th></tr></thead>
<tbody><tr><th scope="row" data-label="name">{{ long | foreign }}</th>
<td class="num" data-label="figure">7</td></tr></tbody>
</table>
{% call ui.wide("figures") %}<table><tr>{% for n in range(30) %}<td>{{ n }}00</td>{% endfor %}</tr></table>{% endcall %}
<dl class="facts"><dt>name</dt><dd>{{ long | foreign }}</dd></dl>
<div class="tiles">{{ ui.tile(7, "alerts", "/") }}{{ ui.tile(0, "dead") }}</div>
{{ ui.code("a: b\\n" ~ long, "rules") }}
<svg class="plot" viewBox="0 0 100 20" role="img" aria-label="a plot"><rect class="bar critical" width="9" height="9"/>
<text x="1" y="19">7</text></svg>
{{ ui.pager("/", "/") }}
"""


def pieces(language):
    def severity(each):
        return Markup('<span class="severity {}"><span aria-hidden="true">●</span> {}</span>').format(
            each.value, each.name
        )

    told = {
        "t": partial(text, language),
        "csrf": lambda: Markup('<input type="hidden" name="csrf" value="x">'),
        "severity": severity,
        "critical": Severity.CRITICAL,
        "others": [each for each in Severity if each is not Severity.CRITICAL],
        "long": LONG,
    }
    return render._TEMPLATES.from_string(PIECES).render(told)


@everywhere
def test_all_pieces_are_accessible_and_fit(look, language, width):
    html = pieces(language)
    assert 'value="&lt;b&gt;"' in html
    for dark in (False, True):
        page = look("/no-such-page", language, width, dark=dark, status=404)
        page.evaluate("html => { document.querySelector('main').innerHTML = html; }", html)
        look.check(page)
        axe(page, only=CONTRAST if dark else ())
        keep_picture(page, f"pieces-{language}-{width}{'-dark' if dark else ''}")

"""Twelve services and three alerts, for whoever sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.clock import SystemClock
from monitor.model import Alert, Facts, Figure, NamedFact, Reason, SourceTold, Span, Tag
from tests.alerts.made import NOW, an_alert

ADDRESSES: Final[Mapping[str, str]] = {
    "slack": "slack://TAAAAAAAA/BAAAAAAAA/abcdefghijklmnopqrstuvwx/#desk",
    "slack-bot": "slack://xoxb-1234-1234-abc124/#desk",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/-100123",
    "mail": "mailto://127.0.0.1:{mail_port}?from=monitor@sender.example&smtp=127.0.0.1&to=desk@x.example",
    "discord": "discord://123456789012345678/" + "t" * 68,
    "ntfy": "ntfys://ntfy.example/alerts",
    "matrix": "matrixs://desk:pass@matrix.example/%23desk",
    "teams": "workflows://logic.azure.example/" + "w" * 32 + "/" + "s" * 43,
    "whatsapp": "whatsapp://" + "t" * 40 + "@123456789/+963955555555",
    "signal": "signals://signal.example/+963955555551/+963955555552",
    "mattermost": "mmosts://mattermost.example/" + "k" * 26,
    "json": "jsons://hooks.example/in",
    "cloudevents": "cloudevents+https://hooks.example/in",
}
TWELVE: Final = tuple(name for name in ADDRESSES if name != "slack-bot")
HOSTS: Final[Mapping[str, str]] = {
    "slack": "hooks.slack.com",
    "slack-bot": "slack.com",
    "telegram": "api.telegram.org",
    "discord": "discord.com",
    "ntfy": "ntfy.example",
    "matrix": "matrix.example",
    "teams": "logic.azure.example",
    "whatsapp": "graph.facebook.com",
    "signal": "signal.example",
    "mattermost": "mattermost.example",
    "json": "hooks.example",
    "cloudevents": "hooks.example",
}

LINK: Final = "https://www.furat.example/news/2026/11/%D8%AE%D8%A8%D8%B1_12345?ref=a_b&x=*1*#top"


@dataclass(frozen=True)
class Case:
    """`begins`: how the headline begins, as a reader must see it."""

    alert: Alert
    begins: str


def _alert(title: str, summary: str = "أفاد سكان بسماع الأصوات منذ الفجر.", **more: object) -> Alert:
    start = title.find("اشتباكات")
    spans = (Span(field="title", start=start, end=start + 8, clause="event clash"),)
    return an_alert(title=title, summary=summary, link=LINK, spans=spans, **more)


_SENTENCE = "وقال شاهد من سكان الحي إن الأصوات لم تهدأ منذ الفجر وإن السيارات تتجنب الطريق العام. "
_LONG = ("دوي انفجارات واشتباكات عند مطار دير الزور العسكري، " + _SENTENCE * 100)[:8000]

HOSTILE_LINK = "https://evil.example/phish"
_HOSTILE = (
    "عاجل: اشتباكات <script>alert(1)</script><img src=https://evil.example/p.gif> "
    "<a href='https://evil.example/phish'>اقرأ</a> [هنا](https://evil.example/phish) "
    "<https://evil.example/phish|هنا> <!channel> <!here> <@U024BE7LH> <@&98765> @everyone @here @channel @room @all "
    "<at>desk</at> <users/all> &lt;!channel&gt; &#60;b&#62; **غامق** *مائل* _تحت_ `رمز` ~~شطب~~ ||سر|| "
    "# عنوان > اقتباس "
    "\u202eمقلوب\u202c \u2067قفز \u200f\u200b\ufeff \ud83d نصف \udc00 \x00\x1b[31m\r\nسطر\u2028آخر :siren: "
    "{{ 7*7 }} {% x %} ${HOME} \\n \\* " + "🛑🔥💥🚨" * 50
)

CASES: Final[Mapping[str, Case]] = {
    "plain": Case(_alert("دوي انفجارات واشتباكات عند مطار دير الزور العسكري"), "دوي انفجارات واشتباكات عند مطار"),
    "long": Case(_alert(_LONG, summary=_SENTENCE * 95), "دوي انفجارات واشتباكات عند مطار"),
    "hostile": Case(
        _alert(_HOSTILE, summary=_HOSTILE, feed_name="صوت <b>الفرات</b> @everyone \u202e[x](y)"),
        "عاجل: اشتباكات",
    ),
}


def crowded() -> Alert:
    """As much as an alert can have to say, in long words, with the longest address."""
    name = {"ar": "مكان له اسم طويل جدا " * 4, "en": "a place of a very long name " * 4}
    figure = Figure(kind="killed", least=5, most=12, span=Span(field="title", start=0, end=4, clause="killed"))
    facts = tuple(NamedFact(id=f"f{number}", name=name, pcode="SY0900", lat=35.3, lon=40.1) for number in range(20))
    tellers = tuple(
        SourceTold(name=f"صحيفة اسمها طويل جدا رقم {number} " * 3, link=f"{LINK}&n={number}", told_at=NOW)
        for number in range(20)
    )
    return replace(
        _alert(_LONG, summary=_SENTENCE * 95),
        reason=Reason.UPDATED,
        follows="41.1.dez-airport-clashes",
        before={"killed": "3", "headline": _SENTENCE * 5, "place": "مكان"},
        why=_SENTENCE * 3,
        link="https://www.furat.example/" + "%D8%AE" * 130,
        facts=Facts(killed=figure, wounded=replace(figure, kind="wounded"), tags=frozenset(Tag)),
        places=facts,
        events=facts,
        actors=facts,
        sources=20,
        reports=40,
        told_by=tellers,
    )


class StoppedClock(SystemClock):
    """Always the same moment, so that a message says the same each time; deadlines run on."""

    def now(self) -> datetime:
        return NOW + timedelta(minutes=1)

"""Alerts, digests and notices as messages in the format of their service, each within the limits that it sets."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from monitor.alerts import phrases
from monitor.alerts.clean import one_line
from monitor.alerts.content import Content, content, runs, spoken, story
from monitor.alerts.dialects import DIALECTS, Format
from monitor.alerts.fit import ROOMY, Limits, clip, fit, longest, measure
from monitor.alerts.lines import LONGEST_HEADLINE
from monitor.alerts.marks import shown
from monitor.alerts.view import DigestView, NoticeView
from monitor.alerts.words import FSI, LABELS, PDI, Language
from monitor.model import Alert, Severity

if TYPE_CHECKING:
    from monitor.alerts.templating import Renderer

__all__ = ["ROOMY", "Format", "Message", "Templates", "notice", "plain", "render", "render_digest"]

log = logging.getLogger(__name__)

Templates = Mapping[str, str]
"""Own templates for alerts, by format: the source of each."""

IN_DIGEST = 200  # code points of a headline there
_NO_LINKS: Mapping[str, str] = MappingProxyType({})
_NO_TEMPLATES: Templates = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`title` is one line of plain text, and '' where the service has no title: it then is the body's first line.

    `body` is written in `format`. `text_alternative`: the same as plain text with every address in it; only for mail.
    """

    title: str
    body: str
    format: Format = "text"
    text_alternative: str = ""


def render(
    alert: Alert,
    *,
    language: Literal["ar", "en", "both"],
    zone: tzinfo,
    now: datetime,
    limits: Limits = ROOMY,
    attempt: int = 1,
    repeated: bool = False,
    stands_in_for: str | None = None,
    unacknowledged_since: datetime | None = None,
    format: Format = "text",
    links: Mapping[str, str] = _NO_LINKS,
    templates: Templates = _NO_TEMPLATES,
) -> Message:
    """The alert in words: what, where to read it, who reports it, when, why we tell.

    The link stands alone on a line and is never cut; it comes second in the body (third where the title stands first).
    What does not fit is left out, the least needed first. `attempt` counts the tries, this one included, and `repeated`
    says that an earlier one may have arrived: such a message can be told from a new one by both and by the alert's id.
    `stands_in_for` is the channel that refused it; `unacknowledged_since` is why this one is told after others. `links`
    lead to what can be done: 'open', 'ack', 'mute', 'wrong'; without any the commands are named. A mail's title has no
    reason in it, so that what follows up has the same one.
    """

    told = content(
        alert, spoken(language), zone=zone, now=now, limits=limits, attempt=attempt, repeated=repeated,
        stands_in_for=stands_in_for, unacknowledged_since=unacknowledged_since, links=links,
    )  # fmt: skip

    def in_format(format: Format, limits: Limits, told: Content = told) -> str:
        return _fitted(told, format, templates.get(format, ""), limits, zone=zone, now=now)

    title = told.view.subject if format == "html" else told.view.heading
    says_why = told.view.heading != told.view.subject  # which a mail's subject does not
    beside = replace(told, view=replace(told.view, titled=not says_why))
    return Message(
        title=clip(title, limits.title, limits) if limits.title else "",
        body=in_format(format, limits),
        format=format,
        text_alternative=in_format("text", replace(ROOMY, body=limits.body), beside) if format == "html" else "",
    )


def _fitted(told: Content, format: Format, own: str, limits: Limits, *, zone: tzinfo, now: datetime) -> str:
    """Of an own template that breaks, or fits in no way, the shipped one takes the place: people are told first."""
    if own:
        try:
            written = _attempt(told, format, own, limits, zone=zone, now=now)
        except Exception as error:  # noqa: BLE001 - whatever it was, the alert must go out
            log.warning("template.broke", extra={"format": format, "why": type(error).__name__})
        else:
            if written is not None and written.strip():
                return written
            log.warning("template.too_long", extra={"format": format})
    written = _attempt(told, format, "", limits, zone=zone, now=now)
    if written is not None:
        return written
    bare = "\n".join(filter(None, ("" if told.view.titled else told.view.heading, told.view.headline.text)))
    return longest(bare, DIALECTS[format].escape, limits)


def _attempt(told: Content, format: Format, own: str, limits: Limits, *, zone: tzinfo, now: datetime) -> str | None:
    made = _renderer(format, own)

    def write(details: int, headline: int) -> str:
        return made(told.kept(details, headline), zone=zone, now=now)

    return fit(write, len(told.ranks), LONGEST_HEADLINE, limits)


def _renderer(format: Format, own: str = "") -> Renderer:
    from monitor.alerts.templating import renderer  # Jinja2 takes a moment, and an idle check has nothing to say

    return renderer(format, own)


def render_digest(
    alerts: Sequence[Alert],
    *,
    language: Literal["ar", "en", "both"],
    zone: tzinfo,
    now: datetime,
    limits: Limits = ROOMY,
    format: Format = "text",
    links: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    templates: Templates = _NO_TEMPLATES,
) -> Message:
    """Several alerts as one message: one line a story and rule, as it was last told, the newest first, with its link.

    What does not fit is counted: of what each feed tells the oldest first; the first story's link never goes. Of one
    alert it is that alert's own message, for which alone own templates are. `links`: those of each alert, by its id.
    """
    languages = spoken(language)
    latest = {(alert.story_id, alert.rule_id): alert for alert in sorted(alerts, key=_decided)}
    newest = sorted(latest.values(), key=_decided, reverse=True)
    if len(newest) == 1:
        return render(
            newest[0], language=language, zone=zone, now=now, limits=limits, format=format,
            links=links.get(newest[0].id, _NO_LINKS), templates=templates,
        )  # fmt: skip
    stories = tuple(
        story(alert, languages, zone=zone, now=now, link=links.get(alert.id, {}).get("open", "")) for alert in newest
    )
    heading, turns = _digest_heading(len(stories), languages), _turns(newest)

    def in_format(format: Format, limits: Limits) -> str:
        def write(kept: int, headline: int) -> str:  # one story is always told
            told = sorted(turns[: kept + 1])
            shown_stories = tuple(replace(stories[at], headline=stories[at].headline.cut(headline)) for at in told)
            left_out = len(stories) - len(shown_stories)
            view = DigestView(
                heading=heading,
                titled=bool(limits.title),
                language=languages[0],
                dir=runs(languages[0]),
                count=len(stories),
                stories=shown_stories,
                more=phrases.others(left_out, languages[0]) if left_out else "",
            )
            return _renderer(format)(view, zone=zone, now=now)

        return fit(write, len(stories) - 1, IN_DIGEST, limits) or _bare(heading, stories[0].link, format, limits)

    return Message(
        title=clip(heading, limits.title, limits) if limits.title else "",
        body=in_format(format, limits),
        format=format,
        text_alternative=in_format("text", replace(ROOMY, body=limits.body)) if format == "html" else "",
    )


def _bare(heading: str, link: str, format: Format, limits: Limits) -> str:
    """Where not even one line of a digest fits."""
    address = DIALECTS[format].address(link) if link else ""
    room = limits.body - measure(address, limits.unit) - 1
    if not address or room <= 0:
        return longest(heading, DIALECTS[format].escape, limits)
    return "\n".join((longest(heading, DIALECTS[format].escape, replace(limits, body=room)), address))


def _decided(alert: Alert) -> tuple[datetime, int, str]:
    return alert.decided_at, alert.number, alert.id


def _turns(newest: Sequence[Alert]) -> list[int]:
    """Which of them to tell while there is room: of each feed and severity one after the other, the newest first, so
    that a feed that tells a hundred stories pushes out its own."""
    told: Counter[tuple[str, Severity]] = Counter()
    ranked: list[tuple[int, int, int]] = []
    for at, alert in enumerate(newest):
        told[alert.feed_id, alert.severity] += 1
        ranked.append((told[alert.feed_id, alert.severity], -alert.severity.rank, at))
    return [at for *_, at in sorted(ranked)]


def _digest_heading(count: int, languages: Sequence[Language]) -> str:
    """'موجز · 14 خبرًا'; in two languages the second follows, isolated."""
    first, *rest = (f"{LABELS[language]['digest']} · {phrases.stories(count, language)}" for language in languages)
    return " · ".join([first, *(f"{FSI}{other}{PDI}" for other in rest)])


def notice(title: str, body: str, limits: Limits, *, format: Format = "text", language: str = "both") -> Message:
    """A message of the monitor itself, made safe and cut to size; `body` may have several lines."""
    heading, lines = _own_line(title), [_own_line(line) for line in body.splitlines()]

    def in_format(format: Format, limits: Limits) -> str:
        write = _notice_writer(heading, lines, format, limits, spoken(language)[0])
        whole = "\n".join(lines if limits.title else [heading, *lines])
        return fit(write, len(whole), len(whole), limits) or longest(whole, DIALECTS[format].escape, limits)

    return Message(
        title=clip(heading, limits.title, limits) if limits.title else "",
        body=in_format(format, limits),
        format=format,
        text_alternative=in_format("text", replace(ROOMY, body=limits.body)) if format == "html" else "",
    )


def _notice_writer(
    heading: str, lines: Sequence[str], format: Format, limits: Limits, language: Language
) -> Callable[[int, int], str]:
    """Writes it cut to so many code points."""
    whole = "\n".join(lines)

    def write(kept: int, _: int) -> str:
        cut = clip(whole, kept)
        view = NoticeView(
            heading=heading,
            titled=bool(limits.title),
            language=language,
            dir=runs(language),
            lines=tuple(cut.splitlines()),
        )
        return _renderer(format)(view)

    return write


def _own_line(text: str) -> str:
    """One safe line, in which the isolates that we put around names and errors stand."""
    kept = {FSI: "\ue000", PDI: "\ue001"}  # private letters, which no text of ours has
    paired = _nested(text)  # one alone is none of ours, and would turn what follows
    for isolate, stand_in in kept.items():
        text = text.replace(stand_in, "").replace(isolate, stand_in if paired else "")
    text = one_line(text)
    for isolate, stand_in in kept.items():
        text = text.replace(stand_in, isolate)
    return text


def _nested(text: str) -> bool:
    """Whether each isolate that begins ends, and none ends before it begins."""
    depth = 0
    for char in text:
        depth += (char == FSI) - (char == PDI)
        if depth < 0:
            return False
    return depth == 0


def plain(published: str) -> str:
    """Text as published, without markup and escapes, as one harmless line."""
    return shown(published).text

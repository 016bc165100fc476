"""`monitor why`: what became of an entry, and why somebody was, or was not, told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, assert_never
from urllib.parse import urlsplit

import click

from monitor.cli.chosen import around
from monitor.cli.in_force import rules_in_force
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.show import ago, counted, local
from monitor.cli.why_json import as_json as entry_as_json
from monitor.cli.why_words import Found
from monitor.cli.why_words import found as words_found
from monitor.clock import SystemClock
from monitor.errors import ConfigError, UsageError
from monitor.model import ArticleState, DeliveryStatus, EntrysArticle, Feed, FieldName, KinshipKind
from monitor.rules.explain_text import isolated
from monitor.store.read import Reader
from monitor.store.which import open_reader
from monitor.store.why import Account, Decision, Told, ToldAlert, ToldDelivery, account, find, is_address, texts_of
from monitor.text.clean import display

WHERE: Final[Mapping[FieldName, str]] = {"title": "title", "summary": "summary", "body": "article"}
_WHOLE = 3  # entries that are told whole; of more, one line each


@click.command()
@click.argument("asked", metavar="ENTRY|URL|ALERT|WORDS")
@config_option
@state_option
@json_option
@click.pass_context
def why(ctx: click.Context, asked: str, config: Path, state: Path, as_json: bool) -> None:
    """Tell why you were, or were not, alerted.

    The entry is named by its address, by the id of an alert (12.3) or of the entry itself, or by words of its headline.
    Shown are each rule that matched it, what was decided and why, the story that it is in, and what became of each
    message.

    Exit codes: 0 found, 1 never seen.
    """
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    with reader:
        found = [told for entry_id in find(reader, asked) if (told := account(reader, entry_id)) is not None]
        if as_json:
            click.echo(json.dumps(_json(found, reader), ensure_ascii=False))
        else:
            here = Here(now=SystemClock().now(), zone=around(config).zone, reader=reader) if found else None
            click.echo("\n".join(_lines(found, here) if here else _never_seen(asked, config, reader)))
    ctx.exit(0 if found else 1)


@dataclass(frozen=True, slots=True)
class Here:
    """When and where somebody reads it, and where the texts are."""

    now: datetime
    zone: tzinfo
    reader: Reader

    def when(self, instant: datetime | None) -> str:
        return f"{ago(instant, self.now)}, {local(instant, self.zone)}" if instant else "never"

    def due(self, instant: datetime | None) -> str:
        return self.when(instant) if instant and instant > self.now else "now"


def _json(found: Sequence[Account], reader: Reader) -> dict[str, object]:
    return {"entries": [entry_as_json(each, lambda decision: _words(decision, reader)) for each in found]}


def _words(decision: Decision, reader: Reader) -> tuple[Found, ...]:
    texts = texts_of(reader, decision)
    return tuple(words_found(texts, decision.spans)) if texts else ()


def _lines(found: Sequence[Account], here: Here) -> Iterator[str]:
    if len(found) > _WHOLE:
        yield f"{len(found)} entries have these words, the newest first. Name one by its number: monitor why NUMBER"
        for each in found:
            yield f"{each.id}  {each.feed_id}, seen {ago(each.seen_at, here.now)}"
            yield f"  {display(each.title)}"
        return
    for number, each in enumerate(found):
        yield from [""] * (number > 0)
        yield from _told(each, here)


def _told(entry: Account, here: Here) -> Iterator[str]:
    edits = f", {counted(entry.edits, 'edit', 'edits')} since" if entry.edits else ""
    yield f"entry {entry.id}  {entry.feed_id}, seen {here.when(entry.seen_at)}{edits}"
    yield f"  {display(entry.title)}"
    if entry.link:
        yield f"  {display(entry.link)}"
    if entry.published_at:
        yield f"  published {here.when(entry.published_at)}"
    if entry.article is not None:
        yield from _article(entry.article, here)
    if entry.story is not None:
        yield from _story(entry.story)
    if not entry.decisions:
        yield "  It matched no rule. How near each came:"
        yield f"    monitor explain '{display(entry.title)}'"
    for decision in entry.decisions:
        yield from _decision(decision, here, edited=entry.edits > 0)


def _article(article: EntrysArticle, here: Here) -> Iterator[str]:
    match article.state:
        case ArticleState.READ:
            more = "" if article.is_in_text else "; it tells no more than the feed, so the feed's text stands"
            yield f"  article: read {here.when(article.ended_at)}{more}"
        case ArticleState.WANTED if not article.error:
            yield f"  article: not read yet; its turn is {here.due(article.due_at)}"
        case ArticleState.WANTED:
            tries = counted(article.attempts, "try", "tries")
            yield f"  article: not read after {tries}; tried again {here.due(article.due_at)}"
        case ArticleState.UNREAD:
            yield f"  article: not read, given up {here.when(article.ended_at)}"
        case ArticleState.LEFT:
            yield f"  article: not read, left {here.when(article.ended_at)}"
        case other:
            assert_never(other)
    if article.error:
        yield f"    {display(article.error)}"
    if article.state is not ArticleState.READ:
        yield "    rules look at what the feed itself carries"


def _story(story: Told) -> Iterator[str]:
    reports, owners = counted(story.reports, "report", "reports"), ", ".join(story.owners)
    copies = "; a copy counts as the word of whoever told it first" if len(story.owners) > 1 else ""
    yield f"  story {story.story_id}: {reports}, from {owners}{copies}"
    origin = story.origin
    credited = f", which credits {origin.credited}" if origin.credited else ""
    owner = f"; its owner is {origin.owner}" if origin.owner != (origin.credited or origin.newsroom) else ""
    yield f"    this one is told by {origin.newsroom}{credited}{owner}"
    if story.joined.kind is not KinshipKind.DIFFERENT:
        yield f"    it joined as the {story.joined.kind.value}: {'; '.join(story.joined.why)}"


def _decision(decision: Decision, here: Here, *, edited: bool) -> Iterator[str]:
    version = f" (text {decision.version})" if edited else ""
    yield f"  rule {decision.rule_id}{version}: {decision.reason.value}, {here.when(decision.decided_at)}"
    if decision.why:
        yield f"    {display(decision.why)}"
    for each in _words(decision, here.reader):
        yield f"    {_by(each)}"
    for alert in decision.alerts:
        yield from _alert(alert, here)


def _by(each: Found) -> str:
    """The headline stands above; of the other texts what stands around the words is told, too."""
    words = ", ".join(f"«{word}»" for word in each.words)
    passage = f": {each.passage}" if each.field != "title" else ""
    return isolated(f"by {each.clause}: {words} in the {WHERE[each.field]}{passage}")


def _alert(alert: ToldAlert, here: Here) -> Iterator[str]:
    sources = counted(alert.sources, "independent source", "independent sources")
    reports = counted(alert.reports, "report", "reports")
    yield f"    alert {alert.id}: {alert.reason.value}, {alert.severity.value}, {sources} ({reports})"
    if not alert.deliveries:
        yield "      no channel takes it: see 'notify' of the rule, and 'min_severity' of its channels"
    for delivery in alert.deliveries:
        yield f"      {_delivery(delivery, here)}"
    if alert.acknowledged is not None:
        yield f"      acknowledged by {display(alert.acknowledged.by)}, {here.when(alert.acknowledged.at)}"
    elif (chain := alert.next_in_chain) is not None and not _was_needless(alert):
        yield f"      not acknowledged yet; next is {chain.channel}, {here.when(chain.due_at)}"


def _was_needless(alert: ToldAlert) -> bool:
    """Whether nobody was, or will be, told of it: then nobody further is either."""
    needless = (DeliveryStatus.REPLACED, DeliveryStatus.ENDED)
    return bool(alert.deliveries) and all(delivery.status in needless for delivery in alert.deliveries)


def _delivery(delivery: ToldDelivery, here: Here) -> str:
    channel = delivery.channel
    if delivery.stands_in_for:
        channel = f"{channel} (for {delivery.stands_in_for})"
    if delivery.unacknowledged_since is not None:
        channel = f"{channel} (not acknowledged since {local(delivery.unacknowledged_since, here.zone)})"
    error = f": {display(delivery.last_error)}" if delivery.last_error else ""
    answer = f": {display(delivery.answer)}" if delivery.answer else ""
    match delivery.status:
        case DeliveryStatus.SENT:
            return f"{channel}: sent {here.when(delivery.sent_at)}{answer}"
        case DeliveryStatus.REPLACED:
            return f"{channel}: a later alert of the story took its place while it waited"
        case DeliveryStatus.ENDED:
            return f"{channel}: not sent{error}"
        case DeliveryStatus.DEAD:
            return f"{channel}: given up after {counted(delivery.attempts, 'try', 'tries')}{error}"
        case DeliveryStatus.PENDING | DeliveryStatus.RETRYING:
            held = f" for {delivery.hold.value}" if delivery.hold and not delivery.attempts else ""
            due = here.when(delivery.due_at) if delivery.due_at and delivery.due_at > here.now else "due now"
            return f"{channel}: waits{held}, {due}{error}"


# --- what was never seen


def _never_seen(asked: str, config: Path, reader: Reader) -> Iterator[str]:
    if not is_address(asked):
        yield f"no entry here is, or says, '{display(asked)}'"
        yield "Name it by its address, by the number of an alert, or by words that stand in its headline."
        return
    host = _host(asked)
    yield f"never seen: no feed has shown {display(asked)}"
    feeds = _feeds_of(host, config)
    if feeds is None:
        yield "Which feeds there are cannot be told: the rules file cannot be read."
    elif not feeds:
        yield f"No feed in {config} has an address of {host}: where none brings its reports, add one."
        yield "Where another feed does, this one was not in it whenever it was read."
    else:
        states = {state.feed_id: state for state in reader.feeds()}
        now = SystemClock().now()
        for feed in feeds:
            polled = states[feed.id].last_success_at if feed.id in states else None
            yield f"It would have come by the feed {feed.id}, read last {ago(polled, now)}."
        yield "A feed shows its newest entries only: what left it between two polls, or never stood in it, is not seen."
    yield "What the rules would say of it:"
    yield f"  monitor explain '{display(asked)}'"


def _feeds_of(host: str, config: Path) -> list[Feed] | None:
    try:
        feeds = rules_in_force(config).feeds
    except ConfigError:
        return None
    return [feed for feed in feeds if _is_of(_host(feed.address), host)]


def _is_of(feed_host: str, host: str) -> bool:
    return feed_host == host or feed_host.endswith(f".{host}") or host.endswith(f".{feed_host}")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

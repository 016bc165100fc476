"""`monitor search`: what the monitor has seen, found by what it says."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import click

from monitor.cli.in_force import words_in_force
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.output import STDOUT, counting, opened, output_option
from monitor.cli.show import counted, local, on_terminal, warn
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import FIELDS

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.search.index_file import IndexFile
    from monitor.search.page import Found, Wanted
    from monitor.search.sought import Sought
    from monitor.store.read import Reader

OUTCOMES: Final = ("alerted", "matched", "unmatched")
TABLE: Final = "table"
_PAGE: Final = 200


@click.command()
@click.argument("query")
@config_option
@state_option
@click.option("--feed", "feeds", multiple=True, metavar="ID", help="Only of this feed (repeatable).")
@click.option("--since", metavar="WHEN", help="Only what came since then: 30d, 2026-11-01, '2026-11-01 18:00'.")
@click.option("--until", metavar="WHEN", help="Only what came before then, written in the same way.")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only what was alerted, met by a rule, or by none.")
@click.option(
    "--in", "search_in", type=click.Choice(FIELDS), multiple=True, default=("title", "summary"), show_default=True,
    help="Where to look (repeatable).",
)  # fmt: skip
@click.option("--language", metavar="CODE", help="Only texts in this language.")
@click.option("--as-written", is_flag=True, help="Take no words for the name of a place.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many, the newest.")
@click.option(
    "--format", "form", type=click.Choice([TABLE, "json", "ndjson", "csv", "xlsx"]), default=TABLE, show_default=True,
    help="How it is written.",
)  # fmt: skip
@output_option
@json_option
@click.pass_context
def search(
    ctx: click.Context,
    /,
    query: str,
    config: Path,
    state: Path,
    limit: int,
    form: str,
    output: str,
    as_json: bool,
    as_written: bool,
    **asked: Any,
) -> None:
    """Find entries that say QUERY, which is written as a rule's 'query': words in any form, "phrases", OR, NOT, NEAR/5,
    place:idlib, event:clash, title:…

    What it finds is what a rule with that query would have matched. The newest come first. Every text of an entry is
    searched, also those that it had before an edit.

    Exit codes: 0 found, 1 nothing found, 2 the query cannot be read.
    """
    from monitor.search.names import understood
    from monitor.search.sought import QueryRefused, Sought
    from monitor.store.which import open_reader

    if output != STDOUT and form == TABLE:
        raise UsageError(f"in which format? -o {output} goes with --format csv, xlsx, json or ndjson")
    loaded = words_in_force(config)
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    try:
        read = understood(
            query,
            loaded.lexicon,
            as_written=as_written,
            search_in=asked["search_in"],
            languages=(asked["language"],) if asked["language"] else (),
        )
    except QueryRefused as refused:
        reader.close()
        raise UsageError(_refusal(query, refused)) from None
    warn(read.hints)
    if read.query != query:
        click.echo(f"searched for: {read.query}", err=True)
    with reader:
        wanted = _wanted(asked, loaded)
        matching = entries(reader, state, Sought(read.rule, loaded.lexicon), wanted, limit=limit)
        if form != TABLE:
            ctx.exit(0 if _written(matching, form, output, loaded) else 1)
        found = list(matching)
    if as_json:
        click.echo(
            json.dumps({"query": read.query, "entries": [values_of(each) for each in found]}, ensure_ascii=False)
        )
    else:
        _tell(found, limit, loaded)
    ctx.exit(0 if found else 1)


def _written(found: Iterator[Found], form: str, output: str, config: Config) -> int:
    """How many."""
    from monitor.cli.search_sheet import sheet_of
    from monitor.exports.formats import TABULAR

    number = 0

    def told() -> Iterator[Found]:
        nonlocal number
        for each in counting(found, "entries"):
            number += 1
            yield each

    how = TABULAR[form]
    with opened(output, binary=how.binary) as out:
        how.write_sheet(sheet_of(told(), "en" if config.language == "en" else "ar", values_of), out)
    return number


def entries(reader: Reader, state: Path, sought: Sought, wanted: Wanted, *, limit: int) -> Iterator[Found]:
    """As many as are wanted, the newest first, however long that takes; the index is brought up to date before."""
    from monitor.search.page import END, Budget
    from monitor.search.page import search as page_of

    before: int | None = END
    with _index(reader, state) as index:
        while before is not None and limit > 0:
            at_once = Budget(judged=5_000, looked_at=10**6, seconds=10, clock=monotonic)
            page = page_of(reader, index, sought, wanted=wanted, before=before, limit=min(limit, _PAGE), budget=at_once)
            yield from page.found
            before, limit = page.go_on, limit - len(page.found)


@contextlib.contextmanager
def _index(reader: Reader, state: Path) -> Iterator[IndexFile | None]:
    from monitor.search.keeping import behind, bring_up, open_index

    index = open_index(state)
    if index is None:
        click.echo(f"no index can be kept in {state}: every entry is read, which takes its time", err=True)
        yield None
        return
    with contextlib.closing(index):
        missing = behind(reader, index)
        with click.progressbar(length=missing, label="Indexing", file=sys.stderr, hidden=not on_terminal()) as bar:
            bring_up(reader, index, bar.update)
        yield index


def values_of(found: Found) -> dict[str, object]:
    """As they are printed and exported."""
    return {
        "id": found.entry_id,
        "feed": found.feed_id,
        "title": found.title,
        "summary": found.summary,
        "url": found.link,
        "published": _stamp(found.published_at),
        "seen": _stamp(found.seen_at),
        "edited_since": found.is_edited_since,
        "story": found.story_id,
        "rules": list(found.rules),
        "alerts": list(found.alerts),
        "spans": [
            {"field": span.field, "start": span.start, "end": span.end, "clause": span.clause} for span in found.spans
        ],
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _tell(found: list[Found], limit: int, config: Config) -> None:
    from monitor.alerts.clean import safe_link
    from monitor.alerts.marks import shown

    for each in found:
        click.echo(f"{local(each.seen_at, config.timezone)}  {each.feed_id}{_outcome(each)}")
        for field in FIELDS:
            spans = [span for span in each.spans if span.field == field]
            if field == "title" or spans:
                pieces = shown(getattr(each, field), spans).cut(400).pieces()
                click.echo("  " + "".join(click.style(text, bold=True) if marked else text for text, marked in pieces))
        if link := safe_link(each.link):
            click.echo(f"  {link}")
    if not found:
        click.echo("no entry says that")
    elif len(found) == limit:
        click.echo(f"the newest {counted(limit, 'entry', 'entries')}; there may be more, see --limit", err=True)


def _outcome(found: Found) -> str:
    told = ""
    if found.alerts:
        told = f"  alert {', '.join(found.alerts)}"
    elif found.rules:
        told = f"  rule {', '.join(found.rules)}"
    return told + ("  (says something else now)" if found.is_edited_since else "")


def _refusal(query: str, refused: Any) -> str:
    first = refused.problems[0]
    line = " ".join(query.split("\n"))
    return f"the query cannot be read: {first.what}\n    {line}\n    {' ' * (first.column - 1)}^\n  = {first.remedy}"


def _wanted(asked: dict[str, Any], config: Config) -> Wanted:
    from monitor.search.page import Wanted

    return Wanted(
        feeds=frozenset(asked["feeds"]) or None,
        since=_instant(asked["since"], config),
        until=_instant(asked["until"], config),
        outcome=asked["outcome"],
    )


def _instant(written: str | None, config: Config) -> datetime | None:
    """A length of time counts back from now. Raises UsageError."""
    from monitor.rules.problems import Refused
    from monitor.rules.values import duration

    if written is None:
        return None
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(written, form).replace(tzinfo=config.timezone).astimezone(UTC)
    try:
        return SystemClock().now() - duration(written)
    except (Refused, OverflowError):
        raise UsageError(f"'{written}' is no time: write 30d, 12h, 2026-11-01 or '2026-11-01 18:00'") from None

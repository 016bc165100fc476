"""`monitor explain`: why a rule does or does not match."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from monitor import config as configuration
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.show import counted, warn
from monitor.cli.test import chosen
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import UsageError
from monitor.given import Given, given_in
from monitor.given_text import entry_of
from monitor.language import Lexicon
from monitor.model import FIELDS, Entry
from monitor.prepared import prepare, prepare_reading
from monitor.rules import explain_json
from monitor.rules.explain import explained
from monitor.rules.explain_text import brief, isolated, near_miss, render
from monitor.rules.explanation import Explanation
from monitor.rules.matcher import Matcher
from monitor.text.clean import display
from monitor.text.document import read

if TYPE_CHECKING:
    from monitor.cli.explain_facts import FactsTold

_COLOURS = {"✓": "green", "✗": "red"}


@click.command()
@click.argument("text", metavar="[TEXT|URL|FILE]", required=False)
@click.option(
    "-i", "--input", "source", type=click.File("r", encoding="utf-8-sig"), help="A file with the text; - is stdin."
)
@click.option("--title", help="The headline, instead of TEXT.")
@click.option("--summary", default="", help="A summary that goes with the headline.")
@click.option("--body", default="", help="The full article that goes with it.")
@click.option("--rule", "rule_ids", multiple=True, metavar="ID", help="Only this rule, clause by clause (repeatable).")
@click.option("-v", "--verbose", is_flag=True, help="Every rule clause by clause.")
@click.option(
    "-n", "--limit", type=click.IntRange(min=1), default=5, show_default=True, help="How many entries of a feed."
)
@click.option("--facts", "with_facts", is_flag=True, help="Tell what the text says happened, too; takes seconds.")
@click.option("--fresh", is_flag=True, help="Ask for the URL even if its entry is stored.")
@json_option
@config_option
@state_option
def explain(
    text: str | None,
    source: IO[str] | None,
    title: str | None,
    summary: str,
    body: str,
    rule_ids: tuple[str, ...],
    verbose: bool,
    limit: int,
    with_facts: bool,
    fresh: bool,
    as_json: bool,
    config: Path,
    state: Path,
) -> None:
    """Show why each rule does or does not match TEXT, or what a URL or FILE holds; - reads standard input.

    One line is a headline. Of several, the first is the headline, the paragraph below it the summary, and the rest the
    body. A JSON object with title, summary and text, as 'monitor match' takes it, is read as one.

    Of a URL the entry is taken that is stored with this link, else what its server answers: a feed's newest entries, or
    an article's headline, description and paragraphs. A file may be any of these, too.

    Rules that match come first, clause by clause: the words that were found, how they were read (و+ال+اشتباك+ات), and
    where. Then those that one thing alone keeps from matching, with words that nearly were found, and why they are not
    it. Rules that have only some of what they look for get a line each; the others are counted.

    Exit codes: 0 whatever the rules say, 1 the URL or FILE cannot be read, 2 nothing to explain, 3 configuration.
    """
    _refuse_two(text, source, title)
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    rules = chosen(loaded.rules, rule_ids)
    if text is None or text == "-":
        given = [Given(entry=_entry(sys.stdin.read() if text else source.read() if source else None, title))]
    else:
        given = given_in(text, limit=limit, config=config, state=state, fresh=fresh)
    given = [replace(one, entry=_completed(one.entry, summary, body)) for one in given]
    today = SystemClock().now().astimezone(loaded.timezone).date()
    shelf = Shelf(state, writes=False)  # what a check has kept is taken; what is made here lacks its channels
    matcher = Matcher(rules, loaded.lexicon) if rule_ids else prepare(loaded, shelf).matcher
    facts = _facts(loaded, shelf) if with_facts else None
    told = [(one, _explanations(matcher, loaded.lexicon, one, today=today)) for one in given]
    if as_json:
        click.echo(json.dumps(_as_json(told, facts), ensure_ascii=False))
        return
    for one, explanations in told:
        lines = chain(
            _heading(one, blank=one is not given[0]),
            facts.lines(one.entry) if facts else (),
            _told(explanations, whole=verbose or bool(rule_ids)),
        )
        for line in lines:
            click.echo(_for_terminal(line) if sys.stdout.isatty() else line)


def _facts(loaded: Config, shelf: Shelf) -> FactsTold:
    from monitor.cli.explain_facts import FactsTold

    return FactsTold(prepare_reading(loaded, shelf))


def _refuse_two(text: str | None, source: IO[str] | None, title: str | None) -> None:
    """Raises UsageError for a headline given twice."""
    if sum(given is not None for given in (text, source, title)) > 1:
        raise UsageError("give the text once: as TEXT, with --input, or with --title")


def _entry(text: str | None, title: str | None) -> Entry:
    return Entry(feed_id="", title=title or "") if text is None else entry_of(text)


def _completed(entry: Entry, summary: str, body: str) -> Entry:
    """Raises UsageError for no text at all."""
    entry = replace(entry, summary=summary or entry.summary, body=body or entry.body)
    if not (entry.title or entry.summary or entry.body):
        raise UsageError("there is no text to explain: give one in quotes, or name a file with --input")
    return entry


def _explanations(matcher: Matcher, lexicon: Lexicon, given: Given, *, today: date) -> tuple[Explanation, ...]:
    search = matcher.search(read(given.entry))
    return tuple(explained(compiled, lexicon, search, feed=given.feed, today=today) for compiled in matcher.rules)


def _as_json(told: Sequence[tuple[Given, Sequence[Explanation]]], facts: FactsTold | None) -> list[dict[str, Any]]:
    """The rules of a text as it was given; of what was read elsewhere, and with facts, each entry with its rules."""
    if not told[0][0].source and facts is None:
        return [explain_json.as_json(one) for one in told[0][1]]
    return [
        {
            "source": given.source or None,
            "kind": given.kind,
            "feed": given.entry.feed_id or None,
            **{name: getattr(given.entry, name) for name in ("title", "summary", "body")},
            **({"facts": facts.as_json(given.entry)} if facts else {}),
            "rules": [explain_json.as_json(one) for one in explanations],
        }
        for given, explanations in told
    ]


def _heading(given: Given, *, blank: bool) -> Iterator[str]:
    """What the lines below are about; nothing for a text as it was given."""
    if not given.source:
        return
    if blank:
        yield ""
    entry = given.entry
    of_feed = f" of {entry.feed_id}" if entry.feed_id else ""
    yield f"{given.kind}{of_feed}: {display(given.source)}"
    yield f"  {display(entry.title) or display(entry.summary) or '(no headline)'}"
    read_of = [name for name in FIELDS if display(getattr(entry, name))]
    yield f"  read: {', '.join(read_of)}"


def _told(explanations: Sequence[Explanation], *, whole: bool) -> Iterator[str]:
    """What matches, what nearly does, what has something in common; how many have nothing."""
    ordered = sorted(explanations, key=_interest)
    nothing = 0
    for one in ordered:
        if whole or one.matched:
            yield from render(one).splitlines()
        elif _tells_much(one):
            yield from near_miss(one).splitlines()
        elif one.has_something or one.near_miss or one.problems:
            yield brief(one)
        else:
            nothing += 1
    if nothing:
        others = "other " if nothing < len(ordered) else ""
        yield f"{counted(nothing, f'{others}rule has', f'{others}rules have')} nothing in common with this text"


def _interest(explanation: Explanation) -> int:
    return 0 if explanation.matched else 1 if _tells_much(explanation) else 2 if explanation.near_miss else 3


def _tells_much(explanation: Explanation) -> bool:
    """A near miss with more to say than that one of two things is missing."""
    found = sum(len(clause.parts) or 1 for box, clause in explanation.boxes if box != "none")
    missing = [obstacle for obstacle in explanation.obstacles if obstacle.kind == "missing"]
    return explanation.near_miss and (not missing or found > 2 or bool(explanation.almost))


def _for_terminal(line: str) -> str:
    """Coloured, and with right-to-left words apart from what stands around them."""
    mark = line.strip()[:1]
    if mark in _COLOURS:
        line = line.replace(mark, click.style(mark, fg=_COLOURS[mark]), 1)
    elif line[:1].strip():
        line = click.style(line, bold=True)
    elif line.lstrip().startswith("almost:"):
        line = click.style(line, fg="yellow")
    return isolated(line)

"""`monitor compare`: why two reports are one story, or are not."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click

from monitor import config as configuration
from monitor.cli import EXIT_USAGE
from monitor.cli.options import config_option, json_option, state_option
from monitor.cli.recorded import recorded
from monitor.cli.show import warn
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.given_text import entry_of
from monitor.language import Lexicon
from monitor.model import Entry, Facts, Kinship, Sketch, Tag
from monitor.rules.explain_text import isolated

Sketcher = Callable[[Entry], Sketch]
Comparer = Callable[[Sketch, Sketch], Kinship]


@click.command()
@click.argument("one", metavar="A", required=False)
@click.argument("other", metavar="B", required=False)
@click.option("--apart", default="0", show_default=True, metavar="TIME", help="How long after A was B told: 90m, 6h.")
@click.option("--pairs", type=click.File("rb"), help="A file of pairs, one JSON object a line; - is stdin.")
@json_option
@config_option
@state_option
@click.pass_context
def compare(
    ctx: click.Context,
    one: str | None,
    other: str | None,
    apart: str,
    pairs: IO[bytes] | None,
    as_json: bool,
    config: Path,
    state: Path,
) -> None:
    """Show why the reports A and B are one story, or are not.

    Each is a text, the path of a file, or an entry that was read: by its address, its number, or the number of its
    alert. No page is asked for. Of a text, one line is a headline; of several, the first is the headline, the paragraph
    below it the summary, and the rest the body. A JSON object may have title, summary, text and published.

    \b
    --pairs in:  {"id": …, "a": {"title": …, "summary": …, "source": …, "published": …}, "b": {…}}
            out: {"id": …, "kinship": "same text" | "same event" | "different", "score": …, "why": […]}

    Without a rules file it knows the shipped places and events alone. Needs no state for texts, and sends nothing.

    Exit codes: 0 whatever they are; 2 nothing to compare, or a line is no pair (the others are still answered);
    3 configuration.
    """
    if (pairs is None) == (one is None or other is None):
        raise UsageError("nothing to compare: give two reports A and B, or --pairs FILE")
    sketched, compared = _tools(_lexicon(config))
    if pairs is not None:
        ctx.exit(_pairs(pairs, sketched, compared))
    first, second = _both(str(one), str(other), state)
    if second.published_at is not None:
        second = _moved(second, _duration(apart))
    sketches = (sketched(first), sketched(second))
    kinship = compared(*sketches)
    if as_json:
        click.echo(json.dumps(_answer(None, kinship) | {"facts": [_facts(each.facts) for each in sketches]}))
        return
    for line in _lines(kinship, sketches):
        click.echo(line)


def _both(one: str, other: str, state: Path) -> tuple[Entry, Entry]:
    """A text without a date is as if told with the other."""
    first, second = recorded(one, state), recorded(other, state)
    first = first or _entry(_text(one), told_at=second.published_at if second else None)
    return first, second or _entry(_text(other), told_at=first.published_at)


def _tools(lexicon: Lexicon) -> tuple[Sketcher, Comparer]:
    from monitor.facts.reader import FactReader
    from monitor.lexicon.tree import around
    from monitor.stories.kinship import compare as compare_sketches
    from monitor.stories.sketch import sketch
    from monitor.text.document import read

    reader, now = FactReader(lexicon), SystemClock().now()

    def within(place_id: str) -> Sequence[str]:
        place = lexicon.places.get(place_id)
        return () if place is None else tuple(outer.id for outer in around(place, lexicon.places))

    def sketched(entry: Entry) -> Sketch:
        document = read(entry)
        return sketch(document, reader.read(document), seen_at=now, within=within)

    return sketched, lambda one, other: compare_sketches(one, other, within=within)


def _lexicon(config: Path) -> Lexicon:
    """Of the rules file, if there is one: own places count."""
    from monitor.lexicon.load import load

    if not config.exists():
        return load()
    loaded = configuration.load_rules(config, environ=os.environ)
    warn(loaded.warnings)
    return loaded.lexicon


def _text(given: str) -> str:
    """A file's text, or what was given itself. A long text is no path, whatever the system says of its length."""
    try:
        path = Path(given)
        return path.read_text(encoding="utf-8-sig") if path.is_file() else given
    except (OSError, ValueError):
        return given


def _entry(text: str, *, told_at: datetime | None = None) -> Entry:
    entry = entry_of(text)
    if not (entry.title or entry.summary or entry.body):
        raise UsageError("nothing to compare: one of the reports is empty")
    written = _object(text).get("published")
    at = _instant(written) if written is not None else told_at or SystemClock().now()
    return replace(entry, published_at=at)


def _moved(entry: Entry, by: timedelta) -> Entry:
    return entry if entry.published_at is None else replace(entry, published_at=entry.published_at + by)


def _duration(written: str) -> timedelta:
    from monitor.rules.values import duration

    if written == "0":
        return timedelta(0)
    try:
        return duration(written)
    except ValueError as error:
        raise UsageError(f"--apart {written}: {error}") from None


def _object(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _instant(written: object) -> datetime:
    """Raises UsageError that says what is wrong with it."""
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UsageError(f"published {written!r} is no date with its zone, as in 2026-03-04T09:12:00+03:00")
    return at


# --- pairs


def _pairs(lines: IO[bytes], sketched: Sketcher, compared: Comparer) -> int:
    bad = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            pair_id, one, other = _pair(line)
        except (UsageError, ValueError) as error:
            click.echo(f"line {number}: {error}", err=True)
            bad += 1
            continue
        click.echo(json.dumps(_answer(pair_id, compared(sketched(one), sketched(other))), ensure_ascii=True))
    return EXIT_USAGE if bad else 0


def _pair(line: bytes) -> tuple[object, Entry, Entry]:
    try:
        pair = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError("not JSON in UTF-8") from None
    if not isinstance(pair, dict) or not all(isinstance(pair.get(side), dict) for side in "ab"):
        raise ValueError("no pair: an object with a and b, each an object with title, is wanted")
    one, other = (_entry(json.dumps(pair[side])) for side in "ab")
    return pair.get("id"), one, other


def _answer(pair_id: object, kinship: Kinship) -> dict[str, Any]:
    return {
        "id": pair_id, "kinship": kinship.kind.value, "score": round(kinship.score, 3), "why": list(kinship.why),
    }  # fmt: skip


# --- for people


def _lines(kinship: Kinship, sketches: Sequence[Sketch]) -> Iterator[str]:
    """The answer, what speaks for it, and what was read in each."""
    style = click.style if sys.stdout.isatty() else _plain
    yield style(kinship.kind.value, bold=True)
    yield from (f"  {why}" for why in kinship.why)
    for name, sketch in zip("AB", sketches, strict=True):
        yield f"{name}: {isolated(_told(sketch.facts)) or 'no place, event, side or figure that is known'}"


def _plain(text: str, **_: Any) -> str:
    return text


def _told(facts: Facts) -> str:
    told = [*facts.places, *facts.events, *facts.actors]
    told += [f"{figure.kind} {figure.least}" for figure in (facts.killed, facts.wounded) if figure is not None]
    return ", ".join((*told, *(tag.value for tag in Tag if tag in facts.tags)))


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "places": list(facts.places),
        "events": list(facts.events),
        "actors": list(facts.actors),
        "killed": None if facts.killed is None else facts.killed.least,
        "wounded": None if facts.wounded is None else facts.wounded.least,
        "tags": sorted(tag.value for tag in facts.tags),
    }

"""`monitor history`: the alerts of the past, for people, and as rows for programs that work with tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

import click

from monitor.alerts.words import Language
from monitor.cli import history_words as words
from monitor.cli.chosen import Around, around, choosing, wanted
from monitor.cli.options import config_option, state_option
from monitor.cli.output import STDOUT, counting, opened, output_option
from monitor.cli.show import local
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.exports.formats import TABULAR, write_alerts
from monitor.exports.options import Options
from monitor.exports.row import Row, named
from monitor.exports.rows import rows
from monitor.store.which import open_reader
from monitor.text.clean import tidy

SHOWN: Final = 50  # of a table, where nobody says how many
_TABLE: Final = "table"


@click.command(
    epilog="\b\nmonitor history --since 7d --severity critical\n"
    "monitor history --since 30d --format xlsx -o alerts.xlsx"
)
@config_option
@state_option
@choosing
@click.option("--limit", type=click.IntRange(min=1), metavar="NUMBER", help="So many: 50 in a table, else all.")
@click.option(
    "--format",
    "form",
    type=click.Choice([_TABLE, *TABULAR]),
    default=_TABLE,
    show_default=True,
    help="How it is written.",
)
@output_option
def history(config: Path, state: Path, limit: int | None, form: str, output: str, **chosen: Any) -> None:
    """List the alerts of the past, the newest first, and what became of them.

    As rows for spreadsheets and scripts with --format: json, ndjson, csv, xlsx. 'monitor export' writes the same alerts
    in the languages of other programs: maps, feed readers, platforms for threat intelligence. With 'language: ar' in
    the rules file the table is in Arabic.
    """
    here, now = around(config), SystemClock().now()
    which = wanted(here, now, **chosen)
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    with reader:
        if form == _TABLE:
            _show(rows(reader, which, limit=(limit or SHOWN) + 1), here, limit or SHOWN, output)
            return
        how = TABULAR[form]
        with opened(output, binary=how.binary) as out:
            found = counting(rows(reader, which, limit=limit), "alerts")
            write_alerts(how, found, out, Options(language=here.language, now=now))


def _show(found: Iterable[Row], here: Around, shown: int, output: str) -> None:
    with opened(output) as out:
        for line in _table(found, here, shown):
            if output == STDOUT:
                click.echo(line)
            else:
                out.write(f"{click.unstyle(line)}\n".encode())


def _table(found: Iterable[Row], here: Around, shown: int) -> Iterator[str]:
    number = 0
    for number, row in enumerate(found, 1):
        if number > shown:
            yield words.more(shown, here.spoken)
            return
        yield from _told(row, here.zone, here.spoken)
    if not number:
        yield words.word(here.spoken, "none")


def _told(row: Row, zone: tzinfo, language: Language) -> Iterator[str]:
    """Texts of feeds stand on lines of their own, at their beginning: a terminal then knows which way they run."""
    yield (
        f"{row.alert_id}  {local(row.decided_at, zone)}  {words.severity(row.severity, language)}  {row.rule_id}  "
        f"{words.reason(row.reason, language)}  {words.state(row, language)}"
    )
    yield f"  {row.headline or row.summary or '–'}"
    others = f"  {words.word(language, 'sources', count=row.sources - 1)}" if row.sources > 1 else ""
    yield f"  {tidy(row.feed_name)}{others}"
    for facts in (row.places, row.events):
        if facts:
            yield f"  {words.joined([tidy(named(fact, language)) for fact in facts], language)}"
    if figures := [*words.figures(row, language)]:
        yield f"  {words.joined(figures, language)}"
    if row.link:
        yield f"  {row.link}"

"""`monitor export`: the alerts of the past in the languages of other programs, and the feeds as OPML."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, cast

import click

from monitor import config as configuration
from monitor.cli.chosen import around, choosing, wanted
from monitor.cli.options import config_option, state_option
from monitor.cli.output import counting, opened, output_option
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.exports.formats import OF_ALERTS, TABULAR, write_alerts
from monitor.exports.options import TLPS, Options, Tlp
from monitor.exports.rows import rows
from monitor.feeds.opml import export_opml
from monitor.store.which import open_reader

_OPML: Final = "opml"
_ALL: Final = (*OF_ALERTS, _OPML)


class Form(click.ParamType[str]):
    """The name of a format. One that is a table is another command's, and is told so."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in TABULAR:
            self.fail(f"{value} is a table of alerts: monitor history --format {value}", param, ctx)
        if value not in _ALL:
            self.fail(f"'{value}' is none of: {', '.join(_ALL)}", param, ctx)
        return value


@click.command(
    epilog="\b\nmonitor export geojson --since 7d -o week.geojson\n"
    "monitor export stix --severity critical --tlp amber\nmonitor export opml -o feeds.opml"
)
@click.argument("form", type=Form(), metavar="FORMAT")
@config_option
@state_option
@choosing
@click.option("--limit", type=click.IntRange(min=1), metavar="NUMBER", help="At most so many, the newest.")
@click.option("--tlp", type=click.Choice(TLPS), help="How far it may travel (stix, misp).")
@output_option
def export(
    form: str, config: Path, state: Path, limit: int | None, tlp: str | None, output: str, **chosen: Any
) -> None:
    """Write the alerts of the past for other programs, the newest first.

    \b
    FORMAT
      geojson   maps (RFC 7946)
      stix      threat intelligence, STIX 2.1; needs  pip install 'monitor[stix]'
      misp      MISP events; needs  pip install 'monitor[misp]'
      atom      feed readers (RFC 4287)
      jsonfeed  feed readers (JSON Feed 1.1)
      opml      the feeds of the rules file, for another reader of feeds

    Tables (csv, xlsx, json, ndjson) are written by 'monitor history --format'.
    """
    if form == _OPML:
        _feeds(config, output)
        return
    how = OF_ALERTS[form]
    if tlp and not how.tlp:
        raise UsageError(f"{form} has no word for how far it may travel: --tlp goes with stix and misp")
    here, now = around(config), SystemClock().now()
    which = wanted(here, now, **chosen)
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    with reader, opened(output) as out:
        found = counting(rows(reader, which, limit=limit), "alerts")
        write_alerts(how, found, out, Options(language=here.language, now=now, tlp=cast(Tlp | None, tlp)))


def _feeds(config: Path, output: str) -> None:
    """Addresses that hold a secret are left out."""
    data = export_opml(configuration.load(config, environ=os.environ).feeds)
    with opened(output) as out:
        out.write(data)

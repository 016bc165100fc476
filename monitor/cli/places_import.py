"""The work of `monitor places import`: read GeoNames, choose, write a file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from monitor import lexicon as shipped
from monitor.cli.show import counted, on_terminal
from monitor.errors import UsageError
from monitor.lexicon import geonames
from monitor.lexicon.importing import Pack, country_called, import_places
from monitor.lexicon.pack_file import fitting_population, pack_file
from monitor.regular import MAX_BYTES
from monitor.rules.problems import did_you_mean

_HEAD = 4096  # bytes that the head of a file may take


def write_pack(named: Sequence[str], min_population: int, out: Path | None, *, force: bool) -> None:
    """Raises UsageError for an unknown country, a file that is there, and one that would be too large to include."""
    if out is not None and out.exists() and not force:
        raise UsageError(f"{out} is there already: --force overwrites it")
    countries = _countries(named, geonames.countries())
    isos = [country.iso for country in countries]
    _progress(f"reading the towns of {', '.join(isos)} …")
    towns = geonames.towns(isos, min_population)
    _progress(f"choosing spellings for {counted(len(towns), 'town', 'towns')} …")
    pack = import_places(countries, towns, {iso: geonames.regions(iso) for iso in isos}, shipped.load().places)
    command = f"monitor places import {shlex.join(isos)} --min-population {min_population}"
    text = pack_file(pack, command=command, sources=geonames.sources())
    _refuse_too_large(text, pack)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write(out, text)
    _tell(pack, out)


def _countries(named: Sequence[str], known: Mapping[str, geonames.Country]) -> list[geonames.Country]:
    """Each once, in the order of their codes, so that the same countries give the same file."""
    found = {}
    for name in named:
        country = country_called(name, known)
        if country is None:
            names = [each for one in known.values() for each in (one.names["en"], one.names.get("ar", one.iso))]
            hint = did_you_mean(name, names) or "write two letters (TR), three (TUR) or a name"
            raise UsageError(f"there is no country '{name}': {hint}")
        found[country.iso] = country
    return [found[iso] for iso in sorted(found)]


def _refuse_too_large(text: str, pack: Pack) -> None:
    size = len(text.encode())
    if size > MAX_BYTES:
        enough = fitting_population(pack, MAX_BYTES - _HEAD)
        raise UsageError(
            f"the file would have {size:,} bytes, and a rules file may have {MAX_BYTES:,}: "
            f"take --min-population {enough}, or write a file for each country"
        )


def _write(out: Path, text: str) -> None:
    """Whole or not at all: the file may be included by a monitor that runs."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def _tell(pack: Pack, out: Path | None) -> None:
    guarded = sum(bool(place.guarded) for place in pack.places)
    dropped = sum(pack.dropped.values())
    lines = [
        f"{counted(len(pack.places), 'place', 'places')}, {guarded:,} of them with a name that needs company; "
        f"{counted(dropped, 'name', 'names')} left out (the head of the file says why)"
    ]
    if pack.known:
        lines.append(f"{counted(pack.known, 'town is', 'towns are')} shipped already, and not in the file")
    if out is not None:
        lines.append(f"{out} is written: write  include: [{out.name}]  in your rules file, then run monitor lint")
    for line in lines:
        click.echo(line, err=True)


def _progress(text: str) -> None:
    if on_terminal():
        click.echo(text, err=True)

"""`monitor places`: which places there are, how they are spelled, and more of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from click.core import ParameterSource
from click.exceptions import NoSuchCommand

from monitor import config as configuration
from monitor import lexicon as shipped
from monitor.cli import EXIT_ERROR, places_shown
from monitor.cli.options import config_option, json_option, state_accepted
from monitor.errors import ConfigError, UsageError
from monitor.language import KnownPlace
from monitor.lexicon.search import Hit, Search
from monitor.lexicon.tree import Places, lies_within


class _Places(click.Group):
    """Whoever forgets 'search' is told of it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            if error.possibilities or args[0].startswith("-"):
                raise
            raise UsageError(f"to find a place, write: monitor places search {' '.join(args)}") from None


@click.group(cls=_Places, epilog="\b\nThe first steps: monitor places search حمص, then monitor places show homs.")
def places() -> None:
    """Find places, see how they are spelled, and import those of other countries.

    A rule names a place by its id, and finds all its spellings and every place within it:

    \b
      all:
        - place: deir-ez-zor

    The places are the shipped ones (Syria, Iraq, Lebanon, Palestine, Yemen, Sudan, Libya) and those of your rules file.
    """


@places.command("search", short_help="Find the places that a text may mean.")
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option("--country", metavar="PLACE", help="Only in this country: an id or a name.")
@click.option("--within", metavar="PLACE", help="Only this place and what lies within it: an id or a name.")
@click.option("--kind", metavar="KIND", help="Only this kind: city, town, village, governorate, airport …")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@config_option
@state_accepted
@json_option
@click.pass_context
def search_places(
    ctx: click.Context,
    text: tuple[str, ...],
    country: str | None,
    within: str | None,
    kind: str | None,
    limit: int,
    config: Path,
    as_json: bool,
) -> None:
    """Find the places that TEXT may mean, likeliest first, and what to write in a rule.

    Type it as you like: بديرالزور, ادلب, Deir Ezzor, Qamishly, Халеб, or a whole headline. Particles, hamza, articles,
    apostrophes, transliterations and typing errors are seen through.

    Exit codes: 0 found; 1 nothing found, the nearest guesses are told; 2 no such country, kind or place.
    """
    typed = " ".join(text)
    search = Search(_known(ctx, config))
    if kind is not None:
        _check_kind(kind, search.places)
    bounds = [_country(search, country)] if country is not None else []
    bounds += [_bound(search, within, "--within")] if within is not None else []

    def fits(hit: Hit) -> bool:
        inside = all(lies_within(hit.place, bound.id, search.places) for bound in bounds)
        return inside and kind in (None, hit.place.kind)

    everywhere = search.find(typed)
    found = [hit for hit in everywhere if fits(hit)]
    nearest = [] if found else everywhere[:5] or [hit for hit in search.guesses(typed) if fits(hit)]
    if as_json:
        click.echo(
            json.dumps(places_shown.hits_as_json(typed, found[:limit], nearest, search.places), ensure_ascii=False)
        )
    elif found:
        click.echo(places_shown.found(found, limit, search.places))
    else:
        click.echo(places_shown.not_found(typed, nearest, search.places, filtered=bool(everywhere)), err=True)
    ctx.exit(0 if found else EXIT_ERROR)


@places.command("show", short_help="Show one place: spellings, guards, what lies within it.")
@click.argument("place_id", metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Also of a large place every place within it.")
@config_option
@state_accepted
@json_option
@click.pass_context
def show_place(ctx: click.Context, place_id: str, everything: bool, config: Path, as_json: bool) -> None:
    """Show the place ID: every spelling, what guards it from being taken for something else, where it lies, what lies
    within it, and a rule to start from.
    """
    known = _known(ctx, config)
    place = known.get(place_id)
    if place is None:
        raise UsageError(f"there is no place '{place_id}'{_did_you_mean(Search(known), place_id)}")
    if as_json:
        click.echo(json.dumps(places_shown.place_as_json(place, known), ensure_ascii=False))
    else:
        click.echo(places_shown.place(place, known, everything=everything))


@places.command("import", short_help="Write the towns of other countries for a rules file to include.")
@click.argument("countries", nargs=-1, required=True, metavar="COUNTRY...")
@click.option(
    "--min-population", type=click.IntRange(min=0), default=15_000, show_default=True, metavar="N",
    help="Only towns with so many people; GeoNames is read down to 500.",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def import_command(countries: tuple[str, ...], min_population: int, out: Path | None, force: bool) -> None:
    """Write the towns of each COUNTRY (TR, EGY, Jordan, الأردن …) as places for a rules file to include, from GeoNames.

    \b
      monitor places import TR JO --out places-tr-jo.yaml
      and in rules.yaml:  include: [places-tr-jo.yaml]

    Nothing is fetched: the data come with pip install 'monitor[places]'. Every name is checked: codes, romanisations
    and ordinary words go, spellings of shipped places stay theirs, and a town whose own name would mislead counts only
    behind words like مدينة or 'town of'. Look the file over: nobody has read these names, as somebody has the shipped
    ones. Without --out it goes to standard output. GeoNames' licence (CC BY 4.0) asks that the head of the file stays.
    """
    from monitor.cli.places_import import write_pack  # what it needs takes a moment

    write_pack(countries, min_population, out, force=force)


def _known(ctx: click.Context, config: Path) -> Places:
    """The shipped places with those of the rules file. A file that nobody named may be missing, or broken."""
    named = ctx.get_parameter_source("config") is not ParameterSource.DEFAULT
    if not named and not config.exists():
        return shipped.load().places
    try:
        return configuration.load_rules(config, environ=os.environ).lexicon.places
    except ConfigError:
        if named:
            raise
        click.echo(f"{config} has mistakes ('monitor lint' tells them): only shipped places are looked at", err=True)
        return shipped.load().places


def _check_kind(kind: str, known: Places) -> None:
    kinds = sorted({place.kind for place in known.values() if place.kind})
    if kind not in kinds:
        raise UsageError(f"there is no kind '{kind}': kinds are {', '.join(kinds)}")


def _bound(search: Search, named: str, option: str) -> KnownPlace:
    place = search.resolve(named)
    if place is None:
        raise UsageError(f"{option}: there is no place '{named}'{_did_you_mean(search, named)}")
    return place


def _country(search: Search, named: str) -> KnownPlace:
    place = _bound(search, named, "--country")
    if place.within is not None:
        raise UsageError(f"--country: '{named}' is no country but lies within one: write --within {place.id}")
    return place


def _did_you_mean(search: Search, typed: str) -> str:
    close = (search.find(typed) or search.guesses(typed))[:3]
    return f": did you mean {' or '.join(repr(hit.place.id) for hit in close)}?" if close else ""

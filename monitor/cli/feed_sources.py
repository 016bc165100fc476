"""Which feeds are one voice: feeds by newsroom, newsrooms by owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.cli.show import counted
from monitor.lexicon.sources import Source
from monitor.text.clean import display

_REMEDY = "If one belongs to a newsroom, write its id as the feed's source; if it has an owner, add it under sources."


def lines(sources: Sequence[Source]) -> Iterator[str]:
    known = [source for source in sources if source.name]
    unknown = [source for source in sources if not source.name]
    feeds = sum(len(source.feeds) for source in sources)
    owners = {source.owner for source in sources}
    yield (
        f"{counted(feeds, 'feed', 'feeds')} of {counted(len(sources), 'newsroom', 'newsrooms')}: "
        f"{counted(len(owners), 'voice', 'voices')} at most"
    )
    yield from _section("One voice:", _together(known))
    yield from _section("Each a voice of its own:", [_line(source) for source in known if _is_alone(source, known)])
    yield from _section("No known newsroom:", [_unknown(source) for source in unknown])
    if unknown:
        yield f"  {_REMEDY}"


def _section(title: str, told: Sequence[str]) -> Iterator[str]:
    if told:
        yield from ("", title, *told)


def _together(sources: Sequence[Source]) -> list[str]:
    told = []
    for owner in dict.fromkeys(source.owner for source in sources if not _is_alone(source, sources)):
        told += [f"  {owner}", *(f"  {_line(source)}" for source in sources if source.owner == owner)]
    return told


def _is_alone(source: Source, sources: Sequence[Source]) -> bool:
    return len(source.feeds) == 1 and sum(each.owner == source.owner for each in sources) == 1


def _line(source: Source) -> str:
    return f"  {source.newsroom} ({display(source.name)}): {_feeds(source)}"


def _unknown(source: Source) -> str:
    told = "each entry by its own newsroom" if source.gathers else f"counts as {source.newsroom}"
    return f"  {_feeds(source)}: {told}"


def _feeds(source: Source) -> str:
    return ", ".join(feed.id for feed in source.feeds)


def as_json(sources: Sequence[Source]) -> list[dict[str, object]]:
    return [
        {
            "owner": source.owner,
            "newsroom": source.newsroom,
            "name": source.name or None,
            "feeds": [feed.id for feed in source.feeds],
        }
        for source in sources
    ]

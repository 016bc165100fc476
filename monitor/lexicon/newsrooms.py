"""The shipped newsrooms and their owners, and the newsroom behind a host.

A record under `newsrooms` in `newsrooms.yaml` has `id`, `name` by language and, as needed, `owner` (the id of an owner
or of a newsroom; its own where it is not there), `agency`, `hosts` without 'www.', and `credits`. A record under
`owners` has `id` and `name`. The data is ours and is checked by the tests: nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from monitor.language import NOWHERE, Newsroom
from monitor.lexicon.data import read
from monitor.lexicon.hosts import outward

UNNAMED = "agencies"
"""The newsroom that stands for agencies without a name («وكالات»): nobody can tell whether two of them are one."""


def load_newsrooms() -> dict[str, Newsroom]:
    """Every shipped newsroom, by id."""
    return {record["id"]: _newsroom(record) for record in _records()["newsrooms"]}


def owner_names() -> dict[str, Mapping[str, str]]:
    """How the shipped owners that are no newsrooms are called: by id, by language."""
    return {record["id"]: record["name"] for record in _records()["owners"]}


@cache
def _records() -> Any:
    return read((resources.files(__package__) / "newsrooms.yaml").read_text(encoding="utf-8"))


def _newsroom(record: Mapping[str, Any]) -> Newsroom:
    return Newsroom(
        id=record["id"],
        name=record["name"],
        owner=record.get("owner", record["id"]),
        agency=record.get("agency") == "true",
        hosts=tuple(record.get("hosts", ())),
        credits=tuple(record.get("credits", ())),
    )


def own_last(newsrooms: Iterable[Newsroom]) -> Iterator[Newsroom]:
    """The operator's own behind the shipped ones, so that what they say counts where both name one thing."""
    return iter(sorted(newsrooms, key=lambda newsroom: newsroom.at != NOWHERE))


class Hosts:
    """The newsroom behind a host, by its hosts and the domains that they lie within."""

    def __init__(self, newsrooms: Iterable[Newsroom]) -> None:
        self._known = {host: newsroom.id for newsroom in own_last(newsrooms) for host in newsroom.hosts}

    def newsroom(self, host: str) -> str | None:
        """Its id; None where nobody is known to have the host (in small letters, without 'www.')."""
        return next((self._known[domain] for domain in outward(host) if domain in self._known), None)

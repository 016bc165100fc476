"""Hosts of a fleet: how many feeds each has, whose lane cannot carry them, and what a hash of their names does.

How many feeds a host has follows a power law, fitted (the discrete one, by likelihood) to a list of real feeds and
continued to sizes that no list of ours reaches. So the giants are an extrapolation, and said to be one.
"""

from __future__ import annotations

import csv
import hashlib
import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from bench.polling import DATA

LANE: Final = 1.0  # requests a second that a host is asked at most
SHARDS: Final = (2, 4, 8, 16, 32)
VOICES: Final = (2, 5, 10, 30)  # newsrooms, of hosts of their own, that tell one event
_MADE_UP: Final = [1] * 75 + [2] * 14 + [3] * 4 + [4] * 3 + [5, 6, 10, 33]
_MOST: Final = 200_000  # feeds of one host, where the law has no end; a service of blogs under one name is as large


@dataclass(frozen=True, slots=True)
class Law:
    """The chance that a host has n feeds is n ** -exponent, over the sum of them all."""

    exponent: float
    origin: str


@dataclass(frozen=True)
class Hosts:
    """The feeds of each host, the largest first."""

    feeds: Sequence[int]

    @cached_property
    def count(self) -> int:
        return sum(self.feeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Hosts that are to be asked more often than their lane allows."""

    hosts: int
    feeds: int
    lost: float  # polls a second that the lanes cannot carry
    largest: int  # feeds of the largest host
    its_wait: float  # seconds between two polls of one of its feeds, its lane always busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """`largest`: the feeds of the largest shard, over the average; `polls`: the same of polls that the lanes carry.
    `moves`: the share of feeds that go elsewhere when the shards become twice as many."""

    number: int
    feeds: Sequence[int]
    largest: float
    polls: float
    moves: float


def law() -> Law:
    if not (DATA / "feeds_union.tsv").is_file():
        return Law(fitted(_MADE_UP), "made up: ../shared/data is not there")
    sizes = Counter(host for host in _listed() if host)
    return Law(fitted([*sizes.values()]), f"from data: {sizes.total()} feeds of {len(sizes)} hosts")


def _listed() -> list[str | None]:
    with (DATA / "feeds_union.tsv").open(encoding="utf-8", newline="") as file:
        return [urlsplit(row["url"]).hostname for row in csv.DictReader(file, delimiter="\t")]


def fitted(sizes: Sequence[int]) -> float:
    """The exponent under which these are likeliest; above 2, for with less a fleet would be one host."""
    logarithms = sum(map(math.log, sizes))
    return min(
        (2.05 + step / 100 for step in range(196)), key=lambda a: a * logarithms + len(sizes) * math.log(zeta(a))
    )


def zeta(exponent: float) -> float:
    return math.fsum(n**-exponent for n in range(1, 1000)) + math.pow(999.5, 1 - exponent) / (exponent - 1)


def drawn(of: Law, feeds: int, *, seed: int) -> Hosts:
    """So many feeds, on as many hosts as they need. The last host has what is left."""
    by, found, left = random.Random(seed), Counter[int](), feeds
    law_of = _Drawing(of.exponent)
    while left > 0:
        size = min(law_of.size(by.random()), left)
        found[size] += 1
        left -= size
    return Hosts([size for size in sorted(found, reverse=True) for _ in range(found[size])])


class _Drawing:
    def __init__(self, exponent: float) -> None:
        self._exponent, total, self._above = exponent, zeta(exponent), [1.0]
        for n in range(1, 64):
            self._above.append(self._above[-1] - n**-exponent / total)  # the chance of more than n

    def size(self, chance: float) -> int:
        """The size that this share of all hosts exceeds: exact up to 63, then as the integral has it."""
        for n, above in enumerate(self._above[1:], 1):
            if chance >= above:
                return n
        tail = (self._above[-1] / chance) ** (1 / (self._exponent - 1)) if chance else math.inf
        return min(_MOST, int(63.5 * tail) if tail < _MOST else _MOST)


def lanes(of: Hosts, each: float, lane: float = LANE) -> Lanes:
    """`each`: polls a second of one feed, in the hour that is looked at."""
    crowded = [feeds for feeds in of.feeds if feeds * each > lane]
    largest = of.feeds[0]
    return Lanes(
        hosts=len(crowded), feeds=sum(crowded), lost=sum(feeds * each - lane for feeds in crowded), largest=largest,
        its_wait=max(largest / lane, 1 / each),
    )  # fmt: skip


def shard_of(host: str, shards: int) -> int:
    """Always the same for a name, on every machine."""
    return int.from_bytes(hashlib.blake2b(host.encode(), digest_size=8).digest(), "big") % shards


def shards(of: Hosts, each: float, lane: float = LANE) -> list[Shards]:
    """One for each number of SHARDS. Each is the double of the one before, so one hash of a host tells them all."""
    most = 2 * SHARDS[-1]
    feeds, polls = [0] * most, [0.0] * most
    for n, size in enumerate(of.feeds):
        place = shard_of(f"host-{n}.example", most)
        feeds[place] += size
        polls[place] += min(size * each, lane)
    return [_shards(number, feeds, polls) for number in SHARDS]


def _shards(number: int, feeds: Sequence[int], polls: Sequence[float]) -> Shards:
    """Of so many, by what there would be in a multiple of that."""
    held = [sum(feeds[place::number]) for place in range(number)]
    asked = [sum(polls[place::number]) for place in range(number)]
    doubled = [sum(feeds[place :: 2 * number]) for place in range(2 * number)]
    largest, busiest = (max(all_) * number / sum(all_) for all_ in (held, asked))
    moves = sum(doubled[number:]) / sum(doubled)
    return Shards(number=number, feeds=held, largest=largest, polls=busiest, moves=moves)


def told_by(voices: int, number: int, *, seed: int, events: int = 500) -> float:
    """In how many shards, on average, an event is told that so many newsrooms tell: each of these makes an alert."""
    by = random.Random(seed)
    hosts = sorted({host for host in _listed() if host}) if DATA.is_dir() else [f"h{n}.example" for n in range(200)]
    told = sum(len({shard_of(host, number) for host in by.sample(hosts, voices)}) for _ in range(events))
    return told / events

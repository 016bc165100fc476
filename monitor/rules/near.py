"""`near: N words`: choosing one span of every item so that they stand close together. Pure arithmetic on words.

A choice takes one block from every slot. It is close when, read from its first word to its last, at most `gap`
words stand between each block and the next; a word that belongs to any block already passed does not count as
standing between. Blocks may overlap or contain each other: two items may be found in the same words, as they may
without `near`, so that «مطار دير الزور» serves the airport and the place however their spellings are cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from monitor.rules.spots import Spot


class Block(NamedTuple):
    """Words [first, last) of one field that one slot can stand for; `spots` are what is shown of it."""

    first: int
    last: int
    spots: tuple[Spot, ...]


Slot = Sequence[Block]
Spend = Callable[[int], None]  # told of work before it is done; raises when it becomes too much


class _Chain(NamedTuple):
    """Blocks chosen so far, in reading order; `last` is the furthest word any of them reaches."""

    last: int
    blocks: tuple[Block, ...]

    def joined(self, block: Block) -> _Chain:
        return _Chain(max(self.last, block.last), (*self.blocks, block))


def windows(slots: Sequence[Slot], gap: int, spend: Spend) -> Iterator[tuple[Block, ...]]:
    """Close choices from left to right, none beginning before the one before it is complete.

    There is one if and only if any close choice exists. `slots` is not empty.
    """
    for chain in _complete(slots, gap, spend, every_origin=False):
        yield chain.blocks


def hulls(slots: Sequence[Slot], gap: int, spend: Spend) -> list[Block]:
    """What close choices reach from their first word to their last, for a box inside another `near`.

    Only those that no other contains: where a hull is close to something, one that contains it is close too.
    """
    reached = [
        Block(chain.blocks[0].first, chain.last, tuple(spot for block in chain.blocks for spot in block.spots))
        for chain in _complete(slots, gap, spend, every_origin=True)
    ]
    return outermost(reached)


def behind(rows: Sequence[Block], blocks: Iterable[Block], gap: int, spend: Spend) -> Iterator[Block]:
    """Rows made longer by one block: it begins where a row ends, or at most `gap` words further. For each block the
    row that begins first, as no other can do more for what comes behind."""
    ends: dict[int, Block] = {}
    for row in rows:
        if row.last not in ends or row.first < ends[row.last].first:
            ends[row.last] = row
    for block in blocks:
        spend(gap + 1)
        near = [ends[end] for end in range(block.first - gap, block.first + 1) if end in ends]
        if near:
            row = min(near, key=lambda row: row.first)
            yield Block(row.first, block.last, (*row.spots, *block.spots))


def outermost(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that lie within no other, in reading order; one of those that are equal."""
    kept: list[Block] = []
    for block in sorted(blocks, key=lambda block: (block.first, -block.last)):
        if not kept or block.last > kept[-1].last:
            kept.append(block)
    return kept


def _complete(slots: Sequence[Slot], gap: int, spend: Spend, *, every_origin: bool) -> Iterator[_Chain]:
    """Walk the blocks in reading order, keeping for each set of slots the chain that reaches furthest.

    That chain can do whatever a shorter one with the same slots can, so no other needs keeping: the work is
    blocks x 2^slots at most. With `every_origin` this holds for each first word on its own, and all are told.
    """
    full = (1 << len(slots)) - 1
    chains: dict[tuple[int, int], _Chain] = {}  # (first word if it matters, slots taken as bits) -> best chain
    for block, bit in _in_reading_order(slots):
        chains = {key: chain for key, chain in chains.items() if block.first - chain.last <= gap}
        spend(len(chains) + 1)
        for key, chain in _extended(chains, block, bit, every_origin=every_origin):
            if key not in chains or chain.last >= chains[key].last:
                chains[key] = chain
        done = [key for key in chains if key[1] == full]
        yield from (chains.pop(key) for key in done)
        if done and not every_origin:
            chains = {}


def _extended(
    chains: dict[tuple[int, int], _Chain], block: Block, bit: int, *, every_origin: bool
) -> list[tuple[tuple[int, int], _Chain]]:
    grown = [
        ((origin, taken | bit), chain.joined(block)) for (origin, taken), chain in chains.items() if not taken & bit
    ]
    grown.append(((block.first if every_origin else 0, bit), _Chain(block.last, (block,))))
    return grown


def _in_reading_order(slots: Sequence[Slot]) -> list[tuple[Block, int]]:
    bits = [(block, 1 << number) for number, slot in enumerate(slots) for block in slot]
    return sorted(bits, key=lambda pair: (pair[0].first, pair[0].last, pair[1]))

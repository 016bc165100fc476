"""Which runs of words a long text keeps, and how far the runs of two texts are the same."""

from __future__ import annotations

_MASK = 0b11  # one run of four


def sample(runs: frozenset[int]) -> frozenset[int]:
    return frozenset(run for run in runs if not run & _MASK)


def is_sampled(runs: frozenset[int]) -> bool:
    return bool(runs) and all(not run & _MASK for run in runs)


def comparable(one: frozenset[int], other: frozenset[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Both sampled, if one is."""
    if is_sampled(one) == is_sampled(other):
        return one, other
    return sample(one), sample(other)

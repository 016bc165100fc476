"""How Python's memory is looked after in a process that keeps much and makes no circles."""

from __future__ import annotations

import gc

# Made and not freed before the youngest are looked over. The default of 700 is met several times an article; our values
# are frozen and know no circles, so that looking seldom finds anything.
_YOUNGEST = 50_000


def spare_the_collector() -> None:
    """Let the cycle collector look less often, and never again at what is there now: rules, places, modules.

    A tenth of the time of matching, by `bench/matching.py`. Called once the rules are loaded. Memory that circles hold
    is still given back, somewhat later.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNGEST, 20, 20)

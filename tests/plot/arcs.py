"""The forty events: how each is told, and what each beat calls for under the rule that looks there.

Each verdict is the author's, beat by beat. So that none of them hangs on a minute, beats of one event fall into
different polls, and keep ten minutes and more from every throttle and every `within`. What follows a held alert comes
before its release, or at an hour where it is all the same whether the throttle runs from the decision or from the
release. Where the life of an alert can be read in two ways, the plot does not go.
"""

from __future__ import annotations

from tests.plot.arcs_told import DEIR_EZ_ZOR, IDLIB
from tests.plot.arcs_weighed import DIYALA, KORDOFAN, LEBANON, YEMEN
from tests.plot.values import Arc

# One event each; an arc that stands here twice is told twice, of two events.
ARCS: tuple[Arc, ...] = (*DEIR_EZ_ZOR, *IDLIB, *DIYALA, *LEBANON, *YEMEN, *KORDOFAN)

AGAIN_AFTER = 14 * 60  # minutes: the town of an arc `hit-again` is hit a second time, which is a new event

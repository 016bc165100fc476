"""Each write of a pass fails once, or from then on for good: what was acknowledged stays, and the failure shows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.passes import WRITES, Ended, Passes, Point, everything, is_sound, passes, recorded_as_sent

FAULTS = [(error, how) for error in ("ENOSPC", "EIO") for how in ("once", "from then on")]
OF_STORE = tuple(each for each in WRITES if each != "write")  # which a pass also uses for what is not the store's


def faulty(monitor: Passes, state: Path, point: Point, error: str, how: str, **asked: str) -> Ended:
    name, n = point
    when = f"{n}" if how == "once" else f"{n}+"
    return monitor.run(state, "-e", f"trace={name}", "-e", f"inject={name}:error={error}:when={when}", **asked)


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(("error", "how"), FAULTS)
def test_no_acknowledged_row_is_lost_and_the_failure_shows(tmp_path: Path, error: str, how: str, half: int) -> None:
    """Every fourth point for each fault, and each point for one of them."""
    with passes(tmp_path) as monitor:
        points = monitor.points(OF_STORE)
        assert len(points) >= 120
        mine = points[FAULTS.index((error, how)) :: 4][half::2]
        shown = sum(look(monitor, point, error, how) for point in mine)
        assert shown >= len(mine) // 2 or how == "once"


def look(monitor: Passes, point: Point, error: str, how: str) -> bool:
    """Whether the pass ended in failure; it may succeed only if all was recorded."""
    where, state = f"{error} {how} at {point}", monitor.fresh()
    ended = faulty(monitor, state, point, error, how)
    sent = recorded_as_sent(state)
    assert {int(line.split()[1]) for line in ended.told if line.startswith("sent")} <= sent, where
    assert is_sound(state), where
    whole = ended.told[-1:] == ("done",) and len(sent) == len(everything())
    assert ended.status == 1 or (ended.status == 0 and whole), f"silent after {where}: {ended}"
    assert monitor.run(state).told[-1] == "done"
    received = monitor.received()
    assert set(received) == set(everything()), f"lost by {where}"
    assert max(received.values()) <= 2, f"{where}: {received}"
    return ended.status == 1


@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
def test_a_process_that_stays_tells_everything_although_the_disk_takes_nothing_any_more(
    tmp_path: Path, error: str
) -> None:
    with passes(tmp_path) as monitor:
        begun = 0
        for point in [each for each in monitor.points(("pwrite64",)) if each[1] % 12 == 5]:
            state = monitor.fresh()
            ended = faulty(monitor, state, point, error, "from then on", keeps_going="yes", lasting="yes")
            if "polled" in ended.told:
                begun += 1
                assert ended.status == 0, f"{error} at {point}"
                assert monitor.received() == Counter(everything()), f"{error} at {point}"
            assert is_sound(state), f"{error} at {point}"
            assert monitor.run(state).told[-1] == "done"
            assert set(monitor.received()) == set(everything()), f"lost by {error} at {point}"
            assert max(monitor.received().values()) <= 2, f"{error} at {point}"
        assert begun >= 8

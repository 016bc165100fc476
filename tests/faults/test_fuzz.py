"""Three thousand hostile inputs for everything that reads what others write; `bench/fuzz.py` tries a hundred thousand.

The seed is fixed: what fails here fails on every machine.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from bench import fuzz
from tests.faults.fuzz_targets import TARGETS, Target

INPUTS = 3_000
SEED = 1


def test_every_share_together_makes_as_many_inputs_as_asked_for() -> None:
    assert sum(fuzz.share(name, INPUTS) for name in TARGETS) >= INPUTS
    assert sum(fuzz.share(name, 100_000) for name in TARGETS) >= 100_000


def test_an_input_is_the_same_each_time() -> None:
    for name in TARGETS:
        assert repr(fuzz.made(SEED, name, 3)) == repr(fuzz.made(SEED, name, 3)) != repr(fuzz.made(SEED, name, 4))


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_declared_errors_comes_out_and_nothing_takes_long_or_much(name: str) -> None:
    row = fuzz.run(name, SEED, fuzz.share(name, INPUTS))
    assert row.escapes == []
    assert row.inputs == fuzz.share(name, INPUTS)
    assert row.slowest <= fuzz.LONGEST


# --- and would be seen if it did


def _number(rng: Random) -> float:
    return rng.random()


def _spin() -> None:
    while True:
        pass


def _hold() -> int:
    block = bytearray(600 << 20)
    block[:: 1 << 12] = b"x" * len(block[:: 1 << 12])
    return len(block)


def _catch_all() -> None:
    try:
        _spin()
    except Exception:  # noqa: BLE001 - as careless code does, which must not hide that it hangs
        return


ESCAPES: dict[str, tuple[Callable[[], Any], str]] = {
    "an error that nobody declared": (lambda: {}["x"], "KeyError: \"'x'\" at test_fuzz.py"),
    "a way out": (lambda: exit(3), "SystemExit: '3'"),
    "a law that does not hold": (lambda: pytest.fail("broken"), "Failed: 'broken'"),
    "endless work": (_spin, "more than 1 s"),
    "endless work in careless code": (_catch_all, "more than 1 s"),
    "too much memory": (_hold, " MiB"),
    "the end of the process": (lambda: os._exit(9), "the process died (exit 9)"),
    "a crash": (os.abort, "the process died (exit -6)"),
    "standing still": (lambda: time.sleep(60), "the process stands still"),
}


@pytest.mark.parametrize("kind", ESCAPES)
def test_an_escape_is_seen_and_costs_none_of_the_other_inputs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LONGEST", 5.0 if kind == "too much memory" else 1.0)
    if kind == "standing still":
        monkeypatch.setattr(fuzz, "STANDSTILL", 3.0)
    escape, told = ESCAPES[kind]
    first = _number(Random(f"{SEED}:made up:0"))
    target = Target(1, _number, lambda: lambda number: escape() if number == first else None)
    row = fuzz.run("made up", SEED, 5, {"made up": target})
    assert row.inputs == 5
    assert [(escaped.number, told in escaped.what) for escaped in row.escapes] == [(0, True)], row.escapes
    assert "| made up | 5 | 1 |" in fuzz.table([row])

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from monitor.feeds.line import Line


class Turns(RuleBasedStateMachine):
    """Whatever is done to a line, its hosts are busy with one job each, and the longest waiting go first: those who
    give way to others when none of these can go."""

    def __init__(self) -> None:
        super().__init__()
        self.line: Line[int] = Line(3)
        self.waiting: list[tuple[str, int]] = []
        self.yielding: list[tuple[str, int]] = []
        self.running: dict[str, int] = {}
        self.next = 0

    @rule(host=st.sampled_from("abcde"), first=st.booleans(), yields=st.booleans())
    def join(self, host: str, first: bool, yields: bool) -> None:
        self.next += 1
        self.line.join(host, self.next, first=first, yields=yields)
        waiting = self.yielding if yields else self.waiting
        waiting.insert(0 if first else len(waiting), (host, self.next))

    @rule()
    def call(self) -> None:
        waiting = [*self.waiting, *self.yielding]
        can_go = [each for each in waiting if each[0] not in self.running] if len(self.running) < 3 else []
        called = self.line.call()
        assert called == (can_go[0] if can_go else None)
        if called:
            self._leaves(called)
            self.running[called[0]] = called[1]

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        host = data.draw(st.sampled_from(sorted(self.running)))
        self.line.leave(host)
        del self.running[host]

    @precondition(lambda self: self.waiting or self.yielding)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from([*self.waiting, *self.yielding]))
        self.line.withdraw(*gone)
        self._leaves(gone)

    def _leaves(self, one: tuple[str, int]) -> None:
        (self.waiting if one in self.waiting else self.yielding).remove(one)


TestTurns = Turns.TestCase
TestTurns.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_emptying_gives_everybody_once() -> None:
    line: Line[int] = Line(1)
    for job, host in enumerate("aabc"):
        line.join(host, job, yields=job % 2 == 1)
    assert Counter(line.empty()) == Counter(range(4))
    assert line.call() is None


@pytest.mark.parametrize("most", [0, -1])
def test_a_line_without_room_is_a_mistake(most: int) -> None:
    with pytest.raises(ValueError, match="room"):
        Line(most)


@given(st.integers(1, 5))
def test_never_more_than_so_many_are_called(most: int) -> None:
    line: Line[int] = Line(most)
    for job in range(8):
        line.join(f"host{job}", job)
    assert sum(line.call() is not None for _ in range(8)) == most

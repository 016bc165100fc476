"""One look for all who wait, only while somebody does, and an end for all of them."""

from __future__ import annotations

import asyncio

import pytest

from monitor.errors import StateError
from monitor.web import watcher as watching
from monitor.web.watcher import TooMany, Watcher


class State:
    """`at` is where the alerts end; `looks` counts who asked."""

    def __init__(self):
        self.at, self.looks, self.broken = 7, 0, False

    def look(self):
        self.looks += 1
        if self.broken:
            raise StateError("gone for a moment")
        return self.at


async def later(condition):
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def run(story):
    """A story of one state and one watcher of it."""

    async def told():
        state = State()
        await story(state, Watcher(state.look, every=0.01))

    asyncio.run(told())


def listening(watcher, heard, lasts=60):
    async def listen():
        async for at in watcher.cursors(lasts=lasts):
            heard.append(at)

    return asyncio.create_task(listen())


def test_each_change_is_told_to_all_who_wait_and_the_present_at_once():
    async def story(state, watcher):
        first, second = [], []
        tasks = [listening(watcher, first), listening(watcher, second)]
        await later(lambda: first == second == [7])
        state.at = 9
        await later(lambda: first == second == [7, 9])
        await watcher.end()
        await asyncio.gather(*tasks)

    run(story)


def test_nobody_looks_where_nobody_waits():
    async def story(state, watcher):
        task = listening(watcher, [])
        await later(lambda: state.looks > 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await later(lambda: watcher.waiting == 0)
        looks = state.looks
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert state.looks <= looks + 1  # one may have been under way
        heard = []
        task = listening(watcher, heard)
        await later(lambda: heard == [7])
        await watcher.end()
        await task

    run(story)


def test_a_state_that_cannot_be_read_for_a_moment_ends_no_stream():
    async def story(state, watcher):
        heard = []
        task = listening(watcher, heard)
        await later(lambda: heard == [7])
        state.broken = True
        looks = state.looks
        await later(lambda: state.looks > looks + 2)
        state.broken, state.at = False, 8
        await later(lambda: heard == [7, 8])
        await watcher.end()
        await task

    run(story)


def test_a_stream_ends_when_its_time_is_over():
    async def story(state, watcher):
        heard = []
        async with asyncio.timeout(20):
            await listening(watcher, heard, lasts=0.1)
        assert (heard, watcher.waiting) == ([7], 0)

    run(story)


def test_who_leaves_a_stream_waits_no_more_whichever_task_closes_it():
    async def story(state, watcher):
        cursors = watcher.cursors(lasts=60)
        assert await anext(cursors) == 7
        await asyncio.create_task(cursors.aclose())
        assert watcher.waiting == 0

    run(story)


def test_only_so_many_may_wait(monkeypatch):
    monkeypatch.setattr(watching, "MOST", 2)

    async def story(state, watcher):
        tasks = [listening(watcher, []) for _ in range(2)]
        await later(lambda: watcher.waiting == 2)
        with pytest.raises(TooMany):
            watcher.admit()
        await watcher.end()
        await asyncio.gather(*tasks)
        watcher.admit()

    run(story)

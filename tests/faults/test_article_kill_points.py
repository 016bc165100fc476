"""kill -9 while articles are read: what an article tells is told once, and its line not again."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.articles.world import page
from tests.faults.passes import CALLS, Passes, Point, is_sound, warmed
from tests.world import item, rss

pytest.importorskip("trafilatura", reason="articles are read with monitor[articles]")

TOLD_BY_ITS_LINE = "غارة على مستودع في الضاحية الشمالية"
TOLD_BY_ITS_ARTICLE = "تطورات متسارعة في ريف المحافظة"
STRIKE = "أفاد مراسلنا بأن غارة جوية استهدفت مبنى من طابقين عند مدخل القرية وأن فرق الإنقاذ وصلت إلى المكان"
MORE = "وقال سكان إن الكهرباء انقطعت عن الأحياء المجاورة وإن المدارس أغلقت أبوابها حتى إشعار آخر"
# How many pieces an answer comes in is not the same each time.
ARTICLE_CALLS = tuple(call for call in CALLS if call != "recvfrom")
# Of the many writes between two that settle something every so manieth: no pass notices one of them alone.
EVERY = 12


class ArticlePasses(Passes):
    """The feed is one with `full_text`: one line is an alert by itself, the other by what its article says."""

    headlines = (TOLD_BY_ITS_LINE, TOLD_BY_ITS_ARTICLE)
    asked = MappingProxyType({"articles": "yes"})

    def show(self, *titles: str) -> None:
        now = datetime.now(UTC)
        links = [self.web.url(f"/article/{n}") for n, _ in enumerate(titles)]
        lines = (item(title, n=n, at=now, link=links[n]) for n, title in enumerate(titles))
        self.web.pages |= {"/feed": rss(*lines)} | {
            f"/article/{n}": page(STRIKE, MORE, title=title) for n, title in enumerate(titles)
        }

    def points(self, calls: Sequence[str] = ARTICLE_CALLS) -> list[Point]:
        """Those between the lines, when they are stored, and the alerts, when they may be sent."""
        log = self._folder / "calls"
        traced = ",".join(f"?{each}" for each in (*calls, "writev"))
        ended = self.run(self.fresh(), "-e", f"trace={traced}", "-o", str(log))
        assert [each.partition(" ")[0] for each in ended.told[:3]] == ["polled", "read", "read"]
        assert self.received() == Counter(self.everything())
        before, _, after = log.read_text().partition('"polled')
        first, counted = names(before), names(after.rpartition('"read')[0])
        every = {call: EVERY if call == "pwrite64" else 1 for call in calls}
        return [(call, first[call] + n) for call in calls for n in range(1, counted[call] + 1, every[call])]


def names(log: str) -> Counter[str]:
    return Counter(re.findall(r"^(\w+)\(", log, flags=re.MULTILINE))


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[ArticlePasses]:
    with warmed("--articles") as (web, warm):
        yield ArticlePasses(tmp_path, web, warm)


def test_a_pass_that_is_killed_while_it_reads_articles_loses_no_alert_and_repeats_none_twice(
    monitor: ArticlePasses,
) -> None:
    points = monitor.points()
    assert len(points) >= 12
    for name, n in points:
        state = monitor.fresh()
        killed = monitor.run(state, "-e", f"trace={name}", "-e", f"inject={name}:signal=SIGKILL:when={n}")
        assert killed.status == -signal.SIGKILL, f"{name} {n}"
        assert is_sound(state), f"{name} {n}"
        assert monitor.run(state).told[-1] == "done"
        received = monitor.received()
        assert set(received) == set(monitor.everything()), f"lost at {name} {n}"
        assert max(received.values()) <= 2, f"repeated at {name} {n}: {received}"
        assert sum(received.values()) <= len(monitor.everything()) + 1, f"more than one repeated at {name} {n}"
        assert is_sound(state), f"{name} {n}"

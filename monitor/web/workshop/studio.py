"""What the pages of rules have worked for them, kept as long as the rules are what they are."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final, cast

from starlette.requests import Request

from monitor.errors import Problem
from monitor.model import Entry
from monitor.web.desk import Desk
from monitor.web.visit import desk_of
from monitor.web.workshop.bench import Bench, NoAnswer, order_of
from monitor.web.workshop.jobs import Job, Jobs

log = logging.getLogger(__name__)

EXPLAIN_WITHIN: Final = 8.0  # seconds; a text of the greatest size takes the shipped rules less than one
TESTS_WITHIN: Final = 30.0
LINT_WITHIN: Final = 300.0
_MOST_KEPT: Final = 200  # results of tests
_MAKING: Final = Lock()


class Studio:
    """Of one desk. Safe from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, Lock()
        self.quick, self.jobs = Bench(), Jobs()
        self._tests: dict[str, list[dict[str, Any]]] = {}
        self._lint: tuple[str, tuple[Problem, ...] | None] = ("", None)

    def end(self) -> None:
        self.quick.end()
        self.jobs.end()

    # --- tests

    def tests(self, rule_id: str, changed: Mapping[Path, bytes] | None = None) -> list[dict[str, Any]]:
        """The results of a rule's own tests. Raises NoAnswer."""
        key = self._key(rule_id, changed)
        known = self._tests.get(key)
        if known is None:
            order = order_of(self._desk, "tests", changed=changed, ids=[rule_id])
            known = self.quick.ask(order, within=TESTS_WITHIN)["tests"]
            with self._lock:
                while len(self._tests) >= _MOST_KEPT:
                    del self._tests[next(iter(self._tests))]
                self._tests[key] = known
        return known

    def known_tests(self, rule_id: str) -> list[dict[str, Any]] | None:
        """If they were run already."""
        return self._tests.get(self._key(rule_id, None))

    def _key(self, rule_id: str, changed: Mapping[Path, bytes] | None) -> str:
        digest = hashlib.sha256(repr(sorted(self._desk.config.digests.items())).encode())
        for path, raw in sorted((changed or {}).items()):
            digest.update(f"{path}\0{len(raw)}\0".encode() + raw)
        return f"{digest.hexdigest()} {rule_id}"

    # --- explaining

    def warm(self) -> None:
        """Somebody is about to ask, and the process takes longer to begin than to answer. It ends by itself when nobody
        asks for a while."""
        self.quick.warm(order_of(self._desk, "warm"))

    def explain(
        self,
        entries: Sequence[Entry],
        ids: Sequence[str],
        changed: Mapping[Path, bytes] | None = None,
    ) -> list[dict[str, Any]]:
        """What rules (none named: all) say of each of these. Raises NoAnswer."""
        today = self._desk.clock.now().astimezone(self._desk.config.timezone).date()
        given = [
            {"feed_id": entry.feed_id, "title": entry.title, "summary": entry.summary, "body": entry.body}
            for entry in entries
        ]
        order = order_of(self._desk, "explain", changed=changed, entries=given, ids=list(ids), today=today.isoformat())
        told: list[dict[str, Any]] = self.quick.ask(order, within=EXPLAIN_WITHIN)["entries"]
        return told

    # --- trials

    def begin_trial(
        self,
        *,
        before: Sequence[str],
        after: Sequence[str],
        changed: Mapping[Path, bytes],
        days: int,
        about: Mapping[str, Any],
    ) -> Job | None:
        """Of these rules (`after`) against those in force (`before`; none: against nothing). None while another trial
        runs."""
        now = self._desk.clock.now()
        since = (now - timedelta(days=days)).isoformat()
        said = {"before": list(before), "after": list(after), "since": since}
        return self.jobs.begin(order_of(self._desk, "trial", changed=changed, **said), about, now=now)

    # --- weak spots

    def weak_spots(self) -> tuple[Problem, ...] | None:
        """What `monitor lint` says of the rules in force; None as long as it is being looked for."""
        today, key = self._lint_of()
        with self._lock:
            known, found = self._lint
            if known == key:
                return found
            self._lint = (key, None)
        order = order_of(self._desk, "lint", today=today)
        Thread(target=self._look, args=(key, order), name="lint", daemon=True).start()
        return None

    def known_weak_spots(self) -> tuple[Problem, ...] | None:
        """If they were found already; looks for nothing."""
        _, key = self._lint_of()
        with self._lock:
            known, found = self._lint
            return found if known == key else None

    def _lint_of(self) -> tuple[str, str]:
        """The day that it is of, and what it is known by."""
        today = self._desk.clock.now().astimezone(self._desk.config.timezone).date().isoformat()
        return today, self._key(today, None)

    def _look(self, key: str, order: dict[str, object]) -> None:
        bench = Bench()
        try:
            problems = tuple(Problem(**each) for each in bench.ask(order, within=LINT_WITHIN)["problems"])
        except NoAnswer as error:
            log.warning("pages.no_lint", extra={"why": error.detail or error.key})
            problems = ()
        finally:
            bench.end()
        with self._lock:
            if self._lint[0] == key:
                self._lint = (key, problems)


def studio_of(request: Request) -> Studio:
    """One for all requests of an application."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "studio"):
            state.studio = Studio(desk_of(request))
        return cast(Studio, state.studio)

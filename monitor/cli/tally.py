"""What one pass came to, counted as the reports come in from the workers."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from monitor.model import Alert, Attempt, Delivery, NotSent, PollReport, Reason


class Tally:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[Reason] = Counter()
        self.new = 0
        self.sent = 0
        self.failures: list[PollReport] = []
        self.alerts: list[Alert] = []
        self.not_sent: dict[str, str] = {}  # channel id -> the last trouble

    @property
    def polled(self) -> int:
        """Feeds that were asked, whatever came of it."""
        return sum(self.outcomes.values())

    def polled_feed(self, report: PollReport) -> None:
        with self._lock:
            self.outcomes[report.outcome] += 1
            self.reasons.update(report.verdicts)
            self.new += report.new
            self.alerts += report.alerts
            if report.outcome == "failed":
                self.failures.append(report)

    def tried_delivery(self, delivery: Delivery, attempt: Attempt) -> None:
        with self._lock:
            if isinstance(attempt.result, NotSent):
                again = "given up" if attempt.dead else "will be tried again"
                self.not_sent[delivery.recipient.channel_id] = f"{again}: {attempt.result.detail}"
            else:
                self.sent += 1

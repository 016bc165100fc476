"""What one pass came to, counted as the reports come in from the workers."""

from __future__ import annotations

from collections import Counter
from threading import Lock

from monitor.model import Alert, ArticleReport, Attempt, Delivery, NotSent, PollReport, Reason


class Tally:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[Reason] = Counter()
        self.new = 0
        self.sent = 0
        self.articles = 0  # read
        self.unread: list[ArticleReport] = []
        self.failures: list[PollReport] = []
        self.problems: dict[str, None] = {}  # of rules, each once
        self.alerts: list[Alert] = []
        self._not_sent: dict[int, tuple[str, str]] = {}  # delivery id -> channel id, the last trouble

    @property
    def polled(self) -> int:
        """Feeds that were asked, whatever came of it."""
        return sum(self.outcomes.values())

    @property
    def tried(self) -> bool:
        """Whether anything was to be delivered."""
        return bool(self.sent or self._not_sent)

    @property
    def not_sent(self) -> dict[str, str]:
        """The channels that something could not be sent to in the end, each with its last trouble."""
        return dict(self._not_sent.values())

    def polled_feed(self, report: PollReport) -> None:
        with self._lock:
            self.outcomes[report.outcome] += 1
            self.reasons.update(report.verdicts)
            self.new += report.new
            self.alerts += report.alerts
            self.problems |= dict.fromkeys(report.problems)
            if report.outcome == "failed":
                self.failures.append(report)

    def read_article(self, report: ArticleReport) -> None:
        with self._lock:
            self.articles += not report.error
            self.alerts += report.alerts
            self.problems |= dict.fromkeys(report.problems)
            if report.error:
                self.unread.append(report)

    def tried_delivery(self, delivery: Delivery, attempt: Attempt) -> None:
        with self._lock:
            if isinstance(attempt.result, NotSent):
                again = "given up" if attempt.dead else "will be tried again"
                if attempt.passed_to is not None:
                    again = f"told to {attempt.passed_to} instead"
                trouble = f"{again}: {attempt.result.detail}"
                self._not_sent[delivery.id] = (delivery.recipient.channel_id, trouble)
            else:
                self._not_sent.pop(delivery.id, None)
                self.sent += 1

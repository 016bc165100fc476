"""The figures are those of what happened, in the names that the reference page lists, and hold no text of a feed's."""

from __future__ import annotations

import re
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from monitor.cluster.figures import of_fleet, of_worker
from monitor.metrics import LATENCY_SECONDS, Metrics, Standing
from monitor.model import ArticleReport, Attempt, DeliveryStatus, FeedState, NotSent, PollReport, Reason, Sent
from tests.alerts.made import a_delivery
from tests.cluster.fleet import overview_of, record
from tests.docs.markdown import read
from tests.store.builders import NOW

STANDING = Standing(
    rules_at=NOW,
    rules_refused=False,
    lag=0.5,
    feeds=[FeedState(feed_id="one", next_poll_at=NOW, last_success_at=NOW, newest_at=NOW - timedelta(1), failures=2)],
    deliveries={status: number for number, status in enumerate(DeliveryStatus, start=1)},
    troubles=3,
    free_bytes=4096,
)

OF_WORKER = of_worker(record().worker, ready=True, lag=0.0)
OF_FLEET = of_fleet(overview_of())


def figures(metrics: Metrics, standing: Standing = STANDING) -> dict[str, float]:
    page = metrics.page(standing).decode()
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_polls_and_what_they_brought_are_counted():
    metrics = Metrics()
    delivery = a_delivery()
    metrics.polled(
        PollReport(
            feed_id="one", outcome="polled", new=3, changed=1, alerts=(delivery.alert,), window=50,
            verdicts={Reason.FIRST_REPORT: 1, Reason.STALE: 2}, matches={"strikes": 3},
        )
    )  # fmt: skip
    metrics.polled(PollReport(feed_id="one", outcome="failed"))
    told = figures(metrics)
    assert told["monitor_feed_fetches_total feed=one outcome=polled"] == 1
    assert told["monitor_feed_fetches_total feed=one outcome=failed"] == 1
    assert told["monitor_items_total feed=one result=new"] == 3
    assert told["monitor_items_total feed=one result=duplicate"] == 46
    assert told["monitor_matches_total rule=strikes"] == 3
    assert told["monitor_verdicts_total reason=stale"] == 2
    alert = delivery.alert
    assert told[f"monitor_alerts_total rule={alert.rule_id} severity={alert.severity.value}"] == 1


def test_where_feeds_are_too_many_for_a_label_they_are_counted_together():
    metrics = Metrics(by_feed=False)
    for feed_id in ("one", "two"):
        metrics.polled(PollReport(feed_id=feed_id, outcome="polled", new=3, window=3))
        metrics.read_article(ArticleReport(feed_id=feed_id, link="https://a.example/1"))
    told = figures(metrics)
    assert told["monitor_feed_fetches_total feed= outcome=polled"] == 2
    assert told["monitor_items_total feed= result=new"] == 6
    assert told["monitor_articles_total feed= outcome=read"] == 2
    assert not any("feed=two" in name for name in told)


def test_articles_and_what_they_told_are_counted():
    metrics, alert = Metrics(), a_delivery().alert
    read = {"alerts": (alert,), "matches": {"strikes": 2}, "verdicts": {Reason.FIRST_REPORT: 1}}
    metrics.read_article(ArticleReport(feed_id="one", link="https://a.example/1", **read))
    metrics.read_article(ArticleReport(feed_id="one", link="https://a.example/2", error="no web page"))
    told = figures(metrics)
    assert told["monitor_articles_total feed=one outcome=read"] == 1
    assert told["monitor_articles_total feed=one outcome=unread"] == 1
    assert told["monitor_matches_total rule=strikes"] == 2
    assert told["monitor_verdicts_total reason=first_report"] == 1
    assert told[f"monitor_alerts_total rule={alert.rule_id} severity={alert.severity.value}"] == 1


def test_deliveries_are_counted_by_what_came_of_them():
    metrics, delivery = Metrics(), a_delivery()
    not_sent = NotSent(detail="refused", failed_at=NOW)
    published = delivery.alert.published_at
    assert published is not None
    for attempt in (
        Attempt(result=Sent(sent_at=published + timedelta(seconds=20))),
        Attempt(result=not_sent),
        Attempt(result=not_sent, retry_at=NOW),
        Attempt(result=not_sent, passed_to="other"),
    ):
        metrics.tried(delivery, attempt)
    told = figures(metrics)
    channel = delivery.recipient.channel_id
    for outcome in ("sent", "dead", "failed", "passed_on"):
        assert told[f"monitor_notifications_total channel={channel} outcome={outcome}"] == 1
    assert told["monitor_alert_latency_seconds_bucket le=10.0"] == 0
    assert told["monitor_alert_latency_seconds_bucket le=30.0"] == 1
    assert told["monitor_alert_latency_seconds_bucket le=+Inf"] == 1
    assert told["monitor_alert_latency_seconds_sum"] == 20


def test_gauges_tell_how_things_stand():
    told = figures(Metrics())
    assert told["monitor_feed_last_success_timestamp_seconds feed=one"] == NOW.timestamp()
    assert told["monitor_feed_newest_item_timestamp_seconds feed=one"] == NOW.timestamp() - 86400
    assert told["monitor_feed_failures feed=one"] == 2
    assert told["monitor_notification_queue_length"] == 1 + 2
    assert told["monitor_notification_dead"] == 4
    assert told["monitor_rules_load_success"] == 1
    assert told["monitor_scheduler_lag_seconds"] == 0.5


def test_a_state_that_cannot_be_read_leaves_the_rest():
    told = figures(Metrics(), Standing(rules_at=NOW, rules_refused=True, lag=0))
    assert (told["monitor_state_readable"], told["monitor_rules_load_success"]) == (0, 0)
    assert "monitor_notification_queue_length" not in told


def test_the_reference_page_lists_every_name_and_no_other():
    pages = (Metrics().page(STANDING), Metrics().exposition([*OF_WORKER, *OF_FLEET]))
    names = {name for page in pages for name in re.findall(r"^# TYPE (\S+) ", page.decode(), flags=re.MULTILINE)}
    listed = set(re.findall(r"^\| `(monitor_\w+)", read("docs/reference/metrics.md"), flags=re.MULTILINE))
    assert names == listed


def test_a_time_lies_in_the_bucket_that_it_does_not_exceed():
    metrics, delivery = Metrics(), a_delivery()
    published = delivery.alert.published_at
    assert published is not None
    metrics.tried(delivery, Attempt(result=Sent(sent_at=published + timedelta(seconds=LATENCY_SECONDS[0]))))
    assert figures(metrics)[f"monitor_alert_latency_seconds_bucket le={float(LATENCY_SECONDS[0])}"] == 1

"""The law of the life of an alert: whatever is reported, in whatever order, nothing is told twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.language import Escalate
from monitor.model import Alert, DeliveryStatus, Reason, Severity, Tag
from monitor.store import Reader
from tests.world import MINUTE, ScriptedReading, World, feed, item, rule

ONCE = (Reason.FIRST_REPORT, Reason.CORROBORATED, Reason.ESCALATED, Reason.DENIED)
OPENINGS = ("", "عاجل: ", "مصادر محلية: ", "شهود من الحي: ")
TELLINGS = ("غارة على هرابش", "طائرات حربية تنفذ غارة في حي هرابش", "غارة عنيفة تهز هرابش وتوقع ضحايا بين المدنيين")
ENDINGS = ("", " نفي رسمي", " تصحيح")
OUTLETS = ("one", "two", "three", "four")

reports = st.tuples(
    st.sampled_from(OUTLETS),
    st.integers(0, 2),  # which of the outlet's entries
    st.sampled_from(OPENINGS),
    st.sampled_from(TELLINGS),
    st.one_of(st.none(), st.integers(1, 6)),  # killed
    st.sampled_from(ENDINGS),
    st.integers(0, 25),  # minutes since the last one
)

RAID, PLANES, _ = TELLINGS
DENIED_TWICE = [
    ("one", 0, "", RAID, None, "", 0),
    ("one", 0, "", RAID, None, "", 0),
    ("one", 0, "", RAID, None, " نفي رسمي", 0),
    ("two", 0, "", PLANES, None, " نفي رسمي", 0),
    ("one", 0, "", RAID, None, " تصحيح", 0),
    ("two", 1, "", PLANES, None, "", 0),
]


@example(DENIED_TWICE, 0, 1)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(reports, min_size=1, max_size=12), st.sampled_from([0, 30]), st.integers(1, 2))
def test_no_sequence_of_reports_makes_two_alerts_of_equal_reason_and_equal_state(told, throttle, min_sources):
    world = World(
        rule(
            throttle=throttle * MINUTE,
            min_sources=min_sources,
            escalate=Escalate(sources=3, within=timedelta(hours=1), to=Severity.CRITICAL),
        ),
        feeds=[feed(each) for each in OUTLETS],
        baseline=False,
        reading=ScriptedReading(),
    )
    alerts: list[Alert] = []
    shown: dict[str, dict[int, str]] = {each: {} for each in OUTLETS}
    dates: dict[int, datetime] = {}  # once and for all: what is dated anew means to be heard again
    for outlet, entry, opening, telling, killed, ending, later in told:
        world.clock.advance(later * MINUTE)
        toll = f" قتل {killed}" if killed is not None else ""
        number = OUTLETS.index(outlet) * 10 + entry
        at = dates.setdefault(number, world.clock.now())
        shown[outlet][entry] = item(f"{opening}{telling}{toll}{ending}", n=number, at=at)
        world.poll(*shown[outlet].values(), feed_id=outlet)
        alerts += world.reports[-1].alerts
        world.deliver()
    _hold(alerts)
    world.clock.advance(timedelta(hours=2))
    world.deliver()
    sent = [each.alert.id for each in world.sender.sent]
    replaced = {each.alert.id for each in Reader(world.store.database).deliveries(DeliveryStatus.REPLACED, limit=99)}
    assert sorted([*sent, *replaced]) == sorted(each.id for each in alerts), (
        "each is sent once, or made way for another"
    )


def _hold(alerts: list[Alert]) -> None:
    """Of each story: what is told once is, and nothing is updated or corrected to what was told."""
    stories: dict[int, list[Alert]] = {}
    for alert in alerts:
        stories.setdefault(alert.story_id, []).append(alert)
    for told in stories.values():
        reasons = [alert.reason for alert in told]
        assert all(reasons.count(once) <= 1 for once in ONCE), reasons
        state: tuple[int | None, bool, bool] = (None, False, False)
        for alert in told:
            killed, corrects = alert.facts.killed, alert.reason is Reason.CORRECTED
            affirms = Tag.DENIED not in alert.facts.tags
            now = (state[0] if killed is None else killed.least, state[1] or corrects, state[2] or affirms)
            anew = "published the headline anew" in alert.why  # by another entry of its newsroom, dated later
            changes = now != state or "headline" in alert.before or anew
            assert changes or alert.reason not in (Reason.UPDATED, Reason.CORRECTED), (state, alert)
            more = now[0] is None or state[0] is None or now[0] > state[0] or corrects
            state = now if more else state

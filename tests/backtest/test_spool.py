"""What waits on the disk comes back whole, and in the order of its times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.backtest.history import Past
from monitor.backtest.spool import Spool
from monitor.model import Entry

UNKNOWN = datetime(2026, 3, 4, tzinfo=UTC)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
pasts = st.builds(
    Past,
    document=st.text(st.characters(codec="utf-8"), min_size=1),
    at=st.none() | instants,
    entry=st.builds(Entry, feed_id=st.just("f"), title=st.text(), body=st.text()),
)


@given(st.lists(pasts, max_size=20))
def test_all_come_back_in_the_order_of_their_times_and_of_one_time_as_they_were_given(given_):
    spool = Spool()
    for past in given_:
        spool.add(past)
    in_order = [(at, spool.read(number)) for at, number in spool.in_order(unknown=UNKNOWN)]
    spool.close()
    assert [past for _, past in in_order] == sorted(given_, key=lambda past: past.at or UNKNOWN)
    assert [at for at, _ in in_order] == sorted(past.at or UNKNOWN for past in given_)


def test_reading_in_between_does_not_disturb_what_is_added():
    spool = Spool()
    told = [Past(document=str(n), at=UNKNOWN + timedelta(days=n), entry=Entry(feed_id="f")) for n in range(3)]
    for past in told:
        assert spool.read(spool.add(past)) == past
        assert spool.read(0) == told[0]
    assert len(spool) == 3

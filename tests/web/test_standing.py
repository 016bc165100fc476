"""How the monitor stands, in one line: what is wrong with its eyes is not what is wrong with its voice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.status import Account
from monitor.trouble import Finding, Kind, Sight, Trouble, sight
from monitor.web.standing import ICONS, Standing, standing
from monitor.web.words import TEXTS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEES, HALF, BLIND, RESTING = (f"operations.sight.{each}" for each in ("sees", "half blind", "blind", "resting"))
NOT_ALL, LATE = "operations.tells.not_all", "operations.tells.late"


def account(*kinds: Kind, not_kept: str = "", nobody: bool = False) -> Account:
    troubles = tuple(Trouble(finding=Finding(kind=kind, subject="x", facts={}), begun_at=NOW) for kind in kinds)
    return Account(
        sight=Sight.BLIND if nobody else sight(troubles),
        nobody_looks="hangs" if nobody else None,
        unread_for=timedelta(0),
        not_kept=not_kept,
        troubles=troubles,
    )


@pytest.mark.parametrize(
    ("account", "told", "expected"),
    [
        (account(), {}, ("ok", SEES, "")),
        (account(Kind.FEED_MOVED), {}, ("ok", SEES, "")),
        (account(Kind.FEED_FAILING), {}, ("warning", HALF, "")),
        (account(Kind.CHANNEL_LATE), {}, ("warning", SEES, LATE)),
        (account(Kind.CHANNEL_REFUSES), {}, ("warning", SEES, NOT_ALL)),
        (account(Kind.CANARY_LOST, Kind.CHANNEL_LATE), {}, ("warning", SEES, NOT_ALL)),
        (account(Kind.CHANNEL_LATE, Kind.FEED_GONE), {}, ("warning", HALF, LATE)),
        (account(Kind.NETWORK), {}, ("error", BLIND, "")),
        (account(Kind.NETWORK, Kind.CHANNEL_LATE), {}, ("error", BLIND, LATE)),
        (account(not_kept="the disk is full"), {}, ("warning", HALF, "")),
        (account(nobody=True), {"runs": False}, ("error", BLIND, "")),
        (account(), {"runs": False}, ("info", RESTING, "")),
        (account(), {"runs": False, "overdue": timedelta(minutes=31)}, ("warning", RESTING, "")),
        (account(Kind.FEED_FAILING), {"runs": False}, ("warning", HALF, "")),
        (account(), {"overdue": timedelta(hours=2)}, ("ok", SEES, "")),
        (account(), {"undelivered_for": timedelta(minutes=16)}, ("warning", SEES, LATE)),
        (account(), {"undelivered_for": timedelta(minutes=14)}, ("ok", SEES, "")),
    ],
)
def test_what_is_seen_and_what_arrives_are_said_apart(account, told, expected):
    given = {"runs": True, "overdue": timedelta(0), "undelivered_for": timedelta(0), **told}
    found = standing(account, **given)
    level, sees, tells = expected
    assert found == Standing(level=level, sees=sees, tells=tells)
    assert found.is_well == (level in ("ok", "info"))
    for texts in TEXTS.values():
        assert sees in texts
        assert not tells or tells in texts
    assert ICONS[found.level]

"""When operators hear of a trouble, and when not: once when it begins, once a day while it lasts, once when it ends,
and ever more rarely while it comes and goes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.trouble import ADVICE, Finding, Trouble, Turn, Word

DAY = timedelta(days=1)
REMIND_AFTER = DAY
REMIND_OF_ADVICE_AFTER = timedelta(days=7)
FORGET_AFTER = DAY  # what stayed away so long comes as a new trouble
FREE_TIMES = 3  # so often a day it may come back, or change, and be told at once
FIRST_QUIET = timedelta(hours=1)  # from then on at least so long between two words about it, and four times with each

Ledger = Mapping[str, Trouble]


def observe(ledger: Ledger, findings: Iterable[Finding], *, now: datetime) -> dict[str, Trouble]:
    """The ledger after a look that found these and nothing else."""
    found = {finding.key: finding for finding in findings}
    known = {key: trouble for key, trouble in ledger.items() if not _forgotten(trouble, now)}
    ended = {key: _ended(trouble, now) for key, trouble in known.items() if key not in found}
    return ended | {key: _lasting(known.get(key), finding, now) for key, finding in found.items()}


def words(ledger: Ledger, *, now: datetime) -> list[Word]:
    """What is to be said now. Whoever said it calls `said`; what nobody took is still to be said at the next look."""
    due = ((_turn(trouble, now), trouble) for trouble in ledger.values())
    return [Word(turn=turn, trouble=trouble) for turn, trouble in due if turn is not None]


def said(ledger: Ledger, spoken: Iterable[Word], *, now: datetime) -> dict[str, Trouble]:
    """The ledger once these words were taken by somebody."""
    return {**ledger, **{word.trouble.key: _said(ledger[word.trouble.key], word.turn, now) for word in spoken}}


def quiet(times: int) -> timedelta:
    """How long after a word the next one about a trouble waits that came so often."""
    if times <= FREE_TIMES:
        return timedelta(0)
    factor: int = 4 ** min(times - FREE_TIMES - 1, 8)
    return min(FIRST_QUIET * factor, DAY)


def _ended(trouble: Trouble, now: datetime) -> Trouble:
    if not trouble.lasts:
        return trouble
    # The end of what passes by itself, and of what nobody heard of, is no news.
    return replace(trouble, over_at=now, told=trouble.told and not trouble.finding.passes)


def _lasting(known: Trouble | None, finding: Finding, now: datetime) -> Trouble:
    if known is None:
        return Trouble(finding=finding, begun_at=_begun(finding, now))
    if not known.lasts:
        return replace(known, finding=finding, begun_at=_begun(finding, now), over_at=None, times=known.times + 1)
    if finding.text != known.finding.text:
        return replace(known, finding=finding, told=False, times=known.times + 1)
    return replace(known, finding=finding, begun_at=min(known.begun_at, _begun(finding, now)))


def _begun(finding: Finding, now: datetime) -> datetime:
    return min(finding.since or now, now)


def _forgotten(trouble: Trouble, now: datetime) -> bool:
    return trouble.over_at is not None and not trouble.told and _passed(trouble.over_at, now) >= FORGET_AFTER


def _turn(trouble: Trouble, now: datetime) -> Turn | None:
    silence = _passed(trouble.said_at, now)
    if trouble.lasts and trouble.told:
        advice = trouble.finding.kind in ADVICE
        return Turn.LASTS if silence >= (REMIND_OF_ADVICE_AFTER if advice else REMIND_AFTER) else None
    if trouble.lasts == trouble.told or silence < quiet(trouble.times):
        return None
    if trouble.lasts:
        return Turn.BEGAN if _passed(trouble.begun_at, now) >= trouble.finding.patience else None
    return Turn.ENDED


def _said(trouble: Trouble, turn: Turn, now: datetime) -> Trouble:
    return replace(trouble, told=turn is not Turn.ENDED, said_at=now, times=1 if turn is Turn.LASTS else trouble.times)


def _passed(since: datetime | None, now: datetime) -> timedelta:
    """How long ago; for ever if never, or if the clock was set back since: a wrong clock must not silence us."""
    if since is None or since > now:
        return timedelta.max
    return now - since

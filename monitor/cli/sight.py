"""What `monitor status` says of our sight: sees, half blind or blind; what is wrong, since when, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.troubles import remedy, what
from monitor.cli.show import counted, span
from monitor.trouble import Kind, Sight, Trouble, sight

UNREAD_AFTER = timedelta(days=1)  # each feed is asked once a day at least, so by then somebody must have read one

_PLAIN = str.maketrans("", "", "\u2068\u2069")  # isolates are for messages; a terminal may show them as boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`nobody_looks`: why nothing at all is seen, whatever was recorded last; '' if somebody looks. `not_kept`: why
    what is seen may not be recorded; '' if it is."""

    sight: Sight
    nobody_looks: str
    not_kept: str
    troubles: tuple[Trouble, ...]  # that last, the worst first


def account(
    troubles: Iterable[Trouble], *, last_polled_at: datetime | None, hangs: bool, not_kept: str, now: datetime
) -> Account:
    """`hangs`: a daemon holds the state, and has shown no sign of life for a minute. `not_kept`: see `Account`."""
    lasting = sorted(
        (trouble for trouble in troubles if trouble.lasts),
        key=lambda each: (-each.finding.kind.sight.rank, list(Kind).index(each.finding.kind), each.begun_at),
    )
    nobody = _nobody_looks(last_polled_at, hangs, now)
    seen = max(sight(lasting), Sight.HALF_BLIND if not_kept else Sight.SEES, key=lambda each: each.rank)
    return Account(
        sight=Sight.BLIND if nobody else seen, nobody_looks=nobody, not_kept=not_kept, troubles=tuple(lasting)
    )


def _nobody_looks(last_polled_at: datetime | None, hangs: bool, now: datetime) -> str:
    if hangs:
        return "the daemon shows no sign of life: look at its log, and start it again"
    if last_polled_at is None:
        return "no feed was ever read: start 'monitor run', or 'monitor check' from cron"
    if now - last_polled_at > UNREAD_AFTER:
        return f"no feed was read for {span(now - last_polled_at)}: start 'monitor run', or look at cron"
    return ""


def told(found: Account, now: datetime) -> Iterator[str]:
    number = counted(len(found.troubles) + bool(found.not_kept), "thing to mend", "things to mend")
    shown = f"{found.sight.value.upper() if found.sight is not Sight.SEES else found.sight.value}"
    if found.nobody_looks:
        yield f"sight        {shown}: {found.nobody_looks}"
    else:
        yield f"sight        {shown}{f', {number}' if found.troubles or found.not_kept else ', nothing is wrong'}"
    if found.not_kept:
        yield f"  - {found.not_kept}"
    for trouble in found.troubles:
        yield f"  - {plain_words(trouble, now)}; since {trouble.begun_at:%Y-%m-%d %H:%M}Z"
        for line in _plain(remedy(trouble, "en")).splitlines():
            yield f"    {line}"


def as_json(found: Account, now: datetime) -> dict[str, object]:
    return {
        "sight": found.sight.value,
        "nobody_looks": found.nobody_looks or None,
        "not_kept": found.not_kept or None,
        "troubles": [_as_json(trouble, now) for trouble in found.troubles],
    }


def _as_json(trouble: Trouble, now: datetime) -> dict[str, object]:
    return {
        "kind": trouble.finding.kind.value,
        "subject": trouble.finding.subject or None,
        "since": trouble.begun_at.isoformat(),
        "told_at": trouble.said_at.isoformat() if trouble.told and trouble.said_at else None,
        "what": plain_words(trouble, now),
        "remedy": _plain(remedy(trouble, "en")),
    }


def plain_words(trouble: Trouble, now: datetime) -> str:
    """What is wrong, in one line for a terminal."""
    return _plain(what(trouble, "en", now=now))


def _plain(text: str) -> str:
    return text.translate(_PLAIN)

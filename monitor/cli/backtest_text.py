"""Trials for a terminal: 80 columns, without colour too."""

from __future__ import annotations

import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final

import click

from monitor.alerts.clean import safe_link
from monitor.alerts.marks import shown
from monitor.backtest import Change, Difference, Judged, Precision, Trial, WouldSend
from monitor.cli.show import counted, local, loud
from monitor.model import Hold
from monitor.plots import bars
from monitor.rules.explain_text import isolated
from monitor.text.clean import display

_WIDE: Final = 78
_MOST_BARS: Final = 45  # days; of more, weeks are shown, and of more than as many weeks, months
_MOST_EMPTY: Final = 5  # rows without an alert, one after the other, before they are told in one
_MOST_ROWS: Final = 15  # sources, overlaps
_MOST_CHANGES: Final = 100


def trial_lines(trial: Trial, zone: tzinfo) -> Iterator[str]:
    yield from _head(trial, zone)
    yield from _chart(trial)
    yield from _rules(trial)
    yield from _table("by source", "source", trial.by_source)
    yield from _quiet(trial)
    yield from _overlaps(trial)
    yield from _precision(trial.precision)
    yield from _samples(trial, zone)
    notes = (*trial.left_out, *(f"A rule may have missed something: {each}" for each in trial.problems))
    if notes:
        yield from ("", "To know", *_wrapped(notes))


def difference_lines(difference: Difference, old: Trial, name: str, zone: tzinfo) -> Iterator[str]:
    """`name`: what it is compared with."""
    same = f"{counted(len(difference.kept), 'alert', 'alerts')} both ways"
    if difference.altered:
        same += f" ({len(difference.altered):,} with another severity, reason or hour)"
    yield ""
    yield click.style(f"Compared with {name}, which would have sent {len(old.alerts):,}", bold=True)
    yield f"  {len(difference.gained):,} gained, {len(difference.lost):,} lost, {same}"
    for sign, title, changes in (("+", "gained", difference.gained), ("-", "lost", difference.lost)):
        if changes:
            yield from ("", click.style(title, bold=True))
            for change in changes[:_MOST_CHANGES]:
                yield from _change(sign, change, zone)
            if len(changes) > _MOST_CHANGES:
                yield f"  and {len(changes) - _MOST_CHANGES:,} more; --json has all of them"
    if difference.altered:
        yield from ("", click.style("sent both ways, and not alike", bold=True))
    for altered in difference.altered[:_MOST_ROWS]:
        was, now = altered.old, altered.new
        yield f"~ {local(now.at, zone)}  {now.rule_id}"
        yield f"  {display(now.title)}"
        yield f"    {_differs(was, now, zone)}"


def picture(trial: Trial, zone: tzinfo) -> str:
    """The days as a drawing for a file."""
    rules = f" by {', '.join(trial.rules)}" if len(trial.rules) <= 3 else ""
    series = [(f"{day:%d.%m.}", float(number)) for day, number in trial.days.items()]
    return bars(series, title=f"Alerts a day{rules} ({zone})", standalone=True)


# --- what was found, all together


def _head(trial: Trial, zone: tzinfo) -> Iterator[str]:
    if not trial.complete:
        yield "Broken off: this is what was found until then."
    if trial.first_at is None or trial.last_at is None:
        span = "at no known time"
    else:
        span = f"{trial.first_at.astimezone(zone):%Y-%m-%d} to {trial.last_at.astimezone(zone):%Y-%m-%d}"
    took = trial.speed.matching + trial.speed.deciding
    pace = f"{trial.speed.entries_a_second:,.0f} a second"
    yield f"{counted(trial.entries, 'entry', 'entries')}, {span}; read in {took:,.1f} s ({pace})"
    told = counted(len(trial.alerts), "alert", "alerts")
    yield click.style(f"{told} would have been sent", bold=True)


def _chart(trial: Trial) -> Iterator[str]:
    if not trial.alerts:
        return
    unit, rows = _rows(trial.days)
    yield from ("", click.style(f"alerts a {unit}", bold=True))
    most = max(number for _, number in rows)
    room = _WIDE - 12 - len(f"{most:,}") - 1
    block = "█" if _can_show("█") else "#"
    for empty, group in groupby(rows, key=lambda row: not row[1]):
        some = list(group)
        if empty and len(some) > _MOST_EMPTY:
            yield f"{some[0][0]}  0, and none for {len(some):,} {unit}s"
            continue
        for day, number in some:
            long = max(1, round(number / most * room)) if number else 0
            yield f"{day}  {block * long}{' ' if long else ''}{number:,}"


def _rows(days: Mapping[date, int]) -> tuple[str, list[tuple[date, int]]]:
    """Of many days a row for each week, by its Monday; of many weeks one for each month, by its first day."""
    for unit, begin in (("day", _same), ("week", _monday), ("month", _first)):
        found: Counter[date] = Counter()
        for day, number in days.items():
            found[begin(day)] += number
        if len(found) <= _MOST_BARS or unit == "month":
            return unit, sorted(found.items())
    raise AssertionError("months are the last")


def _same(day: date) -> date:
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first(day: date) -> date:
    return day.replace(day=1)


def _rules(trial: Trial) -> Iterator[str]:
    yield from ("", click.style("by rule", bold=True))
    wide = max((len(rule_id) for rule_id in trial.rules), default=4)
    yield f"{'rule'.ljust(wide)}  matched  alerts"
    for rule_id in sorted(trial.rules, key=lambda each: (-trial.by_rule[each], -trial.hits[each])):
        yield f"{rule_id.ljust(wide)}  {trial.hits[rule_id]:>7,}  {trial.by_rule[rule_id]:>6,}"


def _table(title: str, head: str, numbers: Mapping[str, int]) -> Iterator[str]:
    if not numbers:
        return
    shown_ = [(display(name) or "–", number) for name, number in list(numbers.items())[:_MOST_ROWS]]
    wide = max(len(f"{number:,}") for _, number in shown_)
    yield from ("", click.style(title, bold=True), f"{'alerts'.rjust(max(wide, 6))}  {head}")
    for name, number in shown_:
        yield f"{number:>{max(wide, 6)},}  {isolated(name)}"
    if len(numbers) > _MOST_ROWS:
        rest = sum(list(numbers.values())[_MOST_ROWS:])
        yield f"{rest:>{max(wide, 6)},}  {counted(len(numbers) - _MOST_ROWS, 'other', 'others')}"


def _quiet(trial: Trial) -> Iterator[str]:
    reasons = Counter(decided.reason.value for decided in trial.quiet.values())
    if reasons:
        yield from ("", click.style("matched, and told to nobody", bold=True))
        for reason, number in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
            yield f"{number:>6,}  {reason}"


def _overlaps(trial: Trial) -> Iterator[str]:
    if trial.overlaps:
        yield from ("", click.style("matched by two rules", bold=True))
    for each in trial.overlaps[:_MOST_ROWS]:
        yield f"{each.both:>6,}  {each.one} ({each.of_one:,}) and {each.other} ({each.of_other:,})"
    if len(trial.overlaps) > _MOST_ROWS:
        yield f"        and {counted(len(trial.overlaps) - _MOST_ROWS, 'pair', 'pairs')} more"


def _precision(precision: Precision | None) -> Iterator[str]:
    if precision is None:
        return
    yield from ("", click.style("what readers said", bold=True))
    if not precision.anything:
        yield "  None of the alerts of this time was judged: 'monitor feedback ALERT match|wrong' says it."
        return
    yield f"  of alerts that would be sent: {_said(precision.sent)}"
    yield f"  of alerts that would not:     {_said(precision.not_sent)}"
    for rule_id, judged in precision.by_rule.items():
        yield f"    {rule_id}: {_said(judged)}"


def _said(judged: Judged) -> str:
    if judged.share is None:
        return "none judged"
    return f"{judged.alerts:,} judged; right {judged.right:,}, wrong {judged.wrong:,} ({judged.share:.0%} right)"


# --- single alerts


def _samples(trial: Trial, zone: tzinfo) -> Iterator[str]:
    if not trial.samples:
        return
    few = f"{len(trial.samples):,} of {len(trial.alerts):,}" if len(trial.samples) < len(trial.alerts) else "all"
    yield from ("", click.style(f"alerts ({few})", bold=True))
    for each in trial.samples:
        yield from _alert(each, zone)


def _alert(alert: WouldSend, zone: tzinfo, sign: str = "") -> Iterator[str]:
    told = f"{sign}{local(alert.at, zone)}  {loud(alert.severity)}  {alert.rule_id}  {alert.reason.value}"
    yield told
    yield f"  {_marked(alert)}"
    sources = f", {counted(alert.sources, 'independent source', 'independent sources')}" if alert.sources > 1 else ""
    yield f"  {isolated(display(alert.source))}{sources}"
    clauses = dict.fromkeys(span.clause for span in alert.spans)
    yield f"  found: {isolated(display(', '.join(clauses)))}"
    yield from (f"  {each}" for each in _held(alert, zone))
    link = safe_link(alert.link)
    if link:
        yield f"  {link}"


def _held(alert: WouldSend, zone: tzinfo) -> Iterator[str]:
    """Channels that keep it for the same thing and as long, in one line."""
    kept: dict[tuple[Hold, datetime], list[str]] = {}
    for each in alert.held:
        kept.setdefault((each.hold, each.until), []).append(each.channel)
    for (hold, until), channels in kept.items():
        yield f"to {', '.join(channels)} at {local(until, zone)}: {hold.value}"


def _marked(alert: WouldSend) -> str:
    """The headline with the words that were found in brackets, so that they are seen without colour too."""
    title = shown(alert.title, [span for span in alert.spans if span.field == "title"])
    return "".join(click.style(f"[{text}]", bold=True) if marked else text for text, marked in title.pieces()) or "–"


def _change(sign: str, change: Change, zone: tzinfo) -> Iterator[str]:
    yield from _alert(change.alert, zone, sign=f"{sign} ")
    yield from (f"    {isolated(display(why))}" for why in change.why)


def _differs(was: WouldSend, now: WouldSend, zone: tzinfo) -> str:
    parts = []
    if was.severity is not now.severity:
        parts.append(f"severity {was.severity.value} → {now.severity.value}")
    if was.reason is not now.reason:
        parts.append(f"{was.reason.value} → {now.reason.value}")
    if was.at != now.at:
        parts.append(f"{_hour(was.at, zone)} → {_hour(now.at, zone)}")
    if was.held != now.held:
        parts.append(f"{_kept(was, zone)} → {_kept(now, zone)}")
    return ", ".join(parts)


def _kept(alert: WouldSend, zone: tzinfo) -> str:
    return "; ".join(_held(alert, zone)) or "to all at once"


def _hour(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _wrapped(notes: Iterable[str]) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(note, _WIDE, initial_indent="  - ", subsequent_indent="    ", break_long_words=False)


def _can_show(sign: str) -> bool:
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True

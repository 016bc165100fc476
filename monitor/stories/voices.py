"""How many independently tell a story, and who they are.

A report speaks with the voice of its origin's owner: of the agency's, where it credits one. A report whose text is that
of an earlier one speaks with that one's voice, which may itself be another's. What an agency sold is older than all who
print it, whenever they do: where a text is credited by one of them, those who print it without saying so are copies.
Any version counts, of the one and of the other: a copy stays one when its original is edited, and when it is itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.language import Newsroom
from monitor.model import Report, Sketch, SourceTold, Voices

Alike = Callable[[Sketch, Sketch], bool]
_Order = tuple[bool, datetime, str, bytes, str, int]
MOST_NAMED = 20


class _Text(NamedTuple):
    """What one version of a report says."""

    report: Report
    sketch: Sketch
    seen_at: datetime


class _Spoken(NamedTuple):
    report: Report
    voice: str
    texts: Sequence[_Text]


_Source = Callable[[_Text, _Text], bool]


def voices(reports: Sequence[Report], *, alike: Alike, agencies: Collection[str] = ()) -> Voices:
    """`alike`: whether two are the same text; it is asked a report's kin from the earliest on, until one is found.
    `agencies`: newsrooms whose texts others print.

    The order of the reports does not matter. Ties of time go by owner, then by text, so that it does not matter either
    whose feed was asked first.
    """
    begun = _begun(_heard(reports, alike, agencies))
    return Voices(owners=tuple(sorted(begun, key=lambda voice: (begun[voice], voice))), reports=len(reports))


def told_by(
    reports: Sequence[Report],
    newsrooms: Mapping[str, Newsroom],
    *,
    alike: Alike,
    agencies: Collection[str] = (),
    feed_names: Mapping[str, str] | None = None,
    language: str = "ar",
) -> tuple[SourceTold, ...]:
    """One report of each voice, then each further newsroom's first, both in the order of time; at most twenty.

    Of a voice it is the first report that is no copy. Where somebody else's word was printed, that is said:
    'العربي الجديد (فرانس برس)'. A newsroom that is not known is called what its feed is called (`feed_names`, by feed
    id), or by its id.
    """
    first: dict[str, Report] = {}
    for each in sorted(_heard(reports, alike, agencies), key=_rank):
        first.setdefault(each.voice, each.report)
    heard = {report.origin.newsroom for report in first.values()}
    copies: dict[str, Report] = {}
    for report in sorted(reports, key=_by_time):
        if report.origin.newsroom not in heard:
            copies.setdefault(report.origin.newsroom, report)
    called = _Names(newsrooms, feed_names or {}, language)
    independent = _told(sorted(first.values(), key=_by_time), called, independent=True)
    return tuple([*independent, *_told(copies.values(), called, independent=False)][:MOST_NAMED])


def _heard(reports: Sequence[Report], alike: Alike, agencies: Collection[str]) -> list[_Spoken]:
    """Each with its voice.

    What others are taken to have copied before anybody saw it may be late, or dated back, or edited in, or name a
    source that is none of its: two sources that are one only by such a text are counted as two.
    """
    told = _spoken(sorted(reports, key=_order), alike, lambda _own, _theirs: True)
    if len(_begun(told)) == len({report.origin.owner for report in reports}):
        return told

    def in_time(own: _Text, theirs: _Text) -> bool:
        newsroom = theirs.report.origin.newsroom
        return theirs.seen_at <= own.seen_at or newsroom in agencies or newsroom == own.report.origin.newsroom

    def as_seen(report: Report) -> tuple[bool, datetime, _Order]:
        return report.origin.newsroom not in agencies, report.seen_at, _order(report)

    seen = _spoken(sorted(reports, key=as_seen), alike, in_time)
    return seen if len(_begun(seen)) > len(_begun(told)) else told


def _begun(spoken: Sequence[_Spoken]) -> dict[str, datetime]:
    """When each voice was first heard."""
    begun: dict[str, datetime] = {}
    for each in spoken:
        told_at = each.report.sketch.told_at
        begun[each.voice] = min(begun.get(each.voice, told_at), told_at)
    return begun


def _spoken(reports: Sequence[Report], alike: Alike, source: _Source) -> list[_Spoken]:
    """Each with the voice of the first of these that it copied, else with its own. `source`: whether the one text may
    have been copied from the other."""
    spoken: list[_Spoken] = []
    known: dict[bytes, list[tuple[_Text, str]]] = {}
    for report in reports:
        own = [_Text(report, version.sketch, version.seen_at) for version in report.versions]
        voice = _same(own, known, source) or _kin(own, spoken, alike, source) or report.origin.owner
        spoken.append(_Spoken(report, voice, own))
        for text in own:
            known.setdefault(text.sketch.text, []).append((text, voice))
    return spoken


def _same(own: Sequence[_Text], known: Mapping[bytes, Sequence[tuple[_Text, str]]], source: _Source) -> str | None:
    return next(
        (voice for text in own for theirs, voice in known.get(text.sketch.text, ()) if source(text, theirs)), None
    )


def _kin(own: Sequence[_Text], spoken: Sequence[_Spoken], alike: Alike, source: _Source) -> str | None:
    return next(
        (
            each.voice
            for each in spoken
            for theirs in each.texts
            for text in own
            if source(text, theirs) and alike(theirs.sketch, text.sketch)
        ),
        None,
    )


def _order(report: Report) -> _Order:
    """What was printed from an agency first. The id, which depends on who was asked first, tells only those apart that
    are equal in all that counts."""
    origin, sketch = report.origin, report.sketch
    return origin.credited is None, sketch.told_at, origin.owner, sketch.text, origin.newsroom, report.entry_id


def _by_time(report: Report) -> tuple[datetime, _Order]:
    return report.sketch.told_at, _order(report)


def _rank(spoken: _Spoken) -> tuple[bool, tuple[datetime, _Order]]:
    return spoken.voice != spoken.report.origin.owner, _by_time(spoken.report)


class _Names:
    def __init__(self, newsrooms: Mapping[str, Newsroom], feed_names: Mapping[str, str], language: str) -> None:
        self._newsrooms, self._feed_names, self._language = newsrooms, feed_names, language

    def of(self, report: Report) -> str:
        name = self._newsroom(report.origin.newsroom, self._feed_names.get(report.feed_id))
        if report.origin.credited is None:
            return name
        return f"{name} ({self._newsroom(report.origin.credited, None)})"

    def _newsroom(self, newsroom: str, otherwise: str | None) -> str:
        known = self._newsrooms.get(newsroom)
        return known.name.get(self._language) or known.name["en"] if known else otherwise or newsroom


def _told(reports: Iterable[Report], called: _Names, *, independent: bool) -> list[SourceTold]:
    return [
        SourceTold(name=called.of(report), link=report.link, told_at=report.sketch.told_at, independent=independent)
        for report in reports
    ]

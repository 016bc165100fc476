"""How many independently tell a story, and who they are.

A report speaks with the voice of its origin's owner: of the agency's, where it credits one. A report whose text is that
of an earlier one speaks with that one's voice, which may itself be another's. What an agency sold is older than all who
print it, whenever they do: where a text is credited by one of them, those who print it without saying so are copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from monitor.language import Newsroom
from monitor.model import Report, Sketch, SourceTold, Voices

Alike = Callable[[Sketch, Sketch], bool]
_Order = tuple[bool, datetime, str, bytes, str, int]
MOST_NAMED = 20


def voices(reports: Sequence[Report], *, alike: Alike) -> Voices:
    """`alike`: whether two are the same text; it is asked a report's kin from the earliest on, until one is found.

    The order of the reports does not matter. Ties of time go by owner, then by text, so that it does not matter either
    whose feed was asked first.
    """
    begun: dict[str, datetime] = {}
    for report, voice in _spoken(reports, alike):
        begun[voice] = min(begun.get(voice, report.sketch.told_at), report.sketch.told_at)
    return Voices(owners=tuple(sorted(begun, key=lambda voice: (begun[voice], voice))), reports=len(reports))


def told_by(
    reports: Sequence[Report],
    newsrooms: Mapping[str, Newsroom],
    *,
    alike: Alike,
    feed_names: Mapping[str, str] | None = None,
    language: str = "ar",
) -> tuple[SourceTold, ...]:
    """One report of each voice, then each further newsroom's first, both in the order of time; at most twenty.

    Of a voice it is the first report that is no copy. Where somebody else's word was printed, that is said:
    'العربي الجديد (فرانس برس)'. A newsroom that is not known is called what its feed is called (`feed_names`, by feed
    id), or by its id.
    """
    first: dict[str, Report] = {}
    for report, voice in sorted(_spoken(reports, alike), key=_rank):
        first.setdefault(voice, report)
    heard = {report.origin.newsroom for report in first.values()}
    copies: dict[str, Report] = {}
    for report in sorted(reports, key=_by_time):
        if report.origin.newsroom not in heard:
            copies.setdefault(report.origin.newsroom, report)
    called = _Names(newsrooms, feed_names or {}, language)
    independent = _told(sorted(first.values(), key=_by_time), called, independent=True)
    return tuple([*independent, *_told(copies.values(), called, independent=False)][:MOST_NAMED])


def _spoken(reports: Sequence[Report], alike: Alike) -> list[tuple[Report, str]]:
    """Each report with its voice."""
    spoken: list[tuple[Report, str]] = []
    known: dict[bytes, str] = {}
    for report in sorted(reports, key=_order):
        voice = known.get(report.sketch.text)
        if voice is None:
            kin = (voice for earlier, voice in spoken if alike(earlier.sketch, report.sketch))
            voice = known[report.sketch.text] = next(kin, report.origin.owner)
        spoken.append((report, voice))
    return spoken


def _order(report: Report) -> _Order:
    """What was printed from an agency first. The id, which depends on who was asked first, tells only those apart that
    are equal in all that counts."""
    origin, sketch = report.origin, report.sketch
    return origin.credited is None, sketch.told_at, origin.owner, sketch.text, origin.newsroom, report.entry_id


def _by_time(report: Report) -> tuple[datetime, _Order]:
    return report.sketch.told_at, _order(report)


def _rank(spoken: tuple[Report, str]) -> tuple[bool, tuple[datetime, _Order]]:
    report, voice = spoken
    return voice != report.origin.owner, _by_time(report)


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

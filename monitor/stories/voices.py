"""How many independently tell a story, and who they are.

A report speaks with the voice of its origin's owner: of the agency's, where it credits one. A report whose text is that
of an earlier one speaks with that one's voice, which may itself be another's. What an agency sold is older than all who
print it, whenever they do: where a text is credited by one of them, those who print it without saying so are copies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from monitor.language import Newsroom
from monitor.model import Report, Sketch, SourceTold, Voices

Alike = Callable[[Sketch, Sketch], bool]
_Spoken = tuple[Report, str, Report | None]
_Order = tuple[bool, datetime, str, bytes, str, int]
MOST_NAMED = 20


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
    told = [(report, voice) for report, voice, _ in _heard(reports, alike, agencies)]
    for report, voice in sorted(told, key=_rank):
        first.setdefault(voice, report)
    heard = {report.origin.newsroom for report in first.values()}
    copies: dict[str, Report] = {}
    for report in sorted(reports, key=_by_time):
        if report.origin.newsroom not in heard:
            copies.setdefault(report.origin.newsroom, report)
    called = _Names(newsrooms, feed_names or {}, language)
    independent = _told(sorted(first.values(), key=_by_time), called, independent=True)
    return tuple([*independent, *_told(copies.values(), called, independent=False)][:MOST_NAMED])


def _heard(reports: Sequence[Report], alike: Alike, agencies: Collection[str]) -> list[_Spoken]:
    """Those that count, each with its voice."""
    spoken = _spoken(reports, alike)
    claiming = _claiming(spoken, agencies)
    if not claiming:
        return spoken
    others = _spoken([each for each in reports if id(each) not in claiming], alike)
    return others if len(_begun(others)) > len(_begun(spoken)) else spoken


def _begun(spoken: Sequence[_Spoken]) -> dict[str, datetime]:
    """When each voice was first heard."""
    begun: dict[str, datetime] = {}
    for report, voice, _ in spoken:
        begun[voice] = min(begun.get(voice, report.sketch.told_at), report.sketch.told_at)
    return begun


def _claiming(spoken: Sequence[_Spoken], agencies: Collection[str]) -> set[int]:
    """Those (by `id`) whose text others are taken to have copied before anybody saw it.

    They may be late, or dated back, or name a source that is none of theirs: two sources that are one only by such a
    report are counted as two.
    """
    return {
        id(of)
        for report, _, of in spoken
        if of is not None and of.seen_at > report.seen_at
        and of.origin.newsroom not in {report.origin.newsroom, *agencies}
    }  # fmt: skip


def _spoken(reports: Sequence[Report], alike: Alike) -> list[_Spoken]:
    """Each report with its voice, and the report that it has it from, None for its own."""
    spoken: list[_Spoken] = []
    known: dict[bytes, _Spoken] = {}
    for report in sorted(reports, key=_order):
        same = known.get(report.sketch.text)
        if same is None:
            kin = ((voice, of or earlier) for earlier, voice, of in spoken if alike(earlier.sketch, report.sketch))
            voice, of = next(kin, (report.origin.owner, None))
            known[report.sketch.text] = (report, voice, of)
        else:
            first, voice, of = same
            of = of or first
        spoken.append((report, voice, of))
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

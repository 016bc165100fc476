"""A story: who told it, in which words, and what was decided about each report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.store import codec
from monitor.store.read import Reader
from monitor.store.views.history import Told, Wanted, history
from monitor.store.why import Account, Tellers, ToldAlert, account, alerts_of_story, tellers_of

REPORTS: Final = 40  # on one page
ALERTS: Final = 40  # the newest
TEXTS: Final = 12  # of one entry: the first, and the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text of an entry, as published; `number` from 1 in the order seen. `completes`: it is the one before with the
    text of its page, and nobody edited anything."""

    number: int
    title: str
    summary: str
    body: str
    seen_at: datetime
    completes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An entry of a story. `texts` in the order seen; `independent`: the first report of its owner in the story."""

    account: Account
    texts: tuple[Text, ...]
    independent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTold:
    """`told` is the alert with what readers said, `sent` what became of each of its messages."""

    told: Told
    sent: ToldAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold:
    """`reports` are those of one page in the order first seen, `number` counts all. `alerts`: the newest first, at most
    `ALERTS` of `last_number`. `next_page`: where the reports go on, None at their end."""

    id: int
    begun_at: datetime
    reports: tuple[Reported, ...]
    number: int
    owners: tuple[str, ...]
    alerts: tuple[AlertTold, ...]
    last_number: int
    next_page: int | None


_STORY: Final = "SELECT * FROM story WHERE id = ?"
# By the number of the entry, which is the order in which they were first seen.
_ENTRIES: Final = """
    SELECT id FROM entry WHERE story_id = ? AND id > ? AND first_id IS NULL ORDER BY id LIMIT ?
"""
_NUMBER: Final = "SELECT count(*) FROM entry WHERE story_id = ? AND first_id IS NULL"
_TEXTS: Final = """
    SELECT title, summary, body, written_us, row_number() OVER (ORDER BY id) AS number, count(*) OVER () AS all_of_them,
        EXISTS (SELECT 1 FROM completed_text WHERE version_id = entry.id) AS completes
    FROM entry WHERE id = :id OR first_id = :id ORDER BY id
"""
_EARLIER: Final = "SELECT 1 FROM report WHERE story_id = ? AND owner = ? AND entry_id < ? LIMIT 1"


def story(reader: Reader, story_id: int, *, after: int = 0) -> StoryTold | None:
    """None for one that is not kept (any more). `after`: the `next_page` of the page before."""
    rows = reader.rows(_STORY, story_id)
    if not rows:
        return None
    ids = [row[0] for row in reader.rows(_ENTRIES, story_id, after, REPORTS + 1)]
    tellers = tellers_of(reader, story_id)
    return StoryTold(
        id=story_id,
        begun_at=codec.instant(rows[0]["begun_us"]),
        reports=tuple(_reports(reader, ids[:REPORTS], tellers)),
        number=int(reader.rows(_NUMBER, story_id)[0][0]),
        owners=tellers.owners,
        alerts=tuple(_alerts(reader, story_id)),
        last_number=rows[0]["last_number"],
        next_page=ids[REPORTS - 1] if len(ids) > REPORTS else None,
    )


def _reports(reader: Reader, ids: list[int], tellers: Tellers) -> Iterator[Reported]:
    for entry_id in ids:
        found = account(reader, entry_id, tellers=tellers)
        if found is not None:
            texts = tuple(_texts(reader, entry_id))
            yield Reported(account=found, texts=texts, independent=_is_first(reader, found))


def _is_first(reader: Reader, entry: Account) -> bool:
    told = entry.story
    return told is None or not reader.rows(_EARLIER, told.story_id, told.origin.owner, entry.id)


def _texts(reader: Reader, entry_id: int) -> Iterator[Text]:
    with reader.database.read() as db:
        for row in db.execute(_TEXTS, {"id": entry_id}):
            if row["number"] == 1 or row["number"] > row["all_of_them"] - TEXTS + 1:
                yield Text(
                    number=row["number"],
                    title=row["title"],
                    summary=row["summary"],
                    body=row["body"],
                    seen_at=codec.instant(row["written_us"]),
                    completes=bool(row["completes"]),
                )


def _alerts(reader: Reader, story_id: int) -> Iterator[AlertTold]:
    told = {each.alert.id: each for each in history(reader, Wanted(story=story_id), limit=ALERTS)}
    if not told:
        return
    highest = max(each.alert.number for each in told.values())
    for sent in alerts_of_story(reader, story_id, below=highest + 1, limit=ALERTS):
        if sent.id in told:
            yield AlertTold(told=told[sent.id], sent=sent)

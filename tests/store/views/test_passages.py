"""Where in an article an alert found what it found."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import Alert, Span
from monitor.store import Reader, SqliteStore
from monitor.store.views.history import Wanted, history
from monitor.store.views.passages import MARGIN, MOST, cut_out

from ..builders import DESK, HOUR, NOW, alert, item, verdict

FILLER = "ومضى اليوم هادئا. " * 60
BODY = f"صباح عادي. {FILLER}ثم قُتل أربعة عمال. {FILLER}وفي بلدة أخرى أُغلق الجسر."


def found(body: str, *words: str, **more: object) -> Alert:
    spans = tuple(
        Span(field="body", start=body.index(each), end=body.index(each) + len(each), clause=each) for each in words
    )
    return replace(alert(1), spans=spans, article={each: (each,) for each in words}, **more)


def test_what_is_found_far_apart_stands_in_passages_of_its_own():
    first, second = cut_out(BODY, found(BODY, "الجسر", "أربعة", "عمال"))
    assert [[each.clause for each in passage.spans] for passage in (first, second)] == [["أربعة", "عمال"], ["الجسر"]]
    assert [first.text[each.start : each.end] for each in first.spans] == ["أربعة", "عمال"]
    assert (first.begins, first.ends, second.ends) == (False, False, True)
    assert len(first.text) < 2 * MARGIN + 40


def test_the_beginning_of_a_text_is_known_as_such():
    (only,) = cut_out(BODY, found(BODY, "صباح"))
    assert (only.begins, only.ends) == (True, False)


def test_there_are_not_many_passages():
    body = FILLER.join(str(n) * 3 for n in range(9))
    assert len(cut_out(body, found(body, *(str(n) * 3 for n in range(9))))) == MOST


def test_a_text_that_is_another_by_now_is_not_quoted():
    assert cut_out(BODY.replace("أربعة", "خمسة "), found(BODY, "أربعة")) == ()


def test_what_was_found_in_the_headline_alone_has_no_passage():
    in_title = Span(field="title", start=0, end=4, clause="غارة")
    assert cut_out(BODY, replace(alert(1), spans=(in_title,))) == ()


def test_the_history_quotes_the_text_that_was_told_and_not_a_later_one(store: SqliteStore) -> None:
    """And nothing once the entry is gone, as an old one is."""
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item("خبر", body="لا شيء.", verdicts=[verdict()]), seen_at=NOW - 2 * HOUR)
        tx.write(item("خبر", body=BODY, known_id=entry_id, story_id=story_id), seen_at=NOW - HOUR)
        assert story_id is not None
        told = replace(
            found(BODY, "أربعة"), id=f"{story_id}.{number}", story_id=story_id, number=number, decided_at=NOW
        )
        assert tx.alert(entry_id, told, (DESK,))
        tx.write(item("خبر", body="صار غير ذلك.", known_id=entry_id, story_id=story_id), seen_at=NOW + HOUR)
    (shown,) = history(Reader(store.database), Wanted(), limit=9)
    (passage,) = shown.passages
    assert "قُتل أربعة عمال" in passage.text
    with store.database.write() as db:
        db.execute("UPDATE entry SET body = ''")
    (shown,) = history(Reader(store.database), Wanted(), limit=9)
    assert shown.passages == ()

"""Values to columns and back, so that what comes out equals what went in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from monitor.model import FeedState, Span, Validators
from monitor.store.sql import Row

# SQLite and PostgreSQL keep UTF-8, which has no lone surrogates; PostgreSQL has no NUL in a text either.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def dump(value: object) -> str:
    """JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def clean(text: str) -> str:
    """The text with U+FFFD for each code point that cannot be stored: same length, so spans stay true."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)


def microseconds(at: datetime) -> int:
    """Since the epoch. Raises TypeError for a naive datetime: every instant is aware."""
    return (at - _EPOCH) // _MICROSECOND


def microseconds_or_none(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def instant(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def instant_or_none(us: int | None) -> datetime | None:
    return None if us is None else instant(us)


def dump_words(words: Iterable[str]) -> str:
    """Sorted."""
    each = list(words)
    return dump(sorted(map(clean, each) if _UNSTORABLE.search("".join(each)) else each))


def load_words(stored: str) -> frozenset[str]:
    return frozenset(json.loads(stored))


def dump_spans(spans: Iterable[Span]) -> str:
    return dump([[span.field, span.start, span.end, clean(span.clause)] for span in spans])


def load_spans(stored: str) -> tuple[Span, ...]:
    return tuple(Span(field=at, start=start, end=end, clause=clause) for at, start, end, clause in json.loads(stored))


def dump_titles(titles: Mapping[str, str]) -> str:
    return dump({clean(language): clean(text) for language, text in titles.items()})


def load_titles(stored: str) -> dict[str, str]:
    titles: dict[str, str] = json.loads(stored)
    return titles


def storable_validators(validators: Validators | None) -> Validators | None:
    """The validators, or None if they cannot be kept byte for byte: altered ones would never be answered with 304."""
    if validators is None:
        return None
    texts = (validators.url, validators.etag, validators.last_modified)
    return None if any(text is not None and _UNSTORABLE.search(text) for text in texts) else validators


def feed_state_columns(state: FeedState) -> dict[str, object]:
    validators = storable_validators(state.validators)
    return {
        "feed_id": clean(state.feed_id),
        "next_poll_us": microseconds(state.next_poll_at),
        "baselined": state.baselined,
        "validators_url": validators.url if validators else None,
        "etag": validators.etag if validators else None,
        "last_modified": validators.last_modified if validators else None,
        "body_hash": state.body_hash,
        "failures": state.failures,
        "last_polled_us": microseconds_or_none(state.last_polled_at),
        "last_success_us": microseconds_or_none(state.last_success_at),
        "last_new_us": microseconds_or_none(state.last_new_at),
        "last_error": clean_or_none(state.last_error),
        "failing_since_us": microseconds_or_none(state.failing_since),
        "unchanged": state.unchanged,
        "asked_wait_us": None if state.asked_wait is None else state.asked_wait // _MICROSECOND,
        "moved_to": clean_or_none(state.moved_to),
        "moved_times": state.moved_times,
        "rhythm": state.rhythm,
        "entry_marks": state.entry_marks,
        "window_size": state.window,
        "newest_us": microseconds_or_none(state.newest_at),
        "gap_us": microseconds_or_none(state.gap_at),
        "warnings": dump([clean(warning) for warning in state.warnings]) if state.warnings else None,
    }


def feed_state(row: Row) -> FeedState:
    return FeedState(
        feed_id=row["feed_id"],
        next_poll_at=instant(row["next_poll_us"]),
        baselined=bool(row["baselined"]),
        validators=_validators(row),
        body_hash=row["body_hash"],
        failures=row["failures"],
        last_polled_at=instant_or_none(row["last_polled_us"]),
        last_success_at=instant_or_none(row["last_success_us"]),
        last_new_at=instant_or_none(row["last_new_us"]),
        last_error=row["last_error"],
        failing_since=instant_or_none(row["failing_since_us"]),
        unchanged=row["unchanged"],
        asked_wait=None if row["asked_wait_us"] is None else row["asked_wait_us"] * _MICROSECOND,
        moved_to=row["moved_to"],
        moved_times=row["moved_times"],
        rhythm=row["rhythm"],
        entry_marks=row["entry_marks"],
        window=row["window_size"],
        newest_at=instant_or_none(row["newest_us"]),
        gap_at=instant_or_none(row["gap_us"]),
        warnings=tuple(json.loads(row["warnings"])) if row["warnings"] else (),
    )


def _validators(row: Row) -> Validators | None:
    if row["validators_url"] is None:
        return None
    return Validators(url=row["validators_url"], etag=row["etag"], last_modified=row["last_modified"])

"""What is tried with hostile input, and the laws that must hold whatever comes. A broken law is an AssertionError; any
other exception that is not declared is one that escaped."""

from __future__ import annotations

import contextlib
import json
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

from monitor import config, lexicon
from monitor.alerts import troubles
from monitor.alerts.clean import safe_link
from monitor.alerts.console import harmless
from monitor.alerts.dialects import DIALECTS
from monitor.alerts.fit import ELLIPSIS, LEAST_TEXT, Limits, measure
from monitor.alerts.render import ROOMY, Message, notice, plain, render
from monitor.alerts.send import UNKNOWN
from monitor.cli import match
from monitor.clock import SystemClock
from monitor.errors import ConfigError, UsageError
from monitor.feeds.answer import Answer, Asked, read_answer
from monitor.feeds.box import BoxedParser
from monitor.feeds.dates import read_date
from monitor.feeds.decode import decode
from monitor.feeds.inflate import Spoilt, inflate
from monitor.feeds.opml import import_opml
from monitor.feeds.parse import parse
from monitor.feeds.urls import BadAddress, WebAddress, follow, read_address, read_proxy
from monitor.lexicon.search import Search
from monitor.model import Alert, Entry, Fetched, Parsed, ParseFailed, ParseResult, Reason, Severity, Span
from monitor.rules.explain import explained
from monitor.rules.explain_text import render as render_explanation
from monitor.rules.matcher import Matcher
from monitor.text.archive import document_of, entry_of
from monitor.text.document import read
from monitor.trouble import Finding, Kind, Trouble, Turn, Word
from tests.alerts.made import an_alert
from tests.faults import fuzz_inputs as made
from tests.faults import hostile
from tests.rules.mistakes import MISTAKES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")
MIB = 1 << 20


@dataclass(frozen=True)
class Target:
    """`share` of all inputs: more where one costs little. `prepare` is called once in a process, and tells how to try one input."""

    share: int
    make: Callable[[Random], Any]
    prepare: Callable[[], Callable[[Any], None]]


# --- feeds


@cache
def _feeds() -> tuple[str, ...]:
    """Documents of our own to begin with, the large ones aside: those are tried as they are elsewhere."""
    demos = [decode(path.read_bytes(), None).text for path in sorted((ROOT / "monitor" / "demo_feeds").glob("*.xml"))]
    bad = [each.body.decode("utf-8", "replace") for each in hostile.documents() if len(each.body) < 12_000]
    return (*demos, *demos, *bad)


def _feed(rng: Random) -> tuple[bytes, str | None]:
    pieces = (*made.SIGNS, *made.COMMANDS, *hostile.POISON.values(), *(f"<{name}>" for name in made.ELEMENTS))
    whole = made.markup(rng) if rng.random() < 0.5 else made.broken(rng, rng.choice(_feeds()), pieces)
    return made.encoded(rng, whole), rng.choice(made.LABELS)


def _try_feed() -> Callable[[tuple[bytes, str | None]], None]:
    matcher = _matcher()

    def attempt(document: tuple[bytes, str | None]) -> None:
        body, content_type = document
        first = parse("f", body, content_type, base_url="https://a.example/f", fetched_at=NOW)
        _check_parsed(first)
        if isinstance(first, Parsed):
            again = parse(
                "f", body, content_type, base_url="https://a.example/f", fetched_at=NOW, known=first.marks
            )  # what is new compared with itself is nothing but what may read otherwise tomorrow
            assert isinstance(again, Parsed), again
            assert {entry.title for entry in again.entries} <= {entry.title for entry in first.entries}
            for entry in first.entries[:20]:
                _check_matches(matcher, entry)

    return attempt


def _check_parsed(result: ParseResult) -> None:
    if isinstance(result, ParseFailed):
        assert result.detail
        return
    assert len(result.entries) <= 2000
    for entry in result.entries:
        for text in (entry.guid, entry.title, entry.summary, entry.body, entry.author):
            text.encode()  # what cannot be encoded cannot be stored
        assert entry.link is None or urlsplit(entry.link).scheme in ("http", "https")
        safe = plain(entry.title) + safe_link(entry.link)
        assert harmless(safe) == safe


def _marked(rng: Random) -> tuple[bytes, bytes]:
    """A document, and marks that a damaged database might hold."""
    body = rng.choice(_feeds()[:5]).encode()
    parsed = parse("f", body, None, base_url="https://a.example/f", fetched_at=NOW)
    marks = parsed.marks if isinstance(parsed, Parsed) and parsed.marks else b""
    return made.broken_bytes(rng, body), made.broken_bytes(rng, marks)


def _try_marked() -> Callable[[tuple[bytes, bytes]], None]:
    def attempt(given: tuple[bytes, bytes]) -> None:
        body, marks = given
        later = NOW + timedelta(minutes=5)
        _check_parsed(parse("f", body, None, base_url="https://a.example/f", fetched_at=later, known=marks))

    return attempt


def _try_boxed() -> Callable[[tuple[bytes, str | None]], None]:
    parser = BoxedParser(clock=SystemClock(), processes=1)

    def attempt(document: tuple[bytes, str | None]) -> None:
        body, content_type = document
        page = Fetched(
            url="https://a.example/f", body=body, content_type=content_type, validators=None, fetched_at=NOW
        )  # fmt: skip
        before = {pid: _cpu(pid) for pid in parser.pids}
        _check_parsed(parser.parse("f", page))
        for pid in parser.pids:
            assert _cpu(pid) - before.get(pid, 0.0) <= 5
            assert _peak(pid) <= 512 * MIB

    return attempt


def _cpu(pid: int) -> float:
    """Seconds of work of a process (proc(5)); 0 if it has gone."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100
    return 0.0


def _peak(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
    return 0


# --- rules files


@cache
def _rules() -> tuple[str, ...]:
    small = [
        (ROOT / "tests" / "data" / name).read_text("utf-8") for name in ("labelled/rules.yaml", "labelled-2/rules.yaml")
    ]
    large = [(ROOT / name).read_text("utf-8") for name in ("rules.yaml", "monitor/demo_feeds/rules.yaml")]
    return (*small, *large, *[mistake.text for mistake in MISTAKES])


def _rules_file(rng: Random) -> bytes:
    whole = rng.choice(_rules())
    if len(whole) > 10_000 and rng.random() < 0.7:  # whole ones take most of a second
        lines = whole.splitlines(keepends=True)
        start = rng.randrange(len(lines))
        whole = "version: 1\n" + "".join(lines[start : start + rng.randrange(1, 120)])
    return made.encoded(rng, made.broken(rng, whole, (*made.RULE_PIECES, *made.SIGNS)))


def _query(rng: Random) -> bytes:
    quoted = made.query(rng).replace("'", "''")
    return f"version: 1\nrules:\n  - id: q\n    query: '{quoted}'\ngroups:\n  airport: [مطار]\n".encode(
        errors="replace"
    )


def _try_rules() -> Callable[[bytes], None]:
    folder = tempfile.mkdtemp(prefix="fuzz-", dir=MEMORY if MEMORY.is_dir() else None)
    path = Path(folder) / "rules.yaml"

    def attempt(raw: bytes) -> None:
        path.write_bytes(raw)
        try:
            loaded = config.load(path, environ={"X": "json://127.0.0.1/"})
        except ConfigError as error:
            assert any(problem.level == "error" for problem in error.problems)
            assert all(problem.line >= 1 and problem.what and problem.remedy for problem in error.problems)
            assert harmless(str(error).replace("\n", " ")) == str(error).replace("\n", " ")
        else:
            assert loaded.rules
            if len(raw) < 10_000:
                Matcher(loaded.rules, loaded.lexicon)
        finally:
            path.unlink()

    return attempt


# --- texts


@cache
def _matcher() -> Matcher:
    loaded = config.load_rules(ROOT / "rules.yaml", environ={})
    return Matcher(loaded.rules, loaded.lexicon)


def _entry(rng: Random) -> Entry:
    return Entry(feed_id="f", title=made.text(rng), summary=made.text(rng, 30), body=made.text(rng, 40))


def _try_matching() -> Callable[[Entry], None]:
    matcher = _matcher()
    return lambda entry: _check_matches(matcher, entry)


def _try_explaining() -> Callable[[Entry], None]:
    matcher, words = _matcher(), config.load_rules(ROOT / "rules.yaml", environ={}).lexicon

    def attempt(entry: Entry) -> None:
        search = matcher.search(read(entry))
        for compiled in matcher.rules[:2]:
            told = render_explanation(explained(compiled, words, search, feed=None, today=NOW.date()))
            told.encode()
            assert harmless(told.replace("\n", " ")) == told.replace("\n", " ")

    return attempt


def _check_matches(matcher: Matcher, entry: Entry) -> None:
    document = read(entry)
    assert document.fingerprint.raw
    for found in matcher.match(document, feed=None, today=NOW.date()).matches:
        for span in found.spans:
            assert 0 <= span.start < span.end <= len(getattr(entry, span.field))


def _try_json() -> Callable[[bytes], None]:
    matcher = _matcher()

    def attempt(line: bytes) -> None:
        try:
            document = document_of(line)
        except ValueError as error:
            assert str(error)
            return
        found = matcher.match(read(entry_of(document)), feed=None, today=NOW.date())
        answer = match._line(match._answer(document, found))
        assert "matches" in json.loads(answer.encode())
        assert "\n" not in answer

    return attempt


def _typed(rng: Random) -> str:
    spellings = ("دير الزور", "Deir ez-Zor", "Şanlıurfa", "البوكمال", "qamishli", "حلب", "gaza")
    typed = (
        made.broken(rng, rng.choice(spellings), (*made.WORDS, *made.SIGNS)) if rng.random() < 0.7 else made.text(rng)
    )
    return typed[:100_000]


def _try_places() -> Callable[[str], None]:
    places = Search(lexicon.load().places)

    def attempt(typed: str) -> None:
        hits = places.find(typed)
        assert len({hit.place.id for hit in hits}) == len(hits)
        if not hits:
            assert len(places.guesses(typed)) <= 5
        places.resolve(typed)

    return attempt


# --- messages

# What services take, and less: pagers, telephones, a service that has a title and nearly no room.
LIMITS = (
    ROOMY, UNKNOWN.limits, Limits(title=150, body=2800), Limits(title=200, body=3800, unit="bytes"), Limits(title=0, body=4096),
    Limits(title=256, body=1_500), Limits(title=0, body=140), Limits(title=0, body=160, unit="bytes"), Limits(title=20, body=72),
    Limits(title=0, body=2_000), Limits(title=100, body=512, unit="bytes"),
)  # fmt: skip


def _alert(rng: Random) -> tuple[Alert, Limits, str]:
    title = made.text(rng) if rng.random() < 0.95 else "\U0001f1f8\U0001f1fe" * 100
    spans = tuple(
        Span(field="title", start=start, end=start + rng.randrange(1, 20), clause=rng.choice(("place idlib", "event", made.text(rng, 2))))
        for start in rng.choices(range(len(title) + 9), k=rng.randrange(4))
    )  # fmt: skip
    alert = an_alert(
        id=made.text(rng, 2), rule_id=made.text(rng, 2), feed_id=made.text(rng, 2), feed_name=made.text(rng, 3),
        rule_title={language: made.text(rng, 3) for language in rng.sample(("ar", "en", "", "tr"), rng.randrange(4))},
        severity=rng.choice(list(Severity)), reason=rng.choice(list(Reason)), title=title, summary=made.text(rng, 20),
        link=rng.choice((None, made.address(rng), "https://a.example/" + made.text(rng, 3))), spans=spans,
        published_at=rng.choice((None, NOW, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))),
    )  # fmt: skip
    return alert, rng.choice(LIMITS), rng.choice(("ar", "en", "both"))


def _try_message() -> Callable[[tuple[Alert, Limits, Any]], None]:
    zones = (UTC, ZoneInfo("Asia/Damascus"), ZoneInfo("Pacific/Apia"))

    def attempt(given: tuple[Alert, Limits, Any]) -> None:
        alert, limits, language = given
        for zone in zones:
            message = render(
                alert, language=language, zone=zone, now=NOW, limits=limits, attempt=2, repeated=True, stands_in_for="x"
            )
            _check_message(message, limits)
        _check_nothing_lost(message, alert, limits)

    return attempt


def _check_message(message: Message, limits: Limits) -> None:
    assert measure(message.title, limits.unit) <= limits.title
    assert measure(message.body, limits.unit) <= limits.body
    for line in (message.title, *message.body.split("\n")):
        line.encode()
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
        assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e\u200f\u061c")
        assert line.count("\u2068") == line.count("\u2069")
        assert "@everyone" not in line
        assert "<!channel" not in line


def _check_nothing_lost(message: Message, alert: Alert, limits: Limits) -> None:
    """The headline stands there whole, or ends with a sign that it was cut; the link whole, or not at all."""
    lines = message.body.split("\n")
    shown = DIALECTS["text"].escape(plain(alert.title) or plain(alert.summary))
    if shown and limits.body >= 500:
        assert any(_tells(line, shown) for line in lines), "no headline, or one that was cut without a sign"
    link = safe_link(alert.link)
    if link and measure(link, limits.unit) + 1 + LEAST_TEXT <= limits.body:
        assert link in lines, "a link that would have fitted"


def _tells(line: str, headline: str) -> bool:
    cut = line.rstrip("\u2069").endswith(ELLIPSIS) and headline[:3] in line
    return headline in line or cut


def _words(rng: Random) -> tuple[list[Word], Limits, str]:
    facts = {name: made.text(rng, 3) for name in ("name", "error", "warning", "to", "names", "title", "text")}
    numbers = {name: rng.choice((0, 1, 2, 3, 11, 10**9)) for name in _NUMBERS}
    words = [
        Word(
            turn=rng.choice(list(Turn)),
            trouble=Trouble(
                finding=Finding(kind=rng.choice(list(Kind)), subject=made.text(rng, 2), facts={**facts, **numbers}),
                begun_at=NOW - timedelta(hours=rng.randrange(1000)),
                over_at=rng.choice((None, NOW)),
            ),
        )
        for _ in range(rng.choice((1, 1, 2, 20)))
    ]
    return words, rng.choice(LIMITS), rng.choice(("ar", "en", "both"))


_NUMBERS = (
    "failing",
    "feeds",
    "failures",
    "down",
    "of",
    "rules",
    "waiting",
    "given_up",
    "usual_seconds",
    "tries",
    "ahead_seconds",
    "unread",
    "articles",
)


def _try_notice() -> Callable[[tuple[list[Word], Limits, Any]], None]:
    def attempt(given: tuple[list[Word], Limits, Any]) -> None:
        words, limits, language = given
        told = troubles.notice(words, language=language, now=NOW)
        message = notice(told.title, told.text, limits)
        _check_message(message, limits)
        assert message.title or message.body

    return attempt


# --- addresses, dates, bytes


def _try_address() -> Callable[[str], None]:
    here = read_address("https://a.example/feed")

    def attempt(written: str) -> None:
        for reading in (read_address, read_proxy, lambda text: follow(here, text)):
            try:
                found = reading(written)
            except BadAddress as error:
                assert harmless(str(error)) == str(error)
                continue
            assert found.host.isascii()
            assert not set(found.host) & set("/\\@#? \t\r\n%")
            assert 0 < found.port < 65_536
            if isinstance(found, WebAddress):
                assert found.path.startswith("/")
                assert found.path.isascii()
                assert read_address(found.url).host == found.host

    return attempt


def _try_date() -> Callable[[str], None]:
    def attempt(written: str) -> None:
        for fetched_at in (None, NOW):
            found = read_date(written, fetched_at=fetched_at)
            assert found is None or found.utcoffset() == timedelta(0)

    return attempt


def _try_decode() -> Callable[[tuple[bytes, str | None]], None]:
    def attempt(document: tuple[bytes, str | None]) -> None:
        decode(*document).text.encode("utf-8", "surrogatepass")

    return attempt


def _try_inflate() -> Callable[[tuple[bytes, str]], None]:
    def attempt(packed: tuple[bytes, str]) -> None:
        body = inflate(*packed, limit=100_000)
        assert isinstance(body, Spoilt) or len(body) <= 100_000 or packed[1].strip().lower() in ("", "identity")

    return attempt


def _try_answer() -> Callable[[list[bytes]], None]:
    address = read_address("https://a.example/feed")
    asked = Asked(address=address, conditional=True, url=address.url, binding="b")

    def attempt(lines: list[bytes]) -> None:
        answer = Answer()
        if all(map(answer.take_header, lines)) and answer.take_chunk(b"<rss/>"):
            read_answer(answer, asked, now=NOW)

    return attempt


def _opml(rng: Random) -> bytes:
    return made.opml(
        rng,
        "<opml version='2.0'><body><outline text='سوريا'><outline text='a' xmlUrl='https://a.example/f' category='/x/y,z'/>"
        "</outline><outline title='b' type='rss' xmlUrl='https://b.example/f'/></body></opml>",
    )


def _try_opml() -> Callable[[bytes], None]:
    def attempt(raw: bytes) -> None:
        try:
            written = import_opml(raw)
        except UsageError as error:
            assert str(error)
            return
        assert "${" not in "".join(line for line in written.splitlines() if not line.startswith("#"))
        for feed in yaml.safe_load(written) or []:
            assert feed["url"].lower().startswith(("http://", "https://"))

    return attempt


TARGETS: dict[str, Target] = {
    "feeds": Target(200, _feed, _try_feed),
    "feeds in the box": Target(20, _feed, _try_boxed),
    "feeds with marks": Target(60, _marked, _try_marked),
    "rules files": Target(120, _rules_file, _try_rules),
    "queries": Target(60, _query, _try_rules),
    "texts": Target(80, _entry, _try_matching),
    "explanations": Target(1, _entry, _try_explaining),
    "lines of JSON": Target(140, made.line_of_json, _try_json),
    "messages": Target(440, _alert, _try_message),
    "notices": Target(60, _words, _try_notice),
    "addresses": Target(280, made.address, _try_address),
    "dates": Target(230, made.date, _try_date),
    "encodings": Target(60, _feed, _try_decode),
    "compressed bodies": Target(60, made.compressed, _try_inflate),
    "heads of answers": Target(150, made.headers, _try_answer),
    "places": Target(19, _typed, _try_places),
    "lists of feeds": Target(70, _opml, _try_opml),
}

"""What broke programs like ours, one test each: the advisories are named in `ADVISORIES`.

Whoever can write in a feed, answer a request, or hand us a list or a backup, commands nothing: no terminal, no chat
service, no mail, no file, no address.
"""

from __future__ import annotations

import email
import email.policy
import json
import logging
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from inspect import getsource
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from monitor import config
from monitor.alerts import service
from monitor.alerts.clean import WORD_JOINER
from monitor.alerts.dialects import DIALECTS
from monitor.cli import logs
from monitor.cli.show import alert_lines
from monitor.clock import SystemClock
from monitor.errors import ConfigError, StateError, UsageError
from monitor.feeds.box import BoxedParser
from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.opml import import_opml
from monitor.feeds.parse import parse
from monitor.feeds.urls import BadAddress, follow, read_address, read_proxy
from monitor.model import Alert, Channel, Entry, Feed, Fetched, FetchFailed, Parsed, ParseFailed, Secret, Sent
from monitor.store import back_up, open_store
from monitor.store.restore import restore
from tests.alerts.made import a_delivery, an_alert
from tests.cli.terminal import monitor, rules_in
from tests.faults.receivers import Receiver, closing, hosts_file
from tests.faults.test_delivery_matrix import HOSTS, SERVICES, Wired, channel, wired  # noqa: F401 - a fixture
from tests.feeds.loopback import serve
from tests.feeds.made import ask

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

# Each advisory of the research, and the tests that hold it; a file is named where a whole corpus stands elsewhere.
ADVISORIES = {
    "R1": ("test_nothing_active_is_left_of_any_field_of_an_entry", "test_hostile_text_reaches_every_service_as_text"),
    "R2": ("test_a_document_that_declares_or_never_ends_is_contained", "test_hostile_feeds.py"),
    "R3": ("test_a_document_that_declares_or_never_ends_is_contained", "test_hostile_feeds.py"),
    "R4": ("test_a_rules_file_runs_no_code",),
    "R5": ("test_an_address_that_reaches_into_this_machine_is_refused", "test_every_service_that_runs_something_here_is_known"),
    "R6": ("test_no_scheme_but_http_is_read_in_any_spelling", "test_a_redirect_leads_to_no_other_scheme"),
    "R7": ("test_addresses.py",),
    "R8": ("test_what_people_and_servers_called_things_commands_no_terminal", "test_hostile_text_reaches_every_service_as_text"),
    "R9": ("../web/access/test_routes.py",),
    "R10": ("../web/test_static_files.py", "test_a_list_of_feeds_tells_nothing_of_our_environment", "test_a_backup_follows_no_link_that_others_laid", "test_what_is_no_backup_changes_nothing"),
    "R11": ("../web/access/test_routes.py", "../web/access/test_guard.py"),
    "R12": ("test_an_error_page_is_not_quoted",),
    "R13": ("../web/access/test_routes.py",),
    "R14": ("test_addresses.py",),
    "R15": ("test_a_link_that_is_no_web_address_is_never_shown", "test_not_even_a_link_that_was_stored_before_is_shown_if_it_is_none"),
    "R16": ("test_a_feed_writes_no_header_of_a_mail", "test_a_server_writes_no_header_of_our_requests"),
    "R17": ("test_a_password_in_an_address_is_in_no_message", "../test_end_to_end.py"),
    "R18": ("test_a_feed_writes_no_line_of_the_log",),
    "R19": ("../web/access/test_routes.py",),
    "R20": ("test_a_message_is_no_template",),
    "R21": ("../web/access/test_guard.py", "../web/access/test_visitors.py"),
}  # fmt: skip


def test_every_advisory_has_its_test() -> None:
    assert {*ADVISORIES} == {f"R{n}" for n in range(1, 22)}
    for name in {name for names in ADVISORIES.values() for name in names}:
        assert name in globals() or (Path(__file__).parent / name).is_file(), name


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<iframe srcdoc='<script>x</script>'>", "<a href='javascript:x'>y</a>",
    "]]><script>x</script>", "<!-- --><svg onload=x>", "&lt;script&gt;x&lt;/script&gt;", "&amp;lt;script&amp;gt;x", "@everyone @here",
    "<!channel> <@U1>", "[بنك](https://evil.example)", "<https://evil.example|بنك>", "\x1b[2J\x1b]0;x\x07", "\x9b31m\x90x\x9c",
    "\u202eملقوب\u2066", "قصف\r\nBcc: x@evil.example\r\n\r\nجسم", "قصف\u2028\u2029سطر", "\x00\x08\x7f", "{0.__class__}{{7*7}}${HOME}%(x)s$(id)",
)  # fmt: skip
CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067"  # bidirectional, but for our own isolates
OWN_LINK = re.compile(r"<https://[^\s<>|]+>")  # how Markdown writes a bare address
LIVE = re.compile(r"@(?:everyone|here)|<[!@#/\w]|\]\(")


def commanding(text: str) -> list[str]:
    """The characters in a text of one line that a terminal, or its neighbours, would obey."""
    return [char for char in text if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in CONTROLS]


def rss(hostile: str) -> bytes:
    """An entry with the text in every field, once escaped and once in a section."""
    wanted = ("title", "link", "guid", "description", "author", "category", "comments", "pubDate")
    more = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    plain = "".join(f"<{name}>{escape(hostile)}</{name}>" for name in (*wanted, "dc:creator", "content:encoded"))
    section = "".join(f"<{name}><![CDATA[{hostile}]]></{name}>" for name in (*wanted, "dc:creator", "content:encoded"))
    return (
        f'<rss version="2.0" {more}><channel><title>{escape(hostile)}</title><link>{escape(hostile)}</link>'
        f"<item>{plain}</item><item>{section}</item></channel></rss>"
    ).encode("utf-8", "surrogatepass")


def entries(hostile: str) -> tuple[Entry, ...]:
    parsed = parse("f", rss(hostile), None, base_url="https://a.example/f", fetched_at=NOW)
    assert isinstance(parsed, Parsed)
    assert parsed.entries
    return parsed.entries


def alert_of(entry: Entry, hostile: str) -> Alert:
    """As if everything that a person can call something had the text in its name, too."""
    return an_alert(
        title=entry.title, summary=entry.summary, link=entry.link, feed_name=hostile, rule_title={"": hostile}, spans=()
    )


# --- R1, R8, R15, R20: text from elsewhere in what people see


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_active_is_left_of_any_field_of_an_entry(hostile: str) -> None:
    for entry in entries(hostile):
        for line in alert_lines(alert_of(entry, hostile), UTC):
            assert commanding(re.sub(r"\x1b\[[0-9;]*m", "", line)) == []  # the colour of the severity is ours
        assert entry.link is None or entry.link.startswith("https://a.example/")


def test_the_colours_of_a_terminal_are_ours_alone() -> None:
    lines = alert_lines(
        an_alert(title="\x1b[31mقصف", feed_name="\x1b[31mوكالة", link="https://a.example/\x1b[31m"), UTC
    )
    assert ["\x1b" in line for line in lines] == [True, False, False, False]


@pytest.mark.parametrize("link", [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "javascript://a.example/%0aalert(1)", "https://user@evil.example/",
    "https://a.example\\@evil.example/", "feed:https://a.example", "//user:p@evil.example/", "blob:https://a.example/1",
])  # fmt: skip
def test_a_link_that_is_no_web_address_is_never_shown(link: str) -> None:
    written = escape(link, {"\n": "&#10;", "\t": "&#9;"})
    for element in (
        f"<link>{written}</link>",
        f'<link href="{written}"/>',
        f"<guid isPermaLink='true'>{written}</guid>",
    ):
        body = f"<rss version='2.0'><channel><item><title>t</title>{element}</item></channel></rss>".encode()
        parsed = parse("f", body, None, base_url="https://a.example/f", fetched_at=NOW)
        assert isinstance(parsed, Parsed)
        for entry in parsed.entries:
            assert entry.link is None or entry.link.startswith("https://a.example/"), element


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "file:///etc/passwd", "x", ""]
)
def test_not_even_a_link_that_was_stored_before_is_shown_if_it_is_none(link: str) -> None:
    assert "\n".join(alert_lines(an_alert(link=link), UTC)) == "\n".join(alert_lines(an_alert(link=None), UTC))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_reaches_every_service_as_text(wired: Wired, hostile: str) -> None:  # noqa: F811
    told = {name: Receiver(name) for name in ("slack", "tgram", "discord", "json", "ntfy")}
    with closing(told):
        wired.hosts.write_text(hosts_file(told, {name: HOSTS[name] for name in told}))
        delivery = a_delivery()
        for entry in entries(hostile)[:1]:
            alert = alert_of(entry, hostile)
            for name, receiver in told.items():
                assert isinstance(wired.sender.send(channel(name), replace(delivery, alert=alert)), Sent), name
                [message] = receiver.messages
                check_payload(name, json.loads(message))


def check_payload(name: str, payload: dict[str, Any]) -> None:
    for text in texts(payload):
        assert [char for line in text.replace("\r\n", "\n").split("\n") for char in commanding(line)] == [], name
        if name == "tgram":  # the one that takes HTML
            assert set(re.findall(r"</?([A-Za-z]+)", text)) <= {"b", "i", "a", "code", "pre", "u", "s"}
            assert set(re.findall(r"<a href=.([a-z]+)", text)) <= {"https"}
        if name in ("slack", "discord"):
            assert LIVE.search(OWN_LINK.sub("", text)) is None, name


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


TEMPLATES = (
    "{0.__class__.__mro__}", "{alert.link}", "{{7*7}}", "{% include '/etc/passwd' %}", "${HOME}", "%(title)s %s %n", "{", "}", "$(id)", "`id`",
)  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_message_is_no_template(wired: Wired, template: str) -> None:  # noqa: F811
    told = {"json": Receiver("json")}
    with closing(told):
        wired.hosts.write_text(hosts_file(told, {"json": HOSTS["json"]}))
        alert = an_alert(title=template, feed_name=template, rule_title={"": template}, link=None, summary="", spans=())
        assert isinstance(wired.sender.send(channel("json"), replace(a_delivery(), alert=alert)), Sent)
        message = json.loads(told["json"].messages[0])
    as_shown = DIALECTS["text"].escape(template)  # signs that services take for styling have others in their place
    assert template in message["title"]
    assert message["message"].replace(WORD_JOINER, "").count(as_shown) >= 2  # the headline and the feed


# --- R2, R3: a parser is broken


@pytest.mark.parametrize("document", [
    b"<!DOCTYPE rss [" + b"".join(b'<!ENTITY a%d "&a%d;">' % (n, n - 1) for n in range(1, 30_000)) + b"]><rss>&a29999;</rss>",
    b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss version="2.0"><channel><title>&x;</title></channel></rss>',
    b"<!DOCTYPE" + b"\n" * 500_000,
    b"<rss><channel><item>" + b"<a>" * 500_000,
    b"<rss><channel><item><title" + b" x='y'" * 200_000,
    b"<rss version='2.0'><channel><item><author>" + b"a@" + b"a." * 100_000 + b"</author></item></channel></rss>",
], ids=["a chain of entities", "a file as DTD", "an endless declaration", "a depth", "an endless tag", "an author"])  # fmt: skip
def test_a_document_that_declares_or_never_ends_is_contained(document: bytes) -> None:
    parser = BoxedParser(clock=SystemClock(), processes=1)
    try:
        page = Fetched(url="https://a.example/f", body=document, content_type=None, validators=None, fetched_at=NOW)
        result = parser.parse("f", page)
        assert isinstance(result, Parsed | ParseFailed)
        assert "root:" not in repr(result)
        good = parser.parse("g", replace(page, body=rss("قصف")))
        assert isinstance(good, Parsed)
        assert good.entries
    finally:
        parser.close()


# --- R4, R5, R6, R10: what an address or a file may reach


@pytest.mark.parametrize("tag", [
    "!!python/object/apply:os.system ['touch {}']", "!!python/object/new:os.system ['touch {}']", "!!python/name:os.system ''",
    "!!python/module:os ''", "!!python/object:os.stat {{}}", "!!python/object/apply:subprocess.check_output [['touch', '{}']]",
    "!!python/tuple [a]", "!!python/object/new:tuple [[a]]", "!<tag:yaml.org,2002:python/object/apply:os.system> ['touch {}']",
    "!!binary bWFwcA==", "!unknown x",
])  # fmt: skip
@pytest.mark.parametrize(
    "place", ["{}", "version: 1\nrules:\n  - id: {}\n", "version: 1\nrules:\n  - {}\n", "? {}\n: x\n"]
)
def test_a_rules_file_runs_no_code(tag: str, place: str, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    (tmp_path / "rules.yaml").write_text(place.format(tag.format(proof)))
    with pytest.raises(ConfigError) as told:
        config.load(tmp_path / "rules.yaml", environ={})
    assert any(problem.level == "error" for problem in told.value.problems)
    assert not proof.exists()


@pytest.mark.parametrize("schema", sorted(service.LOCAL_SCHEMAS))
@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title])
def test_an_address_that_reaches_into_this_machine_is_refused(schema: str, spelling: Any) -> None:
    with pytest.raises(service.Refused):
        service.parse(f"{spelling(schema)}://localhost/")


# What a service imports to run programs, to talk to the desktop or to devices.
REACHING = re.compile(
    r"^\s*(?:import|from)\s+(?:subprocess|ctypes|multiprocessing|pty|gi|dbus|hid|usb|serial|syslog|win32\w*)\b", re.M
)


def test_every_service_that_runs_something_here_is_known() -> None:
    """A later Apprise may bring another."""
    service.load()
    reaching = set()
    for schema in service._manager().schemas():
        plugin = service._manager()[schema]
        if REACHING.search(getsource(import_module(plugin.__module__))):
            reaching.add(schema)
    assert len(reaching) >= 3
    assert reaching <= service.LOCAL_SCHEMAS


OTHER_SCHEMES = (
    "file:///etc/passwd", "file:/etc/passwd", "FILE:///etc/passwd", " file:///etc/passwd", "file:etc/passwd", "\tfile:///etc/passwd",
    "gopher://a.example/", "ftp://a.example/f", "dict://a.example:1/", "ldap://a.example/", "data:text/xml,<rss/>", "javascript:x",
    "jar:http://a.example!/", "netdoc:///etc/passwd", "scp://a.example/", "smb://a.example/", "source:https://a.example/", "/etc/passwd",
    "url:file:///etc/passwd", "view-source:https://a.example", "http:file:///etc/passwd", "http:/a.example", "https:a.example", "httpx://a.example",
)  # fmt: skip


@pytest.mark.parametrize("address", OTHER_SCHEMES)
def test_no_scheme_but_http_is_read_in_any_spelling(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadAddress):
        read_address(address)
    with pytest.raises(BadAddress):
        read_proxy(address)
    (tmp_path / "rules.yaml").write_text(
        f"version: 1\nfeeds:\n  - url: {json.dumps(address)}\nrules:\n  - {{id: a, all: [مطار]}}\n", "utf-8"
    )
    with pytest.raises(ConfigError):
        config.load(tmp_path / "rules.yaml", environ={})
    listed = f"<opml version='2.0'><body><outline text='a' xmlUrl='{escape(address)}'/></body></opml>"
    assert "url:" not in "".join(line for line in import_opml(listed.encode()).splitlines() if not line.startswith("#"))


@pytest.mark.parametrize(
    "address", [each for each in OTHER_SCHEMES if ":" in each and not each.startswith((" ", "\t"))]
)
def test_a_redirect_leads_to_no_other_scheme(address: str) -> None:
    with pytest.raises(BadAddress):
        follow(read_address("https://a.example/f"), address)


def test_a_list_of_feeds_tells_nothing_of_our_environment() -> None:
    hostile = "<opml version='2.0'><body><outline text='${HOME}' category='/${HOME}' xmlUrl='https://a.example/?${HOME}'/></body></opml>"
    written = import_opml(hostile.encode())
    assert "${" not in "".join(line for line in written.splitlines() if not line.startswith("#"))
    with pytest.raises(UsageError):
        import_opml(
            b"<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml version='2.0'><body>&x;</body></opml>"
        )


def test_a_backup_follows_no_link_that_others_laid(tmp_path: Path) -> None:
    precious, target = tmp_path / "precious", tmp_path / "backup.db"
    precious.write_text("mine")
    for name in ("backup.db", "backup.db.unfinished"):
        (tmp_path / name).symlink_to(precious)
    store = open_store(tmp_path / "state", now=NOW)
    try:
        back_up(store, target)
    finally:
        store.close()
    assert precious.read_text() == "mine"
    assert not target.is_symlink()
    assert target.stat().st_mode & 0o077 == 0
    restore(tmp_path / "state", target, now=NOW, baseline=False)


@pytest.mark.parametrize(
    "kind", ["a folder", "a device", "no database", "another's database", "one that acts", "an archive"]
)
def test_what_is_no_backup_changes_nothing(kind: str, tmp_path: Path) -> None:
    open_store(tmp_path / "state", now=NOW).close()
    before = (tmp_path / "state" / "monitor.db").read_bytes()
    source = tmp_path / "backup.db"
    if kind == "a folder":
        source.mkdir()
    elif kind == "a device":
        source = Path("/dev/zero")
    elif kind == "no database":
        source.write_bytes(b"../../../etc/passwd\0" * 99)
    elif kind == "an archive":
        source.write_bytes(b"PK\x03\x04" + b"../../evil" * 99)
    else:
        with sqlite3.connect(source) as db:
            if kind == "one that acts":
                store = open_store(tmp_path / "other", now=NOW)
                back_up(store, source.with_suffix(".acts"))
                store.close()
                source = source.with_suffix(".acts")
                db = sqlite3.connect(source)
                db.execute("CREATE TRIGGER evil AFTER INSERT ON entry BEGIN DELETE FROM delivery; END")
                db.commit()
                db.close()
            else:
                db.execute("CREATE TABLE other (x)")
    with pytest.raises(StateError):
        restore(tmp_path / "state", source, now=NOW, baseline=False)
    assert (tmp_path / "state" / "monitor.db").read_bytes() == before


# --- R8, R12, R17, R18: errors and logs


@pytest.fixture
def fetcher() -> Iterator[CurlFetcher]:
    fetcher = CurlFetcher(clock=SystemClock())
    yield fetcher
    fetcher.close()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_error_page_is_not_quoted(fetcher: CurlFetcher, hostile: str) -> None:
    line = re.sub(r"[\r\n\x00]", " ", hostile).encode().decode("latin-1")
    page = hostile.encode()
    for status in ("500", "200", "302"):
        head = f"HTTP/1.1 {status} {line}\r\nContent-Type: {line}\r\nLocation: {line}\r\n".encode("latin-1")
        with serve({"*": raw(head + b"Content-Length: %d\r\n\r\n" % len(page) + page)}) as server:
            result = ask(fetcher, server.url(), allow_private=True)
        if isinstance(result, Fetched):
            parsed = parse("f", result.body, result.content_type, base_url=result.url, fetched_at=NOW)
            assert isinstance(parsed, ParseFailed)
            detail = parsed.detail
        else:
            assert isinstance(result, FetchFailed)
            detail = result.detail
        assert commanding(detail) == []
        assert "<" not in detail


def raw(everything: bytes) -> Any:
    return lambda connection, _request: connection.sendall(everything)


def test_what_people_and_servers_called_things_commands_no_terminal(tmp_path: Path) -> None:
    name = json.dumps("".join(HOSTILE).replace("${", "$").replace("\ud800", ""))
    rules = (
        f"version: 1\nfeeds:\n  - {{id: one, url: 'https://one.example/rss', name: {name}, tags: [{name}]}}\n"
        f"rules:\n  - {{id: clashes, title: {name}, all: [مطار]}}\n"
    )
    rules_in(tmp_path, rules)
    for command in (["feeds", "list"], ["feeds", "status"], ["lint"], ["explain", "مطار"], ["test"]):
        told = monitor(*command, "--config", str(tmp_path / "rules.yaml"))
        for line in (told.stdout + told.stderr).split("\n"):
            assert commanding(line) == [], command


def test_a_password_in_an_address_is_in_no_message() -> None:
    secret = "pa55-of-the-test"
    feed = Feed(
        id="f", url=Secret(f"https://u:{secret}@a.example/"), address="${URL}", name="f", source="f", every=timedelta(1)
    )  # fmt: skip
    told = [repr(feed), repr(read_address(feed.url.reveal())), repr(read_proxy(f"http://u:{secret}@a.example:1"))]
    told += [str(getattr(feed, each.name)) for each in fields(feed)]
    told += [repr(Channel(id="c", url=Secret(f"json://u:{secret}@a.example"), language="ar"))]
    for bad in (f"https://u:{secret}@a.example:0", f"https://u:{secret}@[x", f"ftp://u:{secret}@a.example"):
        with pytest.raises(BadAddress) as error:
            read_address(bad)
        told.append(str(error.value))
    assert [each for each in told if secret in each] == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_feed_writes_no_line_of_the_log(hostile: str) -> None:
    forged = f"{hostile}\n1970-01-01T00:00:00.000Z info all.well\r\x1b[1A"
    try:
        raise ValueError(forged)
    except ValueError as error:
        record = logging.makeLogRecord({"msg": forged, "levelname": "INFO", "created": 0.5, "detail": forged})
        record.exc_info = (ValueError, error, error.__traceback__)
    first, *traceback = logs.key_values(record).split("\n")
    assert commanding(first) == []
    assert all(line.startswith("  ") and commanding(line) == [] for line in traceback)
    line = logs.json_line(record)
    assert commanding(line) == []
    assert json.loads(line)["detail"] == forged


# --- R16: headers


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_feed_writes_no_header_of_a_mail(wired: Wired, hostile: str) -> None:  # noqa: F811
    told = {"mailto": Receiver("mailto")}
    with closing(told):
        wired.hosts.write_text(hosts_file(told, {name: HOSTS[name] for name in told}))
        alert = alert_of(entries(hostile)[0], hostile)
        assert isinstance(wired.sender.send(channel("mailto"), replace(a_delivery(), alert=alert)), Sent)
        [written] = told["mailto"].messages
    mail = email.message_from_string(written, policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["To"] == "desk@desk.example"
    assert len(mail.get_all("Subject", [])) == 1
    assert not any(part.get_content_subtype() == "html" for part in mail.walk()) or "<script" not in html_of(mail)


def html_of(mail: Any) -> str:
    return "".join(part.get_content() for part in mail.walk() if part.get_content_type() == "text/html")


def test_a_server_writes_no_header_of_our_requests(fetcher: CurlFetcher) -> None:
    """Validators come back as they were given, so a line end in one would begin a header of its own."""
    page = rss("قصف")
    head = (
        b'HTTP/1.1 200 OK\r\nETag: "a\rX-Evil: 1"\r\nLast-Modified: x\x0bX-Evil: 1\r\nContent-Length: %d\r\n\r\n'
        % len(page)
    )
    with serve({"*": raw(head + page)}) as server:
        first = ask(fetcher, server.url(), allow_private=True)
        if isinstance(first, Fetched):
            ask(fetcher, server.url(), allow_private=True, validators=first.validators)
        assert all("x-evil" not in request.headers for request in server.requests)
        assert all(
            "\r" not in value and "\n" not in value for each in server.requests for value in each.headers.values()
        )

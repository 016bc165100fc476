from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor import config
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.model import Access, Rate, Secret, Severity

RULE = "version: 1\nrules:\n  - id: bridges\n    all: [جسر]\n"
CANARY = "c4naryT0k3nThatMustNeverShow99"  # looks like a token
PLAIN_CANARY = "opensesame"  # does not; masking by looks cannot help

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def load(path: Path, **environ: str) -> Config:
    return config.load(path, environ=environ)


def refused(path: Path, **environ: str) -> list[str]:
    """`name:line code` of each problem."""
    with pytest.raises(ConfigError) as caught:
        load(path, **environ)
    return [f"{Path(problem.file).name}:{problem.line} {problem.code}" for problem in caught.value.problems]


def warned(loaded: Config) -> list[str]:
    return [f"{problem.line} {problem.code}" for problem in loaded.warnings]


# --- files ---


def test_the_smallest_file_has_a_version_and_a_rule(write: Write) -> None:
    path = write("rules.yaml", RULE)
    loaded = load(path)
    (rule,) = loaded.rules
    assert (rule.id, rule.severity, rule.throttle) == ("bridges", Severity.MEDIUM, timedelta(minutes=30))
    assert [channel.id for channel in loaded.channels] == ["console"]
    assert (loaded.feeds, loaded.warnings, str(loaded.timezone), loaded.language) == ((), (), "UTC", "both")
    assert dict(loaded.digests) == {path: hashlib.sha256(path.read_bytes()).hexdigest()}


def test_included_files_are_read_beside_the_file_that_names_them(write: Write) -> None:
    write("packs/words.yaml", "version: 1\ngroups:\n  water: [سد, خزان]\ninclude: [more/roads.yaml]\n")
    write("packs/more/roads.yaml", "version: 1\nrules:\n  - {id: roads, all: [{group: water}]}\n")
    path = write(
        "rules.yaml", "version: 1\ninclude: [packs/words.yaml]\nrules:\n  - {id: dams, all: [{group: water}]}\n"
    )
    loaded = load(path)
    assert [rule.id for rule in loaded.rules] == ["dams", "roads"]
    assert [file.name for file in loaded.files] == ["rules.yaml", "words.yaml", "roads.yaml"]
    assert loaded.rules[1].at.file.endswith("more/roads.yaml")


def test_a_problem_in_an_included_file_names_that_file(write: Write) -> None:
    write("pack.yaml", "version: 1\nrules:\n  - {id: x, severity: urgent, all: [جسر]}\n")
    assert refused(write("rules.yaml", RULE + "include: [pack.yaml]\n")) == ["pack.yaml:3 R203"]


def test_an_id_is_used_once_in_all_files_together(write: Write) -> None:
    write("pack.yaml", RULE)
    assert refused(write("rules.yaml", RULE + "include: [pack.yaml]\n")) == ["pack.yaml:3 R308"]


@pytest.mark.parametrize("name", ["rules.yaml", "pack.yaml"])
def test_files_that_include_one_another_are_refused(write: Write, name: str) -> None:
    write("pack.yaml", f"version: 1\ninclude: [{name}]\n")
    assert refused(write("rules.yaml", RULE + "include: [pack.yaml]\n")) == ["pack.yaml:2 R112"]


def test_the_same_file_under_two_names_is_included_once(write: Write, tmp_path: Path) -> None:
    write("pack.yaml", "version: 1\n")
    (tmp_path / "link.yaml").symlink_to("pack.yaml")
    assert refused(write("rules.yaml", RULE + "include: [pack.yaml, link.yaml]\n")) == ["rules.yaml:5 R112"]


@pytest.mark.parametrize("name", ["missing.yaml", ".", "pipe", "'a\\0b'"])
def test_what_is_no_readable_file_is_told_and_never_waited_for(write: Write, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = write("rules.yaml", RULE + f"include:\n  - {name}\n")
    assert refused(path) == ["rules.yaml:6 R112"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("include: [~nobody-of-that-name/x.yaml]\n", "5 R112"),
        ("templates: {telegram: ~nobody-of-that-name/x.j2}\n", "5 R330"),
    ],
)
def test_the_home_of_nobody_is_told_as_any_file_that_is_not_there(write: Write, more: str, told: str) -> None:
    assert refused(write("rules.yaml", RULE + more)) == [f"rules.yaml:{told}"]


def test_a_secret_in_the_home_of_nobody_has_no_value(write: Write) -> None:
    loaded = load(write("rules.yaml", RULE + 'channels: {desk: {url: "${file:~nobody-of-that-name/x}"}}\n'))
    assert [channel.id for channel in loaded.channels] == ["console"]


def test_of_files_that_came_from_elsewhere_none_is_read_outside_of_their_folder(write: Write, tmp_path: Path) -> None:
    write("inside/packs/a.yaml", "version: 1\n")
    write("outside.yaml", "version: 1\n")
    inside = write("inside/rules.yaml", f"include: [packs/a.yaml]\n{RULE}")
    assert len(config.load_within(inside, tmp_path / "inside", environ={}).files) == 2
    outside = write("inside/more.yaml", f"include: [../outside.yaml]\n{RULE}")
    assert len(load(outside).files) == 2
    with pytest.raises(ConfigError, match=r"R112.*none of the files that belong together"):
        config.load_within(outside, tmp_path / "inside", environ={})
    (tmp_path / "inside" / "link.yaml").symlink_to("../outside.yaml")
    linked = write("inside/linked.yaml", f"include: [link.yaml]\n{RULE}")
    with pytest.raises(ConfigError, match="R112"):
        config.load_within(linked, tmp_path / "inside", environ={})


def test_a_file_that_cannot_be_read_hides_no_problem_of_the_others(write: Write) -> None:
    write(
        "pack.yaml",
        "version: 1\nrules:\n  - {id: x, severity: urgent, all: [{group: far}, {place: far}], notify: far}\n",
    )
    write("torn.yaml", "version: 1\nrules: [\n")
    path = write("rules.yaml", RULE + "    near: far\ninclude: [missing.yaml, pack.yaml, torn.yaml]\n")
    assert refused(path) == ["rules.yaml:5 R209", "rules.yaml:6 R112", "pack.yaml:3 R203", "torn.yaml:3 R106"]


def test_no_file_is_looked_for_under_a_name_that_yaml_cannot_read(write: Write) -> None:
    assert refused(write("rules.yaml", RULE + "include: [*pack, @pack]\n")) == [
        "rules.yaml:5 R109",
        "rules.yaml:5 R103",
    ]


def test_a_missing_rules_file_is_a_configuration_error(tmp_path: Path) -> None:
    assert refused(tmp_path / "rules.yaml") == ["rules.yaml:1 R112"]


def test_an_endless_chain_of_files_ends(write: Write) -> None:
    for number in range(120):
        write(f"{number}.yaml", f"version: 1\ninclude: [{number + 1}.yaml]\n")
    assert refused(write("rules.yaml", RULE + "include: [0.yaml]\n")) == ["98.yaml:2 R112"]


def test_an_included_file_has_its_own_defaults_over_those_of_its_includer(write: Write) -> None:
    write("pack.yaml", "version: 1\ndefaults: {severity: low}\nrules:\n  - {id: low, all: [جسر]}\n")
    path = write("rules.yaml", RULE + "include: [pack.yaml]\ndefaults: {severity: high, throttle: 5m}\n")
    high, low = load(path).rules
    assert (high.severity, high.throttle) == (Severity.HIGH, timedelta(minutes=5))
    assert (low.severity, low.throttle) == (Severity.LOW, timedelta(minutes=5))


def test_the_time_zone_belongs_into_the_main_file(write: Write) -> None:
    write("pack.yaml", "version: 1\ntimezone: Asia/Baghdad\n")
    assert refused(write("rules.yaml", RULE + "include: [pack.yaml]\n")) == ["pack.yaml:2 R209"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (RULE.encode("utf-16"), ["rules.yaml:1 R111"]),
        (RULE.encode() + b"# \xe3\n", ["rules.yaml:5 R111"]),
        (RULE.encode("cp1256"), ["rules.yaml:4 R111"]),
        (b"# " + b"x" * (1 << 20) + b"\n" + RULE.encode(), ["rules.yaml:1 R108"]),
        (b"\x00" * 100, ["rules.yaml:1 R102"] * 100),
    ],
    ids=["utf-16", "one bad byte", "windows-1256", "too large", "a hole left by a crash"],
)
def test_a_damaged_file_is_told(tmp_path: Path, raw: bytes, told: list[str]) -> None:
    (tmp_path / "rules.yaml").write_bytes(raw)
    assert refused(tmp_path / "rules.yaml") == told


@pytest.mark.parametrize(
    "raw", [b"\xef\xbb\xbf" + RULE.encode(), RULE.replace("\n", "\r\n").encode()], ids=["BOM", "CRLF"]
)
def test_files_of_windows_editors_load_with_the_same_places(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "rules.yaml").write_bytes(raw)
    (rule,) = load(tmp_path / "rules.yaml").rules
    assert (rule.at.line, rule.at.column) == (3, 5)
    (tmp_path / "rules.yaml").write_bytes(raw.replace(b"all", b"al"))
    assert refused(tmp_path / "rules.yaml") == ["rules.yaml:3 R206", "rules.yaml:4 R201"][1:]


# --- references ---

WIRED = RULE + (
    "feeds:\n"
    "  - {url: 'https://news.example/${FEED_KEY}/rss', headers: {X-Key: '${FEED_KEY}'}, proxy: 'socks5h://u:${FEED_KEY}@p:9'}\n"
    "  - {url: https://open.example/rss, name: مفتوح, every: '${PACE}'}\n"
    "channels:\n"
    "  desk: {url: '${DESK_URL}'}\n"
    "  mail: {url: '${file:secrets/mail}', for: operations}\n"
)


def test_a_feed_may_lie_inside_and_have_its_server_pinned(write: Write) -> None:
    pins = ["sha256//" + letter * 43 + "=" for letter in "AB"]
    text = RULE + (
        "feeds:\n"
        "  - {url: http://a.example/x, allow_private: true}\n"
        f"  - {{url: https://b.example/x, pin: {pins[0]}}}\n"
        f"  - {{url: https://c.example/x, pin: [{', '.join(pins)}]}}\n"
    )
    inside, one, two = load(write("rules.yaml", text)).feeds
    assert (inside.allow_private, one.allow_private) == (True, False)
    assert [feed.pins for feed in (inside, one, two)] == [(), (pins[0],), tuple(pins)]


def test_references_are_filled_in_from_the_environment_and_from_files(write: Write) -> None:
    write("secrets/mail", f"mailtos://me:{CANARY}@example.org\n")
    loaded = load(write("rules.yaml", WIRED), FEED_KEY=CANARY, DESK_URL=" slack://a/b/c\n", PACE="10m")
    keyed, paced = loaded.feeds
    assert keyed.url.reveal() == f"https://news.example/{CANARY}/rss"
    assert keyed.address == "https://news.example/${FEED_KEY}/rss"
    assert [(name, value.reveal()) for name, value in keyed.headers] == [("X-Key", CANARY)]
    assert keyed.proxy is not None
    assert keyed.proxy.reveal() == f"socks5h://u:{CANARY}@p:9"
    assert paced.every == timedelta(minutes=10)
    urls = {channel.id: channel.url.reveal() for channel in loaded.channels if channel.url}
    assert urls == {"desk": "slack://a/b/c", "mail": f"mailtos://me:{CANARY}@example.org"}
    assert [channel.id for channel in loaded.operations] == ["mail"]
    assert CANARY not in repr(loaded)
    assert {keyed.url.reveal(), CANARY, "slack://a/b/c"} <= loaded.secrets()


def test_what_lacks_a_value_is_left_out_and_told_once(write: Write) -> None:
    loaded = load(write("rules.yaml", WIRED), DESK_URL="", PACE="10m")
    assert [feed.name for feed in loaded.feeds] == ["مفتوح"]
    assert [channel.id for channel in loaded.channels] == ["console"]
    assert warned(loaded) == ["6 R316", "9 R316", "10 R316"]


def test_a_rule_whose_channels_are_left_out_falls_to_the_console(write: Write) -> None:
    path = write("rules.yaml", WIRED.replace("جسر]\n", "جسر]\n    notify: [desk]\n"))
    with_desk, without = load(path, DESK_URL="slack://a/b/c"), load(path)
    assert [channel.id for channel in with_desk.channels_for(with_desk.rules[0])] == ["desk"]
    assert [channel.id for channel in without.channels_for(without.rules[0])] == ["console"]


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("20/min", Rate(count=20, per=timedelta(minutes=1))),
        ("1 / s", Rate(count=1, per=timedelta(seconds=1))),
        ("١٠٠/ساعة", Rate(count=100, per=timedelta(hours=1))),
    ],
)
def test_a_channel_may_have_a_rate_and_a_fallback(write: Write, written: str, rate: Rate) -> None:
    text = f"channels:\n  desk: {{url: 'json://localhost', rate: {written}, fallback: mail}}\n"
    text += "  mail: {url: 'json://localhost'}\n"
    _, desk, mail = load(write("rules.yaml", RULE + text)).channels
    assert (desk.rate, desk.fallback) == (rate, "mail")
    assert (mail.rate, mail.fallback) == (None, None)


def test_two_channels_that_fall_back_on_each_other_are_told_both(write: Write) -> None:
    text = "channels:\n  a: {url: 'json://localhost', fallback: b}\n  b: {url: 'json://localhost', fallback: a}\n"
    assert [told for told in refused(write("rules.yaml", RULE + text)) if "R313" in told] == [
        "rules.yaml:6 R313",
        "rules.yaml:7 R313",
    ]


def test_a_rule_whose_feeds_are_left_out_is_told(write: Write) -> None:
    path = write(
        "rules.yaml",
        WIRED.replace("جسر]\n", "جسر]\n    feeds: [news-example-rss]\n").replace(
            "{url: 'h", "{id: news-example-rss, url: 'h"
        ),
    )
    assert "3 R317" in warned(load(path, PACE="1m"))


@pytest.mark.parametrize("value", ["x: [1, 2]\n- y", "${DESK_URL}", "'\"}", "&a *a !!b"])
def test_a_value_is_never_read_as_yaml_or_as_a_reference(write: Write, value: str) -> None:
    loaded = load(write("rules.yaml", WIRED.replace("مفتوح", "'${NAME}'")), NAME=value, PACE="auto")
    (feed,) = loaded.feeds
    assert (feed.name, feed.auto) == (value, True)


def test_a_secret_that_cannot_be_read_is_an_error(write: Write, tmp_path: Path) -> None:
    (tmp_path / "secrets/mail").mkdir(parents=True)
    assert refused(write("rules.yaml", WIRED)) == [
        "rules.yaml:6 R316",
        "rules.yaml:7 R316",
        "rules.yaml:9 R316",
        "rules.yaml:10 R315",
        "rules.yaml:10 R316",
    ]


CANARIES = [
    ("channels:\n  desk: {url: '${S}'}\n", f"no address {CANARY}"),
    ("channels:\n  desk: {url: '${S}', nonsense: 1}\n", f"slack://{CANARY}/b/c"),
    ("channels:\n  desk: {url: 'json://localhost', min_severity: '${S}'}\n", CANARY),
    ("channels:\n  desk: {url: 'json://localhost', language: '${S}', for: '${S}'}\n", CANARY),
    ("feeds:\n  - {url: '${S}'}\n", f"ftp://{CANARY}.example"),
    ("feeds:\n  - {url: 'https://a.example:${S}/'}\n", CANARY),
    ("feeds:\n  - {url: 'https://a.example/', every: '${S}', language: '${S}'}\n", CANARY),
    ("feeds:\n  - {url: 'https://a.example/', id: '${S}'}\n", f"! {CANARY}"),
    ("feeds:\n  - {url: 'https://a.example/', headers: {X-A: '${S}'}, proxy: '${S}'}\n", f"{CANARY}\u0007"),
    ("feeds:\n  - {url: 'https://a.example/${S}', tags: x}\n  - {url: 'https://a.example/${S}'}\n", CANARY),
]


@pytest.mark.parametrize("secret", [CANARY, PLAIN_CANARY])
@pytest.mark.parametrize(("text", "value"), CANARIES)
def test_no_problem_shows_a_filled_in_secret(write: Write, text: str, value: str, secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write("rules.yaml", RULE + text), S=value.replace(CANARY, secret))
    assert secret not in f"{caught.value}{caught.value!r}{caught.value.problems!r}"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


LITERALS = [
    f"channels:\n  desk: {{url: 'slack://{CANARY}/b/c'}}\n",
    f"channels:\n  desk: slack://{CANARY}/b/c\n",
    f"channels:\n  desk: {{url: 'json://localhost/?token={CANARY}', nonsense: 1}}\n",
    f"channels:\n  desk: {{uri: 'tgram://123456789:{CANARY}/55'}}\n",
    f"channels:\n  desk:\n    url: 'tgram://123456789:{CANARY}/55'\n   broken: yes\n",
    f"channels: {{desk: {{url: mailtos://me:{CANARY}@a.example, language: xx}}}}\n",
    f"feeds:\n  - {{url: 'https://me:{CANARY}@a.example/'}}\n",
    f"feeds:\n  - {{url: 'https://a.example/?api_key={CANARY}', x: y}}\n",
    f"feeds:\n  - {{url: 'https://a.example/', headers: {{Authorization: 'Bearer {CANARY}'}}}}\n",
    f"feeds:\n  - {{url: 'https://a.example/', headers: {{Cookie: id={CANARY}}}, every: never}}\n",
    f"feeds:\n  - {{url: 'https://a.example/', proxy: 'http://u:{CANARY}@p:1'}}\n",
    f"rule: {CANARY}\n",
    f"'slack://{CANARY}/b': x\n",
]


@pytest.mark.parametrize("text", LITERALS)
def test_a_secret_that_stands_in_the_file_is_refused_and_masked(write: Write, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write("rules.yaml", RULE + text))
    assert CANARY not in f"{caught.value}{caught.value!r}{caught.value.problems!r}"


@pytest.mark.parametrize(
    "url",
    ["json://localhost:8080/hook", "mailto://localhost:2525?from=a@a.example&to=b@a.example", "ntfy://127.0.0.1/desk"],
)
def test_an_address_without_a_secret_may_stand_in_the_file(write: Write, url: str) -> None:
    loaded = load(write("rules.yaml", RULE + f"channels:\n  desk: {{url: '{url}'}}\n"))
    assert loaded.channels[1].url is not None


# --- rules alone ---


def test_for_rules_alone_no_channel_and_no_secret_is_looked_at(write: Write) -> None:
    text = (
        WIRED.replace("جسر]\n", "جسر]\n    notify: [desk, nowhere]\n    feeds: [open-example-rss]\n") + "  broken: 5\n"
    )
    loaded = config.load_rules(write("rules.yaml", text), environ={})
    assert [rule.id for rule in loaded.rules] == ["bridges"]
    assert (loaded.feeds, loaded.warnings, [channel.id for channel in loaded.channels]) == ((), (), ["console"])


def test_for_rules_alone_mistakes_in_rules_are_told_all_the_same(write: Write) -> None:
    with pytest.raises(ConfigError, match="R203"):
        config.load_rules(write("rules.yaml", RULE + "    severity: urgent\n"), environ={})


# --- files that change ---


def test_a_file_that_is_still_being_written_is_read_again(write: Write) -> None:
    path = write("rules.yaml", "version: 1\nrules:\n  - id: bri")
    later = iter([RULE])

    def pause() -> None:
        for text in later:
            write("rules.yaml", text)

    assert [rule.id for rule in config.load_stable(path, environ={}, pause=pause).rules] == ["bridges"]


def test_an_included_file_counts_as_well(write: Write) -> None:
    path = write("rules.yaml", "version: 1\ninclude: [pack.yaml]\n")
    pauses = []

    def pause() -> None:
        pauses.append(1)
        if len(pauses) == 1:
            write("pack.yaml", RULE)

    assert [rule.id for rule in config.load_stable(path, environ={}, pause=pause).rules] == ["bridges"]
    assert len(pauses) == 2


def test_a_file_that_never_comes_to_rest_is_refused(write: Write) -> None:
    path = write("rules.yaml", RULE)
    with pytest.raises(ConfigError, match="R117"):
        config.load_stable(path, environ={}, pause=lambda: path.write_text(path.read_text() + "#\n"))


def test_a_file_at_rest_with_mistakes_is_told_at_once(write: Write) -> None:
    pauses: list[int] = []
    with pytest.raises(ConfigError, match="R107"):
        config.load_stable(write("rules.yaml", "#\n"), environ={}, pause=lambda: pauses.append(1))
    assert pauses == [1]


def test_reading_a_configuration_imports_neither_apprise_nor_feedparser_nor_curl() -> None:
    heavy = ("apprise", "feedparser", "pycurl", "apscheduler")
    code = f"import sys, monitor.config; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- heartbeat and daily tests ---

BEAT = "https://hc.example/" + CANARY


@pytest.mark.parametrize(
    ("written", "every"),
    [
        ('heartbeat: "${BEAT}"', timedelta(minutes=1)),
        ('heartbeat: {url: "${BEAT}", every: 5m}', timedelta(minutes=5)),
    ],
)
def test_the_heartbeat_is_an_address_or_a_block_and_a_secret(write: Write, written: str, every: timedelta) -> None:
    loaded = load(write("rules.yaml", f"{RULE}{written}\n"), BEAT=BEAT)
    assert loaded.beacon is not None
    assert (loaded.beacon.url.reveal(), loaded.beacon.every) == (BEAT, every)
    assert BEAT in loaded.secrets()
    assert CANARY not in repr(loaded)


def test_a_heartbeat_without_its_value_is_left_out_and_told(write: Write) -> None:
    loaded = load(write("rules.yaml", f'{RULE}heartbeat: "${{BEAT}}"\n'))
    assert (loaded.beacon, warned(loaded)) == (None, ["5 R316"])


def test_the_heartbeat_belongs_into_the_main_file(write: Write) -> None:
    write("more.yaml", 'version: 1\nheartbeat: "${BEAT}"\n')
    assert refused(write("rules.yaml", f"{RULE}include: [more.yaml]\n"), BEAT=BEAT) == ["more.yaml:2 R209"]


def test_for_rules_alone_no_heartbeat_is_looked_at(write: Write) -> None:
    assert config.load_rules(write("rules.yaml", f'{RULE}heartbeat: "${{BEAT}}"\n'), environ={}).beacon is None


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ('"07:30"', time(7, 30)),
        ("07:30", time(7, 30)),
        ("٠٧:٣٠", time(7, 30)),
        ("true", time(8)),
        ("false", None),
    ],
)
def test_a_daily_test_has_an_hour(write: Write, written: str, at: time | None) -> None:
    loaded = load(write("rules.yaml", f"{RULE}channels:\n  console: {{canary: {written}}}\n"))
    assert [channel.canary for channel in loaded.channels] == [at]


# --- web ---


@pytest.mark.parametrize(
    ("written", "web"),
    [
        ("https://monitor.example.org", "https://monitor.example.org"),
        ("https://desk.example/monitor/", "https://desk.example/monitor"),
        ("http://10.0.0.7:9618", "http://10.0.0.7:9618"),
    ],
)
def test_the_web_address_is_what_links_begin_with(write: Write, written: str, web: str) -> None:
    assert load(write("rules.yaml", f"{RULE}web: {{url: '{written}'}}\n")).web == web


HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"
TOKEN = "0123456789abcdef-of-the-test"


@pytest.mark.parametrize(
    ("written", "access"),
    [
        ("{url: https://m.example}", Access()),
        (f"{{users: {{salma: '{HASH}', سلمى: '{HASH}'}}}}", Access(users=(("salma", HASH), ("سلمى", HASH)))),
        ("{token: '${WEB_TOKEN}'}", Access(token=Secret(TOKEN))),
        ("{token: '${NOT_SET}'}", Access(lacks_token=True)),
        (
            "{trust: {proxy: 10.0.0.1, header: X-Forwarded-User}}",
            Access(proxy="10.0.0.1/32", header="x-forwarded-user"),
        ),
        ("{trust: {proxy: 'fd00::1/64', header: Remote-User}}", Access(proxy="fd00::/64", header="remote-user")),
        (
            "{token: '${WEB_TOKEN}', hosts: [Monitor.LAN, '[::1]', desk]}",
            Access(token=Secret(TOKEN), hosts=("monitor.lan", "::1", "desk")),
        ),
    ],
)
def test_who_may_look_at_the_pages(write: Write, written: str, access: Access) -> None:
    found = load(write("rules.yaml", f"{RULE}web: {written}\n"), WEB_TOKEN=TOKEN)
    assert found.access == access
    assert found.access.asks is (access != Access())


def test_a_token_of_the_pages_shows_nowhere_and_without_its_value_nobody_may_look(write: Write) -> None:
    path = write("rules.yaml", f"{RULE}web: {{token: '${{WEB_TOKEN}}'}}\n")
    found = load(path, WEB_TOKEN=TOKEN)
    assert TOKEN in found.secrets()
    assert TOKEN not in repr(found)
    assert [problem.what for problem in load(path).warnings if problem.code == "R316"] == [
        "nobody may look at the pages: ${WEB_TOKEN} has no value"
    ]


@pytest.mark.parametrize("value", ["short", "with a space in it", "سر لا يعرفه أحد سوانا"])
def test_a_token_of_the_pages_that_can_be_guessed_or_not_be_sent_is_refused(write: Write, value: str) -> None:
    path = write("rules.yaml", f"{RULE}web: {{token: '${{WEB_TOKEN}}'}}\n")
    with pytest.raises(ConfigError) as error:
        load(path, WEB_TOKEN=value)
    assert "R209" in str(error.value)
    assert value not in str(error.value)


def test_a_password_that_stands_where_its_hash_should_is_not_shown(write: Write) -> None:
    with pytest.raises(ConfigError) as error:
        load(write("rules.yaml", f"{RULE}web:\n  users:\n    salma: rosewater\n"))
    assert "rules.yaml" in str(error.value)
    assert "rosewater" not in str(error.value)


def test_rules_alone_are_read_without_the_token_of_the_pages(write: Write) -> None:
    path = write("rules.yaml", f"{RULE}web: {{token: '${{WEB_TOKEN}}'}}\n")
    assert [problem.code for problem in config.load_rules(path, environ={}).warnings if problem.code == "R316"] == []


def test_without_a_web_address_there_is_none(write: Write) -> None:
    assert load(write("rules.yaml", f"{RULE}web:\n")).web is None


def test_the_web_address_belongs_into_the_main_file(write: Write) -> None:
    write("more.yaml", "version: 1\nweb: {url: https://monitor.example}\n")
    assert refused(write("rules.yaml", f"{RULE}include: [more.yaml]\n")) == ["more.yaml:2 R209"]

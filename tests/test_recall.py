"""A configuration that is recalled equals the one that is read, and what may have changed is read."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from monitor import config
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.recall import recall, remember

ROOT = Path(__file__).parent.parent
SAMPLES = [ROOT / "rules.yaml", *sorted((ROOT / "tests" / "data").rglob("*.yaml"))]
CANARY = "c4naryT0k3nThatMustNeverShow99"

OWN = "{{ alert.heading }}\n{{ alert.headline | mark }}\n{{ alert.link | address }}\n"

EVERYTHING = """
version: 1
timezone: Asia/Damascus
language: ar
include: [more/places.yaml]
templates: {telegram: own.j2}
heartbeat: {url: "https://beat.example/${KEY}", every: 2m}
web:
  url: "https://monitor.example/desk/"
  users: {salma: "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"}
  token: "${WEB_TOKEN}"
  trust: {proxy: 10.0.0.1, header: X-Forwarded-User}
  hosts: [monitor.lan]
defaults: {severity: high, throttle: 5m, every: 15m}
feeds:
  - {id: plain, url: "https://one.example/rss", name: واحد, tags: [syria, north], language: [ar, en], every: auto}
  - url: "https://two.example/rss?key=${KEY}&again=${KEY}"
    headers: {Authorization: "Bearer ${file:secrets/token}", X-Desk: "${DESK}-1"}
    proxy: "socks5h://${PROXY}:1080"
  - {id: left-out, url: "https://three.example/${UNSET}"}
  - id: inside
    url: "https://four.example/rss"
    allow_private: true
    pin: "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
channels:
  desk: {url: "${DESK_URL}", language: en, min_severity: high, rate: 20/min, fallback: night, canary: "08:30"}
  night: {url: "${DESK_URL}", timezone: Asia/Baghdad, quiet_hours: {from: "22:00", to: "06:30", let_through: high}}
  weekly: {url: "${DESK_URL}", digest: weekly mon 07:00}
  hourly: {url: "${DESK_URL}", digest: hourly}
  ops: {url: "mailto://mail.example:25?user=${USER_NAME}", for: operations}
  nobody: {url: "${NOBODY_URL}"}
  machine: {url: "cloudevents+https://hooks.example/in", secret: "${HOOK_SECRET}"}
groups:
  water: [سد, خزان]
rules:
  - id: dams
    title: {ar: سدود, en: Dams}
    all: [{group: water}, {place: own-hill}]
    near: 5 words
    notify: desk
    expires: 2030-01-01
    tests: [{match: سد على التلة الحمراء}]
"""
PLACES = """
version: 1
places:
  own-hill: {name: التلة الحمراء, terms: [التل الأحمر]}
"""
ENVIRON = {
    "KEY": CANARY,
    "DESK": "editors",
    "PROXY": "proxy.example",
    "DESK_URL": f"json://hooks.example/{CANARY}",
    "USER_NAME": "  amal  ",
    "HOOK_SECRET": f"{CANARY}-that-signs",
    "WEB_TOKEN": f"{CANARY}-that-opens",
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "more" / "places.yaml").write_text(PLACES, encoding="utf-8")
    (tmp_path / "secrets" / "token").write_text(f"{CANARY}\n", encoding="utf-8")
    (tmp_path / "own.j2").write_text(OWN, encoding="utf-8")
    file = tmp_path / "rules.yaml"
    file.write_text(EVERYTHING, encoding="utf-8")
    return file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "state").mkdir()
    return Shelf(tmp_path / "state")


def read_and_remembered(rules: Path, shelf: Shelf, environ: dict[str, str] = ENVIRON) -> Config:
    fresh = config.load(rules, environ=environ)
    remember(fresh, shelf, schema=2)
    return fresh


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_all_that_can_be_written_is_recalled_as_it_was_read(rules: Path, shelf: Shelf) -> None:
    fresh = read_and_remembered(rules, shelf)
    recalled = recall(rules, shelf, environ=ENVIRON)
    assert recalled == fresh
    assert recalled.secrets() == fresh.secrets()
    assert [str(warning) for warning in recalled.warnings] == [str(warning) for warning in fresh.warnings]
    assert len(fresh.warnings) == 2, "the feed and the channel that are left out"
    assert recalled.channels_for(recalled.rules[0]) == fresh.channels_for(fresh.rules[0])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_sound_rules_file_of_ours_is_recalled_as_it_was_read(sample: Path, shelf: Shelf) -> None:
    environ = {"DEMO_URL": "http://127.0.0.1:1"}
    try:
        fresh = read_and_remembered(sample, shelf, environ)
    except ConfigError:
        assert recall(sample, shelf, environ=environ) is None
    else:
        assert recall(sample, shelf, environ=environ) == fresh


def test_a_thousand_rules_are_recalled_as_they_were_read(tmp_path: Path, shelf: Shelf) -> None:
    dice = random.Random(7)
    words = ["جسر", "سد", "مطار", "قافلة", "غارة", "انفجار", "اشتباك", "حاجز", "معبر", "ميناء"]
    severities = ["info", "low", "medium", "high", "critical"]
    rules = tmp_path / "rules.yaml"
    lines = [
        f"  - {{id: r{number}, severity: {dice.choice(severities)}, all: [{dice.choice(words)}], "
        f"any: [{', '.join(dice.sample(words, 3))}], throttle: {dice.randint(1, 59)}m}}"
        for number in range(1000)
    ]
    rules.write_text("version: 1\nrules:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert recall(rules, shelf, environ={}) is None
    fresh = read_and_remembered(rules, shelf, {})
    assert recall(rules, shelf, environ={}) == fresh


def test_no_secret_is_kept_nor_the_address_made_of_it(rules: Path, shelf: Shelf) -> None:
    read_and_remembered(rules, shelf)
    kept = b"".join(file.read_bytes() for file in Path(shelf.folder).iterdir())
    assert b"two.example" in kept, "the feed is there"
    for secret in (CANARY, "editors", "proxy.example", "amal"):
        assert secret.encode() not in kept


# --- what makes the files be read again ---


def edit_main(rules: Path, _environ: dict[str, str]) -> None:
    replace_in(rules, "Dams", "DAMS")


def edit_included(rules: Path, _environ: dict[str, str]) -> None:
    replace_in(rules.parent / "more" / "places.yaml", "التل الأحمر", "التل الأخضر")


def remove_included(rules: Path, _environ: dict[str, str]) -> None:
    (rules.parent / "more" / "places.yaml").unlink()


def set_unset(_rules: Path, environ: dict[str, str]) -> None:
    environ["UNSET"] = "three"


def unset(_rules: Path, environ: dict[str, str]) -> None:
    del environ["DESK_URL"]


def empty(_rules: Path, environ: dict[str, str]) -> None:
    environ["KEY"] = "  "


def no_channel(_rules: Path, environ: dict[str, str]) -> None:
    environ["DESK_URL"] = "not an address"


def no_address(_rules: Path, environ: dict[str, str]) -> None:
    environ["KEY"] = "with space"


def no_proxy(_rules: Path, environ: dict[str, str]) -> None:
    environ["PROXY"] = "host:wrong"


def no_header(_rules: Path, environ: dict[str, str]) -> None:
    environ["DESK"] = "مكتب"


def remove_secret(rules: Path, _environ: dict[str, str]) -> None:
    (rules.parent / "secrets" / "token").unlink()


def spoil_secret(rules: Path, _environ: dict[str, str]) -> None:
    (rules.parent / "secrets" / "token").write_bytes(b"\xff\xfe\xff")


def secret_to_folder(rules: Path, _environ: dict[str, str]) -> None:
    (rules.parent / "secrets" / "token").unlink()
    (rules.parent / "secrets" / "token").mkdir()


def edit_template(rules: Path, _environ: dict[str, str]) -> None:
    replace_in(rules.parent / "own.j2", "heading", "subject")


CHANGES = [
    edit_template,
    edit_main, edit_included, remove_included, set_unset, unset, empty, no_channel, no_address, no_proxy, no_header,
    remove_secret, spoil_secret, secret_to_folder,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_nothing_is_recalled(rules: Path, shelf: Shelf, change) -> None:
    read_and_remembered(rules, shelf)
    environ = dict(ENVIRON)
    assert recall(rules, shelf, environ=environ) is not None
    change(rules, environ)
    assert recall(rules, shelf, environ=environ) is None


def test_a_secret_that_was_renewed_is_the_new_one(rules: Path, shelf: Shelf) -> None:
    read_and_remembered(rules, shelf)
    environ = {**ENVIRON, "KEY": "renewed", "DESK_URL": "json://other.example/renewed"}
    (rules.parent / "secrets" / "token").write_text("renewed", encoding="utf-8")
    recalled = recall(rules, shelf, environ=environ)
    assert recalled == config.load(rules, environ=environ)
    assert "Bearer renewed" in recalled.secrets()


@pytest.mark.parametrize(
    "feed",
    [
        '{id: one, url: "https://one.example/", name: "${DESK}"}',
        '{id: one, url: "https://one.example/${KEY}", tags: ["${DESK}"]}',
        '{id: one, url: "https://one.example/${UNSET}", name: "${DESK}"}',
    ],
)
def test_a_value_that_stands_where_no_secret_does_keeps_all_from_being_remembered(
    tmp_path: Path, shelf: Shelf, feed: str
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(f"version: 1\nfeeds:\n  - {feed}\nrules:\n  - {{id: a, all: [جسر]}}\n", encoding="utf-8")
    read_and_remembered(rules, shelf)
    assert recall(rules, shelf, environ=ENVIRON) is None


def test_the_same_text_under_another_name_is_read_since_messages_name_the_file(
    rules: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_and_remembered(rules, shelf)
    monkeypatch.chdir(rules.parent)
    assert recall(Path("rules.yaml"), shelf, environ=ENVIRON) is None


def test_what_others_could_have_written_is_not_recalled(rules: Path, shelf: Shelf) -> None:
    read_and_remembered(rules, shelf)
    (Path(shelf.folder) / "rules").chmod(0o666)
    assert recall(rules, shelf, environ=ENVIRON) is None


def test_rules_that_are_recalled_are_read_when_they_are_asked_for(rules: Path, shelf: Shelf) -> None:
    read_and_remembered(rules, shelf)
    recalled = recall(rules, shelf, environ=ENVIRON)
    shutil.rmtree(rules.parent / "more")
    with pytest.raises(ConfigError):
        _ = recalled.rules

"""What looks like a secret in the text of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.rules.plain_secrets import plain_secrets

ROOT = Path(__file__).parents[2]
VALUE = "opensesame99"

SECRETS = [
    ("# mailtos://user:0penSesame@mail.example", 3),
    ("# tgram://123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/1", 3),
    ("url: https://x.example/rss?api_key=12345678abc", 6),
    ("x: https://user:pa55w0rd@x.example/rss", 4),
    ('headers: {Authorization: "Bearer abcdefgh12345"}', 34),
    ("token: abcd1234", 8),
    ("'api-key': k3yk3yk3y", 12),
    ("# password=hunter22", 12),
    ("اكتب xoxb-123456789012-abcdef هنا", 6),
    ("ghp_" + "a1" * 18, 1),
    ("-----BEGIN RSA PRIVATE KEY-----", 1),
    (f"note: {VALUE}!", 7),
]
NO_SECRETS = [
    'url: "https://x.example/rss?key=${KEY}"',
    'desk: {url: "${DESK}"}',
    'token: "${WEB_TOKEN}"',
    'x: {Authorization: "Bearer ${TOKEN}"}',
    "url: https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghij0123456789ab",
    "# mailtos://user:app-password@smtp.example.org:587?from=alerts@example.org",
    "all: [كلمة السر, password, secret]",
    "password: that nobody knows",
    'users: {desk: "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$aGFzaGhhc2hoYXNoaGFzaGhhc2g"}',
    "json://localhost:9000/",
    "",
]


@pytest.mark.parametrize(("line", "column"), SECRETS)
def test_a_secret_is_told_at_its_place_and_not_shown(line: str, column: int) -> None:
    [problem] = plain_secrets(f"version: 1\n{line}\n", "rules.yaml", [VALUE])
    assert (problem.file, problem.line, problem.column) == ("rules.yaml", 2, column)
    assert (problem.level, problem.code) == ("warning", "R309")
    assert "***" in problem.source
    secret = line[column - 1 :]
    assert secret.split("://")[-1] not in str(problem)
    assert VALUE not in str(problem)


@pytest.mark.parametrize("line", NO_SECRETS)
def test_what_is_no_secret_is_not_told(line: str) -> None:
    assert list(plain_secrets(line, "rules.yaml", [VALUE, "short"])) == []


def test_a_value_too_short_to_be_told_from_a_word_is_not_looked_for() -> None:
    assert list(plain_secrets("desk: {}", "rules.yaml", ["desk", ""])) == []


@pytest.mark.parametrize("name", ["rules.yaml", "docs/rules.md", "docs/howto/secrets.md"])
def test_our_own_examples_have_none(name: str) -> None:
    assert list(plain_secrets((ROOT / name).read_text(encoding="utf-8"), name)) == []

"""The command line in this process: quick, and otherwise as a user has it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from monitor.cli.group import cli

RULES = """\
version: 1
feeds:
  - {id: one, url: "https://one.example/rss", name: واحد, tags: [syria]}
rules:
  - id: clashes
    title: اشتباكات
    severity: high
    all: [اشتباك, مطار]
    near: 5 words
    none: [ذكرى]
    tests:
      - match: اشتباكات قرب المطار
      - no_match: ذكرى اشتباكات المطار
        because: anniversary
"""


def monitor(*arguments: str, stdin: str | bytes = "") -> Result:
    """Raises what the command should not have let through."""
    result = CliRunner().invoke(cli, list(arguments), input=stdin, prog_name="monitor")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rules_in(folder: Path, text: str = RULES) -> str:
    file = folder / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)

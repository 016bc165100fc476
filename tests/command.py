"""The `monitor` command as a user has it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIMEOUT = 120  # seconds; generous, for a machine that does other things too


@dataclass
class Command:
    """Runs in `folder`, with `rules.yaml` and `state/` there."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def write_rules(self, text: str) -> None:
        (self.folder / "rules.yaml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(arguments), cwd=self.folder, env=self.environment(), input=stdin, capture_output=True,
            text=True, encoding="utf-8", timeout=TIMEOUT, check=False,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words(arguments), cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def check(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        """`monitor check --json`, and what it printed."""
        done = self.run("check", "--json", *arguments)
        assert done.returncode == expect, f"exit {done.returncode}: {done.stderr or done.stdout}"
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def words(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "monitor", *arguments]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        root = str(Path(__file__).resolve().parent.parent)
        return {**kept, "PYTHONPATH": root, "PYTHONUTF8": "1", **self.environ}

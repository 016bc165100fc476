"""Benches are run by hand, and rarely: that each still fits what it measures is looked at here, and by mypy."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support import ROOT

MODULES = sorted(f"bench.{file.stem}" for file in (ROOT / "bench").glob("*.py"))

# All in one process: what they import is the same, and is most of the time that it takes.
ASK_ALL = """
import contextlib, importlib, io, json, sys, traceback
told = {}
for name in sys.argv[1:]:
    out, sys.argv = io.StringIO(), [name, "--help"]
    try:
        main = getattr(importlib.import_module(name), "main", None)
        with contextlib.redirect_stdout(out):
            told[name] = "no main" if main is None else f"it went on: {main()}"
    except SystemExit as ended:
        told[name] = "helped" if not ended.code and out.getvalue().startswith("usage: ") else f"ended: {ended.code}"
    except BaseException:
        told[name] = traceback.format_exc()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL, *MODULES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", MODULES)
def test_a_bench_can_be_imported_and_tells_its_help(name: str, told: dict[str, str]) -> None:
    is_run = "__main__" in (ROOT / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
    assert told[name] == ("helped" if is_run else "no main")

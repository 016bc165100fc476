"""What tests of several rooms share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def needs(command: str) -> str:
    """The command's full path. Without it the test is skipped, or fails where the machine was promised to have it."""
    found = shutil.which(command)
    if found is None and os.environ.get("MONITOR_REQUIRE_SYSTEM_TESTS"):
        pytest.fail(f"'{command}' is not installed, and MONITOR_REQUIRE_SYSTEM_TESTS is set")
    if found is None:
        pytest.skip(f"'{command}' is not installed")
    return found

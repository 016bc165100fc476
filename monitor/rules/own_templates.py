"""The own templates that a rules file names: read, and tried with sample alerts before anybody relies on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from monitor.alerts.dialects import FORMATS
from monitor.language import Location
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Report, shown


def read_templates(
    written: Sequence[tuple[str, Scalar]], bytes_of: Callable[[Path], bytes], report: Report
) -> Mapping[str, str]:
    """Their sources by format. What is wrong is told; a path begins at the file that names it."""
    return {format: source for format, named in written if (source := _read(format, named, bytes_of, report))}


def _read(format: str, named: Scalar, bytes_of: Callable[[Path], bytes], report: Report) -> str:
    path = Path(named.at.file).parent / os.path.expanduser(str(named))  # noqa: PTH111 - pathlib raises for an unknown user
    try:
        source = bytes_of(path).decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a text in UTF-8"
        what = f"the template '{shown(named)}' cannot be read: {reason}"
        report.error(named.at, "R330", what, "look at its name and its permissions; its path begins at this file")
        return ""
    _judge(format, source, path, report)
    return source


def _judge(format: str, source: str, path: Path, report: Report) -> None:
    from monitor.alerts.proof import flaw_in  # with it comes Jinja2, which takes a moment

    [known] = [each for each in FORMATS if each == format]
    flaw = flaw_in(source, known)
    if flaw is not None:
        report.add_file(str(path), source.splitlines())
        report.error(Location(str(path), flaw.line, flaw.column), "R330", flaw.what, flaw.remedy)

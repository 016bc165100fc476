"""The libraries below us: known bad versions, and expat, whose version tells too little."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from monitor import processes
from monitor.doctor import expat_child
from monitor.doctor.findings import Finding, ok, warning

Version = tuple[int, ...]
_PROBE_SECONDS: Final = 40.0

# Library, what is wrong, from which version on, until before which. Distributions mend some without a new number.
# Sources: sqlite.org/wal.html#walresetbug; curl.se/docs/CVE-2023-38545.html; curl.se/docs/CVE-2025-0665.html;
# openssl.org/news/secadv/20221101.txt; the advisories of Python for its versions.
KNOWN_BAD: Final[Sequence[tuple[str, str, Version, Version]]] = (
    ("SQLite", "two connections can damage the database when its log begins anew (rare)", (3, 7, 0), (3, 44, 6)),
    ("SQLite", "two connections can damage the database when its log begins anew (rare)", (3, 45, 0), (3, 50, 7)),
    ("SQLite", "two connections can damage the database when its log begins anew (rare)", (3, 51, 0), (3, 51, 3)),
    ("libcurl", "a long host name overflows memory at a SOCKS5 proxy (CVE-2023-38545)", (7, 69, 0), (8, 4, 0)),
    ("libcurl", "it closes a file twice, perhaps somebody else's (CVE-2025-0665)", (8, 11, 1), (8, 12, 0)),
    ("OpenSSL", "a certificate can overflow memory (CVE-2022-3602)", (3, 0, 0), (3, 0, 7)),
    ("OpenSSL", "no longer mended by its makers", (0,), (3, 0, 0)),
    ("Python", "it takes an address with a blank before it for another (CVE-2023-24329)", (3, 11, 0), (3, 11, 4)),
)  # fmt: skip


def versions() -> dict[str, Version]:
    """Of what runs here, by name. libcurl may bring an OpenSSL of its own."""
    import pycurl

    told = dict(re.findall(r"(libcurl|OpenSSL)/(\d+(?:\.\d+)*)", pycurl.version))
    found = {
        "Python": tuple(sys.version_info[:3]),
        "SQLite": sqlite3.sqlite_version_info,
        "OpenSSL": _version(re.findall(r"\d+(?:\.\d+)+", ssl.OPENSSL_VERSION)[0]),
        "libcurl": _version(told.get("libcurl", "0")),
    }
    if "OpenSSL" in told:
        found["OpenSSL of libcurl"] = _version(told["OpenSSL"])
    return found


def judged(found: dict[str, Version], *, keeps_the_state: bool = True) -> Iterator[Finding]:
    """`keeps_the_state`: SQLite does. Else nothing is in it that could not be made anew."""
    for name, version in found.items():
        shown = ".".join(map(str, version))
        harmless = name == "SQLite" and not keeps_the_state
        bad = [
            (what, until) for library, what, since, until in KNOWN_BAD
            if library == name.partition(" of ")[0] and since <= version < until and not harmless
        ]  # fmt: skip
        for what, until in bad:
            fixed = ".".join(map(str, until))
            remedy = f"update it to {fixed} or later; your system's package may have it mended under the old number"
            yield warning(name, f"{shown}: {what}", remedy)
        if not bad:
            yield ok(name, shown)


def expat(kind: str) -> Iterator[Finding]:
    """`deep` or `big`: see `expat_child`. A child that dies is what we want to know."""
    code = _run(kind)
    if code == 0:
        yield ok("expat", "it holds deeply nested entities" if kind == "deep" else "it reads long tokens quickly")
        return
    remedy = "install Python's libexpat in version 2.7.0 or later (your system's update, or a newer Python)"
    safe = "monitor removes what it dies of, and parses in a process that may die; other programs do not"
    if kind == "deep" and code is not None and code < 0:
        yield warning(
            "expat", f"a few kilobytes of nested entities end a program here ({_named(code)}); {safe}", remedy
        )
    elif code in (expat_child.SLOW, None) or code == -signal.SIGXCPU:
        what = "a long token takes it far too much time (CVE-2023-52425); monitor gives a feed no more than 5 seconds"
        yield warning("expat", what, remedy)
    else:
        yield warning("expat", f"it could not be tried (exit {code})", "is there memory left for one more process?")


def _run(kind: str) -> int | None:
    """The exit code; None if it takes too long."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = processes.start(expat_child.__name__, kind, pipe=theirs)
        try:
            return process.wait(_PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None


def _version(written: str) -> Version:
    return tuple(map(int, written.split(".")))


def _named(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"

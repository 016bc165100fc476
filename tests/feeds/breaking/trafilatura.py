"""trafilatura, with a way to break it on purpose: a word in a page kills, freezes or fills. What reads articles finds
this module before the real one."""

from __future__ import annotations

import os
import signal


def extract(html: str, **_options: object) -> str | None:
    if "KILL" in html:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "SPIN" in html:
        while True:
            pass
    if "FILL" in html:
        return "x" * (4 << 30)
    if "RAISE" in html:
        raise RuntimeError("hushed")
    if "LONG" in html:
        return "ا" * 3_000_000
    return "\n".join(("سطر أول", "", "سطر <ثان> & أخير"))

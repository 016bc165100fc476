"""Who may look at the pages, as the rules have it, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor import keyfile
from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.errors import StateError
from monitor.model import Access

ABOUT: Final = "pages"
KEY_FILE: Final = "web.key"  # of `web.access.sessions`


def look(access: Access, url: str | None, state: Path) -> Iterator[Finding]:
    """For rules that ask visitors who they are."""
    if access.lacks_token:
        yield problem(ABOUT, "nobody may look: web.token has no value", "set the variable or file that it comes from")
        return
    if url is not None and url.startswith("http://") and not access.proxy:
        what = "web.url begins with http://: whoever watches the network reads what people log in with"
        yield warning(ABOUT, what, "let a reverse proxy speak https for the pages; see docs/howto/web.md")
    try:
        keyfile.read(state / KEY_FILE, loss="everybody has to log in again")
    except StateError as error:
        yield problem(ABOUT, str(error), "remove the file, then start the pages again")
        return
    except OSError as error:
        why = f"{state / KEY_FILE} cannot be read: {error.strerror}"
        yield problem(ABOUT, why, "give this user permission to it")
        return
    yield ok(ABOUT, f"may look: {', '.join(_ways(access))}")


def _ways(access: Access) -> Iterator[str]:
    if access.users:
        yield f"{len(access.users)} with a password"
    if access.token is not None:
        yield "whoever has the token"
    if access.proxy:
        yield f"whom {access.proxy} names in {access.header}"

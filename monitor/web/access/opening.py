"""Whether the pages may be opened where somebody wants them."""

from __future__ import annotations

from monitor.config import Config
from monitor.errors import UsageError
from monitor.web.listening import Place, UnixSocket

WAYS = "users, token or trust under 'web' in the rules"


def check(place: Place, config: Config, *, option: str) -> None:
    """Raises UsageError where they would be open to others, or to nobody."""
    if config.access.lacks_token:
        raise UsageError("nobody may look at the pages: web.token in the rules has no value; set its variable")
    if config.access.asks:
        return
    if isinstance(place, UnixSocket):  # what comes through it may be from anywhere
        raise UsageError(
            f"a socket is for a proxy, and nobody is asked who they are; set {WAYS}: "
            "trust: {proxy: unix, header: …} where the proxy knows its people"
        )
    if not place.is_loopback:
        raise UsageError(
            f"{place.host} can be reached from elsewhere, and nobody is asked who they are; set {WAYS} "
            f"('monitor web --hash NAME' makes the line of a user), or give {option} an address of this machine"
        )

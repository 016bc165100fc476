"""Whether the pages may be opened where somebody wants them."""

from __future__ import annotations

from monitor.config import Config
from monitor.errors import UsageError
from monitor.serve import Listen
from monitor.web.listening import Place

WAYS = "users, token or trust under 'web' in the rules"


def check(place: Place, config: Config, *, option: str) -> None:
    """Raises UsageError where they would be open to others, or to nobody."""
    if config.access.lacks_token:
        raise UsageError("nobody may look at the pages: web.token in the rules has no value; set its variable")
    if isinstance(place, Listen) and not (place.is_loopback or config.access.asks):
        raise UsageError(
            f"{place.host} can be reached from elsewhere, and nobody is asked who they are; set {WAYS} "
            f"('monitor web --hash NAME' makes the line of a user), or give {option} an address of this machine"
        )

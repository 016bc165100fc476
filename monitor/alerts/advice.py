"""What people should know of a service before they rely on it, and what helps where it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.model import Channel, NotSent

_WHATSAPP: Final = (
    "WhatsApp takes free text only within 24 hours after the reader last wrote to your number, and drops it silently "
    "after that; then only a template that Meta approved arrives (whatsapp://TEMPLATE:TOKEN@…). "
    "It is no channel to be woken by."
)
_TELEGRAM: Final = (
    "Telegram takes 1 message a second to a chat and 20 a minute to a group; more wait their turn. "
    "The reader must have written to the bot first, or the bot must be in the group."
)
_ALONE: Final = "Follow-ups stand alone here: this kind of address gives messages no name to hang on."
_NOTES: Final[Mapping[str, str]] = {
    "whatsapp": _WHATSAPP,
    "tgram": _TELEGRAM,
    "discord": f"{_ALONE} Nobody is pinged, unless the address says so (?ping=@role).",
    "workflow": f"{_ALONE} Teams answers before the card is posted: look into the channel.",
    "workflows": f"{_ALONE} Teams answers before the card is posted: look into the channel.",
    "mailto": "The mail server has taken it; look into the spam folder, too.",
    "mailtos": "The mail server has taken it; look into the spam folder, too.",
    "ntfy": f"{_ALONE} Whoever knows the topic reads along: take one that cannot be guessed, or a server of your own.",
    "ntfys": f"{_ALONE} Whoever knows the topic reads along: take one that cannot be guessed, or a server of your own.",
}
_SLACK_WEBHOOK: Final = f"{_ALONE} Those of a bot hang on the first message (slack://xoxb-…/#channel)."
_UNSIGNED: Final = "Nothing is signed: give the channel a 'secret', so that the receiver knows whose alerts these are."


def note(channel: Channel) -> str:
    """'' where there is nothing to say."""
    if channel.url is None:
        return ""
    address = channel.url.reveal().strip()
    schema = address.partition("://")[0].lower()
    if schema.startswith("cloudevents+"):
        return "" if channel.secret else _UNSIGNED
    if schema == "slack" and "xoxb-" not in address and "xoxp-" not in address:
        return _SLACK_WEBHOOK
    return _NOTES.get(schema, "")


def remedy(result: NotSent) -> str:
    """What to do about a failure, beyond what its detail says."""
    if result.ambiguous:
        return "it may have arrived all the same: look, before you try again"
    if result.retry_after is not None:
        return f"try again in {int(result.retry_after.total_seconds())} s"
    if result.permanent:
        return "the reader or the channel has left; write another address, or remove the channel"
    if result.refused:
        return "make a new address in the service's settings, and put it where the channel's ${…} is read from"
    if "no connection" in result.detail or "no answer" in result.detail or "secure connection" in result.detail:
        return "see 'monitor doctor': it looks for name, connection and certificate"
    return "see the service's own words; the address in the channel's url, and what it allows"

"""How each service is spoken to: the one table of formats, limits and options. Imports nothing of Apprise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from monitor.alerts.dialects import Format
from monitor.alerts.fit import Limits

Declared = Literal["text", "html", "markdown"]

ROOM: Final = 4000  # characters; no message of ours needs more, but a mail, which is never cut short of its tags
MAIL_ROOM: Final = 30_000  # of HTML; Apprise's own bound is 32,768


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`limits` None: as Apprise knows them. `declared`: what Apprise is told that a body in `format` is; None: nothing,
    so that it leaves every character as it is. (Of text see `service`.) `options` are set in the address, whatever it
    says; `priority` only where it says none, by severity."""

    format: Format = "text"
    limits: Limits | None = None
    declared: Declared | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    priority: Mapping[str, str] = field(default_factory=dict)


_NTFY: Final = Style(
    # Over 4,096 bytes the message becomes an attached file (its documentation: message-size-limit).
    limits=Limits(title=200, body=4000, unit="bytes"),
    priority={"critical": "max", "high": "high", "medium": "default", "low": "low", "info": "low"},
)
# A block holds 3,000 characters after escaping, a header 150 (Block Kit). Without blocks Slack shows no mrkdwn here.
_SLACK: Final = Style(
    format="slack",
    limits=Limits(title=140, body=2900),
    options={"use_blocks": True, "include_image": False, "include_footer": False, "include_timestamp": False},
)
_MAIL: Final = Style(format="html", limits=Limits(title=200, body=MAIL_ROOM), declared="html")
_MATRIX: Final = Style(
    format="matrix", limits=Limits(title=0, body=2 * ROOM), declared="html", options={"include_image": False}
)
_MATTERMOST: Final = Style(
    format="markdown", limits=Limits(title=0, body=ROOM), declared="text", options={"include_image": False}
)
_ROCKET: Final = Style(limits=Limits(title=0, body=ROOM), options={"avatar": False})
_GOTIFY: Final = Style(
    limits=Limits(title=200, body=ROOM),
    priority={"critical": "emergency", "high": "high", "medium": "normal", "low": "moderate", "info": "low"},
)

STYLES: Final[Mapping[str, Style]] = {
    # 4,096 after the entities are parsed; Apprise does not escape a title, so it has none.
    "tgram": Style(format="telegram", limits=Limits(title=0, body=ROOM), declared="html"),
    "slack": _SLACK,
    # Plain content, not an embed: there Apprise collects '@everyone' from the body and pings it.
    "discord": Style(format="markdown", limits=Limits(title=0, body=1950), options={"avatar": False, "tts": False}),
    "ntfy": _NTFY,
    "ntfys": _NTFY,
    "mailto": _MAIL,
    "mailtos": _MAIL,
    "matrix": _MATRIX,
    "matrixs": _MATRIX,
    # A message may have 28 KB (Teams); Apprise believes in 1,000 characters, but cuts nothing.
    "workflow": Style(limits=Limits(title=200, body=3000), options={"include_image": False}),
    "workflows": Style(limits=Limits(title=200, body=3000), options={"include_image": False}),
    "whatsapp": Style(limits=Limits(title=0, body=ROOM)),  # 4,096 (Cloud API); Apprise says 1,024
    "signal": Style(limits=Limits(title=0, body=ROOM)),
    "signals": Style(limits=Limits(title=0, body=ROOM)),
    "mmost": _MATTERMOST,
    "mmosts": _MATTERMOST,
    "gchat": Style(limits=Limits(title=0, body=ROOM)),  # 4,096 (Chat API)
    "rocket": _ROCKET,
    "rockets": _ROCKET,
    "gotify": _GOTIFY,
    "gotifys": _GOTIFY,
    "pover": Style(
        limits=Limits(title=200, body=1000),
        # Never 'emergency', which repeats until somebody confirms it: that is for the operator to ask for.
        priority={"critical": "high", "high": "high", "medium": "normal", "low": "moderate", "info": "low"},
    ),
}
OTHER: Final = Style()


def style_of(schema: str) -> Style:
    return STYLES.get(schema, OTHER)

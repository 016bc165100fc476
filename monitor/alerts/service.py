"""From an address to Apprise's service objects. Never imported by the monitor itself: Apprise costs 0.4 s and 50 MB."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import apprise
from apprise import manager_plugins, plugins
from apprise.plugins.base import NotifyBase
from apprise.utils import parse as apprise_parse

from monitor.alerts.dialects import Format
from monitor.alerts.endpoint import Endpoint
from monitor.alerts.endpoint import of as endpoint_of
from monitor.alerts.fit import Limits
from monitor.alerts.styles import ROOM, style_of
from monitor.model import ONLY

# Desktops, devices and logs of this machine: nobody who must be told sits there, and some run local programs.
LOCAL_SCHEMAS: Final = frozenset(("blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"))

# Ours to decide, whatever the address says. A redirect would turn the POST into a GET elsewhere and look like success;
# retries are the outbox's; the text is cut by us to fit, and must stay text.
OURS: Final[Mapping[str, Any]] = {
    "redirect": False,
    "cto": 10,
    "rto": 20,
    "retry": 0,
    "wait": 0,
    "optional": False,
    "overflow": "upstream",
    "emojis": False,
    "store": False,
}

MIDDLING: Final = 8000  # services that take less are taken to count the title with the body

# Apprise annotates few of its functions; these are the ones that we rely on.
_url_to_dict: Final[Callable[[str], dict[str, Any] | None]] = plugins.url_to_dict
_parse_emails: Final[Callable[[Any], list[str]]] = apprise_parse.parse_emails
_manager: Final[Callable[[], Any]] = manager_plugins.NotificationManager


class Refused(Exception):
    """The address cannot be used; the text says why and what to do, and holds no part of the address."""


class Gone(Refused):
    """The channel has this recipient no more."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address, parsed. `targets` maps a recipient's key to the target as Apprise takes it, keys in order.

    Empty where the address is one recipient, or cannot be split safely: it is then sent to as a whole, also for the
    keys in `whole`, which its targets had when there were more, or would have.
    """

    parsed: Mapping[str, Any]
    targets: Mapping[str, str]
    whole: frozenset[str] = frozenset((ONLY,))


ASSET: Final = apprise.AppriseAsset(
    app_id="monitor",
    app_desc="monitor",
    app_url="",
    image_url_mask="",
    image_url_logo="",
    image_path_mask="",
    storage_mode="memory",
    allow_templates=False,
    service_timeout=0,
    async_mode=False,
    interpret_emojis=False,
    interpret_escapes=False,
    pgp_autogen=False,
    pem_autogen=False,
    http_redirects=False,
)


def load() -> None:
    """Read the whole table of services, which Apprise else does at the first address."""
    _manager().schemas()


def parse(url: str) -> Address:
    """Read an address; raises Refused for one that we do not use."""
    parsed = _url_to_dict(url.strip())  # a secret from a file ends with a line end
    if not parsed:
        raise Refused(_unreadable(url))
    if parsed["schema"] in LOCAL_SCHEMAS:
        raise Refused(f"{parsed['schema']}:// reaches only this machine; use a channel that reaches people")
    if str(parsed.get("optional", "no")).lower() in ("true", "yes", "1", "on"):
        raise Refused("optional=yes would report lost alerts as sent; remove it from the address")
    # `format` would have our text taken for Markdown or HTML; the service's own choice suits it.
    kept = {key: value for key, value in parsed.items() if key != "format"} | dict(OURS)
    kept |= style_of(parsed["schema"]).options
    targets = _split(kept, _instance(kept))
    if len(targets) > 1:
        return Address(kept, targets)
    if targets:  # the same one, written twice
        kept = _for_target(kept, *targets.values())
    return Address(kept, {}, frozenset((ONLY, *map(key_of, _listed(kept)))))


def service(address: Address, key: str, severity: str = "info") -> NotifyBase:
    """One service object, for one recipient; Refused if the channel has no such recipient any more.

    'only' is the address as a whole, also where it has grown a second recipient since the alert was decided: better
    one of them told twice than none. A priority in the address holds; else the severity makes it.
    """
    priority = style_of(address.parsed["schema"]).priority.get(severity)
    parsed = ({} if priority is None else {"priority": priority}) | dict(address.parsed)
    if key in address.whole:
        return _instance(parsed)
    if key not in address.targets:
        raise Gone("this recipient is no longer in the channel's address")
    return _instance(_for_target(parsed, address.targets[key]))


def told(address: Address, key: str) -> tuple[str, ...]:
    """Who the message is for, as the address names them; () where it does not."""
    return (address.targets[key],) if key in address.targets else tuple(_listed(address.parsed))


def limits(address: Address) -> Limits:
    """What one message to this address may measure."""
    fixed = style_of(address.parsed["schema"]).limits
    if fixed is not None:
        return fixed
    plugin = _instance(address.parsed)
    body = plugin.body_maxlen if isinstance(plugin.body_maxlen, int) and plugin.body_maxlen > 0 else ROOM
    title = min(plugin.title_maxlen, 200) if isinstance(plugin.title_maxlen, int) else 0
    if title and body < MIDDLING:
        body -= min(title, body // 2) + 8
        title = min(title, body)
    return Limits(title=max(title, 0), body=min(body, ROOM))


def format_of(address: Address) -> Format:
    """What its messages are written in. A workflow of Slack puts what it is given where its author wants it: text."""
    schema = address.parsed["schema"]
    is_workflow = schema == "slack" and str(getattr(_instance(address.parsed), "mode", "")).startswith("workflow")
    return "text" if is_workflow else style_of(schema).format


def endpoint(address: Address) -> Endpoint | None:
    """Where it will be reached; None where that cannot be told."""
    return endpoint_of(_instance(address.parsed))


def _unreadable(url: str) -> str:
    schema = re.match(r"\s*([a-z][a-z0-9+.-]{0,19})://", url, re.IGNORECASE)
    if schema is None:
        return "this is no Apprise address; it must begin like slack://, tgram:// or mailto://"
    if schema[1].lower() in _manager():
        return f"something is missing in this {schema[1].lower()}:// address; compare it with Apprise's documentation"
    return "no service of Apprise has this kind of address; see https://appriseit.com/services/"


def _instance(parsed: Mapping[str, Any]) -> NotifyBase:
    plugin = _manager()[parsed["schema"]]
    if plugin is None or not plugin.enabled:
        raise Refused(_disabled(parsed["schema"], plugin))
    try:
        made = plugin(**{**parsed, "asset": ASSET, "tag": set()})
    except (TypeError, apprise.exception.AppriseException):
        raise Refused(
            f"Apprise refuses this {parsed['schema']}:// address; compare it with its documentation"
        ) from None
    if not isinstance(made, NotifyBase):
        raise Refused("this is no address of a notification service")
    return made


def _disabled(schema: str, plugin: Any) -> str:
    needed = getattr(plugin, "requirements", {}).get("packages_required") or []
    names = ", ".join([needed] if isinstance(needed, str) else needed)
    return f"{schema}:// does not work here" + (f"; install the Python package {names}" if names else "")


# --- recipients


def key_of(target: str) -> str:
    """A recipient's key: no secret, the same whatever the token and the order."""
    return "r" + hashlib.sha256(_bare(target).encode()).hexdigest()[:12]


def _bare(target: str) -> str:
    """A mail address without the name before it and in small letters; anything else as it is."""
    named = re.search(r"<([^<>]+@[^<>]+)>\s*$", target)
    bare = named[1] if named else target.strip()
    return bare.lower() if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", bare) else bare


def _split(parsed: Mapping[str, Any], whole: NotifyBase) -> Mapping[str, str]:
    """The targets by key, if there are several written and each makes exactly one; else none."""
    listed = _listed(parsed)
    copies = _copies(parsed)
    if copies and not listed:
        listed = [
            str(address) for _, address in getattr(whole, "targets", ())
        ]  # a mail without `to` goes to its sender
    elif len(whole) != len(listed):
        return {}
    targets = dict(sorted((key_of(target), target) for target in (*listed, *copies)))
    each_is_one = all(len(_instance(_for_target(parsed, target))) == 1 for target in targets.values())
    return targets if each_is_one and len(listed) + len(copies) > 1 else {}


def _copies(parsed: Mapping[str, Any]) -> list[str]:
    """Who gets a copy of a mail gets a message of their own: else one refused address would repeat all of them."""
    if not _is_mail(parsed):
        return []
    return [str(address) for kind in ("cc", "bcc") for address in _parse_emails(parsed.get(kind))]


def _listed(parsed: Mapping[str, Any]) -> list[str]:
    targets = parsed.get("targets") or []
    listed = [targets] if isinstance(targets, str) else [str(target) for target in targets]
    if _is_mail(parsed):
        return [str(address) for address in _parse_emails(listed)]
    return [part for target in listed for part in re.split(r"[\s,;]+", target) if part]


def _is_mail(parsed: Mapping[str, Any]) -> bool:
    """Whether the targets are mail addresses that may carry a name, and may have copies."""
    plugin = _manager()[parsed["schema"]]
    return "bcc" in getattr(plugin, "template_args", {})


def _for_target(parsed: Mapping[str, Any], target: str) -> dict[str, Any]:
    return {**parsed, "targets": [target]} | {copies: None for copies in ("cc", "bcc") if copies in parsed}

"""Addresses of feeds, proxies and channels: what can be used, what must not stand in a file, and the ids, names and
newsrooms that follow from an address. Nothing here quotes a filled-in value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import PlainValidator, WithJsonSchema

from monitor.lexicon import hosts
from monitor.model import is_webhook
from monitor.rules import values
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.secrets import refuse_secret_address, refuse_secret_header, without_references
from monitor.rules.shape import OneOrMore, one_or_more, setting
from monitor.rules.usable import (
    FEED_SCHEMES,
    PROXY_SCHEMES,
    SHORTEST_KEY,
    is_header_value,
    is_key,
    is_notification_address,
    unusable,
)

PIN = r"sha256//[A-Za-z0-9+/]{43}="  # as libcurl takes it: the SHA-256 digest of the public key, in base64
HOST = r"(?!www\.)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*"  # small letters, without www.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2: token
# Ours to send: a wrong one breaks conditional requests, the size limits or the connection.
_OWN_HEADERS = frozenset((
    "accept-encoding", "connection", "content-length", "expect", "host", "if-match", "if-modified-since",
    "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "proxy-authorization", "range", "te",
    "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip
# How the paths of the pages begin. Pages below one of these could not tell, of an asked path, whether a proxy has taken
# theirs off it.
PAGES: Final = frozenset((
    "a", "alerts", "alerts.atom", "alerts.json", "api", "cluster", "export", "feeds", "feeds.opml", "healthz", "live",
    "login", "logout", "map", "operations", "preferences", "rules", "search", "static", "stories",
))  # fmt: skip


def _read(
    check: Callable[[Scalar], None], *, channel: bool = False, variable: str = "DESK_URL"
) -> Callable[[object], Scalar]:
    def validate(written: object) -> Scalar:
        scalar = values.text(written)
        refuse_secret_address(scalar, channel=channel, variable=variable)
        if not scalar.unset:
            check(scalar)
        return scalar

    return validate


def _check_feed(url: Scalar) -> None:
    what = unusable(url, FEED_SCHEMES)
    if what:
        raise Refused("R314", f"this feed address cannot be used: {what}", _feed_remedy(url))


def _check_heartbeat(url: Scalar) -> None:
    what = unusable(url, FEED_SCHEMES)
    if what:
        raise Refused("R314", f"this heartbeat address cannot be used: {what}", _feed_remedy(url))


def _web(written: object) -> Scalar:
    """No secret is in it, and nothing is filled in: people see it in each message."""
    url = values.text(written)
    what, remedy = unusable(url, FEED_SCHEMES), _WEB_REMEDY
    if not what:
        what, remedy = _no_web_address(url)
    if what:
        raise Refused("R314", f"this web address cannot be used: {what}", remedy)
    return url


_WEB_REMEDY = "write where people open it in a browser, for example https://monitor.example.org"


def _no_web_address(url: str) -> tuple[str, str]:
    """Why, and what to do; '' where it is one."""
    parts = urlsplit(url)
    if "@" in parts.netloc or "?" in url or "#" in url:
        return "a user name, '?' or '#' stands in it", _WEB_REMEDY
    if "//" in parts.path:  # every address of ours would begin with it, and so name another host
        path = re.sub("/+", "/", parts.path)
        remedy = f"write one '/' there, for example {parts.scheme}://{shown(parts.netloc)}{shown(path)}"
        return "'//' stands in its path", remedy
    first = unquote(parts.path).removeprefix("/").partition("/")[0]
    if first in PAGES:
        remedy = f"choose another path, for example {parts.scheme}://{shown(parts.netloc)}/monitor"
        return f"pages of monitor's own are at /{first}", remedy
    return "", ""


def _feed_remedy(url: Scalar) -> str:
    if url.startswith(("feed:", "rss:")):
        return "write https:// instead"
    if re.fullmatch(r"\$[A-Za-z_]\w*", url.written):
        return f'write it with braces: "${{{url.written[1:]}}}"'
    if url.written == url and "://" not in url and "." in url:
        return f"write the whole address: https://{shown(url)}"
    return "write an address that begins with https:// or http://, as the browser shows it"


def _check_proxy(url: Scalar) -> None:
    what = unusable(url, PROXY_SCHEMES)
    if what:
        remedy = "write http://host:port, socks5://host:port or socks5h://host:port"
        raise Refused("R314", f"this proxy cannot be used: {what}", remedy)


def _check_channel(url: Scalar) -> None:
    if is_notification_address(url):
        return
    named = re.fullmatch(r"\$[A-Za-z_]\w*", url.written)
    remedy = f'write it with braces: "${{{url.written[1:]}}}"' if named else _CHANNEL_REMEDY
    what = f"the value of {shown(url.written)} is no notification address" if "${" in url.written else None
    raise Refused("R314", what or f"'{shown(url.written)}' is no notification address", remedy)


_CHANNEL_REMEDY = "an Apprise address begins like slack://, tgram:// or mailtos://; see the list of services in docs/"


def _headers(written: object) -> Mapping[str, Scalar]:
    if not isinstance(written, Block):
        raise Refused(
            "R207", "headers are a block of 'Name: value' lines", 'write e.g. {Authorization: "Bearer ${TOKEN}"}'
        )
    return {str(name): _header(name, value) for name, value in written.items()}


def _header(name: str, written: object) -> Scalar:
    value = values.text(written)
    at = getattr(name, "at", None)
    if not _HEADER_NAME.fullmatch(name):
        raise Refused("R209", f"'{shown(name)}' is no header name", "header names are Latin letters and '-'", at)
    if name.lower() in _OWN_HEADERS:
        raise Refused("R209", f"the header {name} is set by monitor itself", "remove it", at)
    refuse_secret_header(name, value)
    if not is_header_value(value):
        what = f"the value of the header {name} has a line end or a letter that is not ASCII"
        raise Refused("R209", what, "headers are one line of ASCII", value.at)
    return value


def _host(written: Scalar) -> Scalar:
    if re.fullmatch(HOST, written):
        return written
    inside = host_of(written if "://" in written else f"//{written}").removeprefix("www.")
    remedy = f"write the host alone: {shown(inside)}" if re.fullmatch(HOST, inside) else "a host is like news.example"
    raise Refused("R209", f"'{shown(written.written)}' is no host", remedy)


def _pin(written: Scalar) -> Scalar:
    if re.fullmatch(PIN, written):
        return written
    if re.fullmatch(r"(?i)(?:sha256[:/ ]*)?[0-9a-f]{2}(?::?[0-9a-f]{2}){31}", written):
        what = "this looks like the fingerprint of a certificate; a pin is of the key in it, and in base64"
    else:
        what = f"'{shown(written.written)}' is no pin"
    raise Refused("R209", what, "write sha256// and 44 signs of base64; docs/feeds.md says how to get them")


def check_pinned(url: Scalar, pins: list[Scalar]) -> None:
    """A key is shown over https only."""
    if pins and not url.unset and not url.lower().startswith("https:"):
        raise Refused("R209", "a pin needs an address with https://", "write https:// or remove 'pin'", pins[0].at)


def _key(written: Scalar) -> Scalar:
    """A key that messages are signed with."""
    if "${" not in written.written:
        what = "the key that messages are signed with is a secret, and stands in the file"
        raise Refused("R309", what, 'put it into an environment variable, and write "${HOOK_SECRET}" here')
    if not written.unset and not is_key(written):
        what = f"the key that messages are signed with has fewer than {SHORTEST_KEY} characters, and can be guessed"
        raise Refused("R209", what, "make a long one: openssl rand -hex 32")
    return written


def check_signed(url: Scalar | None, key: Scalar | None) -> None:
    """Only a webhook of ours is signed; a service would not look."""
    if key is not None and not (url is not None and (url.unset or is_webhook(url))):
        what = "only a channel with a cloudevents+https:// address signs what it sends"
        raise Refused("R209", what, "remove 'secret', or write such an address", key.at)


_URL_SCHEMA: dict[str, Any] = {"type": "string", "minLength": 4}
FeedUrl = Annotated[
    Scalar, PlainValidator(_read(_check_feed)), WithJsonSchema(_URL_SCHEMA | {"pattern": r"^https?://|\$\{"})
]
Proxy = Annotated[Scalar, PlainValidator(_read(_check_proxy)), WithJsonSchema(_URL_SCHEMA)]
ChannelUrl = Annotated[
    Scalar,
    PlainValidator(_read(_check_channel, channel=True)),
    WithJsonSchema(_URL_SCHEMA | {"examples": ["${DESK_SLACK_URL}", "${file:/run/secrets/desk}"]}),
]
_PIN_SCHEMA = {"type": "string", "pattern": f"^{PIN}$", "examples": ["sha256//" + "A" * 43 + "="]}
Pins = Annotated[
    list[Annotated[Scalar, PlainValidator(setting(_pin))]],
    OneOrMore,
    one_or_more(_PIN_SCHEMA),
]
Hosts = Annotated[
    list[Annotated[Scalar, PlainValidator(setting(_host))]],
    OneOrMore,
    one_or_more({"type": "string", "pattern": f"^{HOST}$", "examples": ["news.example"]}),
]
SharedKey = Annotated[
    Scalar,
    PlainValidator(setting(_key)),
    WithJsonSchema({"type": "string", "minLength": 4, "examples": ["${HOOK_SECRET}"]}),
]
HeartbeatUrl = Annotated[
    Scalar,
    PlainValidator(_read(_check_heartbeat, channel=True, variable="HEARTBEAT_URL")),
    WithJsonSchema(_URL_SCHEMA | {"examples": ["${HEARTBEAT_URL}"]}),
]
WebUrl = Annotated[
    Scalar,
    PlainValidator(_web),
    WithJsonSchema(_URL_SCHEMA | {"pattern": "^https?://", "examples": ["https://monitor.example.org"]}),
]
Headers = Annotated[
    dict[str, Scalar],
    PlainValidator(_headers),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "string"}}),
]


def host_of(address: str) -> str:
    """The host of an address as written, in small letters; '' when it stands in a `${…}`. Never raises."""
    try:
        return (urlsplit(without_references(address)).hostname or "").lower()
    except ValueError:
        return ""


def derived_id(address: str) -> str:
    """A feed's id out of its address as written: `https://www.enabbaladi.net/feed/` is `enabbaladi-net-feed`.

    Depends on nothing else, so adding a feed renames no other. Where letters are lost (a query, signs, other
    scripts, great length), six hex digits of BLAKE2 keep two addresses apart.
    """
    bare = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://([^/@]*@)?(www\.)?", "", without_references(address)).rstrip("/")
    slug = re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
    if len(slug) <= 48 and slug and re.fullmatch(r"[a-z0-9./_-]+", bare):
        return slug
    mark = hashlib.blake2b(address.encode("utf-8", "replace"), digest_size=3).hexdigest()
    return f"{slug[:48].strip('-') or 'feed'}-{mark}"


def derived_source(address: str) -> str:
    """The newsroom behind an address: the name it registered, or on hosts that many share the name there."""
    host = host_of(address).removeprefix("www.")
    if not host or hosts.shared_by_path(host):
        return derived_id(address)
    return host if hosts.named_on_shared(host) else hosts.registered(host)

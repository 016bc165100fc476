"""The `web` block: where people reach the pages, and who may look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from monitor.rules import addresses, values
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.shape import Shape, setting
from monitor.rules.usable import SHORTEST_KEY, is_key

_NAME = re.compile(r"[\w.@+-]{1,80}")
_NAMELESS: Final = "token"  # who logs in with the token is called so
# As argon2 writes it (PHC string format), with work that a log-in can be made to do: KiB, passes, lanes.
_HASH = re.compile(r"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}")
_MOST_WORK: Final = (256 * 1024, 10, 8)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]+")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
# What a proxy or a browser says in these is not who somebody is.
_NO_NAME_IN = frozenset({"authorization", "cookie", "forwarded", "host", "origin", "referer", "via", "x-forwarded-for"})
_SOCKET: Final = "unix"  # who comes through a socket of the file system
_LEAST_PREFIX: Final = {4: 8, 6: 32}
_HASH_REMEDY: Final = "let 'monitor web --hash' make the line: it asks for the password and prints it"


def _users(written: object) -> Mapping[str, Scalar]:
    if not isinstance(written, Block):
        raise Refused("R207", "users are a block of names, each with the hash of a password", _HASH_REMEDY)
    return {str(name): _hash(name, value) for name, value in written.items()}


def refused_name(name: str) -> str:
    """Why nobody can log in by this name; '' where they can."""
    if name == _NAMELESS:
        return f"'{name}' is what those are called who log in with the token"
    return "" if _NAME.fullmatch(name) else f"'{shown(name)}' is no name to log in with"


def _hash(name: str, written: object) -> Scalar:
    what = refused_name(name)
    if what:
        raise Refused("R209", what, "use another name, of letters, digits and . _ - @ +", getattr(name, "at", None))
    value = values.text(written)
    found = _HASH.fullmatch(value)
    if found is None:
        what = f"this is no hash of a password for {shown(name)}"
        raise Refused("R209", what, _HASH_REMEDY, value.at, quoted=False)
    if any(int(work) > most for work, most in zip(found.groups(), _MOST_WORK, strict=True)):
        raise Refused("R209", "to try this hash would take too much work at each log-in", _HASH_REMEDY, value.at)
    return value


def _token(written: Scalar) -> Scalar:
    if "${" not in written.written:
        what = "the token for the pages is a secret, and stands in the file"
        raise Refused("R309", what, 'put it into an environment variable, and write "${WEB_TOKEN}" here')
    if not (is_key(written) and written.isascii() and written.isprintable() and " " not in written):
        what = f"the token for the pages has fewer than {SHORTEST_KEY} characters, or signs that no header can hold"
        raise Refused("R209", what, "make a long one: openssl rand -hex 32")
    return written


def _host(written: Scalar) -> Scalar:
    bare = written.strip("[]").lower()
    if _HOST.fullmatch(bare):
        return Scalar.make(bare, written.at)
    inside = re.sub(r"^[a-z]+://|[:/].*$", "", re.sub(r"^[a-z]+://", "", bare))
    remedy = f"write the name alone: {shown(inside)}" if _HOST.fullmatch(inside) else "a host is like monitor.lan"
    raise Refused("R209", f"'{shown(written.written)}' is no host", remedy)


def _proxy(written: Scalar) -> Scalar:
    if written == _SOCKET:
        return written
    try:
        network = ip_network(str(written), strict=False)
    except ValueError:
        remedy = "write the address that it connects from: 10.0.0.1, its network: 172.18.0.0/16, or unix for a socket"
        raise Refused("R209", f"'{shown(written.written)}' is no address of a proxy", remedy) from None
    if network.prefixlen < _LEAST_PREFIX[network.version]:
        raise Refused("R209", "nearly everybody would be believed as the proxy", "write its own address")
    return Scalar.make(str(network), written.at)


def _header(written: Scalar) -> Scalar:
    if not _HEADER.fullmatch(written):
        remedy = "write its name, for example X-Forwarded-User"
        raise Refused("R209", f"'{shown(written.written)}' is no header name", remedy)
    if written.lower() in _NO_NAME_IN:
        remedy = "have the proxy write the user's name into one of its own, for example X-Forwarded-User"
        raise Refused("R209", f"the header {shown(written)} holds something else than a user's name", remedy)
    return Scalar.make(written.lower(), written.at)


_TEXT = {"type": "string", "minLength": 1}
Users = Annotated[
    dict[str, Scalar],
    PlainValidator(_users),
    WithJsonSchema({"type": "object", "additionalProperties": _TEXT | {"pattern": r"^\$argon2id\$"}}),
]
Token = Annotated[Scalar, PlainValidator(setting(_token)), WithJsonSchema(_TEXT | {"examples": ["${WEB_TOKEN}"]})]
Host = Annotated[Scalar, PlainValidator(setting(_host)), WithJsonSchema(_TEXT | {"examples": ["monitor.lan"]})]
ProxyAddress = Annotated[Scalar, PlainValidator(setting(_proxy)), WithJsonSchema(_TEXT | {"examples": ["10.0.0.1"]})]
HeaderName = Annotated[
    Scalar, PlainValidator(setting(_header)), WithJsonSchema(_TEXT | {"examples": ["X-Forwarded-User"]})
]


def _hosts(written: object) -> object:
    if isinstance(written, list):
        return written
    raise Refused("R207", "this must be a list", "write [monitor.lan]")


class WrittenTrust(Shape):
    """A reverse proxy that logs people in and says who they are."""

    proxy: ProxyAddress = Field(
        description="The address that it connects from, its network, or `unix` for a socket. Nobody else is believed."
    )
    header: HeaderName = Field(description="The header in which it names the user: X-Forwarded-User.")


class WrittenWeb(Shape):
    """Where people reach the pages, and who may look."""

    url: addresses.WebUrl | None = Field(
        default=None, description="The address that links in messages begin with: https://monitor.example.org."
    )
    users: Users = Field(default_factory=dict, description="Who may log in: names with hashes of 'monitor web --hash'.")
    token: Token | None = Field(
        default=None, description='What programs show, and people without a name log in with: "${WEB_TOKEN}".'
    )
    trust: WrittenTrust | None = Field(
        default=None, description="A proxy that is believed when it names the user: {proxy: 10.0.0.1, header: …}."
    )
    hosts: Annotated[list[Host], BeforeValidator(_hosts)] = Field(
        default_factory=list, description="More names that the pages are asked for by: [monitor.lan]."
    )

    @model_validator(mode="after")
    def _says_something(self) -> WrittenWeb:
        if self.url is None and not (self.users or self.token is not None or self.trust or self.hosts):
            what = "nothing is said of the pages: neither their address nor who may look"
            raise Refused(
                "R208", what, "write url: https://…, as people open it in a browser, or users, token, trust", self.at
            )
        return self

    @model_validator(mode="after")
    def _hosts_are_asked_for(self) -> WrittenWeb:
        if self.hosts and not (self.users or self.token is not None or self.trust):
            what = "'hosts' lets others on the network in, and nobody is asked who they are"
            raise Refused("R209", what, "add users, token or trust beside it", self.hosts[0].at)
        return self

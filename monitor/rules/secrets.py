"""References to secrets (`${NAME}`, `${file:path}`), and secrets that stand in a file in plain sight. Pure: whoever
calls says what a reference means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from monitor.rules.masking import looks_like_token
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Refused, shown

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Apprise services whose address names a server of the operator's: harmless without credentials. In all others some
# part of the address is the secret itself (apprise 2.2, its table of plugins).
_OPEN_SCHEMES = frozenset({
    "json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos", "cloudevents+http", "cloudevents+https",
})  # fmt: skip
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1", re.IGNORECASE)
_NAMED_PASSWORD = re.compile(r"[^:]+://[^/?#:]*:[A-Za-z]+(?:[-_][A-Za-z]+)*@")  # user:app-password@, in an example
_SECRET_HEADER = re.compile(r"(?i)authorization|cookie|token|secret|key|password")
_SECRET_PARAMETER = re.compile(
    r"(?i)[+:-]?(?:.*(?:token|secret|passw|authorization|cookie|signature)|pass|pwd|auth|sig|(?:api|access)?[_-]?key)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """`${NAME}`, or with `file` the path of `${file:path}`."""

    name: str
    file: bool = False

    def __str__(self) -> str:
        return f"${{{'file:' if self.file else ''}{self.name}}}"


Lookup = Callable[[Reference, Scalar], str | None]  # the scalar says in which file the reference stands


def references(written: str) -> tuple[Reference, ...]:
    """Those in a text, in order; raises `Refused` for one that cannot be read."""
    if written.count("${") != len(_REFERENCE.findall(written)):
        raise Refused("R315", "a '${' is never closed", "write ${NAME}, with the closing brace")
    return tuple(_reference(inner) for inner in _REFERENCE.findall(written))


def _reference(inner: str) -> Reference:
    kind, colon, path = inner.partition(":")
    if kind == "file" and colon and path.strip():
        return Reference(path.strip(), file=True)
    if _NAME.fullmatch(inner):
        return Reference(inner)
    what = f"'{shown('${' + inner + '}')}' names no variable and no file"
    raise Refused("R315", what, "write ${NAME} for a variable of the environment, or ${file:/path/to/secret}")


def fill(scalar: Scalar, lookup: Lookup) -> tuple[Scalar, tuple[Reference, ...]]:
    """The scalar with its references filled in, and those that have no value. Filled text is never read again, so a
    value that holds `${…}` or YAML stays what it is."""
    wanted = references(scalar)
    if not wanted:
        return scalar, ()
    values = {reference: lookup(reference, scalar) for reference in wanted}
    unset = tuple(reference for reference, value in values.items() if value is None)
    if unset:
        return scalar.filled(None), unset
    return scalar.filled(_REFERENCE.sub(lambda found: values[_reference(found[1])] or "", scalar)), ()


def without_references(written: str) -> str:
    return _REFERENCE.sub("", written)


def refuse_secret_address(scalar: Scalar, *, channel: bool, variable: str = "DESK_URL") -> None:
    """Raise `Refused` when a secret stands in an address as written. `variable` is a name for it to suggest."""
    written = scalar.written
    if channel and "://" in written and "${" not in written and not _open(written):
        remedy = f'put the whole address into an environment variable, and write "${{{variable}}}" here'
        raise Refused("R309", "this address is a secret, and stands in the file", remedy)
    if _has_password(written) or _has_secret_parameter(written) or (channel and _has_token(written)):
        remedy = (
            "put the secret into an environment variable or a file, and write ${NAME} or ${file:/path} in its place"
        )
        raise Refused("R309", "a password or token stands in the file", remedy)


def has_secret(written: str) -> bool:
    """Whether an address, be it of a feed, of a channel or in a comment, shows what is hardly anything but a secret."""
    is_web = written.lower().startswith(("http://", "https://"))
    has_password = _has_password(written) and not _NAMED_PASSWORD.match(written)
    return has_password or _has_secret_parameter(written) or (not (is_web or _open(written)) and _has_token(written))


def _open(written: str) -> bool:
    scheme, separator, rest = written.partition("://")
    host = rest.split("/", 1)[0].rsplit("@", 1)[-1]
    loopback = _LOOPBACK.fullmatch(re.sub(r":\d+$", "", host).strip("[]"))
    return bool(separator) and (scheme.lower() in _OPEN_SCHEMES or bool(loopback))


def _has_password(written: str) -> bool:
    userinfo = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)@", written)
    return userinfo is not None and bool(without_references(userinfo[1]).partition(":")[2])


def _has_secret_parameter(written: str) -> bool:
    return any(
        _SECRET_PARAMETER.fullmatch(name) and (len(value) >= 8 or "pass" in name.lower())
        for name, value in parse_qsl(without_references(written.partition("?")[2]))
    )


def _has_token(written: str) -> bool:
    return any(looks_like_token(part) for part in re.split(r"[/?#&@,=]", unquote(without_references(written))))


def refuse_secret_header(name: str, value: Scalar) -> None:
    """Raise `Refused` when a header that carries secrets has its value in the file. `Bearer ${TOKEN}` is well."""
    literal = without_references(value.written)
    if _SECRET_HEADER.search(name) and ("${" not in value.written or any(map(looks_like_token, literal.split()))):
        remedy = f'put the value into an environment variable, and write {name}: "${{NAME}}"'
        raise Refused("R309", f"the header {shown(name)} stands in the file with its secret", remedy, value.at)

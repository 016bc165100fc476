"""Where a service will be reached, as far as its address and Apprise's plugin tell: for who looks whether it can be.

`of` is for the process that has Apprise in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

_FIXED: Final = ("notify_url", "webhook_url", "cloud_notify_url", "api_url")  # attributes of Apprise's plugins


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`tls`: the connection begins with it. `verified`: the certificate must be right. Holds no secret."""

    host: str
    port: int
    tls: bool
    verified: bool


def of(plugin: Any) -> Endpoint | None:
    """None where that cannot be told without sending."""
    verified = bool(getattr(plugin, "verify_certificate", True))
    mail_host = getattr(plugin, "smtp_host", None)
    if mail_host:
        return Endpoint(str(mail_host), int(plugin.port or 25), getattr(plugin, "secure_mode", "") == "ssl", verified)
    if _is_own(plugin):
        tls = bool(plugin.secure)
        return Endpoint(str(plugin.host), int(plugin.port or (443 if tls else 80)), tls, verified)
    for name in _FIXED:
        written = getattr(type(plugin), name, None)
        if isinstance(written, str) and "://" in written:
            return _fixed(written, verified)
    return None


def _is_own(plugin: Any) -> bool:
    """Whether the address names a server of the operator's."""
    takes_host = any("{host}" in str(template) for template in plugin.templates)
    return takes_host and bool(plugin.host) and getattr(plugin, "mode", None) != "cloud"


def _fixed(written: str, verified: bool) -> Endpoint | None:
    parts = urlsplit(written)
    if not parts.hostname or "{" in parts.netloc:  # a host that is made of the address may be made of its secret
        return None
    tls = parts.scheme == "https"
    return Endpoint(parts.hostname, parts.port or (443 if tls else 80), tls, verified)

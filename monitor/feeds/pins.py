"""Pins of a server's public key, in the form that libcurl takes: `sha256//` and the base64 of the digest. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_SEQUENCE = 0x30
_VERSION = 0xA0  # [0] EXPLICIT, absent in certificates of version 1
_FIELDS_BEFORE_KEY = 5  # serial number, signature algorithm, issuer, validity, subject (RFC 5280 §4.1)


def present_pin(certificates: Iterable[Iterable[tuple[str, str]]]) -> str | None:
    """The pin of the key that a server showed, out of libcurl's CERTINFO; None if it showed none that can be read."""
    for certificate in certificates:
        for name, value in certificate:
            if name == "Cert":
                return pin_of(value)
    return None


def pin_of(pem: str) -> str | None:
    """The pin of a certificate's key, or None for what is no certificate."""
    try:
        key = _public_key(_der(pem))
    except (ValueError, IndexError):
        return None
    return "sha256//" + base64.b64encode(hashlib.sha256(key).digest()).decode()


def _der(pem: str) -> bytes:
    """Raises ValueError. `ssl` can do that too, but to import it costs more than all checks of a poll."""
    lines = pem.strip().splitlines()
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ValueError("not a certificate in PEM")
    return base64.b64decode("".join(lines[1:-1]))


def _public_key(certificate: bytes) -> bytes:
    """Its SubjectPublicKeyInfo, as it stands. Raises ValueError or IndexError for what is no certificate."""
    start, _ = _inside(certificate, 0, _SEQUENCE)
    at, end = _inside(certificate, start, _SEQUENCE)
    if certificate[at] == _VERSION:
        at = _after(certificate, at)
    for _ in range(_FIELDS_BEFORE_KEY):
        at = _after(certificate, at)
    after = _after(certificate, at)
    if certificate[at] != _SEQUENCE or after > end:
        raise ValueError("no public key where one must stand")
    return certificate[at:after]


def _inside(der: bytes, at: int, tag: int) -> tuple[int, int]:
    if der[at] != tag:
        raise ValueError("another kind of value was expected")
    return _content(der, at)


def _after(der: bytes, at: int) -> int:
    return _content(der, at)[1]


def _content(der: bytes, at: int) -> tuple[int, int]:
    """Where the content of the value at `at` begins and ends (X.690 §8.1.3)."""
    first = der[at + 1]
    if first < 0x80:
        start, length = at + 2, first
    else:
        start = at + 2 + (first & 0x7F)
        length = int.from_bytes(der[at + 2 : start], "big")
    if first == 0x80 or start + length > len(der):
        raise ValueError("a value longer than the whole")
    return start, start + length

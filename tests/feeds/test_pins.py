from __future__ import annotations

import base64
import hashlib
import ssl

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.pins import pin_of, present_pin

from .certificates import Made, made

ONE = made("news.example")


def known_pin(one: Made) -> str:
    key = one.key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "sha256//" + base64.b64encode(hashlib.sha256(key).digest()).decode()


@pytest.mark.parametrize("one", [ONE, made("a.example", authority=True), made("b.example", by=ONE)])
def test_a_pin_is_of_the_public_key_in_a_certificate(one: Made) -> None:
    assert pin_of(one.pem) == known_pin(one)


def test_a_certificate_that_is_renewed_with_its_key_keeps_its_pin() -> None:
    assert pin_of(made("other.example", key=ONE.key).pem) == pin_of(ONE.pem)


def test_the_servers_own_certificate_is_the_first() -> None:
    shown = [[("Subject", "x"), ("Cert", ONE.pem)], [("Cert", made("issuer.example").pem)]]
    assert present_pin(shown) == known_pin(ONE)


@pytest.mark.parametrize("shown", [[], [[]], [[("Subject", "x")]], [[("Cert", "nothing")]]])
def test_where_no_certificate_was_shown_there_is_no_pin(shown: list[list[tuple[str, str]]]) -> None:
    assert present_pin(shown) is None


@given(st.integers(0, 600), st.binary(max_size=4), st.integers(0, 600))
def test_a_damaged_certificate_has_another_pin_or_none(at: int, instead: bytes, length: int) -> None:
    der = ssl.PEM_cert_to_DER_cert(ONE.pem)
    spoilt = (der[:at] + instead + der[at + len(instead) :])[:length]
    pin = pin_of(ssl.DER_cert_to_PEM_cert(spoilt))
    assert pin is None or pin.startswith("sha256//")

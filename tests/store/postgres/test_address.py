"""The address of a database: what may be shown of it, and what is none."""

from __future__ import annotations

import pytest

from monitor.errors import StateError
from monitor.store.postgres import address

SECRET = "s3cr3t-P4ssw0rd"


@pytest.mark.parametrize("written", ["ab@{}", "ab@{}/c", "ab/{}", "ab/c@{}", "a?b@{}", "%40@{}"])
def test_a_password_that_is_not_encoded_is_taken_for_no_host_or_name_that_is_shown(written: str) -> None:
    with pytest.raises(StateError, match="special characters of the password percent-encoded") as raised:
        address.read(f"postgresql://me:{written.format(SECRET)}@127.0.0.1:9/name")
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ("me:a%40b%2Fc@127.0.0.1:9/name", "the PostgreSQL database name on 127.0.0.1:9"),
        ("me:pw@one.example,two.example/name", "the PostgreSQL database name on one.example,two.example"),
        ("[::1]:9/na%40me", "the PostgreSQL database na@me on ::1:9"),
        ("me@%40socket/name?options=a@b", "the PostgreSQL database name on @socket"),
    ],
)
def test_an_at_sign_that_is_encoded_is_part_of_what_it_stands_in(rest: str, place: str) -> None:
    assert address.read(f"postgresql://{rest}") == place

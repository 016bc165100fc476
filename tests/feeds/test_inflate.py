from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.inflate import Spoilt, inflate

LIMIT = 1 << 20


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, " GZIP ": gzip.compress, "x-gzip": gzip.compress}


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=2000))
def test_what_was_packed_comes_out_as_it_was(coding: str, body: bytes) -> None:
    assert inflate(PACKERS[coding](body), coding, limit=LIMIT) == body


@given(st.binary(min_size=1, max_size=2000))
def test_deflate_without_its_wrapper_comes_out_too(body: bytes) -> None:
    packed = _raw_deflate(body)
    if not (packed[0] & 15 == 8 and (packed[0] << 8 | packed[1]) % 31 == 0):  # by chance it looks wrapped
        assert inflate(packed, "deflate", limit=LIMIT) == body


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=500), st.data())
def test_a_packed_body_that_breaks_off_anywhere_is_spoilt(coding: str, body: bytes, data: st.DataObject) -> None:
    packed = PACKERS[coding](body)
    cut = data.draw(st.integers(0, len(packed) - 1))
    assert isinstance(inflate(packed[:cut], coding, limit=LIMIT), Spoilt)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "", "gzip, gzip"]))
def test_no_bytes_raise(body: bytes, coding: str) -> None:
    assert isinstance(inflate(body, coding, limit=100), bytes | Spoilt)


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT])
def test_a_body_up_to_the_limit_is_whole(size: int) -> None:
    assert inflate(gzip.compress(bytes(size)), "gzip", limit=LIMIT) == bytes(size)


@pytest.mark.parametrize("packed", [gzip.compress(bytes(LIMIT + 1)), gzip.compress(bytes(LIMIT)) + gzip.compress(b"x")])
def test_a_body_over_the_limit_is_too_large(packed: bytes) -> None:
    spoilt = inflate(packed, "gzip", limit=LIMIT)
    assert isinstance(spoilt, Spoilt)
    assert spoilt.too_large


def test_several_members_are_one_body_and_what_follows_is_left() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0 trailing"
    assert inflate(packed, "gzip", limit=LIMIT) == b"one two"


def test_countless_empty_members_are_not_all_unpacked() -> None:
    assert isinstance(inflate(gzip.compress(b"") * 5000, "gzip", limit=LIMIT), Spoilt)

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.network import is_own_machine_or_network, is_public
from monitor.feeds.urls import read_address

NOT_PUBLIC = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.8",
    "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
    "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "1::1", "4000::1", "5f00::1", "2001:2::1", "2001:1ff::1", "3fff::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "93.184.216.34",
    "168.63.129.17",
    "192.0.1.1",
    "::ffff:1.1.1.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "2001:200::1",
]


@pytest.mark.parametrize("written", NOT_PUBLIC)
def test_addresses_that_lead_elsewhere_are_not_public(written: str) -> None:
    assert not is_public(ip_address(written))


@pytest.mark.parametrize("written", PUBLIC)
def test_addresses_of_the_internet_are_public(written: str) -> None:
    assert is_public(ip_address(written))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_when_it_is_written_as_ipv6(address: object) -> None:
    assert is_public(ip_address(f"::ffff:{address}")) is is_public(ip_address(str(address)))


@given(st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "fc00::/7", "2002::/16", "::/96"]), st.data())
def test_no_address_of_a_closed_block_is_public(block: str, data: st.DataObject) -> None:
    network = ip_network(block)
    offset = data.draw(st.integers(0, network.num_addresses - 1))
    assert not is_public(network[offset])


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://localhost:1200/", True),
        ("http://127.0.0.1/", True),
        ("http://192.168.1.5/", True),
        ("http://[fd00::1]/", True),
        ("http://1.1.1.1/", False),
        ("http://intranet/", False),
        ("http://a.localhost/", False),
        ("http://10.0.0.1/", True),
        ("http://100.64.0.1/", True),
        ("http://[::ffff:10.0.0.1]/", True),
        ("http://169.254.169.254/", False),
        ("http://100.100.100.200/", False),
        ("http://[fd00:ec2::254]/", False),
        ("http://[fe80::1]/", False),
        ("http://[64:ff9b::a00:1]/", False),
        ("http://168.63.129.16/", False),
        ("http://0.0.0.0/", False),
    ],
)
def test_only_a_literal_or_localhost_says_that_the_operator_means_the_inside(url: str, inside: bool) -> None:
    assert is_own_machine_or_network(read_address(url)) is inside

"""Where to go on from here is never away from our pages."""

from __future__ import annotations

import pytest

from monitor.web.paths import own, within


@pytest.mark.parametrize(("written", "path"), [
    ("/rules?q=a", "/rules?q=a"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example/", "/"),
    ("/a\nb", "/"), ("", "/"), (None, "/"),
])  # fmt: skip
def test_only_a_path_of_ours_is_gone_on_to(written, path):
    assert own(written) == path


@pytest.mark.parametrize(
    ("address", "below", "path"),
    [
        ("http://desk.example:80/stories/7?after=3#reports", "", "/stories/7?after=3"),
        ("https://desk.example:80/", "", "/"),
        ("http://desk.example:80/monitor/rules", "/monitor", "/rules"),
        ("http://desk.example:80/monitored/rules", "/monitor", "/"),
        ("http://desk.example:80/rules", "/monitor", "/"),
        ("http://desk.example:80//evil.example/x", "", "/"),
        ("http://evil.example/rules", "", "/"),
        ("http://[desk.example:80/rules", "", "/"),
        ("", "", "/"),
    ],
)
def test_of_a_whole_address_the_path_counts_and_only_on_our_host(address, below, path):
    assert within(address, host="desk.example:80", below=below) == path

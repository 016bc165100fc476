from __future__ import annotations

from ipaddress import ip_address

import pycurl
import pytest

from monitor.feeds.transfer import Hop, Transfer, Trust
from monitor.feeds.urls import read_address
from monitor.model import FetchFailure

from .loopback import answer, serve


@pytest.mark.parametrize(("allowed", "connections"), [("127.0.0.1", 1), ("127.0.0.9", 0)])
def test_the_socket_is_refused_when_the_address_is_not_the_approved_one(allowed: str, connections: int) -> None:
    """Whatever a name was found to mean before: the address of the socket itself has the last word."""
    with serve({"*": answer(200, b"<rss/>")}) as server:
        hop = Hop(
            address=read_address(server.url(host="news.example")),
            binding="",
            is_conditional=False,
            headers=(),
            names=(("news.example", server.port, (ip_address("127.0.0.1"),)),),
            allowed=frozenset({ip_address(allowed)}),
        )
        transfer = Transfer(Trust(file=None))
        transfer.ask(hop)
        code = _perform(transfer)
        transfer.curl.close()
    failure = transfer.failure(code, "")
    assert server.connections == connections
    assert (failure and failure[0]) == (None if connections else FetchFailure.FORBIDDEN_ADDRESS)


def _perform(transfer: Transfer) -> int:
    try:
        transfer.curl.perform()
    except pycurl.error as error:
        return int(error.args[0])
    return 0

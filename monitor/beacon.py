"""The heartbeat to an address elsewhere (Healthchecks and its kin): whoever waits for it there hears of our silence.

Nothing here shows a word of the address: it is all that the service asks for.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from monitor.model import Secret

SECONDS = 10.0  # for all of it; a beat that comes late says the wrong thing
_MOST_BYTES = 64 * 1024
_LONGEST_REASON = 500


def beat(url: Secret, *, trouble: str = "", seconds: float = SECONDS) -> str | None:
    """Say that all is well, or what is not. Why that did not arrive, fit for an operator; None if it did.

    Well is a GET of the address, not well a POST of the reason to the address with '/fail'. Redirects are not followed:
    nobody should learn the address from one. Returns within `seconds`.
    """
    import certifi  # here, because most commands never beat
    import pycurl

    curl = pycurl.Curl()
    try:
        curl.setopt(pycurl.URL, (failing(url.reveal()) if trouble else url.reveal()).encode())
        curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        curl.setopt(pycurl.CAINFO, certifi.where())
        curl.setopt(pycurl.TIMEOUT_MS, int(seconds * 1000))
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.USERAGENT, "monitor")
        curl.setopt(pycurl.WRITEFUNCTION, _ignoring(_MOST_BYTES))
        if trouble:
            curl.setopt(pycurl.POSTFIELDS, trouble[:_LONGEST_REASON].encode())
            curl.setopt(pycurl.HTTPHEADER, ["Content-Type: text/plain; charset=utf-8"])
        curl.perform()
        status = int(curl.getinfo(pycurl.RESPONSE_CODE))
    except pycurl.error as error:
        return _REASONS.get(int(error.args[0]), f"it cannot be reached (libcurl error {error.args[0]})")
    except UnicodeError:
        return "its address cannot be used"
    finally:
        curl.close()
    return None if 200 <= status < 300 else f"it answered {status}"


def failing(url: str) -> str:
    """The address that says that all is not well: '/fail' after the path, before a query."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail", fragment=""))


def _ignoring(most: int) -> object:
    left = [most]

    def take(chunk: bytes) -> int:
        left[0] -= len(chunk)
        return len(chunk) if left[0] >= 0 else -1  # libcurl ends the transfer

    return take


# By libcurl's error codes (curl/curl.h); its own texts may quote the address.
_REASONS = {
    3: "its address cannot be used",
    5: "the host name of the proxy was not found",
    6: "its host name was not found",
    7: "no connection",
    23: "its answer is too long",
    28: "too slow",
    35: "no secure connection",
    52: "it hung up without an answer",
    56: "the connection broke",
    60: "no secure connection: its certificate is not trusted",
}

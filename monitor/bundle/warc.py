"""The same evidence for web archives: WARC 1.1 (ISO 28500) through warcio, which is an extra.

Every document has a request record. One that is kept whole has a response record: its body is what was received, but
inflated, so headers that told of the transfer are renamed as archives do. Of any other the answer's headers are a
metadata record, and each entry cut out of it is a resource record: bytes that were served, without the answer that they
came in. Nothing is called a response that is none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from monitor import canon
from monitor.bundle.gather import Gathered, exchange
from monitor.model import Headers, PageSeen
from monitor.store.views.evidence import Seen

NAME: Final = "evidence.warc"
MISSING: Final = (
    f"{NAME}: it needs the library warcio; install it with  pip install 'monitor[warc]'  and write the bundle again"
)
_OF_THE_TRANSFER: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def warc(gathered: Gathered) -> bytes | None:
    """None where warcio is not installed. Equal evidence gives equal bytes."""
    try:
        from warcio.warcwriter import WARCWriter
    except ModuleNotFoundError:
        return None
    out = BytesIO()
    archive = _Archive(WARCWriter(out, gzip=False, warc_version="1.1"), gathered)
    for page_id, page in gathered.pages.items():
        archive.add_page(page_id, page)
    return out.getvalue()


class _Archive:
    def __init__(self, writer: Any, gathered: Gathered) -> None:
        self._writer, self._gathered = writer, gathered

    def add_page(self, page_id: int, page: PageSeen) -> None:
        answer_id = self._id(page, "answer")
        body = self._gathered.bodies.get(page_id)
        if page.exchange is not None:
            request = f"{page.exchange.method} {_path(page.url)} HTTP/1.1"
            about = {"WARC-Concurrent-To": answer_id} | _peer(page)
            headers = (("Host", urlsplit(page.url).netloc), *page.exchange.request)
            self._add("request", page, self._id(page, "request"), about, http=(request, headers))
        if page.exchange is not None and body is not None and not page.is_cut:
            status = f"HTTP/1.1 {page.exchange.status}"
            self._add("response", page, answer_id, _peer(page), body, http=(status, _kept(page.exchange.response)))
        else:
            told = json.dumps(exchange(page), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
            self._add("metadata", page, answer_id, {"Content-Type": "application/json"}, told)
        for each in self._gathered.seen:
            if each.page_id == page_id and each.version_id in self._gathered.items:
                self._add_item(page, each, answer_id)

    def _add_item(self, page: PageSeen, each: Seen, answer_id: str) -> None:
        document = f"the document with sha256 {page.sha256.hex()}"
        part = f"entry {each.entry_id}, version {each.number}: an element of {document}"
        part += ", of which these are the first bytes" if each.item is not None and each.item.is_cut else ""
        about = {
            "Content-Type": "application/xml",
            "WARC-Concurrent-To": answer_id,
            "X-Monitor-Part": part,
            "X-Monitor-Sha256": each.item.sha256 if each.item is not None else "",
        }
        data = self._gathered.items[each.version_id]
        self._add("resource", page, self._id(page, f"entry {each.version_id}"), about, data)

    def _add(
        self,
        kind: str,
        page: PageSeen,
        record_id: str,
        about: Mapping[str, str],
        data: bytes = b"",
        *,
        http: tuple[str, Headers] | None = None,
    ) -> None:
        from warcio.statusandheaders import StatusAndHeaders

        told = {"WARC-Record-ID": record_id, "WARC-Date": canon.plain(page.fetched_at).replace("+00:00", "Z"), **about}
        first, headers = http or ("", ())
        protocol, _, rest = first.partition(" ")
        line = first if kind == "request" else rest
        record = self._writer.create_warc_record(
            page.url,
            kind,
            payload=BytesIO(data),
            length=len(data),
            warc_content_type=told.pop("Content-Type", ""),
            warc_headers_dict=told,
            http_headers=_http(StatusAndHeaders, kind, line, headers, protocol) if http else None,
        )
        self._writer.write_record(record)

    def _id(self, page: PageSeen, what: str) -> str:
        """Made of what the record is about, so that it is the same whenever the bundle is made."""
        about = f"{page.sha256.hex()} {page.fetched_at.isoformat()} {page.feed_id} {what}"
        return f"<urn:uuid:{uuid5(NAMESPACE_URL, sha256(about.encode('utf-8', 'replace')).hexdigest())}>"


def _http(make: Any, kind: str, line: str, headers: Headers, protocol: str) -> Any:
    """latin-1, as HTTP has it; a line break would be a header of its own, and was none."""
    clean = [(_flat(name), _flat(value)) for name, value in headers]
    if kind == "request":
        return make(line.partition(" ")[2], clean, protocol=line.partition(" ")[0], is_http_request=True)
    return make(line, clean, protocol=protocol)


def _flat(text: str) -> str:
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text).encode("latin-1", "replace").decode("latin-1")


def _kept(headers: Headers) -> Headers:
    return tuple((f"x-archive-orig-{name}" if name in _OF_THE_TRANSFER else name, value) for name, value in headers)


def _peer(page: PageSeen) -> dict[str, str]:
    seen = page.exchange
    return {"WARC-IP-Address": seen.peer} if seen is not None and seen.peer and not seen.proxied else {}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

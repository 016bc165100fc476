"""The process that parses: see `served` for its life, `box_talk` for what is said to it."""

from __future__ import annotations

from collections.abc import Callable

from monitor.feeds import box_talk as talk
from monitor.feeds.box_salvage import Salvage, mend
from monitor.feeds.parse import parse
from monitor.feeds.parts import Parts
from monitor.feeds.reading import Reading, read
from monitor.feeds.served import serve
from monitor.model import ParseFailed, ParseResult


def main(idle: str, cpu: str) -> None:
    """Serve until the parent goes, or `idle` seconds pass without a request; `cpu` seconds of work a document."""
    serve(_answer, idle=float(idle), cpu=float(cpu), ready=_import)


def _import() -> None:
    import feedparser  # noqa: F401


def _answer(header: bytes, body: bytes) -> bytes:
    return talk.pack_reply(answer(talk.unpack_request(header, body)))


def answer(request: talk.Request) -> talk.Reply:
    """Parse. What is known to break the parser is mended before; with `apart`, what breaks it now is found out."""
    salvage = Salvage()

    def reader(parts: Parts) -> Reading:
        mended = mend(parts, request.remedies)
        return mended.back(salvage.read(mended.parts) if request.apart else read(mended.parts))

    return talk.Reply(result=_parse(request, reader), remedies=salvage.remedies)


def _parse(request: talk.Request, reader: Callable[[Parts], Reading]) -> ParseResult:
    try:
        return parse(
            request.feed_id,
            request.body,
            request.content_type,
            base_url=request.base_url,
            fetched_at=request.fetched_at,
            known=request.known,
            reader=reader,
        )
    except MemoryError:
        return ParseFailed(detail="it takes too much memory to read")
    except Exception as error:  # noqa: BLE001 - a mistake of ours, and the document's that found it; not the process's
        return ParseFailed(detail=f"it could not be read ({type(error).__name__})")

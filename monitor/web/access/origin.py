"""Whether a page of ours asks or sends, by what browsers say of it and no page can change (Fetch Metadata)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlsplit


class Led(Enum):
    """How a browser came to ask for an address. A program says nothing of that, and counts as `HERE`."""

    HERE = "by a page of ours, or by a person: an address that was typed, a bookmark, a link in another program"
    BY_LINK = "by a link on a page of another site, which our page now takes the place of"
    WITHIN = "by a page of another site, for itself: as a picture, a frame, by a script"


def led(headers: Mapping[str, str]) -> Led:
    """Another port of this host is another site: to browsers it is the same one."""
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return Led.HERE
    is_page = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return Led.BY_LINK if is_page else Led.WITHIN


def is_from_here(headers: Mapping[str, str], url: str | None) -> bool:
    """`url`: where people reach us. Who sends neither header is no browser, and has a token of its own to show."""
    site = headers.get("sec-fetch-site")
    if site not in (None, "same-origin"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return site == "same-origin"
    host = headers.get("host", "").lower()
    return origin.lower() in {f"http://{host}", f"https://{host}", _origin_of(url)}


def _origin_of(url: str | None) -> str | None:
    parts = urlsplit(url) if url else None
    return f"{parts.scheme}://{parts.netloc}".lower() if parts else None

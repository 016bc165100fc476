"""Whether a page of ours sent a form, by what browsers say of it and no page can change."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


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

"""What tells an asker that the answer is the one they have (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

from hashlib import sha256

from starlette.requests import Request


def tag_of(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'


def has(request: Request, tag: str) -> bool:
    """Whether the asker has it as it is. A weak tag counts as its strong one."""
    tags = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return tag in tags or "*" in tags

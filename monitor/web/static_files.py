"""Our own files, which browsers keep: the address of one tells its content, so that a new one is another address."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER: Final = Path(__file__).parent / "static"
PREFIX: Final = "/static"
KEPT: Final = "public, max-age=31536000, immutable"
ASKED_ANEW: Final = "no-cache"  # each time whether it has changed, by its ETag


def static(name: str) -> str:
    """The address of one of the files. Raises FileNotFoundError."""
    return f"{PREFIX}/{name}?v={version_of(name)}"


def version_of(name: str) -> str:
    about = (FOLDER / name).stat()
    return _version(name, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=256)
def _version(name: str, _changed: int, _size: int) -> str:
    return sha256((FOLDER / name).read_bytes()).hexdigest()[:16]


class Files(StaticFiles):
    """Of the folder and nothing else: no list of it, no link that leads out of it, nothing that begins with a dot."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER, follow_symlink=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") and part != "." for part in path.split("/")):
            path = ".none"  # is answered as any other that is not there
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v", [""])[0]
            response.headers["Cache-Control"] = KEPT if asked == version_of(path) else ASKED_ANEW
        return response

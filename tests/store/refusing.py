"""A disk that takes nothing more, for this process alone: files may not grow beyond what they are."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator


@contextlib.contextmanager
def refusing_disk(largest: int = 0) -> Iterator[None]:
    """Every write beyond `largest` bytes of any file fails (EFBIG; Python ignores the signal that comes with it)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

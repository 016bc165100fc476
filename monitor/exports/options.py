"""What a format may be told beside the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, Literal

from monitor.exports.row import Row

Tlp = Literal["clear", "green", "amber", "red"]
TLPS: Final[tuple[Tlp, ...]] = ("clear", "green", "amber", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`language` of names and titles, `now` for a document that holds nothing. `tlp`: how far what is exported may
    travel (Traffic Light Protocol), where the format can say so; None says nothing. `address` of the document itself
    and of the `page` that shows the same, '' where it has none."""

    language: str
    now: datetime
    tlp: Tlp | None = None
    address: str = ""
    page: str = ""


Write = Callable[[Iterable[Row], BinaryIO, Options], None]

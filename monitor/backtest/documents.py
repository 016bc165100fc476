"""The documents of alerts, read back when somebody looks at one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.backtest.spool import Spool
from monitor.model import Entry


class Documents(Mapping[str, Entry]):
    """By the name of the document. They lie on the disk as long as this lives."""

    def __init__(self, spool: Spool, numbers: Mapping[str, int]) -> None:
        self._spool, self._numbers = spool, numbers

    def __getitem__(self, document: str) -> Entry:
        return self._spool.read(self._numbers[document]).entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

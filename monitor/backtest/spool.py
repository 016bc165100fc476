"""What must be kept until it is wanted, in a file that has no name: memory holds 24 bytes for each."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile

from monitor.backtest.history import Past

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN = -(2**63)


class Spool:
    """Pasts, given in any order, read back by their time; those of one time as they were given."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
        self._at, self._offset = array("q"), array("q")

    def __len__(self) -> int:
        return len(self._at)

    def add(self, past: Past) -> int:
        """Its number, for `read`."""
        self._offset.append(self._file.seek(0, 2))
        self._at.append(_UNKNOWN if past.at is None else (past.at - _EPOCH) // timedelta(microseconds=1))
        pickle.dump(past, self._file, pickle.HIGHEST_PROTOCOL)
        return len(self._at) - 1

    def read(self, number: int) -> Past:
        """As it was given, whatever was set since."""
        self._file.seek(self._offset[number])
        past: Past = pickle.load(self._file)  # noqa: S301 - our own, and nobody else can write there
        return past

    def in_order(self, *, unknown: datetime) -> Iterator[tuple[datetime, int]]:
        """The time and the number of each. Those without a time have `unknown`."""
        instead = (unknown - _EPOCH) // timedelta(microseconds=1)
        times = array("q", (instead if at == _UNKNOWN else at for at in self._at))
        for number in sorted(range(len(times)), key=times.__getitem__):
            yield _EPOCH + timedelta(microseconds=times[number]), number

    def close(self) -> None:
        self._file.close()

"""Who may send to a channel: where many could, one at a time, which then goes on at the pace of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from monitor.alerts.account import Account
from monitor.model import Delivery
from monitor.ports import Store


class Turn(Protocol):
    """For one thread, from `take` to `give_back`."""

    def claim(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        """As `Store.claim_deliveries`, of this channel; nothing if the turn is lost."""

    def keeps(self) -> bool:
        """To be asked right before each message, its token taken: False if the turn is lost, and then nothing more may
        be sent, nor put off, for another is at it. Who comes next knows of this message, whatever happens here."""

    def end(self, *, broke: bool) -> None:
        """`broke`: something may be left leased, which whoever takes the turn next sees to, soon. Raises StateError."""


class Turns(Protocol):
    """Safe from any thread."""

    def take(self, channel_id: str, account: Account, /) -> Turn | None:
        """None while another sends to it. Else `account` has what was sent to the channel of late, by whomever."""

    def left(self) -> Sequence[str]:
        """Channels to see to though nothing seems to be due: whoever sent to them is gone, or broke."""


class NoTurns:
    """For a process that is alone: it is always its turn."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, channel_id: str, _account: Account, /) -> Turn:
        return _Always(self._store, channel_id)

    def left(self) -> Sequence[str]:
        return ()


class _Always:
    def __init__(self, store: Store, channel_id: str) -> None:
        self._store, self._channel_id = store, channel_id

    def claim(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        return self._store.claim_deliveries(
            now, channel_id=self._channel_id, limit=limit, lease=lease, ids=ids, together=together
        )

    def keeps(self) -> bool:
        return True

    def end(self, *, broke: bool) -> None:
        pass

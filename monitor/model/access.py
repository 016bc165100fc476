"""Who may look at the pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.model.basics import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """As the rules have it. Without any of the three ways in, whoever is on this machine may look, and nobody else.

    `users`: names, and hashes of passwords (argon2id, in the form of PHC strings). `proxy`: the address or network of
    the one that is believed when it names a user in `header`, 'unix' for who comes through a socket; both are empty
    where none is. `hosts`: names that the pages are known by, in small letters. `lacks_token`: a token was to be asked
    for, and its `${…}` has no value; then nobody may look.
    """

    users: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    token: Secret | None = None
    proxy: str = ""
    header: str = ""
    hosts: tuple[str, ...] = ()
    lacks_token: bool = False

    @property
    def asks(self) -> bool:
        """Whether a visitor has to say who they are."""
        return bool(self.users or self.token or self.proxy or self.lacks_token)

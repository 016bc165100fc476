"""The addresses of rules and feeds: `/rules/ID`, `/feeds/ID`. Where a page of ours has that address, as `/rules/new`,
it is `/rules/~new`: no id has that sign. Either is understood for each of them."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.convertors import Convertor, register_url_convertor

# What stands behind `/rules/` and `/feeds/` in the addresses of other pages.
OF_RULES: Final = frozenset({"lint", "new", "sync", "trial", "trials", "try"})
OF_FEEDS: Final = frozenset({"add"})
_SIGN: Final = "~"
ID: Final = "written_id"  # in a route: {rule:written_id}


def rule_at(rule_id: str) -> str:
    return f"/rules/{_told(rule_id, OF_RULES)}"


def feed_at(feed_id: str) -> str:
    return f"/feeds/{_told(feed_id, OF_FEEDS)}"


def _told(written: str, taken: frozenset[str]) -> str:
    return f"{_SIGN if written in taken else ''}{quote(written, safe='')}"


class _Written(Convertor[str]):
    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return value.removeprefix(_SIGN)

    def to_string(self, value: str) -> str:
        return value


register_url_convertor(ID, _Written())

"""The Arabic article in Latin letters: newsrooms write Deir al-Zour, Deir el-Zour and Deir ez-Zour alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

# With a sun letter, the l is often written as the letter that is heard. A capital behind it tells an article from
# half a word.
_ARTICLE = re.compile(r"\b[AaEe](?:l[- ](?=[A-Z]\w\w)|(?P<sun>sh|dh|th|[dnrstz])[- ](?=(?i:(?P=sun))\w\w))")


def articles_varied(name: str) -> Iterator[str]:
    """The name as it is given; then, if it is Latin and has the article, with al and with el.

    No sun letter is made up: at, as and an would be English words before a name (At-Tel of Al-Tel: «at Tel Aviv»).
    """
    yield from dict.fromkeys((name, _spelled("a", name), _spelled("e", name)))


def _spelled(vowel: str, name: str) -> str:
    """With this vowel in every article; capitals and hyphens stay as they are."""

    def article(found: re.Match[str]) -> str:
        return f"{vowel.upper() if found[0][0].isupper() else vowel}l{found[0][-1]}"

    return _ARTICLE.sub(article, name)

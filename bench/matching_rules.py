"""Rules and articles for `bench.matching`: made from the articles' own words, the same for every engine."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.language import AnyOf, Item, Rule, Term
from monitor.model import Entry, Severity

ARTICLES = Path(__file__).parents[2] / "shared" / "data" / "items" / "antcorpus_2018.jsonl.gz"
FREQUENT = 400  # no rule asks for one of the so many most frequent words: those are in every article
SYLLABLES = ("مر", "سا", "تب", "قي", "نو", "لم", "جد", "را", "شع", "كو", "فل", "حن")


@dataclass(frozen=True, slots=True)
class Plan:
    """A rule as plain words: every group must be found by one of its terms, none of `excluded` may be."""

    groups: tuple[tuple[str, ...], ...]
    excluded: tuple[str, ...] = ()
    near: int | None = None

    def rule(self, number: int) -> Rule:
        return Rule(
            id=f"rule-{number}",
            title={"": f"rule {number}"},
            severity=Severity.MEDIUM,
            all=tuple(map(_item, self.groups)),
            none=tuple(Term(text=word) for word in self.excluded),
            near=self.near,
            search_in=("title", "summary", "body"),
        )


def _item(words: Sequence[str]) -> Item:
    terms = tuple(Term(text=word) for word in words)
    return terms[0] if len(terms) == 1 else AnyOf(items=terms)


def articles(count: int, path: Path = ARTICLES) -> list[Entry]:
    """Whole articles in a random order that is always the same; made-up ones where there are none."""
    dice = random.Random(1)
    found = list(_read(path)) if path.exists() else list(_made_up(count, dice))
    dice.shuffle(found)
    return found[:count]


def _read(path: Path) -> Iterator[Entry]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            yield Entry(feed_id="bench", title=told["title"], body=told["text"])


def _made_up(count: int, dice: random.Random) -> Iterator[Entry]:
    stock = [made_up_word(dice) for _ in range(20_000)]
    for _ in range(count):
        words = [stock[int(math.exp(dice.uniform(0, math.log(len(stock)))))] for _ in range(270)]
        yield Entry(feed_id="bench", title=" ".join(words[:10]), body=" ".join(words[10:]))


def made_up_word(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))


def living(count: int, texts: Sequence[Entry]) -> list[Plan]:
    """Rules of 2 to 6 terms that occur in the texts, a fifth of them phrases; some near, some with an exclusion."""
    dice = random.Random(count)
    words, pairs = _stock(texts)

    def term() -> str:
        if dice.random() < 0.2 and pairs:
            return dice.choice(pairs)
        return words[int(math.exp(dice.uniform(math.log(min(FREQUENT, len(words) // 2)), math.log(len(words) - 1))))]

    def plan() -> Plan:
        groups = tuple(tuple(term() for _ in range(dice.randint(1, 2))) for _ in range(dice.randint(2, 3)))
        near = 8 if dice.random() < 0.1 else None
        return Plan(groups, (term(),) if dice.random() < 0.2 else (), near)

    return [plan() for _ in range(count)]


def dead(count: int) -> list[Plan]:
    """Rules whose terms stand in no text."""
    dice = random.Random(count)
    return [Plan(tuple((f"ضظ{made_up_word(dice)}",) for _ in range(dice.randint(2, 3)))) for _ in range(count)]


def _stock(texts: Sequence[Entry]) -> tuple[list[str], list[str]]:
    """Words by frequency, and pairs of neighbours."""
    counts: Counter[str] = Counter()
    pairs = []
    for entry in texts[:4000]:
        words = entry.body.split()
        counts.update({word for word in words if word.isalpha() and len(word) > 2})
        first = len(words) // 3
        if len(words) > 20 and all(word.isalpha() and len(word) > 3 for word in words[first : first + 2]):
            pairs.append(" ".join(words[first : first + 2]))
    return [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:40_000]], pairs

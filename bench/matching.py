"""How much the index saves: all rules over the same documents, once by `Matcher`, once rule by rule.

    python -m bench.matching [--rules 10,100,500] [--documents 200] [--articles FILE.jsonl.gz]

The plain loop is no straw man: each of its rules has an index of its own, it only does not share it. Both answers are
compared before anything is printed. Rounds alternate, and the best of each counts, as other work on the machine can
only make a round slower. Without articles the documents are made up.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from monitor.language import AnyOf, InPlace, Item, Lexicon, OfEvent, Rule, Term
from monitor.lexicon import load
from monitor.model import Entry, Severity
from monitor.rules.matcher import Matcher, Matches
from monitor.text.document import Document, read

ARTICLES = Path(__file__).parents[2] / "shared" / "data" / "items" / "antcorpus_2018.jsonl.gz"
TODAY = date(2026, 11, 22)
ROUNDS = 3
SYLLABLES = ("مر", "سا", "تب", "قي", "نو", "لم", "جد", "را", "شع", "كو", "فل", "حن")
PLAIN_WORDS = ("جسر", "مطار", "طريق", "مدرسة", "مستشفى", "قافلة", "حاجز", "سوق", "ميناء", "مصنع", "سد", "مخيم")


def made_up_word(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))


def made_up_rules(count: int, lexicon: Lexicon, stock: Sequence[str], dice: random.Random) -> list[Rule]:
    """A place or words of their own, with an event class or more words; some near, some with exclusions.

    `stock` are words of the documents, so that some rules match; a real set of rules has many that seldom do.
    """
    return [_rule(number, lexicon, stock, dice) for number in range(count)]


def _words(stock: Sequence[str], dice: random.Random) -> Item:
    words = (dice.choice(stock) if dice.random() < 0.5 else made_up_word(dice) for _ in range(dice.randint(1, 4)))
    return AnyOf(items=tuple(Term(text=word) for word in words))


def _rule(number: int, lexicon: Lexicon, stock: Sequence[str], dice: random.Random) -> Rule:
    place = InPlace(ids=(dice.choice(sorted(lexicon.places)),))
    subject: Item = place if dice.random() < 0.5 else _words(stock, dice)
    event: Item = OfEvent(ids=(dice.choice(sorted(lexicon.events)),)) if dice.random() < 0.5 else _words(stock, dice)
    both = dice.random() < 0.7
    return Rule(
        id=f"rule-{number}",
        title={"": f"rule {number}"},
        severity=Severity.MEDIUM,
        all=(subject, event) if both else (),
        any=() if both else (subject, event),
        none=(Term(text=made_up_word(dice)),) if dice.random() < 0.2 else (),
        near=15 if both and dice.random() < 0.4 else None,
    )


def made_up_entries(count: int, lexicon: Lexicon, dice: random.Random) -> Iterator[Entry]:
    names = [place.terms[0] for place in lexicon.places.values() if place.terms]
    stock = [*(made_up_word(dice) for _ in range(4000)), *PLAIN_WORDS, "اشتباكات", "غارة", "انفجار", "هجوم"]
    for _ in range(count):
        words = [dice.choice(names) if dice.random() < 0.04 else dice.choice(stock) for _ in range(70)]
        yield Entry(feed_id="bench", title=" ".join(words[:10]), summary=" ".join(words[10:]))


def articles(path: Path, count: int) -> Iterator[Entry]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, count):
            told = json.loads(line)
            yield Entry(feed_id="bench", title=told["title"], summary=told.get("summary") or told["text"][:320])


def by_index(rules: Sequence[Rule], lexicon: Lexicon) -> Callable[[Document], list[str]]:
    matcher = Matcher(rules, lexicon)
    return lambda document: ids(matcher.match(document, feed=None, today=TODAY))


def by_loop(rules: Sequence[Rule], lexicon: Lexicon) -> Callable[[Document], list[str]]:
    singles = [Matcher([rule], lexicon) for rule in rules]
    return lambda document: [i for single in singles for i in ids(single.match(document, feed=None, today=TODAY))]


def ids(matches: Matches) -> list[str]:
    return [match.rule_id for match in matches.matches]


def seconds(work: Callable[[Document], list[str]], documents: Sequence[Document]) -> float:
    began = time.perf_counter()
    for document in documents:
        work(document)
    return time.perf_counter() - began


def compare(count: int, documents: Sequence[Document], lexicon: Lexicon, stock: Sequence[str]) -> str:
    rules = made_up_rules(count, lexicon, stock, random.Random(count))
    began = time.perf_counter()
    index = by_index(rules, lexicon)
    built = time.perf_counter() - began
    loop = by_loop(rules, lexicon)
    few = documents[: max(20, 5_000 // count)]  # the loop is slow
    answers = [index(document) for document in few]
    if answers != [loop(document) for document in few]:
        raise SystemExit("the index and the loop disagree")
    fast, slow = zip(*((seconds(index, few), seconds(loop, few)) for _ in range(ROUNDS)), strict=True)
    every = min(seconds(index, documents) for _ in range(ROUNDS)) / len(documents)
    per_document = sum(map(len, answers)) / len(answers)
    return (
        f"{count:>7} {every * 1e6:>12.0f} {min(slow) / len(few) * 1e6:>14.0f} {min(slow) / min(fast):>8.1f}"
        f" {built * 1e3:>10.0f} {per_document:>12.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", default="10,100,500")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    asked = parser.parse_args()
    lexicon = load()
    real = asked.articles.exists()
    source = articles(asked.articles, asked.documents) if real else None
    entries = list(source or made_up_entries(asked.documents, lexicon, random.Random(7)))
    began = time.perf_counter()
    documents = [read(entry) for entry in entries]
    reading = (time.perf_counter() - began) / len(documents)
    words = sum(len(text.tokens) for each in documents for text in (each.title, each.summary)) / len(documents)
    stock = sorted({token.folded for each in documents for token in each.title.tokens if len(token.folded) > 3})
    kind = "articles" if real else "made-up documents (no articles here)"
    print(f"{len(documents)} {kind}, {words:.0f} words each; reading one takes {reading * 1e6:.0f} µs")
    print("  rules  index µs/doc    loop µs/doc    ratio   build ms  matches/doc")
    for count in map(int, asked.rules.split(",")):
        print(compare(count, documents, lexicon, stock), flush=True)


if __name__ == "__main__":
    main()

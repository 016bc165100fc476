"""How often real news says whose word it is, and what finding that costs: docs/why/voices.md.

    python -m bench.credits                  counts by newsroom, headline and summary alone, and with the whole article
    python -m bench.credits --show 50        so many of those that were found, to be judged by eye: who, and where
    python -m bench.credits --missed 50      so many that name a great agency and credit nobody

The articles are no part of the project: JSONL, gzipped, `source`, `title`, `summary` and `text`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from monitor.lexicon import load
from monitor.model import Entry, Feed, Origin, Secret
from monitor.stories.mentions import Spellings, Words
from monitor.stories.origin import Origins
from monitor.text.document import Document, read

ARTICLES = Path(__file__).parents[2] / "shared" / "data" / "items" / "antcorpus_2018.jsonl.gz"
NEWSROOMS = {"alarabia": "alarabiya", "skynews": "skynewsarabia", "france24": "france24"}
GREAT = frozenset(("afp", "reuters", "ap", "dpa", "anadolu", "sana"))
NEWS = Spellings(load().newsrooms.values())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--show", type=int, default=0)
    asked.add_argument("--missed", type=int, default=0)
    options = asked.parse_args()
    if not ARTICLES.exists():
        raise SystemExit(f"{ARTICLES} is not there")
    with gzip.open(ARTICLES, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    random.Random(1).shuffle(articles)
    for whole in (False, True):
        _measure(articles, whole=whole, show=options.show, missed=options.missed)


def _measure(articles: list[dict[str, str]], *, whole: bool, show: int, missed: int) -> None:
    origins = Origins(load().newsrooms)
    told: Counter[str] = Counter()
    credited: Counter[str] = Counter()
    agencies: Counter[str] = Counter()
    reading = finding = 0.0
    for article in articles:
        feed = _feed(NEWSROOMS[article["source"]])
        began = time.perf_counter()
        document = read(
            Entry(
                feed_id="f", title=article["title"], summary=article["summary"], body=article["text"] if whole else ""
            )
        )
        _ = document.fingerprint
        between = time.perf_counter()
        origin = origins.of(feed, document)
        finding += time.perf_counter() - between
        reading += between - began
        told[feed.source] += 1
        if origin.credited:
            credited[feed.source] += 1
            agencies[origin.credited] += 1
            show -= _shown(document, origin, left=show)
        elif missed > 0 and (named := _great(document)):
            missed -= _shown(document, Origin(newsroom=feed.source, owner="", credited=named), left=missed)
    print("whole article" if whole else "headline and summary")
    for newsroom, number in told.items():
        print(f"  {newsroom}: {credited[newsroom]} of {number} ({credited[newsroom] / number:.1%})")
    print("  ", ", ".join(f"{newsroom} {number}" for newsroom, number in agencies.most_common(20)))
    print(f"   finding it costs {finding / reading:.2f} of reading and fingerprinting the entry")


def _feed(newsroom: str) -> Feed:
    address = f"https://{newsroom}.example/rss"
    return Feed(id="f", url=Secret(address), address=address, name="", source=newsroom, every=timedelta(minutes=5))


def _great(document: Document) -> str | None:
    for text in (document.title, document.summary, document.body):
        for mention in NEWS.mentions(Words(text.clean, text.tokens)):
            if mention.newsroom in GREAT:
                return mention.newsroom
    return None


def _shown(document: Document, origin: Origin, *, left: int) -> int:
    """Shows the first place where the credited newsroom stands; how many were shown."""
    if left <= 0:
        return 0
    for text in (document.title, document.summary, document.body):
        for mention in NEWS.mentions(Words(text.clean, text.tokens)):
            if mention.newsroom == origin.credited:
                first, last = text.tokens.places[max(0, mention.first - 9)][0], text.tokens.places[mention.last - 1][1]
                print(f"{origin.credited}  {text.clean[first : last + 20]!r}")
                return 1
    print(f"{origin.credited}  {document.title.clean!r}")
    return 1


if __name__ == "__main__":
    main()

"""Articles a second and memory against the number of rules, beside other ways to do it.

    python -m bench.matching [--rules 10,100,1000,10000] [--articles 24000] [--dead 1000,10000,100000]

Everything is included: markup and escapes undone, folding, words, matching, the marks in the text. Each article is read
once, in a process of its own for each engine, so nothing is warm but what that engine has read before. `x split` is the
CPU time against `str.split` of the same articles, in turn with it, article by article, in the same process: both find
the processor's caches as a program at work leaves them. Slow engines read fewer articles. The last table adds rules
whose terms occur nowhere to a hundred that live.

The articles are those beside the project, or made-up ones where there are none.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.matching_engines import ENGINES, no_prefilter, ours, split
from bench.matching_rules import ARTICLES, articles, dead, living

COMPARED = 100  # articles on which the answers with and without the prefilter must be equal
SLOW = {"regexes": 300_000, "no prefilter": 300_000}  # article x rule pairs that take long enough


def measure(engine: str, rules: int, dead_rules: int, count: int) -> dict[str, float]:
    """One engine in this process: CPU seconds of its work and of `str.split`, and what its rules cost."""
    texts = articles(count)
    plans = [*living(rules, texts), *dead(dead_rules)]
    before = peak_mb()
    began = time.process_time()
    work = ENGINES[engine](plans)
    built = time.process_time() - began
    floor = split(())
    spent = {"work": 0.0, "split": 0.0}
    matches = 0
    for text in texts:
        begun = time.process_time()
        floor(text)
        between = time.process_time()
        matches += len(work(text))
        spent["work"] += time.process_time() - between
        spent["split"] += between - begun
    return {
        "articles": len(texts),
        "per_second": len(texts) / spent["work"],
        "ratio": spent["work"] / spent["split"],
        "mb": peak_mb() - before,
        "build_s": built,
        "matches": matches / len(texts),
        "characters": sum(len(text.title) + len(text.body) for text in texts) / len(texts),
    }


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def check(rules: int, count: int) -> None:
    texts = articles(count)
    plans = living(rules, texts)
    with_it, without = ours(plans), no_prefilter(plans)
    for text in texts[:COMPARED]:
        if with_it(text) != without(text):
            raise SystemExit(f"the prefilter changes the answer for {text.title!r}")


def apart(engine: str, rules: int, dead_rules: int, count: int) -> dict[str, float]:
    """`measure` in a new process."""
    call = [sys.executable, "-m", "bench.matching", "--one", engine, str(rules), str(dead_rules), str(count)]
    told = subprocess.run(call, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(told.stdout)
    return answer


def compare(rules: Sequence[int], count: int) -> None:
    print("  rules  engine         x split  articles/s  matches  build s    MB  articles")
    for number in rules:
        check(number, count)
        for engine in ENGINES:
            few = max(50, min(count, SLOW.get(engine, sys.maxsize) // number))
            told = apart(engine, number, 0, few)
            print(
                f"{number:>7}  {engine:<13} {told['ratio']:>8.1f} {told['per_second']:>11.0f} {told['matches']:>8.2f}"
                f" {told['build_s']:>8.2f} {told['mb']:>5.0f} {told['articles']:>9.0f}",
                flush=True,
            )


def growth(numbers: Sequence[int], count: int) -> None:
    print("\n  100 rules and so many whose terms occur nowhere")
    print("   dead  x split  against none    MB  build s")
    alone = apart("ours", 100, 0, count)
    for number in (0, *numbers):
        told = apart("ours", 100, number, count) if number else alone
        grown = told["ratio"] / alone["ratio"]
        print(
            f"{number:>7} {told['ratio']:>8.1f} {grown:>13.2f} {told['mb']:>5.0f} {told['build_s']:>8.1f}", flush=True
        )


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        engine, rules, dead_rules, count = sys.argv[2:]
        print(json.dumps(measure(engine, int(rules), int(dead_rules), int(count))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", default="10,100,1000,10000")
    parser.add_argument("--articles", type=int, default=24_000)
    parser.add_argument("--dead", default="1000,10000,100000")
    asked = parser.parse_args()
    print("real articles" if ARTICLES.exists() else "made-up articles (the real ones are not here)")
    compare(list(map(int, asked.rules.split(","))), asked.articles)
    growth(list(map(int, filter(None, asked.dead.split(",")))), asked.articles)


if __name__ == "__main__":
    main()

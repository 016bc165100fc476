"""Fits the weights by which two reports are taken for one event, and says how well they do.

    python -m bench.kinship                    how good the shipped weights are, by set, level and kind
    python -m bench.kinship --fit FILE [FILE]  fits them to these sets and writes monitor/stories/weights.tsv

Weights are those of a logistic regression, in natural logarithms of odds. It is fitted to the pairs that neither a
veto nor a copy decides, and held (L2) not to 0 but to the weights that were set by hand: so few pairs cannot find
out by themselves that a town says more than a country. How strongly it is held is chosen by cross-validation in ten
parts, no kind of pair in two of them; printed are the figures of that for all pairs. Nothing is drawn by lot: the
same sets make the same weights. Fitting needs numpy (`pip install numpy`), which the product does not.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zlib import crc32

from monitor.facts.reader import FactReader
from monitor.lexicon.load import load
from monitor.lexicon.tree import around
from monitor.model import Entry, KinshipKind, Sketch
from monitor.stories.against import vetoes
from monitor.stories.features import features
from monitor.stories.kinship import START, compare
from monitor.stories.sketch import sketch
from monitor.stories.whereabouts import whereabouts
from monitor.stories.wordings import shared
from monitor.text.document import read

SETS = sorted((Path(__file__).parent.parent / "tests" / "data" / "stories").glob("pairs*.jsonl"))
WEIGHTS = Path(str(files("monitor.stories") / "weights.tsv"))
HELD = (1.0, 3.0, 10.0, 30.0)
PARTS = 10
SURE = 0.6  # `kinship._ENOUGH`
Pair = tuple[dict[str, str], Sketch, Sketch]
Array = Any  # of numpy, which is there for fitting alone


def within(place_id: str) -> Sequence[str]:
    place = load().places.get(place_id)
    return () if place is None else tuple(outer.id for outer in around(place, load().places))


def pairs(path: Path) -> Iterator[Pair]:
    reader = FactReader(load())

    def sketched(told: dict[str, str]) -> Sketch:
        at = datetime.fromisoformat(told["published"])
        document = read(Entry(feed_id="f", title=told["title"], summary=told["summary"], published_at=at))
        return sketch(document, reader.read(document), seen_at=at, within=within)

    for line in path.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        yield pair, sketched(pair["a"]), sketched(pair["b"])


# --- how good it is


def report(name: str, found: Sequence[tuple[dict[str, str], str]]) -> None:
    print(f"{name}: {len(found)} pairs")
    for level in ("same story", *(kind.value for kind in KinshipKind)):
        wanted = {"same text", "same event"} if level == "same story" else {level}
        print(f"  {level:<11} {'precision {:.3f}, recall {:.3f}'.format(*rates(found, wanted))}")


def rates(found: Sequence[tuple[dict[str, str], str]], wanted: set[str]) -> tuple[float, float]:
    right = sum(pair["label"] in wanted and kind in wanted for pair, kind in found)
    taken, labelled = sum(kind in wanted for _, kind in found), sum(pair["label"] in wanted for pair, _ in found)
    return right / max(taken, 1), right / max(labelled, 1)


def by_kind(found: Sequence[tuple[dict[str, str], str]]) -> None:
    """Story or not, the worst first."""
    all_, right = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pair, kind in found:
        key = pair["label"], pair["kind"]
        all_[key] += 1
        right[key] += (pair["label"] == "different") == (kind == "different")
    for key in sorted(all_, key=lambda key: (right[key] / all_[key], key)):
        print(f"  {right[key]:3} of {all_[key]:3}  {key[0]}: {key[1]}")


# --- fitting


def fit(told: Array, labels: Array, start: Array, held: float) -> Array:
    """Newton's method, halving each step that makes it worse. The last column of `told` is 1."""
    import numpy as np

    strength = np.full(told.shape[1], held)
    strength[-1] = 0.001

    def loss(weights: Array) -> float:
        odds = told @ weights
        return float((np.logaddexp(0, odds) - labels * odds).sum() + (strength * (weights - start) ** 2).sum() / 2)

    weights = start.copy()
    for _ in range(60):
        likely = 1 / (1 + np.exp(-np.clip(told @ weights, -30, 30)))
        slope = told.T @ (likely - labels) + strength * (weights - start)
        bend = (told * (likely * (1 - likely))[:, None]).T @ told + np.diag(strength)
        step = np.linalg.solve(bend, slope)
        while loss(weights - step) > loss(weights) and np.abs(step).max() > 1e-7:
            step /= 2
        weights = weights - step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def fit_all(told: Sequence[Pair]) -> None:
    import numpy as np

    lines = [line.split("\t") for line in WEIGHTS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    names = [name for name, _, _ in lines if name != START] + [START]
    by_hand = {name: float(weight) for name, weight, _ in lines}
    rows, labels, parts, open_, sure_of = [], [], [], [], []
    for pair, one, other in told:
        where, words = whereabouts(one.facts, other.facts, within), shared(one, other)
        kind = compare(one, other, within=within).kind
        apart = not set(one.keys) & set(other.keys) or any(vetoes(one, other, where, words, within=within))
        found = {each.name: each.value for each in features(one, other, where, words)} | {START: 1.0}
        if missing := set(found) - set(names):
            raise SystemExit(f"weights.tsv has no row for {', '.join(sorted(missing))}")
        rows.append([found.get(name, 0.0) for name in names])
        labels.append(pair["label"] != "different")
        parts.append(crc32(pair["kind"].encode()) % PARTS)
        open_.append(not apart and kind is not KinshipKind.SAME_TEXT)
        sure_of.append(not apart and kind is KinshipKind.SAME_TEXT)
    x, y, part, open_at = np.array(rows), np.array(labels, float), np.array(parts), np.array(open_)
    copies, start = np.array(sure_of), np.array([by_hand[name] for name in names])
    best = (0.0, HELD[0])
    for held in HELD:
        odds = np.zeros(len(y))
        for number in range(PARTS):
            train = open_at & (part != number)
            odds[part == number] = x[part == number] @ fit(x[train], y[train], start, held)
        print(f"held {held:4.0f}:", end="")
        for sure in (0.5, SURE, 0.7):
            kin = copies | (open_at & (odds >= np.log(sure / (1 - sure))))
            precision, recall = (kin & (y > 0)).sum() / kin.sum(), (kin & (y > 0)).sum() / y.sum()
            print(f"  at {sure}: {precision:.3f} {recall:.3f}", end="")
            if sure == SURE:
                best = max(best, (float(2 * precision * recall / (precision + recall)), held))
        print()
    weights = fit(x[open_at], y[open_at], start, best[1])
    sets = f"{len(told)} pairs, {int(open_at.sum())} of them undecided otherwise"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    heading = f"# feature<TAB>by hand<TAB>fitted to {sets}, held {best[1]:g}; {day}; see bench/kinship.py\n"
    fitted: dict[str, float] = dict(zip(names, weights, strict=True))
    text = "".join(f"{name}\t{by_hand[name]:.2f}\t{fitted[name]:.2f}\n" for name, _, _ in lines)
    WEIGHTS.write_text(heading + text, encoding="utf-8")
    print(f"written: {WEIGHTS.name}, held {best[1]:g}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", type=Path, nargs="+")
    parser.add_argument("--sets", type=Path, nargs="+", default=SETS)
    given = parser.parse_args()
    if given.fit:
        fit_all([pair for path in given.fit for pair in pairs(path)])
        return
    everything, across = [], []
    for path in given.sets:
        found = [(pair, one, other, compare(one, other, within=within).kind.value) for pair, one, other in pairs(path)]
        report(path.name, [(pair, kind) for pair, _, _, kind in found])
        everything += [(pair, kind) for pair, _, _, kind in found]
        across += [(pair, kind) for pair, one, other, kind in found if one.language != other.language]
    report("all", everything)
    report("across languages", across)
    by_kind(everything)


if __name__ == "__main__":
    main()

"""What `bench.matching` compares: each engine takes plans of rules, and tells for an article which of them hold.

The others do less than ours: no forms beyond their own, no marks in the text, no explanation.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from bench.matching_rules import Plan
from monitor import lexicon
from monitor.model import Entry
from monitor.rules.matcher import Matcher, judge
from monitor.text.document import read

TODAY = date(2026, 11, 25)
Engine = Callable[[Entry], list[int]]


def split(plans: Sequence[Plan]) -> Engine:  # noqa: ARG001
    """No rule at all: the floor for Python."""

    def work(entry: Entry) -> list[int]:
        entry.title.split()
        entry.body.split()
        return []

    return work


def ours(plans: Sequence[Plan]) -> Engine:
    matcher = Matcher([plan.rule(number) for number, plan in enumerate(plans)], lexicon.load())

    def work(entry: Entry) -> list[int]:
        told = matcher.match(read(entry), feed=None, today=TODAY)
        return [int(match.rule_id.removeprefix("rule-")) for match in told.matches]

    return work


def no_prefilter(plans: Sequence[Plan]) -> Engine:
    """Ours, but every rule is judged on every article."""
    matcher = Matcher([plan.rule(number) for number, plan in enumerate(plans)], lexicon.load())

    def work(entry: Entry) -> list[int]:
        search = matcher.search(read(entry))
        return [number for number, compiled in enumerate(matcher.rules) if judge(compiled, search)[0]]

    return work


def regexes(plans: Sequence[Plan]) -> Engine:
    """What people write themselves: a loop over compiled alternations, whole words, as the text stands."""
    rules = [
        ([_alternation(words) for words in plan.groups], _alternation(plan.excluded) if plan.excluded else None)
        for plan in plans
    ]

    def work(entry: Entry) -> list[int]:
        text = f"{entry.title}\n{entry.body}"
        return [
            number
            for number, (groups, excluded) in enumerate(rules)
            if all(group.search(text) for group in groups) and not (excluded and excluded.search(text))
        ]

    return work


def _alternation(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


# Light10 (Larkey, Ballesteros and Connell, 2007) over the normalization that Lucene's Arabic analyzer does.
_NORMAL = {ord(char): "ا" for char in "آأإ"} | {ord("ى"): "ي", ord("ة"): "ه", ord("ـ"): None}
_NORMAL |= dict.fromkeys(range(1611, 1619))
_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ي")
_WORD = re.compile(r"\w+")


def _stem(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (3 if prefix == "و" else 2):
            word = word.removeprefix(prefix)
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word.removesuffix(suffix)
    return word


def stems(plans: Sequence[Plan]) -> Engine:
    """Folded, stemmed tokens in a set, stems remembered; a rule is judged where its longest stem occurs."""
    known: dict[str, str] = {}

    def stem(word: str) -> str:
        if word not in known:
            known[word] = _stem(word)
        return known[word]

    def words(text: str) -> list[str]:
        return [stem(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).translate(_NORMAL).casefold())]

    groups = [[[words(term) for term in group] for group in plan.groups] for plan in plans]
    excluded = [[words(term) for term in plan.excluded] for plan in plans]
    waiting: dict[str, list[int]] = defaultdict(list)
    for number, rule in enumerate(groups):
        longest = max(rule, key=lambda group: min(len(term[0]) for term in group))
        for term in longest:
            waiting[term[0]].append(number)

    def work(entry: Entry) -> list[int]:
        tokens = words(f"{entry.title}\n{entry.body}")
        there = set(tokens)

        def found(term: list[str]) -> bool:
            if not there.issuperset(term):
                return False
            size = len(term)
            return size == 1 or any(tokens[at : at + size] == term for at in range(len(tokens) - size + 1))

        candidates = {number for word in there & waiting.keys() for number in waiting[word]}
        return [
            number
            for number in sorted(candidates)
            if all(any(map(found, group)) for group in groups[number]) and not any(map(found, excluded[number]))
        ]

    return work


ENGINES: dict[str, Callable[[Sequence[Plan]], Engine]] = {
    "split": split,
    "ours": ours,
    "no prefilter": no_prefilter,
    "regexes": regexes,
    "stems": stems,
}

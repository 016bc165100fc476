"""What the starter rules alert on in real news, for people who judge it: docs/why/false-alarms.md.

    python -m bench.false_alarms                          every rule: counts, then the entries nobody has judged yet
    python -m bench.false_alarms --rule tripoli-clashes   one rule
    python -m bench.false_alarms --judged                 the judged ones too, each with its verdict
    python -m bench.false_alarms --table                  the table of the page

From the entries that fired, up to `--sample` a rule are read: those whose ids have the smallest hashes. So a change of
a rule changes the sample only by what it lets in or out, and verdicts given once stay worth their reading.
The articles are not part of the project: JSONL, gzipped, `id`, `title`, `summary` and `text` (an entry without an id
is known by its title). Nothing of theirs may be copied into the verdicts.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha1
from pathlib import Path

from monitor import config
from monitor.model import Entry, Match
from monitor.rules.matcher import Matcher
from monitor.text.document import read

ROOT = Path(__file__).parents[1]
ITEMS = ROOT.parent / "shared" / "data" / "items"
ARTICLES = (ITEMS / "antcorpus_2018.jsonl.gz", ITEMS / "syria_bot_2026.jsonl.gz")
VERDICTS = ROOT / "docs" / "why" / "false-alarms.tsv"
TODAY = date(2026, 11, 22)
SAMPLE = 50
CONTEXT = 60  # characters shown on each side of what was found

RIGHT, ARGUABLE, WRONG, MENDED = "right", "arguable", "wrong", "mended"
"""A verdict. `mended`: it was wrong, and the rule or its words were changed so that it fires no more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: str
    entry: str
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Fired:
    entry_id: str
    entry: Entry
    match: Match


def verdicts(path: Path = VERDICTS) -> list[Verdict]:
    """In the order of the file; its first line names the columns."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    return [Verdict(*line.split("\t")) for line in lines]


def entries(path: Path, *, body: bool = True) -> Iterator[tuple[str, Entry]]:
    """Each with its id. One that stands under two headings of a newsroom, or was sent twice, is told once.

    Without `body` none is given: most rules look at title and summary, and reading takes long.
    """
    seen = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            summary = told.get("summary") or told["text"][:320]
            if (told["title"], summary) not in seen:
                seen.add((told["title"], summary))
                entry = Entry(feed_id="bench", title=told["title"], summary=summary, body=told["text"] if body else "")
                yield told.get("id") or f"headline-{_hash(told['title'])[:8]}", entry


def fired(matcher: Matcher, articles: Iterable[tuple[str, Entry]]) -> dict[str, list[Fired]]:
    """By rule, in the order in which they are read."""
    found: dict[str, list[Fired]] = {compiled.rule.id: [] for compiled in matcher.rules}
    for entry_id, entry in articles:
        for match in matcher.match(read(entry), feed=None, today=TODAY).matches:
            found[match.rule_id].append(Fired(entry_id, entry, match))
    return {rule: sorted(those, key=lambda each: _hash(each.entry_id)) for rule, those in found.items()}


def _hash(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def row(rule: str, fired_count: int, judged: Sequence[Verdict]) -> str:
    """A line of the page's table. Arguable ones count half in the precision; mended ones not at all."""
    count = Counter(verdict.verdict for verdict in judged if verdict.rule == rule)
    of = count[RIGHT] + count[ARGUABLE] + count[WRONG]
    precision = f"{(count[RIGHT] + count[ARGUABLE] / 2) / of:.2f}" if of else "–"
    cells = (f"`{rule}`", fired_count, of, count[RIGHT], count[ARGUABLE], count[WRONG], precision, count[MENDED])
    return f"| {' | '.join(map(str, cells))} |"


def shown(each: Fired) -> str:
    """What was found, in its surroundings: every span in brackets."""
    lines = []
    for name in ("title", "summary", "body"):
        text = str(getattr(each.entry, name))
        spans = [span for span in each.match.spans if span.field == name]
        if name == "title" or spans:
            clauses = ", ".join(dict.fromkeys(span.clause for span in spans))
            lines.append(f"  {name}: {_bracketed(text, [(span.start, span.end) for span in spans])}  <{clauses}>")
    return "\n".join(lines)


def _bracketed(text: str, spans: Sequence[tuple[int, int]]) -> str:
    if not spans:
        return text[: 3 * CONTEXT]
    begin, end = max(0, min(spans)[0] - CONTEXT), max(last for _, last in spans) + CONTEXT
    starts, ends = Counter(first for first, _ in spans), Counter(last for _, last in spans)
    return "".join(
        "]" * ends[at] + "[" * starts[at] + text[at : at + 1].replace("\n", " ")
        for at in range(begin, min(end, len(text)) + 1)
    )


def report(found: Mapping[str, Sequence[Fired]], judged: Sequence[Verdict], sample: int, *, also_judged: bool) -> None:
    known = {(verdict.rule, verdict.entry): verdict for verdict in judged}
    for rule, those in found.items():
        print(f"\n=== {rule}: {len(those)} fired, {min(sample, len(those))} to be read")
        for each in those[:sample]:
            verdict = known.get((rule, each.entry_id))
            if verdict is None or also_judged:
                print(f"- {each.entry_id}: {'no verdict yet' if verdict is None else verdict.verdict}\n{shown(each)}")
        ids = {each.entry_id for each in those}
        for verdict in judged:
            if verdict.rule == rule and (verdict.entry in ids) == (verdict.verdict == MENDED):
                print(f"! {verdict.entry}: judged {verdict.verdict}, and {_now(verdict)}")


def _now(verdict: Verdict) -> str:
    return "fires again" if verdict.verdict == MENDED else "fires no more"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, action="append", help="JSONL, gzipped; may be given more than once")
    parser.add_argument("--rules", type=Path, default=ROOT / "rules.yaml")
    parser.add_argument("--rule", help="only this one")
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--judged", action="store_true")
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    loaded = config.load(asked.rules, environ={})
    rules = [rule for rule in loaded.rules if asked.rule in (None, rule.id)]
    if not rules:
        raise SystemExit(f"no rule '{asked.rule}' in {asked.rules}")
    paths = asked.articles or ARTICLES
    body = any("body" in rule.search_in for rule in rules)
    found = fired(Matcher(rules, loaded.lexicon), (entry for path in paths for entry in entries(path, body=body)))
    judged = verdicts()
    if asked.table:
        print("\n".join(row(rule, len(those), judged) for rule, those in found.items()))
    else:
        report(found, judged, asked.sample, also_judged=asked.judged)


if __name__ == "__main__":
    main()

"""What is wrong between settings that are well each by itself. Looks at the data as it was read, so that it is told
together with everything else."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.language import Lexicon
from monitor.rules.names import CONSOLE, blocks, entries
from monitor.rules.nodes import Block
from monitor.rules.problems import Report, shown
from monitor.rules.shape import Shape
from monitor.rules.written_parts import WrittenChannel
from monitor.rules.written_rule import WrittenRule
from monitor.rules.yaml_source import Source

_WANTS = frozenset(("all", "any", "query", "killed", "wounded"))


def refuse_nothing_to_find(sources: Sequence[Source], report: Report) -> None:
    for rule in entries(sources, "rules"):
        if not _WANTS.isdisjoint(rule) or not _known_throughout(rule, WrittenRule):
            continue
        if rule.get("kind") == "silence" and "none" not in rule:
            continue  # that of whole feeds
        reason = "only exclusions" if "none" in rule else "neither 'all' nor 'any' nor 'query'"
        called = f"rule '{shown(rule['id'])}'" if isinstance(rule.get("id"), str) else "this rule"
        what = f"{called} has nothing to look for ({reason})"
        report.error(rule.at, "R206", what, "add 'all:' or 'any:' with what must be found")


def refuse_console_address(sources: Sequence[Source], report: Report) -> None:
    for key, channel in blocks(sources, "channels"):
        if ("url" not in channel) == (key == CONSOLE) or not _known_throughout(channel, WrittenChannel):
            continue
        if key == CONSOLE:
            what = "the channel 'console' is the terminal and has no address"
            report.error(channel.at, "R209", what, "remove its url, or choose another id")
        else:
            what, remedy = f"the channel '{shown(key)}' has no address", f'write url: "${{{_variable(key)}}}"'
            report.error(channel.at, "R208", what, remedy)


def refuse_fallbacks_of_operations(sources: Sequence[Source], report: Report) -> None:
    for key, channel in blocks(sources, "channels"):
        if channel.get("for") == "operations" and "fallback" in channel:
            what = f"the channel '{shown(key)}' takes no alerts, so that none can fall back"
            remedy = "remove 'fallback'; every channel for operations hears of the monitor's trouble"
            report.error(channel.key_at("fallback"), "R209", what, remedy)


def refuse_nameless_places(sources: Sequence[Source], shipped: Lexicon, report: Report) -> None:
    for key, place in blocks(sources, "places"):
        if key not in shipped.places and place.keys() <= {"within", "context", "ban"}:
            remedy = "write name: {ar: …, en: …}, or 'terms' with its spellings"
            report.error(key.at, "R208", f"the place '{shown(key)}' has no name and no spelling", remedy)


def _known_throughout(block: Block, shape: type[Shape]) -> bool:
    """Whether no setting is unknown: a misspelt one may be the one that is missed."""
    return block.keys() <= set(shape.setting_names())


def _variable(channel: str) -> str:
    return shown(channel).upper().replace("-", "_") + "_URL"


__all__ = [
    "refuse_console_address",
    "refuse_fallbacks_of_operations",
    "refuse_nameless_places",
    "refuse_nothing_to_find",
]

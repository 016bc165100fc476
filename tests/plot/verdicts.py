"""Verdicts that the arcs hand out, each with the sentence of the life of an alert that it rests on."""

from __future__ import annotations

from tests.plot.values import Verdict


def first(because: str = "nothing was told of this event under this rule") -> Verdict:
    return Verdict("first report", because)


def corroborated(because: str = "a second voice, where one was told") -> Verdict:
    return Verdict("corroborated", because)


def reached(because: str = "the second voice: the rule's min_sources is reached now") -> Verdict:
    return Verdict("corroborated", because)


def escalated(because: str) -> Verdict:
    return Verdict("escalated", because)


def updated(because: str) -> Verdict:
    return Verdict("updated", because)


def corrected(because: str) -> Verdict:
    return Verdict("corrected", because)


def denied() -> Verdict:
    return Verdict("denied", "it denies the event, and nothing that was told did")


def duplicate(because: str) -> Verdict:
    return Verdict("duplicate", because)


def below(because: str) -> Verdict:
    return Verdict("below min_sources", because)


def muted() -> Verdict:
    return Verdict("muted", "the rule is muted since noon")


def held(saying: str, because: str, *, replaced: bool = False) -> Verdict:
    return Verdict("throttled", because, saying, replaced)


COPY = duplicate("the text of another newsroom's report: no voice of its own, and nothing new")
CREDIT = duplicate("other words, but the agency's voice, which was told")
TYPO = duplicate("an edit that changes nothing that is told")

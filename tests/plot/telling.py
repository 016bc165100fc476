"""From a beat to the words of an entry. A recipe is what stays the same when a text is edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tests.plot import english, figures
from tests.plot import sentences as ar
from tests.plot.values import Event, How, Outlet, Town

Text = tuple[str, str]  # title, summary


@dataclass(frozen=True, slots=True)
class Recipe:
    """The patterns that a text is made by."""

    how: How
    language: str
    title: int
    summary: int
    closer: int
    toll: int
    style: str
    headline: int | None = None  # instead of the title
    misspelt: bool = False


class Patterns:
    """What is left to tell of one class of event in one town: no two texts are made by the same patterns, so that a
    second event there is not told in the words of the first."""

    def __init__(self, kind: str, rng: Random) -> None:
        self.titles = {"ar": _shuffled(ar.TITLES[kind], rng), "en": _shuffled(english.TITLES[kind], rng)}
        self.summaries = {"ar": _shuffled(ar.SUMMARIES[kind], rng), "en": _shuffled(english.SUMMARIES[kind], rng)}


class Teller:
    """Tells one event."""

    def __init__(self, event: Event, patterns: Patterns, rng: Random) -> None:
        self.event, self.patterns, self.rng = event, patterns, rng

    def recipe(self, how: How, language: str) -> Recipe:
        """A fresh one."""
        title, summary = self.patterns.titles[language].pop(), self.patterns.summaries[language].pop()
        closer = self.rng.randrange(len(ar.CLOSERS if language == "ar" else english.CLOSERS))
        return Recipe(how, language, title, summary, closer, self.rng.randrange(12), self.rng.choice(figures.STYLES))

    def headline(self, recipe: Recipe) -> Recipe:
        """Another headline over the same text."""
        return replace(recipe, headline=self.rng.randrange(len(ar.HEADLINES[self.event.kind])))

    def written(self, recipe: Recipe, toll: int | None, *, town: Town | None = None) -> Text:
        town = town or self.event.town
        if recipe.language == "en":
            return _english(recipe, self.event, town, toll)
        return _SPECIAL.get(recipe.how, _arabic)(recipe, self.event, town, toll)


def copied(text: Text, how: How, *, source: Outlet, teller: Outlet, rng: Random) -> Text:
    """The text as another outlet prints it."""
    title, summary = text
    if how is How.CREDIT_COPY:
        return title, rng.choice(
            (f"{summary} ({source.name})", f"{source.name} - {summary}", f"{summary} المصدر: {source.name}.")
        )
    if how is How.LIGHT:
        return _edited_lightly(title, summary, teller, rng)
    return text


def credited(text: Text, source: Outlet, rng: Random) -> Text:
    title, summary = text
    return title, rng.choice((f"نقلاً عن {source.name}: {summary}", f"بحسب {source.name}، {summary}"))


def _misspelt(summary: str, at: int) -> str:
    """With a letter doubled in the last word, which belongs to a closer and tells nothing."""
    *words, last = summary.rstrip(".").split()
    at = 1 + at % (len(last) - 1)
    return " ".join([*words, last[:at] + last[at - 1] + last[at:] + "."])


def _shuffled(patterns: tuple[str, ...], rng: Random) -> list[int]:
    return rng.sample(range(len(patterns)), len(patterns))


def _arabic(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    fields = {"site": event.site, "when": ar.part_of_day(event.minute), "a": event.actors[0], "b": event.actors[1]}
    title = ar.in_town(ar.TITLES[event.kind][recipe.title], town, **fields)
    summary = ar.in_town(ar.SUMMARIES[event.kind][recipe.summary], town, **fields)
    parts = [summary]
    if toll is not None:
        counted = {"people": figures.people(toll, recipe.style), "dead": figures.dead(toll, recipe.style)}
        title += ar.TITLE_TOLLS[recipe.toll % len(ar.TITLE_TOLLS)].format(**counted)
        parts.append(ar.SUMMARY_TOLLS[recipe.toll % len(ar.SUMMARY_TOLLS)].format(**counted, hurt=_hurt(recipe, event)))
    if recipe.headline is not None:
        title = ar.in_town(ar.HEADLINES[event.kind][recipe.headline], town)
    summary = " ".join([*parts, ar.CLOSERS[recipe.closer]])
    return title, _misspelt(summary, recipe.toll) if recipe.misspelt else summary


def _hurt(recipe: Recipe, event: Event) -> str:
    if event.wounded is None:
        return ""
    if recipe.toll % 3:
        return f" وإصابة {figures.people(event.wounded, recipe.style)} بجروح"
    return f" وسقوط {figures.hurt(event.wounded, recipe.style)}"


def _ticker(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    return ar.in_town(ar.TICKERS[recipe.toll % len(ar.TICKERS)], town, noun=ar.NOUN[event.kind]), ""


def _denial(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    return _pair(ar.DENIALS, recipe, event, town)


def _drill(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    return _pair(ar.DRILLS, recipe, event, town)


def _anniversary(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    return _pair(ar.ANNIVERSARIES, recipe, event, town)


def _pair(patterns: tuple[Text, ...], recipe: Recipe, event: Event, town: Town) -> Text:
    title, summary = patterns[recipe.toll % len(patterns)]
    noun = ar.NOUN[event.kind]
    return ar.in_town(title, town, noun=noun), ar.in_town(summary, town, noun=noun)


def _correction(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    assert toll is not None
    counted = f"مقتل {figures.people(toll, recipe.style)}"
    fields = {"noun": ar.NOUN[event.kind], "toll": counted}
    title, summary = (patterns[recipe.toll % len(patterns)] for patterns in (ar.CORRECTIONS, ar.CORRECTION_SUMMARIES))
    return ar.in_town(title, town, **fields), ar.in_town(summary, town, **fields)


_SPECIAL = {
    How.TICKER: _ticker,
    How.DENIAL: _denial,
    How.CORRECTION: _correction,
    How.DRILL: _drill,
    How.ANNIVERSARY: _anniversary,
}


def _english(recipe: Recipe, event: Event, town: Town, toll: int | None) -> Text:
    site = english.SITES[event.site]
    title = english.TITLES[event.kind][recipe.title].format(place=town.en, site=site)
    parts = [english.SUMMARIES[event.kind][recipe.summary]]
    if toll is not None:
        count = figures.english(toll, recipe.style)
        hurt = f" and {figures.english(event.wounded, recipe.style)} wounded" if event.wounded is not None else ""
        title += english.TITLE_TOLLS[recipe.toll % len(english.TITLE_TOLLS)].format(count=count)
        parts.append(english.SUMMARY_TOLLS[recipe.toll % len(english.SUMMARY_TOLLS)].format(count=count, hurt=hurt))
    return title, " ".join([*parts, english.CLOSERS[recipe.closer]])


def _edited_lightly(title: str, summary: str, teller: Outlet, rng: Random) -> Text:
    """Two of: hamza left off, the last sentence left out or one of the outlet's own put behind, other punctuation."""
    sentences = [each.strip() for each in summary.split(". ")]
    longer = f"{summary} وتتابع {teller.name} الخبر أولاً بأول."
    shorter = ". ".join(sentences[:-1]) + "." if len(sentences) > 1 else longer
    changes = rng.sample(("hamza", "length", "punctuation"), 2)
    if "length" in changes:
        summary = rng.choice((longer, shorter))
    if "hamza" in changes:
        title, summary = (each.replace("أ", "ا").replace("إ", "ا") for each in (title, summary))
    if "punctuation" in changes:
        title, summary = f"{title.replace('..', ' -')} ..", summary.replace("،", " -")
    return title, summary

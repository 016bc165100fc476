"""What another ruleset has compiled already is not compiled again, and comes to the same."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.language import KnownPlace, Plain
from monitor.rules import vocabulary as vocabularies
from monitor.rules.index import Index
from monitor.rules.spellings import Spelling, spellings
from monitor.rules.vocabulary import Sources, Vocabulary
from tests.rules.dressed import PLACES, PLAIN

Asked = Sequence[Plain | KnownPlace]
ALL: Asked = (*PLAIN, *PLACES)
chosen = st.lists(st.sampled_from(range(len(ALL))), max_size=40, unique=True).map(lambda ones: [ALL[n] for n in ones])


def vocabulary_of(asked: Asked, before: Sources | None = None) -> Vocabulary:
    made = Vocabulary(before)
    for each in asked:
        made.of_place(each) if isinstance(each, KnownPlace) else made.of_item(each)
    return made


def sources_of(asked: Asked) -> Sources:
    made = vocabulary_of(asked)
    return Sources(made, Index(made.patterns, made.parts))


@given(chosen, chosen, st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_follows_others_is_as_if_it_had_been_compiled_from_nothing(
    old: Asked, new: Asked, from_the_shelf: bool
) -> None:
    before = sources_of(old)
    if from_the_shelf:
        before = pickle.loads(pickle.dumps(before))
    follows, alone = vocabulary_of(new, before), vocabulary_of(new)
    assert follows.patterns == alone.patterns
    assert follows.parts == alone.parts == [pattern.parts for pattern in alone.patterns]
    assert follows.numbers == alone.numbers
    for pattern, was in zip(follows.patterns, follows.was, strict=True):
        assert was is None or before.index.patterns[was] == pattern


@given(chosen, chosen)
@settings(max_examples=60, deadline=None)
def test_nothing_is_compiled_that_was_compiled_before(old: Asked, new: Asked) -> None:
    compiled = set[Plain | Spelling]()
    compile_item, pattern_of = vocabularies.compile_item, Spelling.pattern
    before = sources_of(old)
    with (
        patch.object(vocabularies, "compile_item", lambda item: compiled.add(item) or compile_item(item)),
        patch.object(Spelling, "pattern", lambda each: compiled.add(each) or pattern_of(each)),
    ):
        vocabulary_of(new, before)
    assert compiled == _sources(new) - _sources(old)


def _sources(asked: Asked) -> set[Plain | Spelling]:
    places = {spelling for each in asked if isinstance(each, KnownPlace) for spelling in spellings(each)}
    return places | {each for each in asked if not isinstance(each, KnownPlace)}

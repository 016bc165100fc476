"""Against material that is no part of the project: skipped where it is not at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.language import Name, Starts, Term, Verb, Word
from monitor.text.document import read_text
from monitor.text.fold import fold, unify_ta
from monitor.text.terms import Pattern, compile_item
from monitor.text.tokens import remainders
from tests.text.search import found_in, marked

_DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not _DATA.is_dir(), reason="the reference data is not beside the project")


def _pairs(*tests: str) -> Iterator[tuple[str, str]]:
    if not _DATA.is_dir():
        return
    for line in (_DATA / "lucene_bleve_pairs.tsv").read_text(encoding="utf-8").splitlines():
        test, text, expected = line.split("\t")
        if test in tests:
            yield text, expected


@pytest.mark.parametrize(
    ("text", "expected"),
    list(_pairs("TestArabicNormalizationFilter", "bleve_arabic_normalize_test", "TestPersianNormalizationFilter")),
)
def test_we_fold_what_other_normalizers_fold(text: str, expected: str) -> None:
    """They write ة as ه at once, we only compare it so."""
    assert unify_ta(fold(text)) == expected


# Their stemmers cut endings off the text; we put endings to the term. So a pair applies where the term that they stop
# at is the one an author would write. It does not apply to: stems cut too short to be words (امريك, صل), stop words,
# Persian verbs, and feminine forms of masculine words, which we find where their author says so.
_STEMS = ("TestArabicStemFilter", "bleve_stemmer_ar_test", "TestArabicAnalyzer", "bleve_analyzer_ar_test")
_NOT_A_WORD = {"امريك", "صل"}
_FEMININE = {"كبيرة", "ساهدة", "ساهدات", "سلامة", "السلامة", "ساهدية", "ساهديه", "ساهدي", "ساهدهات"}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (text, stem)
        for text, stem in _pairs(*_STEMS)
        if " " not in text + stem and stem not in _NOT_A_WORD and text not in _FEMININE
    ],
)
def test_we_find_by_term_what_other_stemmers_find_by_stem(text: str, term: str) -> None:
    assert len(list(found_in(compile_item(Term(text=term)), read_text(text)))) == 1


@pytest.mark.parametrize(("text", "term"), [("كبيرة", "كبير"), ("ساهدة", "ساهد"), ("ساهدات", "ساهد")])
def test_a_feminine_form_is_found_where_the_author_says_so(text: str, term: str) -> None:
    assert marked(compile_item(Word(text=term, forms=("adjective",))), text) == [text]


@pytest.mark.parametrize("text", ["سلامة", "السلامة"])
def test_we_keep_words_apart_that_a_stemmer_makes_one(text: str) -> None:
    assert marked(compile_item(Term(text="سلام")), text) == []


def test_the_founding_text_is_found_in_every_form() -> None:
    headline, _, body = (_DATA / "000_d1873cb8842c0eb3.txt").read_text(encoding="utf-8").partition("\n")
    place = compile_item(Name(text="دير الزور"))
    clash = compile_item(Term(text="اشتباك"))
    airport = compile_item(Term(text="مطار"))
    assert marked(place, headline) == ["ديرالزور"]
    assert marked(clash, headline) == ["الاشتباكات"]
    assert set(marked(place, body)) == {"ديرالزور", "دير الزور", "ودير الزور"}
    assert set(marked(clash, body)) == {"الاشتباكات", "اشتباكات", "لاشتباك"}
    assert set(marked(airport, body)) == {"مطار", "بالمطار", "المطارات", "مطارات"}
    assert set(marked(compile_item(Term(text="معركة")), body)) == {"المعارك"}
    assert marked(compile_item(Term(text="قصف")), body) == ["وقصفها"]


def _terms(*texts: str) -> tuple[Pattern, ...]:
    return tuple(pattern for text in texts for pattern in compile_item(Term(text=text)))


def _names(*texts: str) -> tuple[Pattern, ...]:
    return tuple(pattern for text in texts for pattern in compile_item(Name(text=text)))


def _verbs(*texts: str) -> tuple[Pattern, ...]:
    return tuple(pattern for text in texts for pattern in compile_item(Verb(text=text)))


def _starts(*texts: str) -> tuple[Pattern, ...]:
    return tuple(pattern for text in texts for pattern in compile_item(Starts(text=text)))


_SHELLING = _terms("قصف") + _verbs("قصف")
# The rules of the development set, as far as single words go: every group must be found, in one field for D10.
_RULES: dict[str, tuple[tuple[Pattern, ...], ...]] = {
    "D01": (_names("الموصل"), _terms("هجوم", "انفجار", "اشتباك", "كمين") + _SHELLING),
    "D02": (_names("تعز", "الحديدة", "لحج", "عدن"), _SHELLING + _terms("معركة", "قذيفة", "قناص", "لغم")),
    "D03": (_terms("اعتقال", "مداهمة", "أسير", "معتقل", "سجين") + _verbs("اعتقل"),),
    "D05": (_terms("نفق"),),
    "D06": (_terms("مظاهرة", "احتجاج", "اعتصام", "متظاهر"),),
    "D07": (_names("أم درمان", "الخرطوم"), _SHELLING + _terms("اشتباك", "معركة", "قذيفة", "هجوم", "انفجار")),
    "D08": (_terms("حصار", "محاصر") + _verbs("حاصر"),),
    "D09": (
        _names("القامشلي", "Qamishli", "Kamışlı", "Камышлы", "قامشلی", "قامشلۆ", "קמישלי"),
        _terms("انفجار", "اشتباك", "هجوم", "взрыв")
        + _starts("explosion", "clash", "attack", "patlama", "çatışma", "انفجار", "درگیری", "تەقینەوە", "פיצוץ"),
    ),
    "D10": (_terms("سفينة"), _terms("هجوم", "صاروخ") + _verbs("استهدف")),
}
_BEYOND_WORDS = {"D015"}  # only its excluded word tells, and that is the matcher's


def _cases() -> list[dict[str, str]]:
    if not _DATA.is_dir():
        return []
    cases = map(json.loads, (_DATA / "matching" / "dev.jsonl").read_text(encoding="utf-8").splitlines())
    return [case for case in cases if case["id"] not in _BEYOND_WORDS]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_the_development_set_is_told_apart(case: dict[str, str]) -> None:
    fields = [read_text(case["title"])] + ([] if case["rule"] == "D08" else [read_text(case["summary"])])
    scopes = [[field] for field in fields] if case["rule"] == "D10" else [fields]
    holds = any(
        all(any(any(True for _ in found_in(group, field)) for field in scope) for group in _RULES[case["rule"]])
        for scope in scopes
    )
    assert holds is case["should_match"], case["why"]


def test_no_token_of_real_text_hides_what_it_may_be() -> None:
    text = read_text((_DATA / "000_d1873cb8842c0eb3.txt").read_text(encoding="utf-8"))
    assert len(text.tokens) > 400
    assert all(remainders(token)[0] == token.folded for token in text.tokens)

from __future__ import annotations

from monitor.errors import Problem
from monitor.rules.in_arabic import told_in_arabic, what_in_arabic
from tests.rules.given import read_text
from tests.rules.mistakes import rule


def a_problem(code: str, what: str, remedy: str = "move it there") -> Problem:
    return Problem(file="rules.yaml", line=4, column=15, level="error", code=code, what=what, remedy=remedy)


def test_a_problem_is_told_with_its_place_its_line_and_its_remedy():
    _, (problem,) = read_text(rule("severity: urgent", "all: [مطار, قصف]"))
    assert told_in_arabic(problem).replace("\u2068", "").replace("\u2069", "") == (
        "rules.yaml:4:15: خطأ R203: «urgent» ليست من درجات الأهمية\n"
        "    severity: urgent\n"
        "  = هل تقصد «critical»؟ اكتب حرج أو مرتفع أو متوسط أو منخفض أو معلومة"
    )


def test_what_a_word_also_means_is_told_as_the_lexicon_has_it():
    said = "«مسيرة» also means a march, a procession, a career, and nothing else in the rule 'x' tells them apart"
    assert "مظاهرة أو موكب" in what_in_arabic(a_problem("R405", said), said)


def test_a_sentence_that_nobody_has_translated_stays_behind_the_meaning_of_its_code():
    told = told_in_arabic(a_problem("R307", "something quite new", "do as you are told"))
    assert told.splitlines()[0].endswith("خطأ R307: تعبير نمطي لا يصلح: something quite new")
    assert told.splitlines()[-1] == "  = do as you are told"
    assert (
        told_in_arabic(a_problem("R999", "something quite new")).splitlines()[0].endswith("R999: something quite new")
    )

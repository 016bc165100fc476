"""What others wrote is held by every format and obeyed by no program."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given

from monitor.exports import text
from tests.exports.rows import HOSTILE, any_text

CELLS = [
    # written, in the file, because
    ("=1+1", "'=1+1", "a formula"),
    ("-5 degrees", "'-5 degrees", "a formula to a spreadsheet"),
    ("  @SUM(A1)", "'  @SUM(A1)", "white space is passed over"),
    ("\u200b\u202e=1", "'\u200b\u202e=1", "so is what nobody sees"),
    ("＝1+1", "'＝1+1", "the wide form is the same to some"),
    ("\tx", "'\tx", "a tab at the beginning may vanish"),
    ("'=1", "''=1", "what looks guarded already is guarded again, and comes back as it was"),
    ("a;=1", "a;'=1", "where ';' cuts lines, a cell begins behind it"),
    ("a\r\n=1", "a\r\n'=1", "so it does on a new line, where quotes are not seen"),
    ("a;b", "a;b", "nothing to guard"),
    ("5 - 3 = 2", "5 - 3 = 2", "no formula begins within"),
    ("'quoted'", "'quoted'", "an apostrophe alone is none"),
    ("غارة", "غارة", "nothing to guard"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("written", "cell", "because"), CELLS)
def test_what_a_spreadsheet_would_take_for_a_formula_gets_an_apostrophe(written, cell, because):
    assert text.no_formula(written) == cell, because
    assert text.as_written(cell) == written


@pytest.mark.parametrize("written", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_cell_begins_as_a_formula_and_each_comes_back(written):
    cell = text.no_formula(written)
    assert text.as_written(cell) == written
    for piece in cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
        seen = "".join(char for char in piece if unicodedata.category(char) not in ("Cf", "Cc", "Zs"))
        assert unicodedata.normalize("NFKC", seen[:1])[:1] not in ("=", "+", "-", "@")


@given(any_text())
def test_every_text_comes_back(written):
    assert text.as_written(text.no_formula(written)) == written


def test_every_form_of_the_four_signs_is_known():
    same = {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.normalize("NFKC", chr(code))[:1] in ("=", "+", "-", "@")
    }
    assert {text.no_formula(sign) for sign in same} == {f"'{sign}" for sign in same}

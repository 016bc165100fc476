"""The Latin spellings that one name has by its article."""

from __future__ import annotations

import pytest

from monitor.lexicon.article import articles_varied
from tests.text.torture import Row, is_found


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Deir al-Zour", ["Deir el-Zour"]),
        ("Deir ez-Zor", ["Deir al-Zor", "Deir el-Zor"]),
        ("As-Suwayda", ["Al-Suwayda", "El-Suwayda"]),
        ("Ash Shuhayl", ["Al Shuhayl", "El Shuhayl"]),
        ("El Fasher", ["Al Fasher"]),
        ("Ras al-Ayn al-Gharbi", ["Ras el-Ayn el-Gharbi"]),
    ],
)
def test_a_name_with_the_article_is_spelled_with_al_and_with_el(name: str, others: list[str]) -> None:
    assert list(articles_varied(name)) == [name, *others]


@pytest.mark.parametrize(
    "name", ["Damascus", "Deir Ezzor", "near Palmyra", "In Tyre", "At Bab", "Aleppo", "دير الزور", "Эль-Каим", ""]
)
def test_a_name_without_the_article_stays_alone(name: str) -> None:
    assert list(articles_varied(name)) == [name]


@pytest.mark.parametrize("spelling", ["Deir el-Zour", "Deir el-Zor", "DEIR AL-ZOUR", "Deir El Zor"])
def test_the_spellings_of_the_agencies_are_found(spelling: str) -> None:
    assert is_found(Row(f"Shelling in {spelling}", "{place: deir-ez-zor}", True, "agencies", "here"))


def test_a_guarded_spelling_stays_guarded_with_the_other_article() -> None:
    assert not is_found(Row("El-Rai newspaper is out", "{place: al-rai}", False, "a newspaper", "here"))

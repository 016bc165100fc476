from __future__ import annotations

import pytest

from monitor.text.guess import guess_language

_GUESSES = [
    ("قصف عنيف على أطراف المدينة", "ar", "Arabic"),
    ("اشتباکات قرب المطار", "ar", "Arabic from a Persian keyboard"),
    ("قصف", "ar", "one word that could be either"),
    ("انفجار در نزدیکی فرودگاه", "fa", "Persian"),
    ("درگيري در گرگان", "fa", "Persian from an Arabic keyboard"),
    ("تەقینەوە لە شار", "ckb", "Sorani"),
    ("ہوائی اڈے پر حملہ", "ur", "Urdu"),
    ("פיצוץ בעיר", "he", "Hebrew"),
    ("Взрыв в городе", "ru", "Russian"),
    ("Вибух у місті Київ", "uk", "Ukrainian"),
    ("Şehirde patlama sesi", "tr", "Turkish"),
    ("Kamisli'da çatışma", "tr", "Turkish with few of its letters"),
    ("Explosion near the airport", "en", "English"),
    ("Une réunion à Genève", "", "Latin with accents that are not Turkish"),
    ("عاجل: BBC تعلن وقف إطلاق النار", "ar", "most letters decide"),
    ("123 — !", "", "no letters"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "language", "because"), _GUESSES)
def test_letters_tell_the_language(text: str, language: str, because: str) -> None:
    assert guess_language(text) == language, because

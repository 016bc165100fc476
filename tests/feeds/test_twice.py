from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.twice import undo

ARABIC = "غارة جوية على أطراف البلدة، واشتباكات عنيفة في الريف؛ هل توقف القصف؟ قال: «لا» – و“نعم” و 5 جرحى"


def as_1252(data: bytes) -> str:
    """As browsers read it: a hole of the codec is the control character of that number."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


WAYS = {
    "UTF-8 as windows-1252": as_1252(ARABIC.encode()),
    "UTF-8 as windows-1256": ARABIC.encode().decode("cp1256"),
    "windows-1256 as windows-1252": as_1252(ARABIC.encode("cp1256")),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_encoded_twice_is_repaired_to_the_letter(way: str) -> None:
    assert undo(WAYS[way]) == ARABIC


@pytest.mark.parametrize("way", WAYS)
def test_what_stands_beside_it_and_is_right_stays(way: str) -> None:
    right = "<title>قصف محيط، غيظ؛ شرط؟ «عظ» — L'été, où ça brûle; Señal 5 µg</title>"
    assert undo(f"{right}<title>{WAYS[way]}</title>{right}") == f"{right}<title>{ARABIC}</title>{right}"


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        "L'armée a bombardé la région; déjà évacuée à l'été, où ça brûle. Ça, à côté… Çà et là",
        "Şırnak'ta çatışma: güvenlik güçleri bölgeyi kuşattı, ağır yaralılar var",
        "Ø og Å er bogstaver; «Ø» Ø± 5 Ú, Øst for Århus",
        "محيط، غيظ، شط، عظ، حفظ؛ لفظ؟ «خط» فقط… وسط",
        "حملهٔ پهپادی به پایگاه هوایی و درگیری در شرق شهر، گزارش‌های محلی از چند انفجار",
        "غزہ میں فضائی حملہ، متعدد زخمی؛ عینی شاہدین کا بیان",
    ],
)
def test_what_was_not_stays(text: str) -> None:
    assert undo(text) == text


@given(st.text(max_size=60))
def test_any_text_gives_a_text(text: str) -> None:
    assert isinstance(undo(text * 3), str)

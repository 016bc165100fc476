"""Arabic that was read with the wrong encoding: Ø§Ù„ (UTF-8 as windows-1252), ط§ظ„ (UTF-8 as windows-1256), ÇáÚ
(windows-1256 as windows-1252), or two of these one after the other.

A repair is taken only if the text becomes far more Arabic by it. After our own measurement: all test strings, and
no false repair in 30,303 headlines. Other languages (saldÄ±rÄ±) are repaired where every character beyond ASCII is part
of a UTF-8 sequence: two of those side by side are no accident.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from monitor.text.mapped import Edit, Mapped

_NEEDED_GAIN = 0.35
_STEPS = 2
_STEP_COST = 0.1  # a second step must be worth it: it also "repairs" single characters that were right
_FEWEST = 5  # suspect characters; fewer tell nothing
_FEWEST_SEQUENCES = 2
_LONGEST_SEQUENCE = 4  # bytes (RFC 3629, section 3)
_SAMPLE = 2000  # characters; enough to tell, and no long text is read a dozen times

_Reading = Callable[[Mapped], Mapped]

_TELLTALE = frozenset("ØÙÚÛÃÂ") | {chr(c) for c in range(0x80, 0xA0)}
_FREQUENT = frozenset("اليومنةبرتد")
_ARABIC = frozenset(chr(c) for c in (*range(0x0621, 0x063B), *range(0x0641, 0x064B))) | set("پچژگکی")


def _byte_of(encoding: str) -> dict[str, int]:
    """Which byte a character was. Holes of the encoding are taken as the C1 control of that number, as browsers do."""
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        char = bytes([byte]).decode(encoding, errors="ignore")
        if char:
            table[char] = byte
    return table


_WESTERN = _byte_of("windows-1252")
_ARABIC_WINDOWS = _byte_of("windows-1256")
_AS_ARABIC_WINDOWS = {char: bytes([byte]).decode("windows-1256") for char, byte in _WESTERN.items()}


def repair(text: Mapped) -> Mapped:
    """The text as it was meant, or itself. How it was broken is told from its beginning."""
    if text.text.isascii():
        return text
    high = _high(text.text)
    if high and _is_all_utf8(text.text):
        text = _utf8_from_western(text)
        high = _high(text.text)
    if _is_suspect(text.text, high):
        for read in _way_back(text.text[:_SAMPLE]):
            text = read(text)
    return text


def _is_all_utf8(text: str) -> bool:
    """Whether what is beyond ASCII is UTF-8 as windows-1252 and nothing else; the last sequence may be cut off."""
    beyond = sum(not char.isascii() for char in text)
    edits = list(_utf8_edits(text, _WESTERN))
    return len(edits) >= _FEWEST_SEQUENCES and beyond - sum(end - start for start, end, _ in edits) < _LONGEST_SEQUENCE


def _high(text: str) -> int:
    """How many characters of its beginning are from the upper half of Latin-1. Asked of every text, so it is counted
    quickly."""
    return len(text[:_SAMPLE].encode("latin-1", "ignore").translate(None, _LOW))


def _is_suspect(text: str, high: int) -> bool:
    """A fifth of its beginning at least is of the kind that wrong decoding leaves."""
    sample = text[:_SAMPLE]
    every_other = sample.count("ط") + sample.count("ظ")
    return max(high, every_other) >= max(_FEWEST, (len(sample) - sample.count(" ")) / 5)


_LOW = bytes(range(0x80)) + "\xa0\xab\xad\xb7\xbb".encode("latin-1")  # and what sound Arabic text has


def _way_back(sample: str) -> tuple[_Reading, ...]:
    """The readings, one after the other, that make it far more Arabic; none if there are none."""
    tried: dict[str, tuple[_Reading, ...]] = {sample: ()}
    for _ in range(_STEPS):
        for text, way in tuple(tried.items()):
            for read in (_utf8_from_western, _utf8_from_arabic, _arabic_from_western):
                tried.setdefault(read(Mapped(text)).text, (*way, read))
    best = max(tried, key=lambda text: _score(text) - _STEP_COST * len(tried[text]))
    return tried[best] if _score(best) - _score(sample) > _NEEDED_GAIN else ()


def _score(text: str) -> float:
    """How much it reads like Arabic: -2 to 2, 0 for no letters."""
    counts = Counter(char for char in text if char.isalpha() or char in _TELLTALE)
    letters = counts.total()
    if not letters:
        return 0.0

    def share(chars: frozenset[str]) -> float:
        return sum(count for char, count in counts.items() if char in chars) / letters

    emphatic = share(frozenset("طظ"))
    return share(_ARABIC) + share(_FREQUENT) - (1.0 if emphatic > 0.12 else 0.0) - share(_TELLTALE)


def _utf8_from_western(text: Mapped) -> Mapped:
    return text.rewrite(_utf8_edits(text.text, _WESTERN))


def _utf8_from_arabic(text: Mapped) -> Mapped:
    return text.rewrite(_utf8_edits(text.text, _ARABIC_WINDOWS))


def _arabic_from_western(text: Mapped) -> Mapped:
    pairs: Callable[[str], str | None] = _AS_ARABIC_WINDOWS.get
    return text.rewrite((at, at + 1, new) for at, char in enumerate(text.text) if (new := pairs(char)) is not None)


def _utf8_edits(text: str, byte_of: dict[str, int]) -> Iterator[Edit]:
    """Every run of characters whose bytes are one UTF-8 character; what is cut off or foreign stays as it is."""
    at = 0
    while at < len(text):
        length = _sequence_length(byte_of.get(text[at], 0))
        char = _decoded([byte_of.get(char, 0) for char in text[at : at + length]]) if length else ""
        if char:
            yield at, at + length, char
        at += length if char else 1


def _sequence_length(lead: int) -> int:
    """How many bytes a UTF-8 sequence of more than one has by its first (RFC 3629, section 3), or 0."""
    if 0xC2 <= lead <= 0xDF:
        return 2
    if 0xE0 <= lead <= 0xEF:
        return 3
    return 4 if 0xF0 <= lead <= 0xF4 else 0


def _decoded(sequence: list[int]) -> str:
    try:
        return bytes(sequence).decode("utf-8")
    except UnicodeDecodeError:
        return ""

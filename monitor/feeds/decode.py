"""Bytes to text, as Arabic feeds need it: labels are often wrong, and a wrong guess is a feed that never matches.

In this order: a byte order mark; UTF-8, where the bytes are valid UTF-8 or nearly so, whatever any label says; the
label, unless the letters speak against it; the letters. Nothing is ever refused: a damaged byte costs one character.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from monitor.feeds.twice import undo

_MARKS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_WIDE = (  # how a document begins that has no mark
    (re.compile(rb"(?:[\t\n\r ]\0)*<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\n\r ])*\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"(?:[\t\n\r ]\0{3})*<\0{3}[^\0]\0{3}"), "utf-32-le"),
    (re.compile(rb"(?:\0{3}[\t\n\r ])*\0{3}<\0{3}[^\0]"), "utf-32-be"),
)

# Labels that we follow (WHATWG Encoding, §4.2, the ones that news feeds carry), and the codec for each. A codec that is
# not here is never run: `punycode`, `idna` and `unicode_escape` are codecs too, and slow or dangerous.
_LABELS = {
    **dict.fromkeys(("windows-1256", "cp1256", "x-cp1256", "1256"), "cp1256"),
    **dict.fromkeys(("iso-8859-6", "iso_8859-6", "arabic", "asmo-708", "iso8859-6"), "iso8859-6"),
    **dict.fromkeys(("windows-1252", "cp1252", "iso-8859-1", "iso_8859-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("windows-1251", "cp1251", "x-cp1251"), "cp1251"),
    **dict.fromkeys(("koi8-r", "koi8-u"), "koi8-u"),
    **dict.fromkeys(("windows-1254", "cp1254", "iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("windows-1255", "cp1255", "iso-8859-8-i"), "cp1255"),
    **dict.fromkeys(("iso-8859-8",), "iso8859-8"),
    **dict.fromkeys(("windows-1250", "cp1250"), "cp1250"),
    **dict.fromkeys(("iso-8859-2", "latin2"), "iso8859-2"),
    **dict.fromkeys(("iso-8859-5",), "iso8859-5"),
    **dict.fromkeys(("windows-1253", "cp1253"), "cp1253"),
    **dict.fromkeys(("iso-8859-7",), "iso8859-7"),
    **dict.fromkeys(("iso-8859-15", "latin9"), "iso8859-15"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5",), "big5"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis"), "cp932"),
    **dict.fromkeys(("euc-jp",), "euc-jp"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
}
_ARABIC_CODECS = ("cp1256", "iso8859-6")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_ENTRY_END = re.compile(rb"(</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a\u0670-\u06d3]{2,}")
_EVIDENCE = 200_000  # characters of a document that are looked at to know its letters


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    warning: str = ""


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The document as text, without a byte order mark. `warning` says where its labels and its bytes disagree."""
    wide = _wide(body)
    if wide is not None:
        return wide
    if body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    labels = _labels(body, content_type)
    try:
        return _once(body.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    return _by_pieces(body) or _eight_bits(body, labels)


def _once(text: str) -> Decoded:
    repaired = undo(text)
    return Decoded(repaired, "" if repaired == text else "Arabic text was encoded twice; repaired")


def _wide(body: bytes) -> Decoded | None:
    for mark, codec in _MARKS:
        if codec != "utf-8" and body.startswith(mark):
            return Decoded(body[len(mark) :].decode(codec, "replace"))
    for start, codec in _BARE_WIDE:
        if start.match(body):
            return Decoded(body.decode(codec, "replace"))
    return None


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """The document's own declaration first: who wrote the text wrote it, while servers send one label for all."""
    declared = _DECLARED.search(body[:1000])
    sent = _CHARSET.search(content_type or "")
    labels = [declared[1].decode("ascii")] if declared else []
    return [label.lower() for label in labels + ([sent[1]] if sent else [])]


def _by_pieces(body: bytes) -> Decoded | None:
    """The document as UTF-8, if most of its entries are that; those that are not are read by their own letters.

    Each entry has one vote, however long it is: who can write one must not decide how the others are read.
    """
    pieces = _ENTRY_END.split(body)
    votes = [_is_nearly_utf8(piece) for piece in pieces if not piece.isascii()]
    if sum(votes) * 2 < len(votes) or (sum(votes) * 2 == len(votes) and not _is_nearly_utf8(body)):
        return None
    texts = [_piece(piece) for piece in pieces]
    damaged = sum(text.count("\ufffd") for text in texts)
    others = len(votes) - sum(votes)
    found = (f"{damaged} damaged characters" if damaged else "", f"{others} parts are not UTF-8" if others else "")
    return Decoded("".join(texts), "; ".join(filter(None, found)))


def _piece(piece: bytes) -> str:
    if piece.isascii() or _is_nearly_utf8(piece):
        return piece.decode("utf-8", "replace")
    return piece.decode(_arabic_codec(piece) or "utf-8", "replace")


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether at least four in five of the non-ASCII characters are good UTF-8.

    In windows-1256 text good pairs come about by chance, as in 'ة،': we counted under 1 in 100 in Arabic news and up to
    6 in Persian and Urdu. In UTF-8 with damage (a headline cut within a letter) nearly all are good.
    """
    good = len(re.sub(rb"[\x00-\x7f]+", b"", body.decode("utf-8", "ignore").encode()).decode())
    bad = body.decode("utf-8", "replace").count("\ufffd")
    return good > 4 * bad


def _eight_bits(body: bytes, labels: list[str]) -> Decoded:
    labelled = next((_LABELS[label] for label in labels if label in _LABELS), None)
    arabic = _arabic_codec(body)
    if labelled in (None, "cp1252", *_ARABIC_CODECS) and arabic is not None:
        warning = "" if labelled == arabic else f"the text is {arabic}, which no label says"
        return Decoded(body.decode(arabic, "replace"), warning)
    codec = labelled or "cp1252"
    warning = "" if labelled else f"neither UTF-8 nor labelled; read as {codec}"
    return Decoded(body.decode(codec, "replace"), warning)


def _arabic_codec(body: bytes) -> str | None:
    """The codec in which the bytes look most like Arabic; None if they do in none."""
    evidence = {codec: arabic_evidence(body, codec) for codec in _ARABIC_CODECS}
    best = max(evidence, key=evidence.__getitem__)
    return best if evidence[best] > 0 else None


def arabic_evidence(body: bytes, codec: str) -> int:
    """How much the bytes look like Arabic in this codec: above 0 if there is more for it than against it.

    Words wholly in Arabic letters speak for it, words of mixed scripts against. (Cyrillic and Latin text read as
    windows-1256 mixes: half of its upper half are French letters.) The article tells the Arabic codecs apart, for
    alef is the same byte in both and lam is not.
    """
    text = body[:_EVIDENCE].decode(codec, "replace")
    score = 0
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        if _ARABIC_WORD.fullmatch(word):
            score += len(word) + (4 if word.startswith("ال") else 0)
        else:
            score -= len(word)
    return score - text.count("\ufffd")

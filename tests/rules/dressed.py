"""Items of every kind, and texts of their forms, dressed as careless and hostile feeds dress words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from unicodedata import normalize

from hypothesis import strategies as st

from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    InField,
    InPlace,
    Item,
    KnownPlace,
    Lexicon,
    Name,
    OfEvent,
    OfGroup,
    Plain,
    Regex,
    Starts,
    Term,
    Verb,
    Without,
    Word,
)
from monitor.model import FIELDS, Entry
from monitor.rules.spellings import spellings
from monitor.text.names import Name as CompiledName
from monitor.text.patterns import Action, Beginning, Noun, Pattern, Phrase, Slot, Spelled
from monitor.text.terms import compile_item
from tests.rules.made import a_lexicon, a_place

PLAIN: tuple[Plain, ...] = (
    *(Term(text=text) for text in (
        "قتيل", "غارة", "الموصل", "مستشفى", "جزء", "شيء", "لاجئ", "اعتداء", "قاض", "صاروخ", "آلية", "سوري", "لغم",
        "قاعدة جوية", "سد الفرات", "بدء العمليات", "bridge", "army",
        "convoy hit", "взрыв", "פיגוע", "انفجارڕ", "پهپاد",
    )),
    *(Verb(text=text) for text in ("قصف", "استهدف", "أصاب", "ألقى", "لجأ", "رد", "دعا", "وصل", "استولى على")),
    *(Name(text=text) for text in (
        "درعا", "حماة", "علي", "مأرب", "الرقة", "دير الزور", "تل عفر", "اللاذقية", "القائم", "أبو كمال", "Dara'a",
        "Hama", "Tel Abyad", "חברון", "באר שבע", "Киев",
    )),
    *(Exact(text=text) for text in ("مسيرة", "غارة جوية", "شيء", "الآن", "ء", "raid", "F16", "10", "か")),
    *(Starts(text=text) for text in ("saldırı", "الاستيل", "ال", "דיר", "كبير الضب", "обстрел")),
    Word(text="جريح", plural=("جرحى",), ban=("جريحا",)),
    Word(text="مسيّرة", strict=("shadda",)),
    Word(text="أنفاق", strict=("hamza",)),
    Word(text="هجوم", forms=("noun", "verb"), plural=("هجمات",)),
    Word(text="مسلح", forms=("feminine", "adjective"), strict=("tanwin", "yaa")),
    Word(text="سيارة مفخخة", plural=("سيارات مفخخة",)),
    Word(text="drone", plural=("drones", "UAV")),
)  # fmt: skip

PLACES: tuple[KnownPlace, ...] = (
    a_place("syria", "سوريا", "سورية", "Syria"),
    a_place("zor", "دير الزور", "Deir ez-Zor", within="syria"),
    a_place("kamisli", "القامشلي", "Kamışlı", within="syria", inflected=("Kamışlı", "قامشلو", "Камышлы")),
    KnownPlace(
        id="door",
        name={"ar": "الباب", "en": "Al-Bab"},
        terms=("Al-Bab",),
        guarded=("الباب", "باب"),
        announced=("مدينة الباب", "ريف الباب"),
        context=(Name(text="منبج"), Term(text="جسر حلب"), Starts(text="جرابل")),
        ban=("الباب العالي", "باب الحارة"),
        within="syria",
    ),
    KnownPlace(id="hama", name={"ar": "حماة", "en": "Hama"}, terms=("حماة",), ban=("حماة الوطن", "وحماة")),
    KnownPlace(id="kharkiv", name={"ar": "خاركيف", "en": "Kharkiv"}, terms=("Харків",), inflected=("Харьков",)),
    a_place("bana", "بانه", inflected=("بانه",)),
)

LEXICON: Lexicon = a_lexicon(
    places=PLACES,
    airport=(Term(text="مطار"), Exact(text="airport"), AllOf(items=(Term(text="مدرج"), Term(text="طائرة")), near=3)),
    nothing=(),
    event_clash=(Term(text="اشتباك"), Word(text="معركة", plural=("معارك",)), Regex(pattern=r"clash(es)?")),
)

_REFERENCES: tuple[Item, ...] = (
    *(InPlace(ids=(place.id,)) for place in PLACES),
    InPlace(ids=("syria",), exactly=True),
    OfGroup(ids=("airport",)),
    OfGroup(ids=("nothing",)),
    OfEvent(ids=("clash",)),
)
LEAVES: tuple[Item, ...] = (*PLAIN, *_REFERENCES, Regex(pattern=r"\d+ قتيل"))


def boxes(inner: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    items = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(AnyOf, items=items, at_least=st.integers(1, 2)),
        st.builds(
            lambda items, score: AnyOf(items=items, min_score=score, weights=tuple(range(1, len(items) + 1))),
            items,
            st.integers(1, 4),
        ),
        st.builds(AllOf, items=items, near=st.sampled_from([None, 0, 3, 15, "sentence", "title"])),
        st.builds(AllOf, items=items, near=st.sampled_from([1, 15]), ordered=st.just(True)),
        st.builds(Without, item=inner, unwanted=st.tuples(inner)),
        st.builds(InField, field=st.sampled_from(FIELDS), item=inner),
    )


items: st.SearchStrategy[Item] = st.recursive(st.sampled_from(LEAVES), boxes, max_leaves=5)


# --- texts ---------------------------------------------------------------------------------------

_FORMS_OF_A_WORD = 60
_FORMS_OF_A_PATTERN = 90


def forms(pattern: Pattern) -> Iterator[str]:
    """Ways to write what a pattern finds, folded and as spelled; some of them are no words."""
    if isinstance(pattern, CompiledName):
        yield from pattern.whole
        yield from pattern.heads.words
    elif isinstance(pattern, Phrase):
        written = [list(dict.fromkeys(_written(slot))) for slot in pattern.slots]
        for words in islice(product(*written), _FORMS_OF_A_PATTERN):
            yield " ".join(words)
        for at in range(max(map(len, written))):
            yield " ".join(words[at % len(words)] for words in written)


def _written(slot: Slot) -> Iterator[str]:
    match slot:
        case Noun():
            sides = (("", slot.forms.bare), ("ال", slot.forms.definite))
            for article, side in sides:
                for folded, how in islice(side.items(), _FORMS_OF_A_WORD):
                    yield article + how.replace("+", "")
                    yield article + folded
        case Action():
            yield from islice(slot.forms.made, _FORMS_OF_A_WORD)
            yield from (how.replace("+", "") for how in islice(slot.forms.made.values(), _FORMS_OF_A_WORD))
        case Spelled():
            yield from slot.words
        case Beginning():
            yield from (slot.start, f"{slot.start}ler", f"{slot.start}اء")


def _all_written() -> Iterator[str]:
    for item in PLAIN:
        yield item.text
        for pattern in compile_item(item):
            yield from forms(pattern)
    for place in PLACES:
        for spelling in spellings(place):
            yield spelling.text
            pattern = spelling.pattern()
            yield from forms(getattr(pattern, "spelling", pattern))
        yield from place.ban
    yield from ("منبج", "جسر حلب", "جرابلس", "مطار", "airport", "مدرج", "طائرة", "اشتباكات", "معارك", "clashes")


WRITTEN = sorted(dict.fromkeys(_all_written()))

_BEFORE = (
    "", "", "", "و", "ف", "ب", "ل", "ك", "ال", "وال",
    "بال", "كال", "فال", "ول", "وب", "فل", "لل", "ولل", "فلل", "للـ", "بـ",
    "س", "ي", "مت", "ה", "ול", "ومِ", "#", "(", "\u064e", "ـ", "'", "بَ",
)  # fmt: skip
_BEHIND = (
    "", "", "", "ه", "ها", "ات", "ي", "ء", "ا", "اً", "ًا",
    "ين", "s", "'s", "5", "٥", "abc", "ж", "א", "か", "\u3099", "\u0301",
    "\u0654", "\u0653", "\u0655", "ﹶ", "﷼", "ﷺ", "ﻻ", "²", "Ⅳ", "ٹ",
    "ۆ", "ێ", "\u0903", "’", "ʼ", "ʿ", "ـ", "\u200f", "_", "%",
)  # fmt: skip
_BETWEEN = (
    " ", " ", " ", " ", "\n", "\n\n", "\u00a0", "\u2029",
    "\u2003", "\u3000", "\x00", "\x1c", "\u0085", "\ud800", "\U0010ffff", "\ufffe",
    "", ".", ". ", "؟ ", "،", " - ", "-", "/", "_", " #",
    "'", "’", "&nbsp;", "<br>", "<p>", "<b>", "&amp;", "\u200b", "😀", "﷼",
    "\u200f ", "\u034f", "…", " قال ", " في مدينة ", " say ", " אמר ", " 3 ", "\ufeff",
)  # fmt: skip
_ALIKE = {
    "ا": "أإآٱاٵ", "أ": "اإآ", "إ": "اأ", "آ": "اأ", "ي": "ىیيې",
    "ى": "يی", "ه": "ةہھۀه", "ة": "هۃة", "ك": "کڪ", "و": "ؤۆۇ",
    "ء": "ئؤ", "ئ": "ءي", "ؤ": "ءو", "ر": "ڕ", "ل": "ڵ", "ם": "מ",
}  # fmt: skip
_MARKS = (
    "\u064b", "\u064e", "\u0651", "\u0652", "\u0653", "\u0654", "\u0655", "\u0670", "ـ", "ــ", "\u200c", "\u200d",
    "\u200f", "\u00ad", "&zwnj;", "\ufe0f", "\u0301", "\u200b", "\u0903",
)  # fmt: skip


def _presented() -> dict[str, str]:
    """For a letter, a form of it as old software writes it."""
    return {normalize("NFKC", form): form for form in map(chr, range(0xFB50, 0xFEFD))}


_FORMS = _presented()
_DRESSES = ("alike", "form", "entity", "tag", "upper", "decomposed", "wide", *_MARKS)


def _dressed(letter: str, dress: str) -> str:
    match dress:
        case "alike":
            return _ALIKE.get(letter, letter)[0]
        case "form":
            return _FORMS.get(letter, letter)
        case "entity":
            return f"&#{ord(letter)};"
        case "tag":
            return f"<b>{letter}</b>"
        case "upper":
            return letter.upper()
        case "decomposed":
            return normalize("NFD", letter)
        case "wide":
            return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter
    return letter + dress


@st.composite
def words(draw: st.DrawFn) -> str:
    """One form of something looked for, with what may stand around it."""
    letters = list(draw(st.sampled_from(WRITTEN)))
    for at, dress in draw(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(_DRESSES)), max_size=2)):
        if at < len(letters):
            if dress == "alike":
                letters[at] = draw(st.sampled_from(_ALIKE.get(letters[at], letters[at])))
            elif len(letters[at]) == 1:
                letters[at] = _dressed(letters[at], dress)
    before, behind = draw(st.sampled_from(_BEFORE)), draw(st.sampled_from(_BEHIND))
    word = "".join(letters)
    if before.endswith("لل") and word.startswith("ال"):
        word = word[2:]
    return before + word + behind


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.tuples(words(), st.sampled_from(_BETWEEN)), max_size=6))
    start = draw(st.sampled_from(("", "", "", "\u0651", "\ufeff", "\x00", " ", "<p>", "ال", "ü ")))
    return start + "".join(word + between for word, between in pieces)


entries = st.builds(Entry, feed_id=st.just("f"), title=texts(), summary=texts(), body=st.one_of(st.just(""), texts()))

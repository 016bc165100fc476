"""`query:` in one line, for people who come from media-monitoring tools, read into the boxes that a rule has anyway.

    (قصف OR تدمير) NEAR/8 (جسر OR bridge) AND place:deir-ez-zor NOT title:رياضة

NOT binds closest, then NEAR/n and ONEAR/n, then AND, then OR; words side by side are joined by AND. Written by hand,
because no parser generator says in an author's words, and at the very column, what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError, ValidationInfo

from monitor import language
from monitor.language import Location
from monitor.rules import items, values
from monitor.rules.literal_names import warn_of_name_as_word
from monitor.rules.names import Names
from monitor.rules.never import possible_fields
from monitor.rules.nodes import Block, Scalar
from monitor.rules.problems import Refused, shown
from monitor.rules.query_items import Either, Every, Not, Part, Within, Without, excluded
from monitor.rules.query_places import places
from monitor.rules.query_row import JOINING, Row, refuse_mixed
from monitor.rules.query_words import FIELDS, LIKE, Mistake, Piece, pieces

LONGEST = 4_000  # characters
DEEPEST = 20  # parentheses within each other

_NAMED: Mapping[str, type[BaseModel]] = {
    "place": items.InPlace,
    "group": items.OfGroup,
    "event": items.OfEvent,
    "name": items.Name,
}
_SMALL = {"and": "AND", "or": "OR", "not": "NOT", "near": "NEAR/8"}


class Query:
    """A query that has been read. `root` is a box or an item, as those of the other lists of a rule."""

    def __init__(self, root: Part) -> None:
        self.root = root

    @property
    def at(self) -> Location:
        return self.root.at  # type: ignore[no-any-return]

    def inner(self) -> Sequence[Part]:
        return (self.root,)

    def excluded(self) -> Sequence[Part]:
        return tuple(excluded(self.root))

    def item(self) -> language.Item:
        return self.root.item()  # type: ignore[no-any-return]


def query(written: object, info: ValidationInfo) -> Query | Scalar:
    """A validator. The first thing that cannot be read is told, and with it every word and name that is wrong."""
    text = values.text(written)
    if text.unset:
        return text
    return _Reader(text, info.context if isinstance(info.context, Names) else None).read()


class _Reader:
    """Reads one query. Recursive descent: each method takes what its name says, and leaves what follows."""

    def __init__(self, written: Scalar, names: Names | None) -> None:
        self._written, self._names = written, names
        self._places = places(written, names.report.lines(written.at.file) if names else ())
        self._refused: list[Refused] = []
        self._depth = 0

    def read(self) -> Query:
        try:
            if len(self._written) > LONGEST:
                raise Mistake(0, f"the query has more than {LONGEST:,} characters", "put words into groups: group:name")
            self._row = Row(list(pieces(self._written)))
            root = self._whole()
        except Mistake as mistake:
            self._refused.append(Refused("R319", mistake.what, mistake.remedy, self._place(mistake.start)))
        if self._refused:
            first, *others = self._refused
            for each in others if self._names else ():
                self._names.report.refused(each, self._written.at)  # type: ignore[union-attr]
            raise first
        return Query(root)

    # --- the grammar, from what binds loosest ---------------------------------------------------------

    def _whole(self) -> Part:
        root = self._or()
        if (left := self._row.next()) is not None:
            raise Mistake(left.start, "this ')' closes nothing", "remove it, or write the '(' that it belongs to")
        if isinstance(root, Not):
            what = "the query has nothing to look for (only exclusions)"
            self._refused.append(Refused("R206", what, f"write first what must be found: {LIKE}", root.at))
        return root

    def _or(self) -> Part:
        parts = [self._and()]
        while self._row.take("OR"):
            parts.append(self._and())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            if isinstance(part, Not):
                what = "OR with an exclusion would find almost everything"
                self._refused.append(Refused("R206", what, "write: (first OR second) NOT third", part.at))
        return Either(parts[0].at, tuple(parts))

    def _and(self) -> Part:
        parts = [self._near()]
        while self._row.take("AND") or self._row.begins_part():
            parts.append(self._near())
        wanted = [part for part in parts if not isinstance(part, Not)]
        unwanted = [part for part in parts if isinstance(part, Not)]
        if not wanted:  # only exclusions, for whom this is a part of to judge
            return unwanted[0] if len(unwanted) == 1 else Not(parts[0].at, Either(parts[0].at, _parts_of(unwanted)))
        found = wanted[0] if len(wanted) == 1 else Every(wanted[0].at, tuple(wanted))
        return Without(found.at, found, _parts_of(unwanted)) if unwanted else found

    def _near(self) -> Part:
        begins = self._row.at
        parts = [self._not()]
        signs: list[Piece] = []
        while (sign := self._row.take("NEAR", "ONEAR")) is not None:
            signs.append(sign)
            parts.append(self._not())
        if not signs:
            return parts[0]
        refuse_mixed(signs)
        self._row.refuse_loose_words(begins, signs[0])
        for part in parts:
            self._refuse_unbound(part, signs[0])
        bound = Every(parts[0].at, tuple(parts), signs[0].number, ordered=signs[0].kind == "ONEAR")
        if all(map(_has_no_exclusion, parts)) and not possible_fields(bound.item()):
            remedy = "a distance binds words of one part of an entry: put 'title:' before all of it, or use AND"
            what = f"{signs[0].text} stands between different parts of an entry, so it never holds"
            self._refused.append(Refused("R320", what, remedy, self._place(signs[0].start)))
        return bound

    def _not(self) -> Part:
        if (sign := self._row.take("NOT")) is None:
            return self._part()
        if (again := self._row.take("NOT")) is not None:
            raise Mistake(again.start, "NOT stands twice", "one is enough; two would mean nothing")
        part = self._part()
        if isinstance(part, Not):
            raise Mistake(sign.start, "an exclusion of an exclusion", "remove both NOT")
        return Not(self._place(sign.start), part)

    def _part(self) -> Part:
        piece = self._row.next()
        if piece is None or piece.kind == ")" or piece.kind in JOINING:
            raise self._row.nothing()
        if piece.kind == "NOT":
            before = self._row.before()
            sign = f"{before.text}:" if before is not None else ""
            raise Mistake(piece.start, f"NOT behind '{sign}'", f"write it before: NOT {sign}…")
        self._row.at += 1
        match piece.kind:
            case "(":
                return self._parenthesis(piece)
            case "prefix" if piece.text in FIELDS:
                return self._in_field(piece)
            case "prefix":
                return self._named(piece)
            case "quoted":
                return self._leaf(items.Exact, piece.start, exact=self._scalar(piece.text, piece.start + 1))
        return self._word(piece)

    def _parenthesis(self, opening: Piece) -> Part:
        self._deeper(opening)
        part = self._or()
        if self._row.take(")") is None:
            raise Mistake(opening.start, "this '(' is never closed", "write the ')' that belongs to it")
        self._depth -= 1
        return part

    def _deeper(self, opening: Piece) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Mistake(opening.start, f"more than {DEEPEST} boxes within each other", "make two rules of it")

    def _in_field(self, prefix: Piece) -> Part:
        self._deeper(prefix)
        part = self._part()
        self._depth -= 1
        if isinstance(part, Not):
            raise Mistake(prefix.start, f"'{prefix.text}:' before an exclusion", f"write NOT {prefix.text}:…")
        field = Within(self._place(prefix.start), prefix.text, part)  # type: ignore[arg-type]  # one of FIELDS
        if not possible_fields(field.item()) and possible_fields(part.item()):
            what = "a part of an entry within another one is never found"
            self._refused.append(Refused("R320", what, "keep one of the two", self._place(prefix.start)))
        return field

    def _named(self, prefix: Piece) -> Part:
        name = self._row.next()
        if name is None or name.kind not in ("word", "quoted"):
            remedy = f"write one id: {prefix.text}:name, and for several {prefix.text}:one OR {prefix.text}:two"
            raise Mistake(prefix.start, f"'{prefix.text}:' names nothing", remedy)
        self._row.at += 1
        start = name.start + (name.kind == "quoted")
        return self._leaf(_NAMED[prefix.text], prefix.start, **{prefix.text: self._scalar(name.text, start)})

    def _word(self, piece: Piece) -> Part:
        if piece.text.endswith("*"):
            return self._leaf(items.Starts, piece.start, starts=self._scalar(piece.text[:-1], piece.start))
        word = self._scalar(piece.text, piece.start)
        self._hint(word)
        return self._checked(items.Term, word)

    # --- leaves ----------------------------------------------------------------------------------------

    def _leaf(self, model: type[BaseModel], start: int, **settings: Scalar) -> Part:
        block = Block(self._place(start))
        block.update((Scalar.make(name, block.at), value) for name, value in settings.items())
        return self._checked(model, block)

    def _checked(self, model: type[BaseModel], data: Scalar | Block) -> Part:
        """The item, or a stand-in where something is wrong with it, so that what follows is looked at, too."""
        try:
            return model.model_validate(data, context=self._names)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                self._refused.append(_with_place(one.get("ctx", {}).get("error"), data))
        return Either(data.at, ())

    def _hint(self, word: Scalar) -> None:
        if self._names is None:
            return
        if word.casefold() in _SMALL:
            meant = _SMALL[word.casefold()]
            what = f"'{shown(word)}' in small letters is a word to look for, and no operator"
            self._names.report.warning(
                word.at, "R321", what, f'write {meant}, or "{shown(word)}" if it is meant itself'
            )
        warn_of_name_as_word(word, self._names, self._names.report, colon=":")

    def _scalar(self, text: str, start: int) -> Scalar:
        return Scalar.make(text, self._place(start))

    def _place(self, offset: int) -> Location:
        return self._places[offset]

    # --- what is refused -------------------------------------------------------------------------------

    def _refuse_unbound(self, part: Part, sign: Piece) -> None:
        if not _has_no_exclusion(part):
            remedy = f"write the exclusion behind it: (first {sign.text} second) NOT third"
            what = f"{sign.text} cannot bind what has an exclusion in it"
            self._refused.append(Refused("R319", what, remedy, part.at))
        elif sign.kind == "ONEAR" and not _is_one_word(part):
            what = f"{sign.text} puts words in order, and this has none: a box of AND or NEAR"
            self._refused.append(Refused("R319", what, "bind words, phrases or lists with OR, or use NEAR", part.at))


def _has_no_exclusion(part: Part) -> bool:
    return not isinstance(part, Not | Without) and all(map(_has_no_exclusion, part.inner()))


def _is_one_word(part: Part) -> bool:
    return not isinstance(part, Every) and all(map(_is_one_word, part.inner()))


def _parts_of(those: Sequence[Not]) -> tuple[Part, ...]:
    return tuple(each.part for each in those)


def _with_place(error: Exception | None, data: Scalar | Block) -> Refused:
    assert isinstance(error, Refused), "leaves have no other mistakes"
    error.at = error.at or _value_of(data).at
    return error


def _value_of(data: Scalar | Block) -> Scalar:
    """What stands behind the prefix."""
    return next(iter(data.values())) if isinstance(data, Block) else data

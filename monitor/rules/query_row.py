"""The pieces of a query in a row, taken from the left, and what the place of a piece beside others may make wrong."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules.problems import shown
from monitor.rules.query_words import LIKE, Mistake, Piece

JOINING = ("AND", "OR", "NEAR", "ONEAR")


class Row:
    """`at` is the piece that comes next."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self.at = 0

    def next(self) -> Piece | None:
        return self._pieces[self.at] if self.at < len(self._pieces) else None

    def before(self) -> Piece | None:
        return self._pieces[self.at - 1] if self.at else None

    def take(self, *kinds: str) -> Piece | None:
        """The next piece if it is of such a kind, which then is passed."""
        piece = self.next()
        if piece is None or piece.kind not in kinds:
            return None
        self.at += 1
        return piece

    def begins_part(self) -> bool:
        piece = self.next()
        return piece is not None and piece.kind != ")" and piece.kind not in JOINING

    def nothing(self) -> Mistake:
        """What to say where a part should begin and does not."""
        before, here = self.before(), self.next()
        if before is not None and before.kind == "(" and here is not None and here.kind == ")":
            return Mistake(before.start, "nothing stands in these parentheses", "write words there, or remove them")
        if before is not None and before.kind not in ("(", ")"):
            sign = f"{before.text}:" if before.kind == "prefix" else before.text
            return Mistake(before.start, f"'{sign}' has nothing on its right", _FILL)
        if here is not None and here.kind in JOINING:
            return Mistake(here.start, f"'{here.text}' has nothing on its left", _FILL)
        if before is not None:
            return Mistake(before.start, "nothing stands behind this '('", "write words and a ')', or remove it")
        return Mistake(here.start if here else 0, "the query begins with ')'", f"write for example: {LIKE}")

    def refuse_loose_words(self, begins: int, sign: Piece) -> None:
        """`قصف NEAR/5 دير الزور` would bind the first of two words that are one name. `begins`: the first piece of what
        the sign binds; the last has been passed."""
        for at, beside in ((begins, begins - 1), (self.at - 1, self.at)):
            if self._is_loose(at) and self._is_loose(beside):
                word, other = self._pieces[at], self._pieces[beside]
                both = f"{word.text} {other.text}" if at < beside else f"{other.text} {word.text}"
                remedy = f'write "{shown(both)}" for the phrase, or AND between them'
                what = f"{sign.text} binds «{shown(word.text)}» alone, without «{shown(other.text)}» beside it"
                raise Mistake(other.start, what, remedy)

    def _is_loose(self, at: int) -> bool:
        if not 0 <= at < len(self._pieces) or self._pieces[at].kind != "word":
            return False
        return at == 0 or self._pieces[at - 1].kind != "prefix"


_FILL = "write what belongs there, or remove it"


def refuse_mixed(signs: Sequence[Piece]) -> None:
    """Signs of one row of words that do not say the same."""
    for sign in signs[1:]:
        if (sign.kind, sign.number) != (signs[0].kind, signs[0].number):
            what = f"{signs[0].text} and {sign.text} in one row could be read in two ways"
            raise Mistake(sign.start, what, "put two of the three into parentheses")

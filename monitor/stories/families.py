"""Event classes that may tell one event.

Newsrooms name one occurrence by what they saw of it: the strike, the blast, the attack, the dead. So classes are kin
here that are not the same in the lexicon. `target-site` is no event; it says nothing.

Some classes say plainly what was done (`SORTS`), others that something was (`VAGUE`), what came of it or what it cost.
Where both reports say plainly what was done, that decides, whatever else they mention.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

SILENT = frozenset({"target-site"})

# class -> classes that are told of the same occurrence, and why. Read both ways.
_KIN: Mapping[str, str] = {
    # From the air or the ground: a first report often cannot tell by what; 'missile', 'drone' and 'raid' are exchanged.
    "airstrike": "drone shelling-missile explosion attack violence-against-civilians property-destruction",
    "drone": "explosion attack assassination shelling-missile",
    "shelling-missile": "explosion attack violence-against-civilians clash property-destruction",
    # A blast is heard before it is known what blew up; a bomb by the road is how people are attacked and killed.
    "explosion": "ied-mine suicide-bomb attack assassination chemical",
    "ied-mine": "attack assassination infiltration-ambush suicide-bomb",
    "suicide-bomb": "attack assassination clash",
    # Whoever attacks is answered: the one side's attack is the other's clash.
    "attack": "clash infiltration-ambush assassination violence-against-civilians riot-mob territory-change",
    "clash": "infiltration-ambush territory-change riot-mob arrest-raid",
    "territory-change": "withdrawal troop-movement",
    "withdrawal": "displacement troop-movement ceasefire-agreement clash",
    # Raids that turn violent; those who were taken by force or by the law, as each side calls it.
    "arrest-raid": "abduction weapons-seized violence-against-civilians infiltration-ambush property-destruction",
    "abduction": "infiltration-ambush attack",
    "violence-against-civilians": "assassination riot-mob protest abduction",
    "protest": "riot-mob arrest-raid",
    "siege": "displacement ceasefire-agreement troop-movement",
    "weapons-seized": "ied-mine explosion",
}

# What a class in common says, where it says less than most: some happen several times a day in every city.
COMMON: Mapping[str, float] = {"casualties": 0.75, "arrest-raid": 1.0, "protest": 1.5, "attack": 1.5, "clash": 1.5}

# The price of an event, told with it or in its place.
PRICE = "casualties"
_COSTS_LIVES = frozenset(
    str.split(
        "airstrike drone shelling-missile explosion ied-mine suicide-bomb attack clash infiltration-ambush "
        "assassination violence-against-civilians riot-mob chemical property-destruction protest arrest-raid "
        "weapons-seized"
    )
)

# What a class says plainly that was done, by sorts of which one occurrence is but one.
SORTS: Mapping[str, str] = {
    **dict.fromkeys(("airstrike", "drone", "shelling-missile"), "fire"),
    **dict.fromkeys(("ied-mine", "suicide-bomb"), "bomb"),
    **dict.fromkeys(("abduction", "arrest-raid"), "taking"),
    **dict.fromkeys(("protest", "riot-mob"), "crowd"),
    "clash": "fighting",
    "assassination": "killing",
    "explosion": "blast",
}
# Words for any violence: newsrooms use them until they know more, and beside a plainer one they say nothing. So a
# blast says nothing beside what blew up, and an assassination nothing to who was told how it was done.
VAGUE = frozenset({"attack", "violence-against-civilians", "explosion", "assassination", PRICE})
_VIOLENT = frozenset({"fire", "bomb", "fighting", "killing", "blast"})  # sorts which these words may stand for
# What goes with violence: a retelling may lead with it, and tells nothing else.
_ATTENDING = frozenset({"troop-movement", "displacement", "property-destruction", "group-change"})
# An English 'raid' is flown or made on foot.
_EITHER = frozenset({frozenset({"airstrike", "arrest-raid"})})


def plain(events: Iterable[str]) -> tuple[str, ...]:
    """Those that say plainly what was done; a blast only where nothing says what blew up."""
    found = tuple(event for event in events if event in SORTS)
    return tuple(event for event in found if event != "explosion") or found


def telling(events: Iterable[str]) -> tuple[str, ...]:
    """Without what says nothing: the dead say nothing of how they died, where something else does."""
    found = tuple(event for event in events if event not in SILENT)
    return tuple(event for event in found if event != PRICE) or found


def compared(one: Sequence[str], other: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes of each by which two reports are compared: what they share, else the plain ones, where both have."""
    a, b = telling(one), telling(other)
    if (PRICE,) in (a, b) and PRICE in one and PRICE in other:
        return (PRICE,), (PRICE,)
    if both := tuple(event for event in a if event in b):
        return both, both
    return (plain(a), plain(b)) if plain(a) and plain(b) else (a, b)


def cannot_be_one(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether both say plainly what was done, and it was not the same: nobody is taken by a shell."""
    a, b = frozenset(one) & SORTS.keys(), frozenset(other) & SORTS.keys()
    if not a or not b or a & b:
        return False
    return not any(_may_be_one(x, y) for x, y in product(plain(a), plain(b)))


def _may_be_one(one: str, other: str) -> bool:
    violent = not VAGUE.isdisjoint((one, other)) and _VIOLENT.issuperset((SORTS[one], SORTS[other]))
    return violent or are_kin(one, other) or frozenset({one, other}) in _EITHER


def new_to(events: Iterable[str], told: Collection[str]) -> tuple[str, ...]:
    """Of a report's classes, those that are not told yet, by no other word either: 'shelling' is not new behind
    'attack', nor is a drone behind a missile; what was done besides is."""
    return tuple(event for event in telling(events) if event not in told and not _is_told(event, told))


def _is_told(event: str, told: Collection[str]) -> bool:
    plainly = {SORTS[each] for each in told if each in SORTS and each not in VAGUE}
    if event in SORTS and event not in VAGUE:
        return SORTS[event] in plainly or (not plainly and SORTS[event] in _VIOLENT and not VAGUE.isdisjoint(told))
    if (event in VAGUE or event in _ATTENDING) and not (plainly.isdisjoint(_VIOLENT) and VAGUE.isdisjoint(told)):
        return True
    return event not in VAGUE and any(are_kin(event, each) for each in told)


def are_kin(one: str, other: str) -> bool:
    """Whether two classes may tell one event; a class is its own kin."""
    if one == other or other in _KIN.get(one, "").split() or one in _KIN.get(other, "").split():
        return True
    return (one == PRICE and other in _COSTS_LIVES) or (other == PRICE and one in _COSTS_LIVES)

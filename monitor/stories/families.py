"""Event classes that may tell one event.

Newsrooms name one occurrence by what they saw of it: the strike, the blast, the attack, the dead. So classes are kin
here that are not the same in the lexicon. `target-site` is no event; it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        "abduction weapons-seized"
    )
)


def are_kin(one: str, other: str) -> bool:
    """Whether two classes may tell one event; a class is its own kin."""
    if one == other or other in _KIN.get(one, "").split() or one in _KIN.get(other, "").split():
        return True
    return (one == PRICE and other in _COSTS_LIVES) or (other == PRICE and one in _COSTS_LIVES)

"""Eight outlets of six owners: two agencies, an Arabic and an English one of one owner, a local page, and others."""

from __future__ import annotations

from random import Random

from tests.plot.values import Arc, Outlet

ATHIR = Outlet(id="athir", name="وكالة أثير", owner="athir", agency=True)
MARSA = Outlet(id="marsa", name="وكالة المرسى", owner="marsa", agency=True)
MADAR_AR = Outlet(id="madar-ar", name="شبكة المدار", owner="madar")
MADAR_EN = Outlet(id="madar-en", name="Madar Network", owner="madar", language="en")
NABD = Outlet(id="nabd", name="صفحة نبض البلد", owner="nabd")
DUHA_PAPER = Outlet(id="duha-paper", name="صحيفة الضحى", owner="duha")
DUHA_TV = Outlet(id="duha-tv", name="قناة الضحى", owner="duha")
UFUQ = Outlet(id="ufuq", name="أفق نيوز", owner="ufuq")

OUTLETS = (ATHIR, MARSA, MADAR_AR, MADAR_EN, NABD, DUHA_PAPER, DUHA_TV, UFUQ)
FIXED = {"arabic": MADAR_AR, "english": MADAR_EN, "paper": DUHA_PAPER, "television": DUHA_TV}
INDEPENDENT = ("one", "two", "three")


def cast(arc: Arc, rng: Random) -> dict[str, Outlet]:
    """An outlet for each role of the arc.

    `wire` is an agency; `one`, `two`, `three` are of owners that no other role but a copier has; a copier may be of any
    owner, for what it copies gives it no voice. Only `english` tells in English.
    """
    roles = list(dict.fromkeys(beat.role for beat in arc.beats))
    chosen = {role: FIXED[role] for role in roles if role in FIXED}
    for role in sorted(roles, key=_order):
        if role not in chosen:
            chosen[role] = rng.choice(_fit(role, chosen))
    return chosen


def _order(role: str) -> int:
    return 0 if role == "wire" else 1 if role in INDEPENDENT else 2


def _fit(role: str, chosen: dict[str, Outlet]) -> list[Outlet]:
    arabic = [each for each in OUTLETS if each.language == "ar" and each not in chosen.values()]
    if role == "wire":
        return [each for each in arabic if each.agency]
    if role in INDEPENDENT:
        owners = {each.owner for each in chosen.values()}
        return [each for each in arabic if each.owner not in owners]
    # An agency does not copy its rival in this plot.
    return [each for each in arabic if not each.agency]

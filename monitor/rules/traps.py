"""Words of conflict news that news uses for other things all the time. Single words only: a phrase tells them apart."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.rules.values import plain_words

_WORDS: Mapping[str, tuple[str, str]] = {
    # word: (what else it means, a phrase that means only ours)
    "مسيرة": ("a march, a procession, a career", "طائرة مسيرة"),
    "مسيرات": ("marches, processions", "طائرات مسيرة"),
    "حاجز": ("a barrier or obstacle of any kind", "حاجز أمني"),
    "سيطرة": ("control of a fire, of prices, of a game", "سيطرة على بلدة"),
    "تعزيز": ("strengthening of relations, trade, trust", "تعزيزات عسكرية"),
    "تقدم": ("progress of any kind, and «handed in»", "تقدم قوات"),
    "خطف": ("a photographer's snatch, a stolen victory", "خطف مدنيين"),
    "خلية": ("a cell in biology, a beehive, a task force", "خلية مسلحة"),
    "فجر": ("dawn", "فجر نفسه"),
    "إصابة": ("infection, a sport injury", "إصابة مدنيين"),
    "هجوم": ("attack in sport, criticism", "هجوم مسلح"),
    "معركة": ("a contest in elections or sport", "معركة عنيفة"),
    "مواجهة": ("a match in sport, dealing with a problem", "مواجهات مسلحة"),
    "جبهة": ("forehead, a party's name", "جبهة القتال"),
    "مقاتلة": ("a woman who fights", "طائرة مقاتلة"),
    "مروحية": ("a fan", "طائرة مروحية"),
    "تحرير": ("editing, as in editor in chief", "تحرير بلدة"),
    "سقوط": ("falling of rain, prices, pupils", "سقوط قذائف"),
    "ضربة": ("a kick in sport, a stroke of luck", "ضربة جوية"),
    "صاروخي": ("very fast, in sport and markets", "قصف صاروخي"),
    "إطلاق": ("launching of a product or an initiative", "إطلاق نار"),
    "قنبلة": ("a sensation in sport or art", "قنبلة يدوية"),
    "اقتحام": ("entering a market or a trend", "اقتحام بلدة"),
    "انفجار": ("a rise of prices or of population", "انفجار عبوة"),
    "strike": ("a stoppage of work, a goal in sport", "air strike"),
    "raid": ("a police check, a bargain hunt", "air raid"),
    "fire": ("a blaze, a dismissal", "cease fire"),
    "shell": ("an oil company, a sea shell", "artillery shell"),
    "march": ("a month, a rally", "march on the city"),
    "battle": ("a contest in sport, courts and elections", "battle for the city"),
    "attack": ("criticism, an illness", "armed attack"),
}

TRAPS: Mapping[str, tuple[str, str]] = {plain_words(word): meanings for word, meanings in _WORDS.items()}

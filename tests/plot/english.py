"""English patterns, for the English outlet of the pair. It tells events in words of its own, and nothing else."""

from __future__ import annotations

TITLES = {
    "clash": (
        "Clashes erupt in {place}",
        "Heavy clashes reported in {place} {site}",
        "Gunmen and forces in clashes around {place}",
    ),
    "airstrike": (
        "Airstrike hits {place}",
        "Warplanes carry out air strike on {place} {site}",
        "Air strike rocks {place}",
    ),
    "explosion": (
        "Explosion rocks {place}",
        "Blast in {place} {site}, explosion heard for miles",
        "Explosion reported in {place}",
    ),
    "shelling-missile": (
        "Artillery shelling hits {place}",
        "Shelling reported in {place} {site}",
        "Shells fall on {place}",
    ),
    "drone": (
        "Drone strike hits {place}",
        "Drone attack reported in {place} {site}",
        "Residents of {place} flee drone strike",
    ),
}
SUMMARIES = {
    "clash": ("Residents said the clashes lasted for hours.", "Shops closed their doors as the clashes went on."),
    "airstrike": (
        "Rescuers were searching the rubble after the air strike.",
        "Smoke from the air strike was seen from afar.",
    ),
    "explosion": ("Police sealed off the site of the explosion.", "Windows were shattered by the explosion."),
    "shelling-missile": (
        "Families took shelter as the shelling went on.",
        "Several homes were damaged by the shelling.",
    ),
    "drone": ("A fuel depot burned after the drone strike.", "Power was cut after the drone strike."),
}
CLOSERS = (
    "There was no official comment.",
    "Further details were not available.",
    "Phone lines were down for most of the time.",
)
SITES = {
    "قرب محطة المياه": "near the water station",
    "في محيط السوق الشعبي": "around the market",
    "على الطريق العام": "on the main road",
    "خلف المستوصف": "behind the clinic",
    "عند المدخل الشرقي": "at the eastern entrance",
    "قرب صوامع الحبوب": "near the grain silos",
    "في الحي الجنوبي": "in the southern quarter",
    "بجوار المدرسة الابتدائية": "beside the primary school",
}
TITLE_TOLLS = (", {count} killed", ", killing {count}", "; {count} dead")
SUMMARY_TOLLS = (
    "Medics said {count} people were killed{hurt}.",
    "The toll stands at {count} killed{hurt}, a doctor said.",
)

"""Where the plot takes place: towns of the shipped gazetteer, in six regions, one for each class of event and rule."""

from __future__ import annotations

from tests.plot.values import Town

DEIR_EZ_ZOR = (
    Town("البوكمال", "Abu Kamal"),
    Town("محيميدة", "Muhaymidah"),
    Town("أبو حردوب", "Abu Hardub"),
    Town("غرانيج", "Gharanij"),
    Town("القورية", "Al-Quriyah"),
    Town("العشارة", "Al-Asharah"),
    Town("صبيخان", "Subaykhan"),
    Town("موحسن", "Muhasan"),
    Town("الباغوز", "Al-Baghuz"),
    Town("الكشكية", "Al-Kishkiyah"),
)
NEIGHBOURS = (Town("ذيبان", "Dhiban"), Town("الشحيل", "Al-Shuhayl"))  # on the same bank, an hour's walk apart
IDLIB = (
    Town("سراقب", "Saraqib"),
    Town("سرمين", "Sarmin"),
    Town("تفتناز", "Taftanaz"),
    Town("جسر الشغور", "Jisr al-Shughur"),
    Town("كفرنبل", "Kafr Nabl"),
    Town("خان شيخون", "Khan Shaykhun"),
    Town("معرة مصرين", "Maarrat Misrin"),
    Town("دركوش", "Darkush"),
    Town("سرمدا", "Sarmada"),
    Town("أرمناز", "Armanaz"),
    Town("سلقين", "Salqin"),
    Town("جرجناز", "Jarjanaz"),
    Town("معرة النعمان", "Maarat al-Numan"),
)
DIYALA = (
    Town("الوجيهية", "Al-Wajihiyah"),
    Town("خانقين", "Khanaqin"),
    Town("جلولاء", "Jalawla"),
    Town("المقدادية", "Muqdadiyah"),
    Town("بلدروز", "Baladruz"),
    Town("مندلي", "Mandali"),
    Town("بهرز", "Buhriz"),
    Town("أبو صيدا", "Abu Saida"),
    Town("هبهب", "Hibhib"),
)
SOUTH_LEBANON = (
    Town("ميس الجبل", "Mays al-Jabal"),
    Town("عيترون", "Aitaroun"),
    Town("كفركلا", "Kfar Kila"),
    Town("مارون الراس", "Maroun al-Ras"),
    Town("عيتا الشعب", "Aita al-Shaab"),
    Town("بنت جبيل", "Bint Jbeil"),
    Town("الناقورة", "Naqoura"),
    Town("مرجعيون", "Marjayoun"),
)
YEMEN = (
    Town("صرواح", "Sirwah"),
    Town("حيفان", "Hayfan"),
    Town("مقبنة", "Maqbanah"),
    Town("الراهدة", "Ar-Rahidah"),
    Town("رغوان", "Raghwan"),
    Town("الشمايتين", "Ash-Shamayatayn"),
    Town("الوازعية", "Al-Wazi'iyah"),
)
KORDOFAN = (
    Town("الدلنج", "Dilling"),
    Town("كادقلي", "Kadugli"),
    Town("النهود", "An-Nahud"),
    Town("بابنوسة", "Babanusa"),
    Town("أم روابة", "Umm Rawaba"),
    Town("الدبيبات", "Ad-Dibaybat"),
    Town("الخوي", "Al-Khiwai"),
    Town("كازقيل", "Kazgeil"),
)

KIND = {  # the class of event that each rule looks for
    "dez-clashes": "clash",
    "idlib-strikes": "airstrike",
    "diyala-explosions": "explosion",
    "lebanon-shelling": "shelling-missile",
    "yemen-shelling": "shelling-missile",
    "kordofan-drones": "drone",
}
TOWNS = {
    "dez-clashes": DEIR_EZ_ZOR,
    "idlib-strikes": IDLIB,
    "diyala-explosions": DIYALA,
    "lebanon-shelling": SOUTH_LEBANON,
    "yemen-shelling": YEMEN,
    "kordofan-drones": KORDOFAN,
}

"""What was done keeps two reports apart, in one language as across two; by what word it is told does not."""

from __future__ import annotations

import pytest

from monitor.model import KinshipKind
from tests.stories.reading import kinship, report

SAME = [
    # one report, another of the same event, hours between them, because
    (("مقتل أربعة بقصف مدفعي على سوق مدينة الباب", "سقطت القذائف على سوق الخضار في الباب ظهرا."),
     ("Four killed as shells hit market in al-Bab", "Shells landed on the vegetable market in al-Bab at noon."),
     0.5, "ar, en: the same word"),
    (("مقتل ثلاثة بقصف مدفعي على سوق مدينة الباب", "سقطت القذائف على سوق الخضار في الباب ظهرا."),
     ("Attack on al-Bab market kills five", "Five people were killed in an attack on the vegetable market in al-Bab."),
     2, "ar, en: 'attack' for shelling, and more killed later"),
    (("انفجار عنيف يهز مدينة القائم الحدودية", "سمع دوي انفجار في القائم."),
     ("Air strike hits al-Qaim on Iraqi border", "Warplanes struck a warehouse in al-Qaim, an official said."),
     1, "ar, en: a blast whose cause is known later"),
    (("غارة جوية على بلدة عيترون توقع قتيلين", "استهدفت طائرة سيارة في عيترون."),
     ("Israeli drone strike kills two in Aitaroun", "A drone hit a car in the southern Lebanese town of Aitaroun."),
     0.5, "ar, en: an air strike by a drone"),
    (("غارة جوية على بلدة عيترون توقع قتيلين", "استهدفت طائرة سيارة في عيترون."),
     ("قتيلان بقصف إسرائيلي على سيارة في عيترون", "قتل شخصان جراء قصف سيارة في بلدة عيترون."),
     0.5, "ar, ar: «قصف» for «غارة»"),
    (("اختطاف موظفة إغاثة في مدينة الميادين", "اختطف مسلحون عاملة إغاثة من سيارتها في الميادين."),
     ("Gunmen kidnap aid worker in Mayadin", "Armed men seized a woman working for an aid group in Mayadin."),
     1, "ar, en: an abduction"),
    (("انفجار عبوة ناسفة بدورية في مدينة جاسم بريف درعا", "أصيب عنصران بانفجار عبوة في جاسم."),
     ("Roadside bomb hits patrol in Jasim", "A bomb wounded two soldiers in the Daraa town of Jasim."),
     1, "ar, en: a bomb by the road"),
    (("Roadside bomb wounds two soldiers in Jasim", "The bomb went off as a patrol passed through Jasim."),
     ("Attack on patrol in Jasim wounds two soldiers", "A patrol was attacked in Jasim and two soldiers were wounded."),
     1, "en, en: 'attack' for a bomb"),
    (("اشتباكات عنيفة في مدينة الزاوية الليبية", "اندلعت اشتباكات بين مجموعتين مسلحتين في الزاوية."),
     ("Heavy clashes in Libya's Zawiya", "Fighting broke out between two armed groups in Zawiya."),
     1, "ar, en: clashes"),
    (("مظاهرة في مدينة السويداء تطالب بالإفراج عن المعتقلين", "تجمع العشرات في ساحة السويداء."),
     ("Protest in Suwayda calls for release of detainees", "Dozens gathered in the main square of Suwayda."),
     1, "ar, en: a protest"),
    (("Frappe aérienne sur Aïtaroun au Liban sud: deux morts", "Une frappe a visé une voiture à Aïtaroun."),
     ("Air strike kills two in Aitaroun", "A strike hit a car in Aitaroun, south Lebanon."),
     0.5, "fr, en: an air strike"),
    (("Münbiç'te patlama: üç ölü", "Münbiç kentinde bir patlama meydana geldi."),
     ("انفجار سيارة مفخخة في منبج يوقع ثلاثة قتلى", "قتل ثلاثة بانفجار سيارة في منبج."),
     1, "tr, ar: a blast and the car bomb that it was"),
    (("Four killed in clashes near Tal Tamr", "Four fighters died in clashes near Tal Tamr."),
     ("Four people killed near Tal Tamr", "Four died near the town of Tal Tamr on Wednesday, medics said."),
     1, "en, en: the dead alone are of no class"),
    (("مقتل ثلاثة باشتباك أعقب خطف تاجر في مدينة الشدادي", "اشتبك أقارب تاجر مخطوف مع الخاطفين في الشدادي."),
     ("Three die in Shaddadi gunfight with kidnappers", "Clashes broke out in Shaddadi after a trader was abducted."),
     1, "ar, en: what both tell counts, whatever else either tells"),
    (("مقتل قيادي بانفجار استهدف سيارته في مدينة الرستن", "قتل قيادي بانفجار سيارته في الرستن."),
     ("Commander assassinated in Rastan", "A commander was assassinated in Rastan when his car blew up."),
     1, "ar, en: an assassination is done by something"),
]  # fmt: skip

DIFFERENT = [
    (("خطف موظفي إغاثة في مدينة الميادين", "اختطف مجهولون ثلاثة موظفين في الميادين."),
     ("Two aid workers killed in shelling near Mayadin", "Two aid workers died as shells hit their car near Mayadin."),
     0.2, "ar, en: taken, or shelled"),
    (("خطف موظفي إغاثة في مدينة الميادين", "اختطف مجهولون ثلاثة موظفين في الميادين."),
     ("مقتل موظفي إغاثة بقصف في مدينة الميادين", "قتل موظفان بقصف استهدف سيارتهما في الميادين."),
     0.2, "ar, ar: taken, or shelled"),
    (("Three aid workers abducted in Mayadin", "Gunmen abducted three aid workers in Mayadin."),
     ("Two aid workers killed in shelling in Mayadin", "Two aid workers died when shells hit their car in Mayadin."),
     0.2, "en, en: taken, or shelled"),
    (("اختطاف طبيب في مدينة جاسم", "اختطف مسلحون طبيبا في جاسم."),
     ("Roadside bomb explodes in Jasim", "A bomb went off beside a car in Jasim."),
     0.5, "ar, en: taken, or a bomb"),
    (("اشتباكات قرب حاجز الشحيل بعد خطف سائق", "قتل أربعة في اشتباكات أعقبت خطف سائق عند حاجز في الشحيل."),
     ("انفجار لغم على طريق الشحيل يوقع قتلى", "انفجر لغم بسيارة على طريق الشحيل وأغلقت القوات الطريق."),
     0.5, "ar, ar: a mine joins nothing by its dead"),
    (("اشتباكات قرب حاجز الشحيل بعد خطف سائق", "قتل أربعة في اشتباكات أعقبت خطف سائق عند حاجز في الشحيل."),
     ("Landmine kills four near al-Shuhayl", "Four people were killed when a mine blew up their car near al-Shuhayl."),
     0.5, "ar, en: a mine joins nothing by its dead"),
    (("Air strike hits Maarrat al-Numan", "Warplanes hit a market in the town."),
     ("قصف مدفعي على ريف إدلب", "قصفت المدفعية قرى في ريف إدلب."),
     1, "en, ar: a town from the air, a countryside by guns"),
    (("Air strike hits Maarrat al-Numan", "Warplanes hit a market in the town."),
     ("Shelling in the countryside of Idlib", "Shells hit the Idlib countryside, residents said."),
     1, "en, en: a town from the air, a countryside by guns"),
    (("غارة جوية على معرة النعمان", "استهدفت طائرة حربية سوقا في المدينة."),
     ("قصف مدفعي على ريف إدلب", "قصفت المدفعية قرى في ريف إدلب."),
     1, "ar, ar: a town from the air, a countryside by guns"),
    (("حملة اعتقالات في مدينة نوى", "اعتقلت قوات الأمن ستة شبان في نوى."),
     ("Artillery shells hit Nawa", "Several shells landed in Nawa this morning."),
     0.5, "ar, en: arrested, or shelled"),
    (("حملة اعتقالات في مدينة نوى", "اعتقلت قوات الأمن ستة شبان في نوى."),
     ("Car bomb explodes in Nawa", "A car bomb went off in the centre of Nawa."),
     0.5, "ar, en: arrested, or a bomb"),
    (("مظاهرة في مدينة السويداء", "تجمع العشرات في ساحة السويداء."),
     ("Mortar shells hit Suwayda", "Two mortar shells landed in Suwayda."),
     0.5, "ar, en: a protest, or shelling"),
    (("مظاهرة في مدينة السويداء", "تجمع العشرات في ساحة السويداء."),
     ("Activist kidnapped in Suwayda", "Gunmen kidnapped an activist in Suwayda."),
     0.5, "ar, en: a protest, or taken"),
    (("غارة جوية على مدينة البوكمال", "استهدفت طائرة مستودعا في البوكمال."),
     ("Clashes erupt in Albukamal", "Two clans fought in Albukamal."),
     0.5, "ar, en: from the air, or a fight of clans"),
    (("غارة جوية على مدينة البوكمال", "استهدفت طائرة مستودعا في البوكمال."),
     ("Landmine explodes in Albukamal", "A landmine went off in Albukamal."),
     0.5, "ar, en: from the air, or a mine"),
    (("إغلاق معبر البوكمال الحدودي", "أغلقت السلطات معبر البوكمال أمام المسافرين."),
     ("Air strike hits Albukamal", "Warplanes hit a warehouse in Albukamal."),
     0.5, "ar, en: a crossing closed, or a strike"),
    (("Manifestation à Soueïda", "Des dizaines de personnes se sont rassemblées à Soueïda."),
     ("قصف بقذائف الهاون على السويداء", "سقطت قذيفتا هاون في السويداء."),
     0.5, "fr, ar: a protest, or shelling"),
    (("Münbiç'te protesto", "Münbiç'te onlarca kişi protesto gösterisi düzenledi."),
     ("انفجار سيارة مفخخة في منبج", "انفجرت سيارة مفخخة في منبج."),
     0.5, "tr, ar: a protest, or a car bomb"),
    (("Journalist abducted in Aden", "Gunmen abducted a journalist in Aden."),
     ("Drone strike kills one in Aden", "A drone hit a car in Aden, killing one."),
     0.5, "en, en: taken, or a drone"),
    (("اشتباكات في مدينة الزاوية", "اندلعت اشتباكات بين مجموعتين في الزاوية."),
     ("Protesters block road in Zawiya", "Dozens protested over fuel shortages in Zawiya."),
     0.5, "ar, en: a fight, or a protest"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "hours", "because"), SAME, ids=[each[3] for each in SAME])
def test_one_event_in_other_words_is_one_event(one, other, hours, because):
    found = kinship(report(*one), report(*other, after=hours))
    assert found.kind is not KinshipKind.DIFFERENT, found.why


@pytest.mark.parametrize(("one", "other", "hours", "because"), DIFFERENT, ids=[each[3] for each in DIFFERENT])
def test_another_thing_done_in_one_place_at_one_time_is_another_event(one, other, hours, because):
    found = kinship(report(*one), report(*other, after=hours))
    assert found.kind is KinshipKind.DIFFERENT, found.why

"""Words for people, and for what is counted beside them in the same news: is it five soldiers or five days?

Folded, with ة as ه. A form says how many it means by itself: one (جندي), two (جنديان), or more than one.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.text.number_words import these

Count = tuple[int, int | None]
ONE: Count = (1, 1)
TWO: Count = (2, 2)
SOME: Count = (2, None)

# singular, then its broken plurals; '+' where it has the sound plural, so that ـين may be two or many.
_ARABIC = """
شخص اشخاص|مدني +|مواطن +|مقيم +|رجل رجال|شاب شباب شبان|طفل اطفال|رضيع رضع|فتي فتيان فتيه|صبي صبيه صبيان|مراهق +
قاصر قاصرون قاصرين|مسن +|عجوز عجاءز|طالب طلاب طلبه|تلميذ تلاميذ|معلم +|طبيب اطباء|مسعف +|ممرض +|صحفي +|صحافي +
اعلامي +|مصور +|مراسل +|ناشط + نشطاء|متظاهر +|محتج +|معتصم +|سجين سجناء|معتقل +|اسير اسري|رهينه رهاءن|نازح +
لاجء +|مهاجر +|مسافر +|راكب ركاب|ساءق +|عامل عمال|مزارع +|راع رعاه|راعي|صياد +|فلاح +|تاجر تجار|موظف +|سكان
ساءح سياح|حاج حجاج|مصل مصلين مصلون|زاءر زوار|متسوق +|مدير مدراء|ناءب نواب|وزير وزراء|مسءول +|قيادي +|قاءد قاده
زعيم زعماء|امير امراء|شيخ شيوخ|ضابط ضباط|جندي جنود|عسكري +|مجند +|شرطي +|عنصر عناصر|منتسب +|فرد افراد|حارس حراس
رقيب رقباء|عقيد عقداء|عميد عمداء|لواء|نقيب نقباء|ملازم +|مقدم +|راءد|مساعد +|مقاتل +|مسلح +|محارب +|متمرد +
مقاوم +|ارهابي +|داعشي +|حوثي +|انتحاري +|انغماسي +|متشدد +|متطرف +|جهادي +|ميليشياوي +|مرتزق مرتزقه|قناص +
مهاجم +|معتد|مستوطن +|اسراءيلي +|فلسطيني +|سوري +|عراقي +|لبناني +|يمني +|سوداني +|ليبي +|مصري +|ايراني +
تركي اتراك|روسي روس|امريكي +|اميركي +|افغاني +|باكستاني +|سعودي +|كردي اكراد|هندي هنود|اجنبي اجانب|عربي|مسيحي +
قبطي اقباط|يهودي يهود|شقيق اشقاء|اخ اخوه|ابن ابناء|والد|زوج ازواج|جار جيران|قريب اقارب|عاءل|متطوع +|موقوف +
مطلوب +|مشتبه|لص لصوص|مهرب +|خبير خبراء|عالم علماء|مهندس +|طيار +|بحار بحاره|غواص +|دبلوماسي +|سفير سفراء
قاض قضاه|قاضي|محام محامين محامون|محامي|مرشح +|مستشار +|امام اءمه|كاهن كهنه|راهب رهبان|فنان +|لاعب +|مشجع +
متفرج +|عابر|ساكن|شرطيه|شاهد شهود|مغترب +|اعزل|حدث احداث|يافع +|كادر كوادر|منقذ +|اطفاءي +
"""
_MORE: dict[str, Count] = {
    **dict.fromkeys(
        these("امراه سيده فتاه زوجته زوجه والده شقيقه ابنه بنت ام جنين نجل حفيد شخصا احدهم واحدا احد"),
        ONE,
    ),
    **dict.fromkeys(
        these("طفلها طفله رضيعها رضيعه ابنها نجله ابنته والدته والدتها شقيقته زوجها جنينها طفلته طفلتها"),
        ONE,
    ),
    **dict.fromkeys(
        these("مراتان امراتان امراتين سيدتان سيدتين فتاتان فتاتين شقيقتان شقيقتين بنتان بنتين"),
        TWO,
    ),
    **dict.fromkeys(these("طفلاها طفلاه طفليها طفليه زوجان زوجين ابناه ابنيه"), TWO),
    **dict.fromkeys(
        these("نساء سيدات فتيات بنات عاءله اسره مجموعه نسوه ابناءه ابناءها اطفالها اطفاله"),
        SOME,
    ),
    **dict.fromkeys(these("اخر اخري ثالث رابع خامس سادس"), ONE),
    **dict.fromkeys(["اخران", "اخرين", "اخريان"], SOME),
    **dict.fromkeys(["اخرون", "اخريات"], SOME),
}
_ENGLISH = """
person people|civilian|man men|woman women|child children|boy|girl|baby babies|infant|teenager|teen|youth|adult
student|pupil|teacher|doctor|medic|paramedic|nurse|journalist|reporter|photographer|cameraman cameramen|activist
protester|protestor|demonstrator|prisoner|detainee|hostage|refugee|migrant|passenger|driver|worker|farmer
shepherd|fisherman fishermen|trader|employee|staffer|tourist|pilgrim|worshipper|worshiper|official|minister
mayor|leader|commander|chief|officer|soldier|serviceman servicemen|troop|conscript|policeman policemen|police
guard|general|colonel|captain|lieutenant|sergeant|fighter|gunman gunmen|militant|militiaman militiamen|rebel
insurgent|terrorist|jihadist|bomber|sniper|attacker|assailant|settler|israeli|palestinian|syrian|iraqi|lebanese
yemeni|sudanese|libyan|egyptian|iranian|turk|russian|american|afghan|pakistani|saudi|kurd|foreigner|brother
sister|father|mother|son|daughter|wife wives|husband|relative|villager|resident|citizen|bystander|volunteer
rescuer|firefighter|peacekeeper|contractor|engineer|pilot|sailor|diplomat|ambassador|judge|lawyer|candidate
cleric|imam|priest|national|member|operative|suspect|smuggler|victim|local|inmate|family families|other|aid
"""
_ENGLISH_SOME = frozenset({"people", "troops", "others", "police"})

# What is counted, and is nobody: with a number before one of these, nobody was killed.
_THINGS = """
غنم اغنام خروف خراف ماشيه مواشي راس رءوس بقره ابقار كلب كلاب قطه قطط حصان خيول جمل جمال ابل دجاجه دجاج طاءر طيور
حيوان حيوانات نحله سمكه اسماك يوم ايام يوما شهر اشهر شهرا سنه سنوات عام اعوام عاما ساعه ساعات دقيقه دقاءق ثانيه
ثوان ثواني اسبوع اسابيع كيلومتر كيلومترا كم متر مترا امتار ميل ميلا دولار دولارا ريال ليره دينار جنيه يورو درهم
مليون مليار صاروخ صواريخ صاروخا طاءره طاءرات قذيفه قذاءف غاره غارات هجوم هجمات انفجار انفجارات سياره سيارات اليه
اليات دبابه دبابات منزل منازل منزلا مبني مباني بيت بيوت قريه قري مدينه مدن محافظه محافظات دوله دول بلد بلدان هدف
اهداف مره مرات طعنه طعنات رصاصه رصاصات عمليه عمليات نقطه نقاط مقعد مقاعد مستشفي مستشفيات محاوله محاولات قضيه
قضايا برج ابراج سفينه سفن قارب قوارب زورق زوارق مدرسه مدارس طن اطنان كيلوغرام لتر بالمءه بالماءه في درجه درجات
مباراه مباريات موسم مواسم جوله جولات مرحله ضربه ضربات قنبله قنابل عبوه عبوات لغم الغام موقع مواقع خط خطوط نسمه
sheep cow cows goat goats horse horses dog dogs cat cats camel camels bird birds animal animals chickens cattle
fish day days week weeks month months year years hour hours minute minutes second seconds km kilometers
kilometres miles metres meters percent dollars euros pounds missile missiles rocket rockets strike strikes
airstrikes attack attacks blast blasts explosion explosions vehicle vehicles car cars tank tanks house houses
home homes building buildings village villages town towns city cities province provinces country countries
target targets time times stabs bullets shots operations points seats hospitals cases goals games matches ships
boats schools tons tonnes drone drones jets aircraft helicopters bombs mines locations
"""


def _arabic() -> Iterator[tuple[str, Count]]:
    for entry in (entry for line in _ARABIC.split("\n") for entry in line.split("|") if entry.strip()):
        singular, *plurals = entry.split()
        sound = "+" in plurals
        yield singular, ONE
        yield f"{singular}ا", ONE
        if not singular.endswith("ه"):
            yield f"{singular}ه", ONE
            yield from ((f"{singular}ت{ending}", TWO) for ending in ("ان", "ين"))
            yield f"{singular}ات", SOME
        stem = f"{singular[:-1]}ت" if singular.endswith("ه") else singular
        yield f"{stem}ان", TWO
        yield f"{stem}ين", SOME if sound else TWO
        yield from ((form, SOME) for each in plurals if each != "+" for form in (each, f"{each}ا"))
        if sound:
            yield f"{singular}ون", SOME
            yield f"{singular}ي", SOME  # before whose they are: مسلحي التنظيم
    yield from _MORE.items()


def _english() -> Iterator[tuple[str, Count]]:
    for entry in (entry for line in _ENGLISH.split("\n") for entry in line.split("|") if entry.strip()):
        singular, *plurals = entry.split()
        yield singular, SOME if singular in _ENGLISH_SOME else ONE
        yield from ((plural, SOME) for plural in plurals or [f"{singular}s"])


PEOPLE: dict[str, Count] = {**dict(_english()), **dict(_arabic())}
THINGS = frozenset(_THINGS.split()) - {"في"}

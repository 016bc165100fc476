from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import KinshipKind, Version
from monitor.stories.cluster import choose
from tests.stories.reading import AT, report, story, within

STRIKE = ("غارة جوية على منزل في بلدة بنت جبيل", "ثلاثة قتلى في غارة ظهر اليوم.")
RETOLD = ("قصف جوي يطال بنت جبيل ويقتل ثلاثة", "استهداف بيت في وسطها.")
ELSEWHERE = ("اشتباكات في ريف الحسكة", "تبادل إطلاق نار قرب تل تمر.")


def chosen(sketch, *stories):
    found, kinship = choose(sketch, stories, within=within)
    return None if found is None else found.id, kinship.kind


def test_a_report_joins_the_story_of_its_kin():
    stories = (story(1, report(*ELSEWHERE)), story(2, report(*STRIKE)))
    assert chosen(report(*RETOLD, after=0.5), *stories) == (2, KinshipKind.SAME_EVENT)


def test_a_copy_is_closer_than_a_retelling():
    stories = (story(1, report(*RETOLD)), story(2, report(*STRIKE, after=0.2)))
    assert chosen(report(*STRIKE, after=0.5), *stories) == (2, KinshipKind.SAME_TEXT)


def test_without_kin_it_joins_none():
    assert chosen(report(*ELSEWHERE), story(1, report(*STRIKE))) == (None, KinshipKind.DIFFERENT)
    assert chosen(report(*ELSEWHERE)) == (None, KinshipKind.DIFFERENT)


def test_a_story_is_not_joined_by_what_contradicts_its_first_report():
    first = report("غارة على منزل في بلدة بنت جبيل تقتل 12", STRIKE[1].replace("ثلاثة", "12"))
    between = report("غارة جوية على منزل في بلدة بنت جبيل", "طائرة حربية تستهدف بيتا.", after=0.1)
    last = report("غارة جوية على منزل في بلدة بنت جبيل تقتل 2", "طائرة حربية تستهدف بيتا وتقتل 2.", after=0.2)
    assert chosen(last, story(1, between))[0] == 1
    assert chosen(last, story(1, first, between)) == (None, KinshipKind.DIFFERENT)


def test_a_date_long_before_anybody_saw_it_closes_no_story():
    told = replace(story(1, report(*STRIKE), report(*RETOLD, after=-60)), begun_at=AT)
    assert chosen(report(*RETOLD, after=0.5), told)[0] == 1


CANDIDATES = [
    report(*STRIKE), report(*RETOLD), report(*STRIKE, after=0.5), report(*RETOLD, after=0.5), report(*ELSEWHERE),
    report("ثلاثة قتلى في بنت جبيل بقصف جوي", after=0.25), report("Air strike kills three in Bint Jbeil", after=0.25),
]  # fmt: skip


@settings(max_examples=30)
@given(st.lists(st.sampled_from(CANDIDATES), min_size=1, max_size=4), st.sampled_from(CANDIDATES), st.randoms())
def test_neither_ids_nor_the_order_of_stories_and_reports_matter(sketches, sketch, rng):
    groups = [[each] for each in sketches]
    groups[0] += sketches[1:2]
    answers = set()
    for order in permutations(range(len(groups))):
        ids = rng.sample(range(1, 99), len(groups))
        stories = {ids[at]: groups[at] for at in order}
        shuffled = [story(number, *rng.sample(group, len(group))) for number, group in stories.items()]
        found, kinship = choose(sketch, shuffled, within=within)
        told = None if found is None else frozenset((each.sketch.text, each.sketch.told_at) for each in found.reports)
        answers.add((told, kinship))
    assert len(answers) == 1


def test_a_long_story_is_compared_by_its_beginning_and_its_end():
    reports = [
        report("انفجار في سوق بنت جبيل", f"خبر رقم {number} من المكان", after=number / 60) for number in range(60)
    ]
    assert chosen(report("انفجار في سوق بنت جبيل", "خبر رقم 59 من المكان", after=1.2), story(1, *reports))[0] == 1


def test_who_copied_a_report_before_it_was_edited_joins_its_story():
    low = ("غارة جوية على منزل في بلدة بنت جبيل تقتل 3", "طائرة حربية تستهدف بيتا وتقتل 3 من سكانه.")
    high = ("غارة جوية على منزل في بلدة بنت جبيل تقتل 14", "طائرة حربية تستهدف بيتا وتقتل 14 من سكانه.")
    copy, edited = report(*low, after=0.5), story(1, report(*high))
    assert chosen(copy, edited) == (None, KinshipKind.DIFFERENT), "by the newer version alone"
    earlier = Version(sketch=report(*low), seen_at=AT)
    (told,) = edited.reports
    assert chosen(copy, replace(edited, reports=(replace(told, earlier=(earlier,)),))) == (1, KinshipKind.SAME_TEXT)

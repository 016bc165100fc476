"""What the shipped lexicon lets a report tell: places, event classes, actors, and where each was read."""

from __future__ import annotations

import pytest

from monitor import pickled
from monitor.facts.reader import FactReader, fields_of
from monitor.language import Lexicon
from monitor.lexicon.load import load
from monitor.model import Entry, Facts
from monitor.text.document import read


def facts(reader: FactReader, title: str = "", summary: str = "", body: str = "") -> Facts:
    return reader.read(read(Entry(feed_id="f", title=title, summary=summary, body=body)))


@pytest.mark.parametrize(
    ("title", "places"),
    [
        ("قصف على بلدة سرمين بريف إدلب", ("sarmin",)),
        ("قصف على ريف إدلب", ("idlib-governorate",)),
        ("اشتباكات في محافظة دير الزور", ("deir-ez-zor-governorate",)),
        ("اشتباكات في دير الزور", ("deir-ez-zor",)),
        ("اشتباكات قرب مطار دير الزور", ("deir-ez-zor-airport",)),
        ("غارة على خان يونس في قطاع غزة", ("khan-yunis",)),
        ("Strike on Khan Younis, Gaza", ("khan-yunis",)),
        ("Strike on Gaza City", ("gaza",)),
        ("سوريا: انفجار في حلب", ("aleppo",)),
        ("سوريا تدين القصف", ("syria",)),
        ("اشتباكات بين حلب والرقة", ("aleppo", "raqqa")),
        ("انفجار في الموصل والبصرة", ("mosul", "basra")),
        ("لا شيء يذكر هنا", ()),
    ],
)
def test_the_innermost_places_are_told_in_reading_order(
    reader: FactReader, title: str, places: tuple[str, ...]
) -> None:
    assert facts(reader, title).places == places


@pytest.mark.parametrize(
    ("title", "events"),
    [
        ("غارة جوية على الحديدة", {"airstrike"}),
        ("Artillery shelling hits village", {"shelling-missile"}),
        ("اشتباكات عنيفة", {"clash"}),
        ("حفل موسيقي في المدينة", set()),
    ],
)
def test_event_classes_are_told(reader: FactReader, title: str, events: set[str]) -> None:
    assert set(facts(reader, title).events) == events


@pytest.mark.parametrize(
    ("title", "actors"),
    [
        ("قسد وداعش تشتبكان", ("sdf", "isis")),
        ("كتائب القسام تعلن", ("qassam",)),
        ("كتائب القسام، جناح حركة حماس", ("qassam",)),
        ("الحوثيون يطلقون صاروخا", ("houthis",)),
        ("مقتل 15 حوثيا", ("houthis",)),
        ("Houthis fire missile", ("houthis",)),
        ("قوات الدعم السريع تقصف الفاشر", ("rsf",)),
        ("RSF shells El Fasher", ("rsf",)),
        ("الجيش السوداني يتقدم", ("sudanese-army",)),
        ("جيش الاحتلال يقتحم جنين", ("israeli-army",)),
        ("IDF raids Jenin", ("israeli-army",)),
        ("فصائل الحشد الشعبي", ("pmf",)),
        ("الحرس الثوري يعلن", ("irgc",)),
        ("غارة للتحالف الدولي", ("coalition",)),
        ("قوات النظام تقصف", ("syrian-army",)),
        ("هيئة تحرير الشام تتقدم", ("hts",)),
        ("حزب الله يعلن", ("hezbollah",)),
        ("كتائب حزب الله العراقية", ("kataib-hezbollah", "hezbollah")),
        ("مسلحون مجهولون يهاجمون", ("unknown-gunmen",)),
        ("مباراة كرة قدم", ()),
    ],
)
def test_actors_are_told_the_innermost_alone(reader: FactReader, title: str, actors: tuple[str, ...]) -> None:
    assert facts(reader, title).actors == actors


def test_figures_are_told_with_the_headline_first(reader: FactReader) -> None:
    found = facts(reader, "مقتل خمسة وإصابة 12 في حلب", "قتل ستة أشخاص في حلب")
    assert found.killed is not None
    assert found.wounded is not None
    assert (found.killed.least, found.killed.most, found.wounded.least) == (5, 5, 12)


def test_every_fact_has_a_span_with_its_clause(reader: FactReader) -> None:
    title = "قسد: مقتل خمسة بغارة على حلب"
    spans = {span.clause: title[span.start : span.end] for span in facts(reader, title).spans}
    assert spans == {
        "actor sdf": "قسد",
        "event casualties": "مقتل",
        "killed": "مقتل خمسة",
        "event airstrike": "بغارة",
        "place aleppo": "حلب",
    }


def test_spans_stand_in_reading_order(reader: FactReader) -> None:
    found = facts(reader, "غارة على حلب", "قصف على إدلب وسقوط قتلى")
    order = [("title", "summary").index(span.field) * 1000 + span.start for span in found.spans]
    assert order == sorted(order)


def test_the_body_is_read_only_where_there_is_no_summary(reader: FactReader) -> None:
    assert facts(reader, "خبر", summary="انفجار في حلب", body="انفجار في الموصل").places == ("aleppo",)
    assert facts(reader, "خبر", body="انفجار في الموصل").places == ("mosul",)
    assert fields_of(read(Entry(feed_id="f", title="x", summary="<p> </p>", body="y"))) == ("title", "body")


def test_a_place_has_its_names_its_code_and_where_it_lies(reader: FactReader) -> None:
    (place,), events, actors = reader.named(facts(reader, "قسد: غارة على سرمين"))
    assert (place.id, place.name["en"], place.pcode) == ("sarmin", "Sarmin", "SY07")
    assert place.lat is not None
    assert place.lon is not None
    assert (round(place.lat), round(place.lon)) == (36, 37)
    assert [event.name["en"] for event in events] == ["Air strike"]
    assert [actor.name["ar"] for actor in actors] == ["قوات سوريا الديمقراطية"]


def test_what_the_lexicon_does_not_know_any_more_is_left_out(reader: FactReader) -> None:
    assert reader.named(Facts(places=("gone",), events=("gone",), actors=("gone",))) == ((), (), ())


def test_places_of_the_operator_are_read_too() -> None:
    lexicon = load()
    own = {"airfield": lexicon.places["harabish"]}
    assert FactReader(Lexicon(places=own)).read(read(Entry(feed_id="f", title="انفجار في هرابش"))).places == (
        "airfield",
    )


def test_a_reader_from_the_shelf_reads_the_same(reader: FactReader) -> None:
    again = pickled.load(pickled.dump(reader))
    assert isinstance(again, FactReader)
    title = "مقتل خمسة من قسد بغارة على مطار دير الزور"
    assert facts(again, title) == facts(reader, title)


@pytest.mark.parametrize("text", ["", "\u202e\ud800", "<b>" * 500, "٣" * 5000, "و " * 2000, "قتل " * 1000])
def test_whatever_was_published_is_read(reader: FactReader, text: str) -> None:
    facts(reader, text, text)


def test_of_a_long_body_only_its_beginning_is_read(reader: FactReader) -> None:
    """What follows in an article is what happened elsewhere and before."""
    begins = "<p>انفجار في الموصل أدى إلى مقتل 3 أشخاص</p>"
    background = "<p>وكان انفجار في حلب أدى إلى مقتل 90 شخصا</p>"
    filler = "<p>" + "ولم تصدر أي جهة بيانا بعد. " * 80 + "</p>"
    found = facts(reader, "خبر", body=begins + filler + background)
    assert (found.places, found.killed and found.killed.least) == (("mosul",), 3)
    assert facts(reader, "خبر", body=begins + background).places == ("mosul", "aleppo")
    for span in found.spans:
        assert (begins + filler)[span.start : span.end].strip(), "where it stands in the whole body"

"""What an article changes about its entry: who is told, what is stored, and what a feed that goes on to show the line
does to it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import intake, pipeline
from monitor.errors import StateError, StateUnwritable
from monitor.feeds.parse import parse
from monitor.language import Term
from monitor.model import FetchFailure, Reason
from monitor.store import article_rows
from monitor.store.read import Reader
from monitor.store.views.evidence import body_of, of_story, pages
from monitor.text.document import raw_hash
from tests.articles.world import CLASHES, LINE, LINK, MORE, Newsroom, clashes, feed, line, page
from tests.world import MINUTE, NOW, ScriptedReading, item, rss

OTHER_LINE = "تحديث جديد عن تطورات ميدانية في ريف المحافظة"
HOURS = timedelta(hours=1)


@pytest.fixture
def newsroom() -> Newsroom:
    made = Newsroom()
    made.articles[LINK] = page()
    return made


def test_what_a_line_does_not_say_is_alerted_from_its_article(newsroom):
    assert newsroom.poll(line()) == []
    assert newsroom.read() == [LINE]
    assert newsroom.deliver() == [LINE]
    assert newsroom.state_of() == ("read", 0, "")


def test_an_alert_quotes_what_was_found_in_the_article(newsroom):
    newsroom.poll(line())
    newsroom.read()
    [alert] = newsroom.article_reports[0].alerts
    quoted = [words for found in alert.article.values() for words in found]
    assert quoted
    assert all("اشتباك" in words and words in CLASHES for words in quoted)


def test_the_alert_of_an_article_says_where_in_its_text_the_words_stand(newsroom):
    newsroom.poll(line())
    newsroom.read()
    [alert] = newsroom.article_reports[0].alerts
    body = newsroom.texts()[-1][1]
    assert [(span.field, body[span.start : span.end]) for span in alert.spans] == [("body", "اشتباكات")]


def test_an_article_is_a_version_of_its_entry_with_the_line_as_it_was(newsroom):
    newsroom.poll(line())
    newsroom.read()
    assert newsroom.texts() == [(LINE, ""), (LINE, f"<p>{CLASHES}</p>\n<p>{MORE}</p>")]


def test_a_line_that_was_alerted_is_not_alerted_again_for_its_article():
    newsroom = Newsroom()
    newsroom.articles[LINK] = page()
    assert newsroom.poll(line(CLASHES)) == [CLASHES]
    assert newsroom.read() == []
    assert newsroom.reasons() == ["FIRST_REPORT", "DUPLICATE"]
    newsroom.clock.advance(24 * HOURS)
    assert newsroom.deliver() == [CLASHES]


def test_a_line_alerts_at_once_and_never_waits_for_its_article():
    newsroom = Newsroom()
    newsroom.articles[LINK] = FetchFailure.TIMEOUT
    newsroom.poll(line(CLASHES))
    assert newsroom.deliver() == [CLASHES]
    assert newsroom.visited == []


def test_another_rule_may_tell_the_same_story_when_the_article_comes():
    newsroom = Newsroom(clashes(), clashes("airport", near=None, severity=clashes().severity, notify=("field",)))
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    assert newsroom.read() == [LINE, LINE]
    assert {alert.id.partition(".")[0] for alert in newsroom.article_reports[0].alerts} == {"1"}


def test_a_toll_that_only_the_article_tells_is_an_update_of_what_was_told():
    """And waits for the throttle, as any update does; it is never told as if the event were new."""
    newsroom = Newsroom(reading=_TollInBody())
    newsroom.articles[LINK] = page(CLASHES, "قتل 7 بحسب مصادر طبية", MORE)
    newsroom.poll(line(CLASHES))
    assert newsroom.read() == [CLASHES]
    [alert] = newsroom.article_reports[0].alerts
    assert (alert.reason, alert.number, alert.story_id) == (Reason.UPDATED, 2, 1)
    assert newsroom.reasons() == ["FIRST_REPORT", "THROTTLED"]


def test_a_place_that_only_the_article_names_is_no_news_of_what_was_told():
    newsroom = Newsroom(reading=_PlacesInBody())
    newsroom.articles[LINK] = page(CLASHES, MORE)
    newsroom.poll(line(CLASHES))
    newsroom.read()
    newsroom.clock.advance(2 * HOURS)
    assert newsroom.deliver() == [CLASHES]
    assert newsroom.reasons() == ["FIRST_REPORT", "DUPLICATE"]


# --- what the feed goes on to show


def test_the_same_line_again_does_not_undo_the_article(newsroom):
    newsroom.poll(line())
    newsroom.read()
    stored = newsroom.texts()
    for summary in ("", "<i></i>", "<br/>", ""):  # in other markup it is the same text
        newsroom.poll(line(summary=summary))
        newsroom.read(after=HOURS)
    assert newsroom.texts() == stored
    assert newsroom.visited == [LINK]


def test_an_edited_line_keeps_its_article_and_the_page_is_read_anew(newsroom):
    newsroom.poll(line())
    newsroom.read()
    body = newsroom.texts()[-1][1]
    assert newsroom.poll(line(OTHER_LINE)) == []  # the story is told; a rule that wants both still finds both
    assert newsroom.texts()[-1] == (OTHER_LINE, body)
    newsroom.articles[LINK] = page(CLASHES, MORE, "وتوقفت حركة السير")
    newsroom.read()
    assert newsroom.visited == [LINK, LINK]
    assert newsroom.texts()[-1] == (OTHER_LINE, f"{body}\n<p>وتوقفت حركة السير</p>")


def test_the_forms_that_are_known_of_an_entry_are_those_that_its_feed_showed(newsroom):
    """Else each poll would match the line anew."""
    shown = [*_entries(line()), *_entries(line(OTHER_LINE))]
    for each in (line(), line(OTHER_LINE)):
        newsroom.poll(each)
        newsroom.read(after=HOURS)
    raws = [raw_hash(entry) for entry in shown]
    assert newsroom.store.known_raw("one", raws) == set(raws)
    with newsroom.store.database.read() as db:
        assert db.execute("SELECT count(*) FROM sighting").fetchone()[0] == 2


def test_a_rule_that_wants_words_of_the_line_and_of_the_article_finds_both_after_an_edit():
    newsroom = Newsroom(clashes("both", all=(*clashes().all, *clashes("x").all)), clashes("new", all=_both()))
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    newsroom.read()
    assert newsroom.poll(line(OTHER_LINE)) == [OTHER_LINE]


def test_a_cache_that_serves_two_lines_in_turn_adds_nothing(newsroom):
    newsroom.poll(line())
    newsroom.read()
    newsroom.poll(line(OTHER_LINE))
    newsroom.read()
    stored = newsroom.texts()
    for n, title in enumerate((LINE, OTHER_LINE, LINE, OTHER_LINE)):
        newsroom.poll(line(title, summary="<i></i>" * (n + 1)))
        newsroom.read(after=HOURS)
    assert newsroom.texts() == stored
    assert [(report.verdicts, report.changed) for report in newsroom.reports[-4:]] == [({}, 0)] * 4


SECOND = "عنوان ثان سحبته الصحيفة بعد دقائق"


@pytest.mark.parametrize("again", [{}, {"summary": "<i></i>"}], ids=["as it was", "in other markup"])
@pytest.mark.parametrize("was_read", [False, True], ids=["before the page is read", "after it was read once"])
def test_the_article_belongs_to_the_headline_that_the_feed_shows_now(was_read, again):
    newsroom = Newsroom(clashes(search_in=("title",)), feeds=(feed(full_text=True),))
    newsroom.articles[LINK] = page()
    newsroom.poll(line())
    if was_read:
        newsroom.read()
    newsroom.poll(line(SECOND))
    newsroom.poll(line(**again))
    newsroom.use(clashes(), feeds=[feed(full_text=True)])
    newsroom.articles[LINK] = page(CLASHES, MORE, "وعاد الهدوء")
    assert newsroom.read() == [LINE]
    assert newsroom.deliver() == [LINE]
    assert newsroom.texts()[-1] == (LINE, f"<p>{CLASHES}</p>\n<p>{MORE}</p>\n<p>وعاد الهدوء</p>")


def test_a_wall_takes_no_article_away_from_a_headline_that_came_back(newsroom):
    newsroom.poll(line())
    newsroom.read()
    for title in (SECOND, LINE):
        newsroom.poll(line(title))
    stored = newsroom.texts()
    newsroom.articles[LINK] = page("للمشتركين فقط")
    newsroom.read()
    assert newsroom.texts() == stored


def test_a_headline_that_came_back_has_its_page_read_where_it_links_to_now(newsroom):
    newsroom.poll(line())
    newsroom.poll(line(OTHER_LINE, link="https://news.example/moved"))
    newsroom.poll(line())
    newsroom.read()
    assert newsroom.visited == [LINK]


def test_a_line_that_goes_on_to_be_shown_as_it_was_is_not_judged_anew(newsroom, monkeypatch):
    newsroom.articles.clear()  # so it waits
    newsroom.poll(line())
    newsroom.poll(line(SECOND))
    newsroom.poll(line())
    judged, judge = [], intake.judge

    def noting(setup, feed, entry, *, now):
        judged.append(entry.title)
        return judge(setup, feed, entry, now=now)

    monkeypatch.setattr(intake, "judge", noting)
    newsroom.poll(line(at=NOW + MINUTE), line("خبر آخر", n=2))  # so that its bytes are read again
    assert judged == ["خبر آخر"]


def test_an_entry_that_is_edited_at_every_poll_has_its_page_read_three_times(newsroom):
    for n in range(8):
        newsroom.poll(line(f"{LINE} {n}"))
        newsroom.read(after=HOURS)
    assert newsroom.visited == [LINK] * 3
    assert newsroom.texts()[-1] == (f"{LINE} 7", newsroom.texts()[1][1])


def test_an_edit_that_comes_while_the_page_is_read_is_what_the_article_completes(newsroom, monkeypatch):
    newsroom.poll(line())
    read = newsroom.rows.line

    def edited_meanwhile(entry_id: int):
        found = read(entry_id)
        assert newsroom.store._turn.locked()  # so that no poll can write one between this and what is written
        return found

    monkeypatch.setattr(newsroom.rows, "line", edited_meanwhile)
    newsroom.poll(line(OTHER_LINE))
    newsroom.read()
    assert newsroom.texts()[-1][0] == OTHER_LINE


def test_a_poll_waits_until_an_article_that_is_being_taken_in_is_stored(newsroom):
    """Else it would judge an edit by what is stored before, and write it over what comes meanwhile."""
    newsroom.poll(line())
    held: list[bool] = []

    def noting(step):
        def noted(*args):
            held.append(newsroom.store._turn.locked())
            return step(*args)

        return noted

    newsroom.store.known_raw = noting(newsroom.store.known_raw)
    newsroom.store.ingest = noting(newsroom.store.ingest)
    newsroom.poll(line(OTHER_LINE))
    assert held == [True, True]
    newsroom.use(clashes(), feeds=[feed()])
    newsroom.poll(line(LINE))
    assert held[2:] == [False, False]  # where nobody reads articles nobody waits


def test_an_article_whose_entry_moved_to_another_page_is_read_there(newsroom):
    newsroom.poll(line())
    moved = "https://news.example/moved"
    newsroom.articles[moved] = page(CLASHES, "في الصفحة الجديدة")
    [wanted] = newsroom.rows.claim(["one"], newsroom.clock.now(), ahead=MINUTE, limit=1, lease=timedelta(0))
    newsroom.poll(line(OTHER_LINE, link=moved))
    assert (
        newsroom.pipeline.take_article(newsroom.setup, feed(full_text=True), wanted, _fetched(newsroom), None) is None
    )
    newsroom.read(after=MINUTE)
    assert newsroom.visited == [moved]
    assert "الصفحة الجديدة" in newsroom.texts()[-1][1]


FULL_BODY = "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{}</content:encoded>"


@pytest.mark.parametrize("written", [FULL_BODY, "<description>{}</description>"], ids=["as body", "as summary"])
def test_a_feed_with_a_fuller_text_than_the_page_keeps_its_own(newsroom, written):
    """A wall that asks for money, a notice of cookies; whatever words it has, nobody is told of them."""
    newsroom.articles[LINK] = page("سجل الدخول لقراءة آخر أخبار اشتباكات المنطقة")
    told = written.format("افتتحت البلدية الحديقة العامة بعد أعمال صيانة. " * 3)
    newsroom.poll(f"<item><title>{LINE}</title><link>{LINK}</link><guid>g1</guid>{told}</item>")
    stored = newsroom.texts()
    assert newsroom.read() == []
    assert newsroom.texts() == stored
    assert newsroom.state_of() == ("read", 0, "")


def test_an_article_that_its_newsroom_cut_is_taken_as_it_is_now(newsroom):
    newsroom.poll(line())
    newsroom.read()
    newsroom.articles[LINK] = page(CLASHES, "وعاد الهدوء")
    newsroom.poll(line(OTHER_LINE))
    newsroom.read()
    assert newsroom.texts()[-1] == (OTHER_LINE, f"<p>{CLASHES}</p>\n<p>وعاد الهدوء</p>")


def test_an_article_that_became_a_wall_does_not_take_the_text_away(newsroom):
    newsroom.poll(line())
    newsroom.read()
    newsroom.articles[LINK] = page("للمشتركين فقط")
    newsroom.poll(line(OTHER_LINE))
    newsroom.read()
    assert CLASHES in newsroom.texts()[-1][1]


# --- pages that are another's


def test_a_front_page_to_which_a_removed_article_leads_is_no_text_of_its_entry(newsroom):
    newsroom.ends[LINK] = "https://news.example/"
    newsroom.articles["https://news.example/"] = page()
    newsroom.poll(line())
    assert newsroom.read() == []
    assert newsroom.texts() == [(LINE, "")]
    assert newsroom.state_of() == ("wanted", 1, "its address leads to another page")
    newsroom.ends.clear()  # it is published now
    assert newsroom.read(after=2 * MINUTE) == [LINE]


def test_a_page_to_which_another_entrys_address_led_before_is_of_neither(newsroom):
    """Whatever a site shows for all that it removed."""
    gone, other = "https://news.example/removed?from=rss", "https://news.example/2"
    newsroom.ends |= {LINK: gone, other: gone}
    newsroom.articles[gone] = page("أزيلت هذه المادة، وقد تهمك أخبار أخرى من قسم الأخبار", "افتتاح معرض الكتاب")
    newsroom.poll(line())
    newsroom.read()
    newsroom.articles[gone] = page()
    newsroom.poll(line(), line("توقعات الطقس ليوم غد", n=2))
    assert newsroom.read() == []
    assert newsroom.state_of(other) == ("wanted", 1, "its address leads to another page")


@pytest.mark.parametrize(
    "again",
    [{"title": OTHER_LINE}, {"title": OTHER_LINE, "link": "https://news.example/1b"}, {"title": "خبر آخر", "n": 2}],
    ids=["edited", "edited and moved", "published anew"],
)
def test_a_page_to_which_an_entry_leads_again_is_its_own(newsroom, again):
    there = "https://news.example/stories/1"
    newsroom.ends |= {LINK: there, "https://news.example/1b": there}
    newsroom.articles[there] = page()
    newsroom.poll(line())
    assert newsroom.read() == [LINE]
    newsroom.poll(line(**{"link": LINK, **again}))
    newsroom.read()
    assert len(newsroom.visited) == 2
    assert newsroom.texts()[-1] == (again["title"], newsroom.texts()[1][1])


# --- a store that takes nothing for a while


@pytest.mark.parametrize("seconds", [1, 100])
def test_an_article_that_the_store_did_not_take_is_written_again_for_as_long_as_we_are_patient(
    newsroom, monkeypatch, seconds
):
    ingest, begun = newsroom.store.ingest, list[int]()

    @contextmanager
    def refusing():
        begun.append(1)
        newsroom.clock.advance(timedelta(seconds=seconds))
        with ingest() as tx:
            yield tx
            if len(begun) <= 2:
                raise StateUnwritable("it is away")

    newsroom.poll(line())
    monkeypatch.setattr(newsroom.store, "ingest", refusing)
    is_in_time = 2 * timedelta(seconds=seconds) < pipeline.PATIENCE
    assert newsroom.read() == [LINE] * is_in_time
    assert len(begun) == (3 if is_in_time else 2)
    assert newsroom.state_of()[1] == 0, "no try in vain of the page's"
    assert (type(newsroom.article_loop.trouble) is StateError) is not is_in_time


# --- which are wanted


def test_of_a_feed_that_is_read_for_the_first_time_no_page_is_asked_for():
    newsroom = Newsroom(baseline=True)
    newsroom.articles |= {LINK: page(), "https://news.example/2": page()}
    newsroom.poll(line())
    assert newsroom.read() == []
    newsroom.poll(line(), line(f"{LINE} مساء", n=2))
    assert newsroom.read() == [f"{LINE} مساء"]
    assert newsroom.visited == ["https://news.example/2"]


def test_what_is_asked_for_is_news_and_an_article():
    newsroom = Newsroom()
    newsroom.poll(
        line(n=1, at=NOW - timedelta(days=3)),
        *(item(f"{LINE} {n}", n=n, link="https://news.example/") for n in (2, 3)),
        line(f"{LINE} بلا تاريخ", n=4, at=None),
    )
    newsroom.read()
    assert newsroom.visited == ["https://news.example/4"]


def test_a_feed_without_the_setting_wants_no_articles():
    newsroom = Newsroom(feeds=(feed(),))
    newsroom.poll(line())
    assert newsroom.read() == []
    assert newsroom.visited == []


def test_a_feed_that_no_longer_wants_them_is_left_in_peace(newsroom):
    newsroom.poll(line())
    newsroom.use(clashes(), feeds=[feed()])
    assert newsroom.read() == []
    assert newsroom.visited == []


def test_one_article_that_two_feeds_link_to_is_one_alert():
    newsroom = Newsroom(feeds=(feed("one", full_text=True), feed("two", full_text=True)))
    newsroom.articles[LINK] = page()
    newsroom.poll(line(), feed_id="one")
    newsroom.poll(line(), feed_id="two")
    assert newsroom.read() == [LINE]
    assert newsroom.visited == [LINK, LINK]
    assert newsroom.reasons() == ["FIRST_REPORT", "DUPLICATE"]


# --- evidence


def test_evidence_of_an_article_is_its_page_with_the_digest_of_its_bytes(newsroom):
    newsroom.poll(line())
    newsroom.read()
    reader = Reader(newsroom.store.database)
    [_, seen] = of_story(reader, 1)
    assert (seen.item.of_article, seen.item.note) == (True, "")
    [(page_id, kept)] = pages(reader, [seen.page_id]).items()
    assert (kept.sha256, kept.url) == (sha256(page()).digest(), LINK)
    assert body_of(reader, page_id) == page()


@settings(max_examples=40)
@given(st.lists(st.sampled_from(("poll", "edit", "read", "wait", "page")), max_size=12))
def test_whatever_comes_when_an_event_is_told_as_new_once(steps):
    newsroom = Newsroom(reading=ScriptedReading())
    newsroom.articles[LINK] = page()
    titles, told = 0, []
    for step in ["poll", *steps]:
        titles += step == "edit"
        if step in ("poll", "edit"):
            newsroom.poll(line(f"{CLASHES} {'في الحي ' * bool(titles)}{titles or ''}"))
            told += newsroom.reports[-1].alerts
        elif step == "page":
            newsroom.articles[LINK] = page(CLASHES, MORE, f"قتل {len(told)} مدنيين")
        else:
            newsroom.read(after=MINUTE if step == "read" else 45 * MINUTE)
    told += [alert for report in newsroom.article_reports for alert in report.alerts]
    assert [alert.reason for alert in told].count(Reason.FIRST_REPORT) == 1
    assert {alert.story_id for alert in told} == {1}


# --- made for these tests


class _TollInBody(ScriptedReading):
    def read(self, document):
        return super().read(replace(document, title=document.body)) if document.entry.body else super().read(document)


class _PlacesInBody(ScriptedReading):
    def read(self, document):
        places = ("harabish", "tabqa") if document.entry.body else ("harabish",)
        return replace(super().read(document), places=places)


def _both():
    return (Term(text="تحديث"), Term(text="اشتباكات"))


def _entries(*items: str):
    return parse("one", rss(*items), "application/rss+xml", base_url="https://one.example/rss").entries


def _fetched(newsroom: Newsroom):
    return newsroom._page(LINK)


# --- evidence of the line


def _kept(newsroom: Newsroom) -> int:
    with newsroom.store.database.read() as db:
        return int(db.execute("SELECT count(*) FROM evidence").fetchone()[0])


def _nothing_of_it(newsroom: Newsroom) -> None:
    newsroom.articles[LINK] = page("افتتح معرض الكتاب أبوابه أمام الزوار في وسط المدينة", "ويستمر أسبوعا كاملا")
    newsroom.read()


def _given_up(newsroom: Newsroom) -> None:
    for _ in range(4):
        newsroom.read(after=60 * MINUTE)


def _nobody_read_it(newsroom: Newsroom) -> None:
    with newsroom.store.database.write() as db:
        article_rows.leave_stale(db, 1, newsroom.clock.now() + 2 * article_rows.STALE)


def _newer_came(newsroom: Newsroom) -> None:
    newsroom.poll(*(line(f"{LINE} {n}", n=n) for n in range(2, 2 + article_rows.WAITING)))
    newsroom.articles |= {f"https://news.example/{n}": page() for n in range(2, 2 + article_rows.WAITING)}
    newsroom.read(after=10 * MINUTE)


@pytest.mark.parametrize(
    ("ends", "others"),
    [(_nothing_of_it, 0), (_given_up, 0), (_nobody_read_it, 0), (_newer_came, 2 * article_rows.WAITING)],
)
def test_what_waits_for_its_article_is_kept_as_evidence_until_no_rule_matched_it(newsroom, ends, others):
    newsroom.articles.clear()
    newsroom.poll(line())
    assert _kept(newsroom) == 1
    ends(newsroom)
    assert _kept(newsroom) == others


def test_of_what_has_no_article_nothing_is_kept(newsroom):
    both = "https://news.example/both"
    newsroom.poll(line(at=NOW - timedelta(days=3)), line(n=2, link=both), line(n=3, link=both))
    assert _kept(newsroom) == 0

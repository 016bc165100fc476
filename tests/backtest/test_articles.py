"""An article that was read of a page is replayed as that, not as an edit of its feed's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from monitor import config as configuration
from monitor.backtest import Asked, Trial, run
from monitor.backtest.stored import Stored
from monitor.model import Reason
from monitor.prepared import OnDemand, prepare
from monitor.store.read import Reader
from tests.articles.world import CLASHES, LINE, LINK, MORE, Newsroom, line, page
from tests.backtest.trials import rule, rules
from tests.world import NOW, FakeClock, ScriptedReading


class PlacesInBody(ScriptedReading):
    def read(self, document):
        places = ("harabish", "tabqa") if document.entry.body else ("harabish",)
        return replace(super().read(document), places=places)


def trial_of(newsroom: Newsroom, folder: Path) -> Trial:
    path = folder / "rules.yaml"
    path.write_text(rules(rule("clashes", "اشتباكات", search_in="[title, summary, body]")), encoding="utf-8")
    config = configuration.load(path, environ={})
    content = OnDemand(partial(prepare, config, None), PlacesInBody)
    return run(config, Stored(Reader(newsroom.store.database)), clock=FakeClock(NOW), asked=Asked(), content=content)


def test_what_only_the_article_names_is_no_more_news_in_a_trial_than_it_was(tmp_path):
    newsroom = Newsroom(reading=PlacesInBody())
    newsroom.articles[LINK] = page(CLASHES, MORE)
    newsroom.poll(line(CLASHES))
    newsroom.read()
    assert newsroom.reasons() == ["FIRST_REPORT", "DUPLICATE"]
    newsroom.clock.advance(timedelta(hours=2))
    newsroom.poll(line(CLASHES), line("خبر آخر", n=9, at=newsroom.clock.now()))
    trial = trial_of(newsroom, tmp_path)
    assert [(alert.title, alert.reason) for alert in trial.alerts] == [(CLASHES, Reason.FIRST_REPORT)]
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.DUPLICATE]


def test_a_line_that_only_its_article_makes_a_match_is_told_in_a_trial(tmp_path):
    newsroom = Newsroom(reading=PlacesInBody())
    newsroom.articles[LINK] = page(CLASHES, MORE)
    newsroom.poll(line())
    assert newsroom.read() == [LINE]
    trial = trial_of(newsroom, tmp_path)
    assert [(alert.title, alert.reason) for alert in trial.alerts] == [(LINE, Reason.FIRST_REPORT)]

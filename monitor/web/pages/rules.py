"""The rules: all of them with how each fares, and one with everything that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.alerts.marks import shown
from monitor.config import Config
from monitor.errors import Problem
from monitor.language import Rule
from monitor.model import Severity, Span
from monitor.plots import bars, spark
from monitor.rules.lint import of_one_rule
from monitor.store.views import rules as view
from monitor.web import decisions, rule_list
from monitor.web.addresses import ID
from monitor.web.editing.passage import NotHere, passage
from monitor.web.explained import Speaker
from monitor.web.leading import not_by_link, stopped
from monitor.web.pages import Section
from monitor.web.plot_words import described
from monitor.web.refused_words import shared_words
from monitor.web.render import render
from monitor.web.rule_words import in_words
from monitor.web.saving import NotSaved, opened
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import text
from monitor.web.workshop.bench import NoAnswer
from monitor.web.workshop.studio import studio_of

JUDGED: Final = 200  # words of readers, of whose headlines the words are compared
_SPARK: Final = (128, 32)
SHOWN: Final = 15  # alerts, quiet verdicts, words of readers
_OF_FILES: Final = (
    "R316",
    "R410",
    "R412",
    "R413",
    "R429",
)  # of what stands beside the rules: feeds, channels, groups, places


def all_rules(request: Request) -> Response:
    desk, visit, asked = desk_of(request), visit_of(request), request.query_params
    config = desk.config
    spots = _weak_spots(request)
    rows = _rows(request, config, spots or ())
    found = rule_list.chosen(
        rows, words=asked.get("q", ""), severity=asked.get("severity", ""), state=asked.get("state", "")
    )
    by = "name" if asked.get("sort") == "name" else "attention"
    return render(
        request,
        "rules.html",
        rows=rule_list.ordered(found, by),
        total=len(rows),
        asked={"q": asked.get("q", ""), "severity": asked.get("severity", ""), "state": asked.get("state", "")},
        sort=by,
        severities=list(reversed(Severity)),
        states=rule_list.STATES,
        drawn=lambda row: _sparks(row.hits, visit),
        percent=percent,
        spots=spots,
        begins=not request.state.by_link,
    )


@not_by_link
def weak_spots(request: Request) -> Response:
    """The part of the page that waits for them."""
    return render(request, "rules_lint.html", spots=_weak_spots(request), begins=True)


def one_rule(request: Request) -> Response:
    if "tests" in request.query_params and (instead := stopped(request)):
        return instead
    desk, visit = desk_of(request), visit_of(request)
    config, rule = desk.config, rule_of(request)
    spots = _weak_spots(request)
    since = visit.now - timedelta(days=view.DAYS)
    with desk.reader() as reader:
        hits = view.hits(reader, [rule.id], now=visit.now, offset=_offset(visit))[rule.id]
        muted_until = view.muted(reader, visit.now).get(rule.id)
        long_kept = view.long_kept(reader, visit.now)
        told: dict[str, Any] = {
            "alerts": view.recent_alerts(reader, rule.id, limit=SHOWN),
            "quiet": view.quiet_verdicts(reader, rule.id, since=since, limit=SHOWN),
            "said": view.feedback(reader, rule.id, limit=SHOWN),
            "shared": shared_words(view.judged(reader, rule.id, limit=JUDGED)),
            "sources": view.by_source(reader, rule.id, since=since),
        }
    # Of a rule that was saved just now, all weak spots are not yet known: those of its own words are found at once.
    known = of_one_rule(config, rule.id) if spots is None and "saved" in request.query_params else spots or ()
    warnings = rule_list.warnings_by_rule(_of_rules(known), config.rules).get(rule.id, [])
    row = _row(rule, hits, muted_until, len(warnings), config, visit, long_kept)
    snippet, line = written(request, rule)
    tests, trouble = _tests(request, rule)
    return render(
        request,
        "rule.html",
        rule=rule,
        row=row,
        boxes=in_words(rule, config.lexicon, visit.language),
        place=f"{rule.at.file}:{rule.at.line}",
        snippet=snippet,
        line=line,
        tests=tests,
        trouble=trouble,
        speaker=Speaker(visit.language, config.lexicon),
        spots=spots,
        warnings=warnings,
        marked=marked,
        in_words=lambda why: decisions.in_words(why, visit.language),
        plot=Markup(_plot(hits, visit)),  # noqa: S704 - made of numbers, days and escaped words
        days=_days(hits, visit),
        percent=percent,
        feeds={feed.id: feed.name for feed in config.feeds},
        saved="saved" in request.query_params,
        begins=not request.state.by_link,
        **told,
    )


@not_by_link
def tests_of_rule(request: Request) -> Response:
    """The part of the page that waits for them."""
    rule = rule_of(request)
    tests, trouble = _run(request, rule)
    speaker = Speaker(visit_of(request).language, desk_of(request).config.lexicon)
    return render(request, "rule_tests.html", rule=rule, tests=tests, trouble=trouble, speaker=speaker, begins=True)


# --- what others of these pages use


def rule_of(request: Request) -> Rule:
    """The rule in force that the address names. Raises HTTPException."""
    wanted = request.path_params["rule"]
    found = next((rule for rule in desk_of(request).config.rules if rule.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


def written(request: Request, rule: Rule) -> tuple[str, int]:
    """A rule's own lines in its file as that is now, and the first one's number; '' where it is not there any more."""
    try:
        there = passage(opened(desk_of(request), Path(rule.at.file)).text, rule.id)
    except (NotHere, NotSaved, yaml.YAMLError):
        return "", rule.at.line
    return there.snippet, there.line


def marked(published: str, spans: Sequence[Span], field: str = "title") -> Markup:
    """What was published as one line, with what a rule found in it marked."""
    pieces = shown(published, [span for span in spans if span.field == field]).pieces()
    told = Markup("").join(Markup("<mark>{}</mark>").format(piece) if is_found else piece for piece, is_found in pieces)
    return Markup('<bdi dir="auto">{}</bdi>').format(told)


def percent(share: float) -> int:
    return round(share * 100)


# --- how


def _rows(request: Request, config: Config, spots: Sequence[Problem]) -> list[rule_list.Row]:
    desk, visit = desk_of(request), visit_of(request)
    with desk.reader() as reader:
        hits = view.hits(reader, [rule.id for rule in config.rules], now=visit.now, offset=_offset(visit))
        muted = view.muted(reader, visit.now)
        long_kept = view.long_kept(reader, visit.now)
    warnings = rule_list.counted(rule_list.warnings_by_rule(_of_rules(spots), config.rules))
    return [
        _row(rule, hits[rule.id], muted.get(rule.id), warnings[rule.id], config, visit, long_kept)
        for rule in config.rules
    ]


def _row(
    rule: Rule, hits: view.Hits, muted_until: Any, warnings: int, config: Config, visit: Visit, long_kept: bool
) -> rule_list.Row:
    return rule_list.row(
        rule,
        hits,
        channels=[channel.id for channel in config.channels_for(rule)],
        muted_until=muted_until,
        warnings=warnings,
        today=visit.now.astimezone(visit.zone).date(),
        long_kept=long_kept,
        language=visit.language,
    )


def _of_rules(spots: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in spots if problem.code not in _OF_FILES]


def _offset(visit: Visit) -> timedelta:
    return visit.now.astimezone(visit.zone).utcoffset() or timedelta(0)


def _sparks(hits: view.Hits, visit: Visit) -> Mapping[str, Markup]:
    """Both on one scale: where few alerts come of many matches, that is seen."""
    rtl = visit.direction == "rtl"
    return {
        name: Markup(  # noqa: S704 - made of numbers and words of ours
            spark(
                numbers,
                title=text(visit.language, f"rules.spark.{name}", total=sum(numbers)),
                description=described([("", number) for number in numbers], visit.language),
                width=_SPARK[0],
                height=_SPARK[1],
                rtl=rtl,
                top=max((*hits.matches, *hits.alerts), default=0),
            )
        )
        for name, numbers in (("matches", hits.matches), ("alerts", hits.alerts))
    }


def _days(hits: view.Hits, visit: Visit) -> list[tuple[date, int, int]]:
    today = visit.now.astimezone(visit.zone).date()
    days = [today - timedelta(days=view.DAYS - 1 - number) for number in range(view.DAYS)]
    return list(zip(days, hits.matches, hits.alerts, strict=True))


def _plot(hits: view.Hits, visit: Visit) -> str:
    series = [(f"{day:%d/%m}", matches) for day, matches, _ in _days(hits, visit)]
    title = text(visit.language, "rules.spark.matches", total=sum(hits.matches))
    return bars(series, title=title, description=described(series, visit.language), rtl=visit.direction == "rtl")


def _weak_spots(request: Request) -> tuple[Problem, ...] | None:
    """None as long as they are being looked for, or where another site led here and nobody asked yet."""
    studio = studio_of(request)
    return studio.known_weak_spots() if request.state.by_link else studio.weak_spots()


def _tests(request: Request, rule: Rule) -> tuple[list[dict[str, Any]] | None, NoAnswer | None]:
    """The results if they are known, or asked for by an address without script."""
    if "tests" in request.query_params:
        return _run(request, rule)
    return (studio_of(request).known_tests(rule.id) if rule.tests else []), None


def _run(request: Request, rule: Rule) -> tuple[list[dict[str, Any]] | None, NoAnswer | None]:
    try:
        return (studio_of(request).tests(rule.id) if rule.tests else []), None
    except NoAnswer as error:
        return None, error


SECTIONS: Final = (Section(40, "/rules", "rules.title"),)
ROUTES: Final = (
    Route("/rules", all_rules),
    Route("/rules/lint", weak_spots),
    Route(f"/rules/{{rule:{ID}}}", one_rule),
    Route(f"/rules/{{rule:{ID}}}/tests", tests_of_rule),
)

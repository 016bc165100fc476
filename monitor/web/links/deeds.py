"""What a link does, once its reader says so: the page that asks, the deed, the page that tells. Links of messages are
looked at by programs, too, so a GET only asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol
from urllib.parse import parse_qsl

from monitor.alerts.lines import MUTE_FOR
from monitor.alerts.words import length
from monitor.links import Action
from monitor.model import Alert, Mute, MuteKind
from monitor.serve import Page
from monitor.store.wish_rows import Wishes
from monitor.web.links.document import Html, command, document, foreign, joined, tag
from monitor.web.links.page import Reading, heading, title_of

Doing = Literal["do", "undo"]
_DOINGS: Final[Mapping[str, Doing]] = {"do": "do", "undo": "undo"}
_SUBJECTS: Final[Mapping[str, MuteKind]] = {"story": MuteKind.STORY, "rule": MuteKind.RULE}
SPANS: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "2h": timedelta(hours=2),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
}
_USUAL_SPAN: Final = MUTE_FOR


class UnknownChoice(Exception):
    """A form that is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a reader chose."""

    doing: Doing = "do"
    subject: MuteKind = MuteKind.STORY
    lasts: timedelta = SPANS[_USUAL_SPAN]

    @classmethod
    def read(cls, body: bytes) -> Form:
        """Raises UnknownChoice."""
        try:
            fields = dict(
                parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=9)
            )
            doing = _DOINGS[fields.get("doing", "do")]
            subject = _SUBJECTS[fields.get("subject", "story")]
            return cls(doing=doing, subject=subject, lasts=SPANS[fields.get("lasts", _USUAL_SPAN)])
        except (ValueError, KeyError) as error:
            raise UnknownChoice from error


class Deed(Protocol):
    """One kind of link."""

    action: Action

    def standing(self, alert: Alert, wishes: Wishes, reading: Reading) -> Html | None:
        """What is the case because it was done; None if it was not."""

    def do(self, alert: Alert, form: Form, wishes: Wishes, reading: Reading) -> None: ...

    def undo(self, alert: Alert, wishes: Wishes, reading: Reading) -> None: ...

    def choices(self, alert: Alert, reading: Reading) -> Html: ...

    def commands(self, alert: Alert) -> Iterator[Html]:
        """The same on the command line."""


def by_link(alert: Alert) -> str:
    """Who does it: whoever holds a link of this alert."""
    return f"link of alert {alert.id}"


class Ack:
    action: Action = "ack"

    def standing(self, alert: Alert, wishes: Wishes, reading: Reading) -> Html | None:
        seen = wishes.acknowledged(alert.id)
        return joined(reading.at(seen.at), " (", foreign(seen.by), ")") if seen else None

    def do(self, alert: Alert, form: Form, wishes: Wishes, reading: Reading) -> None:
        del form
        wishes.acknowledge(alert.id, by=by_link(alert), now=reading.now)

    def undo(self, alert: Alert, wishes: Wishes, reading: Reading) -> None:
        del reading
        wishes.unacknowledge(alert.id)

    def choices(self, alert: Alert, reading: Reading) -> Html:
        del alert, reading
        return Html()

    def commands(self, alert: Alert) -> Iterator[Html]:
        yield command("monitor", "ack", alert.id)


class MuteIt:
    action: Action = "mute"

    def standing(self, alert: Alert, wishes: Wishes, reading: Reading) -> Html | None:
        mute = wishes.muted(by_link(alert), now=reading.now)
        if mute is None:
            return None
        taken_back = command("monitor", "unmute", str(mute.id))
        return joined(reading.at(mute.until), ": ", _subject(mute, alert, reading), " (", taken_back, ")")

    def do(self, alert: Alert, form: Form, wishes: Wishes, reading: Reading) -> None:
        subject = str(alert.story_id) if form.subject is MuteKind.STORY else alert.rule_id
        wishes.mute(
            form.subject, subject, until=reading.now + form.lasts, reason="", by=by_link(alert), now=reading.now
        )

    def undo(self, alert: Alert, wishes: Wishes, reading: Reading) -> None:
        wishes.unmute(by_link(alert), now=reading.now)

    def choices(self, alert: Alert, reading: Reading) -> Html:
        rule = joined(f"{reading.text('this_rule')} (", foreign(title_of(alert, reading.language)), ")")
        subjects = {"story": Html(joined(reading.text("this_story"))), "rule": rule}
        spans = {name: joined(length(span, reading.language)) for name, span in SPANS.items()}
        return joined(
            _choice("subject", reading.text("what"), subjects, chosen="story"),
            _choice("lasts", reading.text("how_long"), spans, chosen=_USUAL_SPAN),
        )

    def commands(self, alert: Alert) -> Iterator[Html]:
        yield command("monitor", "mute", alert.id, _USUAL_SPAN)
        yield command("monitor", "mute", f"rule:{alert.rule_id}", _USUAL_SPAN)


def _subject(mute: Mute, alert: Alert, reading: Reading) -> Html:
    if mute.kind is MuteKind.STORY:
        return joined(reading.text("this_story"))
    return joined(f"{reading.text('this_rule')} (", foreign(title_of(alert, reading.language)), ")")


class Wrong:
    action: Action = "wrong"

    def standing(self, alert: Alert, wishes: Wishes, reading: Reading) -> Html | None:
        said_at = wishes.called_wrong(alert.id, by=by_link(alert))
        return reading.at(said_at) if said_at else None

    def do(self, alert: Alert, form: Form, wishes: Wishes, reading: Reading) -> None:
        del form
        wishes.call_wrong(alert.id, alert.rule_id, by=by_link(alert), now=reading.now)

    def undo(self, alert: Alert, wishes: Wishes, reading: Reading) -> None:
        del reading
        wishes.call_right(alert.id, by=by_link(alert))

    def choices(self, alert: Alert, reading: Reading) -> Html:
        del alert, reading
        return Html()

    def commands(self, alert: Alert) -> Iterator[Html]:
        yield command("monitor", "feedback", alert.id, "wrong")


DEEDS: Final[Mapping[Action, Deed]] = {"ack": Ack(), "mute": MuteIt(), "wrong": Wrong()}


def asked(deed: Deed, alert: Alert, wishes: Wishes, here: Here) -> Page:
    """What would be done; or that it is done already, and how to take it back."""
    return _page(deed, alert, wishes, here, undone=False)


def done(deed: Deed, alert: Alert, form: Form, wishes: Wishes, here: Here) -> Page:
    """Do it, or take it back, and tell."""
    if form.doing == "undo":
        deed.undo(alert, wishes, here.reading)
    else:
        deed.do(alert, form, wishes, here.reading)
    return _page(deed, alert, wishes, here, undone=form.doing == "undo")


@dataclass(frozen=True, slots=True)
class Here:
    """How the page is read, where its form goes (this page), and a link to the same in another language."""

    reading: Reading
    address: str
    switch: Html


def _page(deed: Deed, alert: Alert, wishes: Wishes, here: Here, *, undone: bool) -> Page:
    reading, action = here.reading, deed.action
    standing = deed.standing(alert, wishes, reading)
    if standing is not None:
        told = tag("p", tag("strong", reading.text(f"{action}_done"), ": ", standing))
        form = _form(here, "undo", reading.text(f"{action}_undo"), Html())
    else:
        text = reading.text(f"{action}_undone") if undone else reading.text(f"{action}_what")
        told = tag("p", text)
        form = _form(here, "do", reading.text(f"{action}_do"), deed.choices(alert, reading))
    return document(
        reading.text(action),
        heading(alert, reading),
        tag("h2", reading.text(action)),
        told,
        form,
        tag("p", f"{reading.text('by_command')}: ", *_spaced(deed.commands(alert)), class_="faint"),
        tag("p", here.switch, class_="faint"),
        language=reading.language,
    )


def _spaced(items: Iterator[Html]) -> Iterator[str]:
    for item in items:
        yield item
        yield " "


def _form(here: Here, doing: Doing, button: str, choices: Html) -> Html:
    hidden = tag("input", type="hidden", name="doing", value=doing)
    return tag("form", hidden, choices, tag("p", tag("button", button)), method="post", action=here.address)


def _choice(name: str, title: str, options: Mapping[str, Html], *, chosen: str) -> Html:
    def option(value: str, text: Html) -> Html:
        return tag("label", tag("input", type="radio", name=name, value=value, checked=value == chosen), " ", text)

    return tag("fieldset", tag("legend", title), *(option(value, text) for value, text in options.items()))

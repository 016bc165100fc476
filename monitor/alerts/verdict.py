"""What became of a message, from what went over the wire. No text that leaves here holds a part of the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.alerts.answers import (
    Answer,
    Broken,
    Event,
    Refusal,
    Taken,
    at_host,
    fields_of,
    is_own_host,
    retry_after,
    word_of,
    words_of,
    words_shown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`retry_after` in seconds. `answer`: the service's words, `thread`: what it called the message. See `Sent` and
    `NotSent` for the rest."""

    sent: bool
    answer: str = ""
    thread: str | None = None
    detail: str = ""
    permanent: bool = False
    refused: bool = False
    ambiguous: bool = False
    retry_after: float | None = None


# The operator's own receivers: they may answer what they like, the status counts. But where nothing proves who answers
# (plain HTTP), a whole web page is more likely a captive portal's, and leaves us in doubt.
OWN_RECEIVERS: Final = frozenset(
    ("cloudevents+http", "cloudevents+https", "form", "forms", "json", "jsons", "xml", "xmls")
)
UNPROVEN: Final = frozenset(("cloudevents+http", "form", "json", "xml"))

# Services whose answer to a message that they took is known; see their documentation.
_TAKEN: Final[dict[str, Callable[[Answer], bool]]] = {
    "tgram": lambda answer: fields_of(answer.body).get("ok") is True,
    "slack": lambda answer: answer.body.strip() == "ok" or fields_of(answer.body).get("ok") is True,
    "discord": lambda answer: answer.status == 204 or "id" in fields_of(answer.body),
    "ntfy": lambda answer: "id" in fields_of(answer.body),
    "ntfys": lambda answer: "id" in fields_of(answer.body),
}

# Of HTTP: the token, the right, the address or the channel are refused. Trying again helps only once somebody mends it.
REFUSALS: Final = frozenset((401, 403, 404, 410))
# The same in words, where the status does not say it: Slack's API (errors of chat.postMessage), Telegram's 400.
REFUSED_IN_WORDS: Final = re.compile(
    r"account_inactive|channel_not_found|invalid_auth|is_archived|missing_scope|no_permission|no_service|not_authed"
    r"|not_in_channel|token_(expired|revoked)|chat not found|group chat was upgraded"
)

HINTS: Final[dict[int, str]] = {
    400: "the service does not take this message",
    401: "the token or password is refused; renew it in the channel's address",
    403: "access is refused; check the token and its rights",
    404: "the service does not know this address; check the channel's address",
    410: "the channel is gone",
    413: "the message is too long",
    429: "too many messages",
    504: "the service did not answer its own gateway in time",
}

# 504 is RFC 9110's Gateway Timeout, 524 Cloudflare's: the service behind may have taken the message.
DOUBTFUL: Final = frozenset((504, 524))

SMTP_ABOUT: Final[dict[str, str]] = {
    "connect": "the mail server takes no connection",
    "starttls": "no secure connection to the mail server",
    "auth": "user or password is refused; renew it in the channel's address",
    "mail": "the sender is refused",
    "rcpt": "the recipient is refused",
    "data": "the message is refused",
}

NOTHING_SEEN: Final = "the service took nothing; check the channel's address with 'monitor notify test'"


def judge(succeeded: bool, events: Sequence[Event], *, schema: str, url: str) -> Verdict:
    """The verdict on one send. `succeeded` is Apprise's word, believed only if no answer contradicts it."""
    bad = [event for event in events if _is_bad(event, schema)]
    lies = [event for event in bad if isinstance(event, Answer) and 200 <= event.status < 300]
    if succeeded and not lies:
        return Verdict(sent=True, answer=word_of(events, url))
    cause = (lies or bad or list(events) or [None])[-1]
    return _failed(cause, schema, url)


def _is_bad(event: Event, schema: str) -> bool:
    match event:
        case Answer():
            return not 200 <= event.status < 300 or _lies(event, schema)
        case Broken():
            return True
        case Refusal():
            return event.command in SMTP_ABOUT
        case Taken():
            return False


def _lies(answer: Answer, schema: str) -> bool:
    """Whether a 2xx does not mean that the message arrived: a captive portal's page, an API's `ok: false`."""
    if schema in OWN_RECEIVERS:
        return schema in UNPROVEN and _is_page(answer)
    if schema in _TAKEN:
        return not _TAKEN[schema](answer)
    return _is_page(answer) or fields_of(answer.body).get("ok") is False


def _is_page(answer: Answer) -> bool:
    start = answer.body[:10_000].lstrip("\ufeff")
    return re.match(r"\s*(<!--.*?-->\s*)*<(!doctype html|html)\b", start, re.IGNORECASE | re.DOTALL) is not None


def _failed(cause: Event | None, schema: str, url: str) -> Verdict:
    match cause:
        case Answer():
            return _answered(cause, schema, url)
        case Broken():
            return Verdict(
                sent=False, detail=f"{cause.what}{at_host(cause.host, url)}", ambiguous=cause.may_have_arrived
            )
        case Refusal():
            return _refused(cause)
        case Taken() | None:
            return Verdict(sent=False, detail=NOTHING_SEEN)


def _answered(answer: Answer, schema: str, url: str) -> Verdict:
    return Verdict(
        sent=False,
        detail=f"HTTP {answer.status}{at_host(answer.host, url, 'from')}: {_meaning(answer, url)}",
        permanent=_gone(answer, schema),
        refused=answer.status in REFUSALS or _refuses_in_words(answer, schema),
        ambiguous=answer.status in DOUBTFUL or (answer.status < 300 and _leaves_doubt(answer, schema)),
        retry_after=retry_after(answer),
    )


def _leaves_doubt(answer: Answer, schema: str) -> bool:
    """Whether an answer that begins like success breaks off before the service's word, or may be somebody else's."""
    broken_off = answer.body.lstrip().startswith("{") and not fields_of(answer.body)
    return schema in UNPROVEN or not answer.body.strip() or broken_off


def _refuses_in_words(answer: Answer, schema: str) -> bool:
    return schema in ("slack", "tgram") and REFUSED_IN_WORDS.search(words_of(answer)) is not None


def _gone(answer: Answer, schema: str) -> bool:
    """Whether the recipient refuses for good: 410 (RFC 9110), and Telegram's 403, which it sends for nothing but a bot
    that its reader blocked or a group that removed it. A refused token is no such thing: an operator mends it."""
    return answer.status == 410 or (schema == "tgram" and answer.status == 403)


def _meaning(answer: Answer, url: str) -> str:
    if 200 <= answer.status < 300 and _is_page(answer):
        what = "but with a web page, as from a captive portal or a proxy, in place of the service's word"
    elif 200 <= answer.status < 300:
        what = "but the service did not take the message"
    elif 300 <= answer.status < 400:
        what = "a redirect, which is not followed; give the final address"
    else:
        what = HINTS.get(answer.status, "the service is in trouble" if answer.status >= 500 else "refused")
    said = words_shown(answer, url) if not is_own_host(answer.host, url) else ""
    return f"{what} ('{said}')" if said else what


def _refused(refusal: Refusal) -> Verdict:
    code = f"{refusal.code} {refusal.enhanced}".strip()
    return Verdict(
        sent=False,
        detail=f"SMTP {code}: {SMTP_ABOUT.get(refusal.command, 'refused')}",
        permanent=_no_such_mailbox(refusal),
        refused=refusal.code >= 500,
    )


def _no_such_mailbox(refusal: Refusal) -> bool:
    """A 550, 551 or 553 to RCPT that speaks of the mailbox (RFC 3463: 5.1.x, 5.2.1) or says no more (RFC 5321).

    5.7.x and the like are about us or the moment (policy, block lists), and pass.
    """
    speaks_of_mailbox = not refusal.enhanced or re.match(r"5\.1\.|5\.2\.1$", refusal.enhanced) is not None
    return refusal.command == "rcpt" and refusal.code in (550, 551, 553) and speaks_of_mailbox


def may_be_for_the_thread(verdict: Verdict, events: Sequence[Event]) -> bool:
    """Whether a refusal may be of the message that this one hung on (it was deleted, say), and of nothing else we know:
    then it is worth sending without. Never where it may have arrived."""
    last = next((event for event in reversed(events) if isinstance(event, Answer)), None)
    if verdict.sent or verdict.ambiguous or verdict.retry_after is not None or last is None:
        return False
    return last.status in (400, 404, 422) or 200 <= last.status < 300

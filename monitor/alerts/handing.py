"""Handing a message to Apprise so that it arrives as we wrote it. Runs in the sending process only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import apprise
from apprise.common import NotifyFormat
from apprise.plugins.base import NotifyBase
from apprise.plugins.email import base as email_base
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.ntfy import NotifyNtfy

from monitor.alerts.service import ASSET
from monitor.alerts.styles import style_of


def notify(single: NotifyBase, request: Mapping[str, Any], *, schema: str, name: str = "") -> bool:
    """Hand the message to Apprise. True only for its SUCCESS; what went over the wire may still contradict it.

    `name` is the Message-ID of a mail. `body` is what `format` says, and goes as it is.
    """
    if isinstance(single, NotifyNtfy):
        setattr(single, "ntfy_json_upstream_size_limit", NTFY_REQUEST)  # noqa: B010 - a constant of its class
    if isinstance(single, NotifyEmail):
        _shape_mail(single, request, name)
    sender = apprise.Apprise(asset=ASSET)
    sender.add(single)
    result = sender.notify(
        body=request["body"],
        title=request["title"],
        notify_type=request["type"],
        body_format=_declared(single, schema, str(request["format"])),
    )
    return bool(result.status == apprise.AppriseResultStatus.SUCCESS)


# Apprise counts the request with six bytes a letter, and makes a file of a longer one; what is sent has two (`graft`).
NTFY_REQUEST: Final = 1 << 16


def _declared(single: NotifyBase, schema: str, written: str) -> str | None:
    """What Apprise is told that the body is; None: nothing, so that it changes nothing.

    Text is declared as text, which Apprise escapes as the service needs it. But undeclared for a service that knows
    Markdown only: there Apprise would put a backslash before each dot of the link, and chat programs show it. The text
    is already unable to mention, command or hide a link (see `clean`).
    """
    if written != "text":
        return style_of(schema).declared
    known: Any = single.notify_format  # one, or several
    formats = {NotifyFormat(each) for each in (known if isinstance(known, tuple) else (known,))}
    return None if formats == {NotifyFormat.MARKDOWN} else NotifyFormat.TEXT.value


# --- mail


def mail_name(message_id: str, single: NotifyBase) -> str | None:
    """The Message-ID of a mail, the same for each try, so that mailboxes show a repeated one once; else None."""
    if not isinstance(single, NotifyEmail):
        return None
    name = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    return f"<{name}@{single.smtp_host}>"


def _shape_mail(single: Any, request: Mapping[str, Any], name: str) -> None:
    """Its name, the mail that it follows, and the text beside the HTML: Apprise's own has no addresses of links."""
    first = request.get("thread")
    if first:
        single.headers = {**single.headers, "In-Reply-To": first, "References": first}
    setattr(email_base, "make_msgid", lambda **_: name)  # noqa: B010 - not exported
    if request.get("alternative"):
        text = str(request["alternative"])
        setattr(email_base, "convert_between", lambda *_args, **_more: text)  # noqa: B010 - not exported

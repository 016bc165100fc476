"""What really went over the wire. Runs in the child only, which exists for this: Apprise answers yes or no.

Apprise drops the HTTP status, Retry-After and the answer's text, and takes any 200 for success. Two functions of the
libraries beneath it are wrapped, `requests.Session.send` and `smtplib.SMTP`'s reading of replies, for this process.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions

from monitor.alerts.answers import Answer, Broken, Event, Refusal, Taken

SMTP_COMMANDS = frozenset(("auth", "data", "ehlo", "helo", "mail", "quit", "rcpt", "rset", "starttls"))
MOST_BYTES = 1 << 20  # of an answer; an endpoint must not fill our memory


@dataclass(slots=True)
class Watch:
    """The events of one send, in order."""

    events: list[Event] = field(default_factory=list)
    shape: Callable[[requests.PreparedRequest], None] | None = None  # has the last word on what is sent

    def install(self) -> None:
        """Begin to watch; once in the life of a process."""
        _watch_http(self.events.append, self._shape)
        _watch_mail(self.events.append)

    def _shape(self, request: requests.PreparedRequest) -> None:
        if self.shape is not None:
            self.shape(request)


def _replace(owner: type, name: str, function: Callable[..., Any]) -> None:
    """Put ours in place of a method, for as long as this process lives."""
    setattr(owner, name, function)


# --- HTTP


def _watch_http(tell: Callable[[Event], None], shape: Callable[[requests.PreparedRequest], None]) -> None:
    original = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        host = urlsplit(request.url or "").hostname or ""
        shape(request)
        try:
            response = original(session, request, **{**options, "stream": True})
            _read(response)
        except requests.RequestException as error:
            tell(_broken(host, error))
            raise
        tell(_answer(host, response))
        return response

    _replace(requests.Session, "send", send)


def _read(response: requests.Response) -> None:
    """Read the body up to the bound, so that whoever asks for it later has it."""
    body = b""
    for chunk in response.iter_content(1 << 16):
        body += chunk
        if len(body) >= MOST_BYTES:
            break
    response.close()
    response._content = body[:MOST_BYTES]
    response._content_consumed = True


def _answer(host: str, response: requests.Response) -> Answer:
    return Answer(
        host=host,
        status=response.status_code,
        retry_after=response.headers.get("Retry-After", ""),
        date=response.headers.get("Date", ""),
        body=(response.content or b"").decode(errors="replace"),
    )


def _broken(host: str, error: requests.RequestException) -> Broken:
    return Broken(host=host, what=_what(error), may_have_arrived=_may_have_arrived(error))


def _what(error: requests.RequestException) -> str:
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (exceptions.ConnectTimeout, "no connection in time"),
        (exceptions.ReadTimeout, "no answer in time"),
        (exceptions.SSLError, "no secure connection"),
        (exceptions.ProxyError, "the proxy refused"),
        (exceptions.ChunkedEncodingError, "the answer broke off"),
        (exceptions.ConnectionError, "the connection broke" if _may_have_arrived(error) else "no connection"),
    )
    return next((what for kind, what in kinds if isinstance(error, kind)), "the request could not be made")


def _may_have_arrived(error: requests.RequestException) -> bool:
    """Whether the request was, or may have been, written before it went wrong."""
    if isinstance(error, exceptions.ReadTimeout | exceptions.ChunkedEncodingError):
        return True
    if isinstance(error, exceptions.ConnectTimeout | exceptions.SSLError | exceptions.ProxyError):
        return False
    # requests has one class for "refused" and for "broke off"; what urllib3 raised beneath it tells them apart. It
    # wraps what fails before the request is written (name, connect) as MaxRetryError, what fails after as neither.
    cause = error.args[0] if error.args else None
    return isinstance(error, exceptions.ConnectionError) and type(cause).__name__ in (
        "ProtocolError",
        "ReadTimeoutError",
    )


# --- mail


class _Mail:
    """Notes each refusal with the command that it answers, and what breaks the connection."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._command = "connect"
        self._written = False  # between the 354 and the reply to the final dot

    def command(self, written: str) -> None:
        """Only a known word is kept: in a dialogue of AUTH the line is the secret itself."""
        word = written.split(maxsplit=1)[0].lower() if written.strip() else ""
        if word in SMTP_COMMANDS:
            self._command = word

    def replied(self, code: int, text: bytes) -> None:
        if self._written and code < 300:
            self._tell(Taken(code=code, words=text.decode(errors="replace")))
        self._written = self._command == "data" and code == 354
        if code >= 400:
            self._tell(Refusal(command=self._command, code=code, enhanced=_enhanced(text)))

    def broke(self) -> None:
        what = "no connection to the mail server" if self._command == "connect" else "the mail server fell silent"
        self._tell(Broken(host="", what=what, may_have_arrived=self._written))

    def connecting(self) -> None:
        self._command, self._written = "connect", False


def _watch_mail(tell: Callable[[Event], None]) -> None:
    mail = _Mail(tell)
    getreply, putcmd, connect = smtplib.SMTP.getreply, smtplib.SMTP.putcmd, smtplib.SMTP.connect

    def noted_putcmd(smtp: smtplib.SMTP, cmd: str, args: str = "") -> None:
        mail.command(cmd)
        putcmd(smtp, cmd, args)

    def noted_getreply(smtp: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            code, text = getreply(smtp)
        except (OSError, smtplib.SMTPException):
            mail.broke()
            raise
        mail.replied(code, text)
        return code, text

    def noted_connect(smtp: smtplib.SMTP, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        mail.connecting()
        try:
            return connect(smtp, *args, **kwargs)
        except OSError as error:
            if not isinstance(error, smtplib.SMTPException):  # those came through getreply
                mail.broke()
            raise

    _replace(smtplib.SMTP, "putcmd", noted_putcmd)
    _replace(smtplib.SMTP, "getreply", noted_getreply)
    _replace(smtplib.SMTP, "connect", noted_connect)


def _enhanced(text: bytes) -> str:
    """The enhanced status code (RFC 3463) that a reply begins with, '' if none."""
    first = text.decode("ascii", "replace").split(maxsplit=1)[:1]
    return first[0] if first and first[0].replace(".", "").isdigit() and first[0].count(".") == 2 else ""

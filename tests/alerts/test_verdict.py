from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.answers import Answer, Broken, Refusal, Taken, retry_after, scrub
from monitor.alerts.verdict import NOTHING_SEEN, Verdict, judge

TELEGRAM = "tgram://123456789:ABCtoken/42"
TELEGRAM_HOST = "api.telegram.org"


def _judge(*events, succeeded=False, schema="slack", url="slack://AAA/BBB/CCCtoken"):
    return judge(succeeded, events, schema=schema, url=url)


@pytest.mark.parametrize(
    ("schema", "body", "sent", "because"),
    [
        ("tgram", '{"ok": true, "result": {}}', True, "Telegram says so"),
        ("tgram", '{"ok": false, "description": "chat not found"}', False, "Telegram says no with a 200"),
        (
            "tgram",
            '{"ok": true, "result": {"text": "' + "\\u0642" * 4000 + '"}}',
            True,
            "Telegram repeats the whole message",
        ),
        ("tgram", "", False, "Telegram always says something"),
        ("tgram", "<html><body>Sign in to Wi-Fi</body></html>", False, "a captive portal"),
        ("slack", "ok", True, "a Slack hook's answer"),
        ("slack", '{"ok": false, "error": "channel_not_found"}', False, "Slack's API"),
        ("ntfy", "\ufeff\n<!-- x -->\n<!DOCTYPE HTML PUBLIC>", False, "a captive portal"),
        ("slack", "", False, "a Slack hook says ok"),
        ("discord", "", False, "only a 204 has no body"),
        ("discord", '{"id": "9", "content": "x"}', True, "the message that was made"),
        ("discord", "<!doctype html><title>Sign in</title>", False, "a captive portal"),
        ("ntfy", '{"id": "a1", "event": "message"}', True, "the message that was made"),
        ("ntfys", "", False, "ntfy tells the message that was made"),
        ("gotify", '{"id": 1}', True, "no word of ok"),
        ("gotify", "[1]", True, "JSON, but no object"),
        ("jsons", "<html>thanks</html>", True, "the operator's own receiver may answer what it likes"),
        ("json", "thanks", True, "the operator's own receiver may answer what it likes"),
        ("json", "<html>Sign in</html>", False, "without TLS a page may be a captive portal's"),
        ("xmls", '{"ok": false}', True, "the operator's own receiver"),
    ],
)
def test_a_200_is_believed_only_if_its_body_does_not_contradict(schema, body, sent, because):
    verdict = _judge(Answer(host="h.example", status=200, body=body), succeeded=True, schema=schema)
    assert verdict.sent is sent, because


def test_success_without_anything_seen_is_success():
    assert _judge(succeeded=True) == Verdict(sent=True)  # services that use neither HTTP nor SMTP


def test_a_refused_step_before_a_success_does_not_undo_it():
    events = (Answer(host="h.example", status=404), Answer(host="h.example", status=200, body="{}"))
    assert _judge(*events, succeeded=True, schema="matrix").sent


def test_failure_without_anything_seen_says_what_to_do():
    assert _judge().detail == NOTHING_SEEN


@pytest.mark.parametrize(
    ("event", "detail", "permanent", "ambiguous"),
    [
        (Answer(host="hooks.slack.com", status=429), "HTTP 429 from hooks.slack.com: too many messages", False, False),
        (
            Answer(host="hooks.slack.com", status=400, body='{"error": "invalid_payload"}'),
            "HTTP 400 from hooks.slack.com: the service does not take this message ('invalid_payload')",
            False,
            False,
        ),
        (Answer(host="hooks.slack.com", status=418), "HTTP 418 from hooks.slack.com: refused", False, False),
        (Answer(host="hooks.slack.com", status=410), "HTTP 410 from hooks.slack.com: the channel is gone", True, False),
        (
            Answer(host="hooks.slack.com", status=524),
            "HTTP 524 from hooks.slack.com: the service is in trouble",
            False,
            True,
        ),
        (
            Answer(host="hooks.slack.com", status=200, body="invalid_token"),
            "HTTP 200 from hooks.slack.com: but the service did not take the message",
            False,
            False,
        ),
        (
            Broken(host="h.example", what="no answer in time", may_have_arrived=True),
            "no answer in time at h.example",
            False,
            True,
        ),
        (Refusal(command="data", code=552, enhanced="5.3.4"), "SMTP 552 5.3.4: the message is refused", False, False),
        (Refusal(command="rcpt", code=550), "SMTP 550: the recipient is refused", True, False),
        (Refusal(command="rcpt", code=550, enhanced="5.7.1"), "SMTP 550 5.7.1: the recipient is refused", False, False),
        (
            Refusal(command="auth", code=535),
            "SMTP 535: user or password is refused; renew it in the channel's address",
            False,
            False,
        ),
    ],
)
def test_a_failure_is_told_with_its_cause(event, detail, permanent, ambiguous):
    verdict = _judge(event)
    assert (verdict.sent, verdict.detail) == (False, detail)
    assert (verdict.permanent, verdict.ambiguous) == (permanent, ambiguous)


@pytest.mark.parametrize(
    ("schema", "body", "ambiguous"),
    [
        ("slack", "", True),
        ("ntfy", '{"id": "a', True),
        ("tgram", '{"ok": false}', False),
        ("discord", "<html>Sign in</html>", False),
        ("json", "<html>Sign in</html>", True),
    ],
)
def test_a_success_without_the_services_word_leaves_doubt(schema, body, ambiguous):
    verdict = _judge(Answer(host="h.example", status=200, body=body), succeeded=True, schema=schema)
    assert (verdict.sent, verdict.ambiguous) == (False, ambiguous)


@pytest.mark.parametrize(
    ("event", "schema", "refused"),
    [
        *((Answer(host="h.example", status=status), "json", True) for status in (401, 403, 404, 410)),
        *((Answer(host="h.example", status=status), "json", False) for status in (400, 302, 429, 500)),
        (Answer(host="h.example", status=200, body='{"ok": false, "error": "token_revoked"}'), "slack", True),
        (Answer(host="h.example", status=200, body='{"ok": false, "error": "ratelimited"}'), "slack", False),
        (Answer(host="h.example", status=400, body='{"description": "Bad Request: chat not found"}'), "tgram", True),
        (Answer(host="h.example", status=500, body='{"error": "token_revoked"}'), "json", False),
        (Refusal(command="rcpt", code=550, enhanced="5.7.1"), "mailto", True),
        (Refusal(command="auth", code=535), "mailto", True),
        (Refusal(command="rcpt", code=450), "mailto", False),
        (Broken(host="h.example", what="no connection", may_have_arrived=False), "slack", False),
    ],
)
def test_who_refuses_us_is_told_from_who_is_in_trouble(event, schema, refused):
    assert _judge(event, schema=schema).refused is refused


@pytest.mark.parametrize(
    ("status", "permanent"), [(403, True), (401, False), (400, False), (404, False), (429, False), (500, False)]
)
def test_telegram_refuses_for_good_only_when_the_reader_blocked_the_bot(status, permanent):
    answer = Answer(
        host=TELEGRAM_HOST, status=status, body='{"ok": false, "description": "Forbidden: bot was blocked"}'
    )
    verdict = _judge(answer, schema="tgram", url=TELEGRAM)
    assert verdict.permanent is permanent
    assert f"HTTP {status} from {TELEGRAM_HOST}" in verdict.detail
    assert "bot was blocked" in verdict.detail


def test_a_host_that_the_operator_wrote_is_not_named():
    verdict = _judge(Answer(host="secret.desk.example", status=500), schema="json", url="json://secret.desk.example/x")
    assert "desk" not in verdict.detail


def test_what_a_service_says_is_cut_cleaned_and_stripped_of_the_address():
    said = "no\\u001b[31m chat 123456789:ABCtoken " + "x" * 500
    answer = Answer(host=TELEGRAM_HOST, status=400, body=f'{{"ok": false, "description": "{said}"}}')
    detail = _judge(answer, schema="tgram", url=TELEGRAM).detail
    assert "ABCtoken" not in detail
    assert "\x1b" not in detail
    assert len(detail) < 250


def test_the_last_failure_is_the_cause_and_a_polite_goodbye_is_none():
    events = (Refusal(command="ehlo", code=502), Refusal(command="rcpt", code=550), Refusal(command="rset", code=500))
    assert _judge(*events, schema="mailto").detail == "SMTP 550: the recipient is refused"


@pytest.mark.parametrize(
    ("header", "date", "body", "seconds"),
    [
        ("7", "", "", 7.0),
        (" 1.5 ", "", "", 1.5),
        ("", "", '{"retry_after": 0.65}', 0.65),
        ("", "", '{"ok": false, "parameters": {"retry_after": 30}}', 30.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", "", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", "", 0.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", "", "", None),
        ("soon", "today", '{"retry_after": true}', None),
        ("-5", "", '{"parameters": [1]}', None),
        ("", "", "[" * 100_000, None),
        ("9" * 30, "", '{"retry_after": 1e300}', None),
    ],
)
def test_the_wait_that_a_service_asks_for_is_understood(header, date, body, seconds):
    assert retry_after(Answer(host="h", status=429, retry_after=header, date=date, body=body)) == seconds


@given(
    st.text(), st.text(), st.integers(100, 599), st.text(), st.booleans(), st.sampled_from(["tgram", "slack", "json"])
)
def test_no_answer_breaks_the_verdict(header, date, code, body, succeeded, schema):
    answer = Answer(host="h.example", status=code, retry_after=header, date=date, body=body)
    verdict = _judge(answer, succeeded=succeeded, schema=schema)
    assert verdict.sent or verdict.detail


@given(st.text("abcdefgh0123456789", min_size=3, max_size=20), st.text("xyz ", max_size=20))
def test_no_part_of_an_address_survives(token, around):
    assert token not in scrub(f"{around}{token}{around}", f"slack://{token}/AAAA")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            Answer(host="api.telegram.org", status=200, body='{"ok": true, "result": {}}'),
            "from api.telegram.org: ok: true",
        ),
        (Answer(host="api.telegram.org", status=200, body='{"ok": true, "to": "ABCtoken"}'), ": ok: true, to: ***"),
        (Answer(host="api.telegram.org", status=200, body='{"ok": true, "x": "a\u202e\\nb"}'), "x: a b"),
        (Answer(host="api.telegram.org", status=202), "HTTP 202 from api.telegram.org"),
    ],
)
def test_what_the_service_said_to_a_message_is_told_without_its_secrets(answer, says):
    verdict = judge(True, [answer], schema="tgram" if answer.body else "other", url=TELEGRAM)
    assert verdict.sent
    assert says in verdict.answer
    assert verdict.answer.isprintable()


def test_a_receiver_of_the_operators_own_is_not_quoted():
    url = "json://hooks.example/x?+Authorization=Basic%20c2VjcmV0"
    for body in ("Basic c2VjcmV0 was sent", '{"echo": "c2VjcmV0", "id": 7}'):
        verdict = judge(True, [Answer(host="hooks.example", status=200, body=body)], schema="json", url=url)
        assert verdict.answer in ("HTTP 200", "HTTP 200: id: 7")


def test_a_mail_server_is_quoted_when_it_has_the_mail():
    events = [Taken(code=250, words="2.0.0 queued as 7F")]
    assert judge(True, events, schema="mailto", url="mailto://x.example").answer == "SMTP 250: 2.0.0 queued as 7F"

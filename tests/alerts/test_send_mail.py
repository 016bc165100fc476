from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from monitor.model import NotSent, SendResult, Sent
from tests.alerts.made import a_channel, a_delivery
from tests.alerts.servers import Mailbox, mail_server


def _send_all(sender, channel, **delivery) -> dict[str, SendResult]:
    return {
        recipient.key: sender.send(channel, a_delivery(key=recipient.key, **delivery))
        for recipient in sender.recipients(channel)
    }


def _mails(mailbox: Mailbox) -> dict[str, EmailMessage]:
    """By recipient; each mail has one."""
    mails = {}
    for [recipient], content in mailbox.got:
        read = message_from_bytes(content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        mails[recipient] = read
    return mails


def test_each_recipient_gets_one_mail_of_their_own(sender):
    with mail_server() as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example,Name <b@x.example>&cc=c@x.example&bcc=d@x.example"))
        results = _send_all(sender, channel)
    assert len(results) == 4
    assert all(isinstance(result, Sent) for result in results.values())
    assert sorted(recipients for recipients, _ in mailbox.got) == [
        ["a@x.example"],
        ["b@x.example"],
        ["c@x.example"],
        ["d@x.example"],
    ]


def test_a_mail_is_html_and_plain_text_with_the_link_and_nothing_remote(sender):
    with mail_server() as mailbox:
        _send_all(
            sender,
            a_channel(mailbox.url("to=a@x.example")),
            title="<b>قصف</b><img src=https://pixel.example/p.gif>",
            spans=(),
        )
    mail = _mails(mailbox)["a@x.example"]
    assert mail["Subject"] == "🔴 حرج · اشتباكات قرب مطار دير الزور"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.split("\n")[1].strip() == "https://www.furat.example/news/12345"
    assert ">https://www.furat.example/news/12345</a>" in html
    assert "<img" not in html
    assert "pixel" not in text + html
    assert "pprise" not in str(mail).replace("X-Apprise", "")


def test_one_refused_recipient_repeats_nothing_for_the_others(sender):
    with mail_server(refused={"gone@x.example": "550 5.1.1 No such user"}) as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example,gone@x.example,b@x.example"))
        results = list(_send_all(sender, channel).values())
    assert sorted(recipient for [recipient], _ in mailbox.got) == ["a@x.example", "b@x.example"]
    [refused] = [result for result in results if isinstance(result, NotSent)]
    assert (refused.detail, refused.permanent) == ("SMTP 550 5.1.1: the recipient is refused", True)


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        ("550 no such user", True),
        ("550 5.7.1 blocked for now", False),
        ("450 4.2.1 greylisted", False),
        ("554 5.7.1 relay denied", False),
    ],
)
def test_only_a_mailbox_that_does_not_exist_is_given_up(sender, reply, permanent):
    with mail_server(refused={"a@x.example": reply}) as mailbox:
        [result] = _send_all(sender, a_channel(mailbox.url("to=a@x.example"))).values()
    assert isinstance(result, NotSent)
    assert (result.permanent, result.ambiguous) == (permanent, False)
    assert mailbox.got == []


def test_a_refused_message_is_tried_again_without_doubt(sender):
    with mail_server(after_data=["451 try later"]) as mailbox:
        [result] = _send_all(sender, a_channel(mailbox.url("to=a@x.example"))).values()
    assert isinstance(result, NotSent)
    assert (result.detail, result.permanent, result.ambiguous) == ("SMTP 451: the message is refused", False, False)


def test_a_connection_that_ends_after_the_mail_was_written_leaves_doubt(sender):
    with mail_server() as mailbox:

        async def vanish(server, _session, envelope):
            mailbox.got.append((list(envelope.rcpt_tos), envelope.content))
            server.transport.close()
            return "250 never read"

        mailbox.handle_DATA = vanish
        [result] = _send_all(sender, a_channel(mailbox.url("to=a@x.example"))).values()
    assert isinstance(result, NotSent)
    assert (result.detail, result.ambiguous) == ("the mail server fell silent", True)


def test_a_mail_server_that_is_away_leaves_none(sender):
    with mail_server() as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example"))
    [result] = _send_all(sender, channel).values()
    assert isinstance(result, NotSent)
    assert (result.detail, result.ambiguous) == ("no connection to the mail server", False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # the password of a test crosses loopback
def test_a_refused_password_is_named_and_never_shown(sender):
    with mail_server(password="right") as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example", user="desk:SeCrEtPaSs@"))
        [result] = _send_all(sender, channel).values()
    assert isinstance(result, NotSent)
    assert result.detail.startswith("SMTP 535")
    assert "password is refused" in result.detail
    assert not result.permanent


def test_a_repeated_mail_has_the_same_message_id_and_another_alert_has_another(sender):
    with mail_server() as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example"))
        for attempts, id in ((0, "one"), (1, "one"), (0, "two")):
            _send_all(sender, channel, attempts=attempts, id=id)
    ids = [message_from_bytes(content)["Message-ID"] for _, content in mailbox.got]
    assert ids[0] == ids[1] != ids[2]
    assert all(id.startswith("<") and id.endswith(">") for id in ids)


def test_line_ends_in_a_headline_add_no_header(sender):
    with mail_server() as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example"))
        _send_all(
            sender, channel, rule_title={"ar": "قصف\r\nBcc: evil@evil.example"}, title="قصف\r\n.\r\nRCPT TO:<e@e>"
        )
    mail = _mails(mailbox)["a@x.example"]
    assert mail["Bcc"] is None
    assert "قصف Bcc: evil@\u2060evil.example" in mail["Subject"]


def test_a_notice_reaches_everybody_behind_a_channel(sender):
    with mail_server() as mailbox:
        channel = a_channel(mailbox.url("to=a@x.example,b@x.example"), operations=True)
        result = sender.tell(channel, "The rules were refused", "rules.yaml:3:1: error R201")
    assert isinstance(result, Sent)
    mails = _mails(mailbox)
    assert set(mails) == {"a@x.example", "b@x.example"}
    assert mails["a@x.example"]["Subject"] == "The rules were refused"
    text, html = (part.get_content() for part in mails["a@x.example"].iter_parts())
    assert text.strip() == "rules.yaml:3:1: error R201"
    assert "rules.yaml:3:1: error R201" in html


def test_two_notices_are_two_mails_to_a_mailbox(sender):
    with mail_server() as mailbox:
        for _ in range(2):
            sender.tell(a_channel(mailbox.url("to=a@x.example"), operations=True), "Title", "text")
    first, second = (message_from_bytes(content)["Message-ID"] for _, content in mailbox.got)
    assert first != second

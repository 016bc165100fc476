"""What is put into a request beside what Apprise knows to say."""

from __future__ import annotations

import json

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import service
from monitor.alerts.graft import Post, graft
from monitor.alerts.styles import STYLES


def _grafted(schema: str, payload: object, url: str = "https://x.example/hook", **post: object):
    request = requests.Request("POST", url, data=json.dumps(payload), headers={"Content-Type": "application/json"})
    prepared = request.prepare()
    graft(prepared, Post(**{"schema": schema, "body": "نص", "title": "عنوان"} | post))
    return prepared


def test_arabic_takes_two_bytes_a_letter_on_the_wire_and_not_six():
    prepared = _grafted("ntfy", {"topic": "t", "message": "كلمة"})
    assert "كلمة".encode() in prepared.body
    assert int(prepared.headers["Content-Length"]) == len(prepared.body)


def test_a_login_stays_as_it_is():
    prepared = _grafted("matrix", {"type": "m.login.password", "password": "كلمة"})
    assert json.loads(prepared.body) == {"type": "m.login.password", "password": "كلمة"}
    assert isinstance(prepared.body, str)


def test_a_service_that_is_not_in_the_table_is_sent_what_apprise_wrote():
    prepared = _grafted("json", {"message": "كلمة"})
    assert prepared.body == json.dumps({"message": "كلمة"})


def test_a_query_keeps_what_it_had():
    url = "https://discord.com/api/webhooks/1/t?thread_id=7&empty="
    assert _grafted("discord", {"content": "x"}, url).url == f"{url}&wait=true"


def test_whom_the_address_of_discord_names_is_pinged_and_nobody_else():
    named = {"parse": ["everyone"], "users": ["1"], "roles": []}
    prepared = _grafted("discord", {"content": "👉 @everyone", "allow_mentions": named, "flags": 4096})
    read = json.loads(prepared.body)
    assert read["allowed_mentions"] == named
    assert "allow_mentions" not in read
    assert read["flags"] == 4096 | 4


def test_a_workflow_of_slack_is_sent_its_own_variable_only():
    assert json.loads(_grafted("slack", {"text": "نص"}).body) == {"text": "نص"}


def test_a_workflow_of_slack_takes_text_and_a_channel_its_markup():
    channel = service.parse("slack://TAAAAAAAA/BAAAAAAAA/abcdefghijklmnopqrstuvwx/#desk")
    workflow = service.parse("slack://T1JJ3T3L2/A1BRTD4JD/123456/TIiajkdnlazkcOXrIdevi7FQ?mode=workflow")
    assert (service.format_of(channel), service.format_of(workflow)) == ("slack", "text")


def test_a_header_of_slack_fits_after_it_is_escaped():
    title = "قصف & اشتباك <١> " * 8
    block = {"type": "header", "text": {"type": "plain_text", "text": title}}
    prepared = _grafted("slack", {"attachments": [{"blocks": [block]}]}, title=title[:140])
    [shown] = [block["text"]["text"] for block in json.loads(prepared.body)["attachments"][0]["blocks"]]
    assert len(shown) <= 150
    assert "<" not in shown


def test_a_mention_that_the_text_made_in_teams_is_taken_back():
    card = {
        "body": [{"type": "TextBlock", "id": "body", "text": "a\nb"}],
        "msteams": {"entities": [{"type": "mention"}]},
    }
    read = json.loads(_grafted("workflows", {"attachments": [{"content": card}]}).body)
    content = read["attachments"][0]["content"]
    assert content["msteams"] == {"width": "full"}
    assert [block["text"] for block in content["body"]] == ["a", "b"]


def test_a_card_of_the_operators_own_stays_as_it_is():
    card = {"body": [{"type": "FactSet"}], "msteams": {"entities": [{"type": "mention"}]}}
    payload = {"attachments": [{"content": card}]}
    assert json.loads(_grafted("workflows", payload).body) == payload


def test_what_the_operator_set_for_ntfy_wins():
    read = json.loads(
        _grafted("ntfy", {"message": "x", "click": "https://own.example/"}, link="https://l.example/").body
    )
    assert read["click"] == "https://own.example/"


@pytest.mark.parametrize("schema", sorted(STYLES))
@given(
    payload=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "text",
                        "content",
                        "message",
                        "attachments",
                        "blocks",
                        "type",
                        "body",
                        "id",
                        "flags",
                        "extras",
                        "number",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
    thread=st.none() | st.text(min_size=1, max_size=9),
)
def test_no_payload_and_no_name_breaks_a_send(schema, payload, thread):
    prepared = _grafted(schema, payload, thread=thread, link="https://l.example/", rtl=True)
    json.loads(prepared.body)

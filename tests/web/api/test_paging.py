"""The law of lists: whoever goes from page to page sees the whole list, each thing once, whatever comes meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.web.browser.scene import bare

LISTS = (
    ("/alerts", "alerts", {}),
    ("/alerts", "alerts", {"severity": ["high", "medium"], "seen": "false"}),
    ("/deliveries", "deliveries", {}),
    ("/deliveries", "deliveries", {"status": "sent"}),
    ("/stories", "stories", {}),
    ("/stories", "stories", {"told": "true", "severity": ["high", "critical"]}),
    ("/feeds/difaf/entries", "entries", {}),
    ("/search", "found", {"q": "غارة OR إغلاق OR crossing OR strike OR مشفى"}),
)


def walked(api, path, key, query, limit):
    """By the Link header, as far as it leads; what is in the body has to say the same."""
    found, address = [], f"{path}?{urlencode({**query, 'limit': limit}, doseq=True)}"
    for _ in range(100):
        answer = api.program.get(f"/api/v1{address}")
        assert answer.status_code == 200, answer.text
        page, link = answer.json(), answer.headers.get("link")
        assert len(page[key]) <= limit
        found += page[key]
        if page["next"] is None:
            assert link is None
            return found
        leads = re.fullmatch(r'<(/api/v1(/[^>]+))>; rel="next"', link)
        assert leads is not None, link
        assert f"after={page['next']}" in leads[2]
        address = leads[2]
    raise AssertionError("it never ends")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize(("path", "key", "query"), LISTS, ids=[f"{path} {query}" for path, _, query in LISTS])
def test_pages_together_are_the_list(api, path, key, query, limit):
    whole = walked(api, path, key, query, 200)
    assert len(whole) >= 3
    pages = walked(api, path, key, query, limit)
    assert pages == whole
    marks = [each.get("id") or each["version"] for each in pages]
    assert len(set(marks)) == len(marks)


def test_what_comes_while_somebody_goes_through_the_pages_disturbs_none(tmp_path):
    from tests.web.api.conftest import Told, an_api

    scene = bare(tmp_path)
    for number, town in enumerate(("الرقة", "الحسكة", "إدلب", "حماة", "درعا")):
        scene.tell("difaf", f"غارة جوية على أطراف {town}", n=number)
        scene.world.clock.advance(timedelta(hours=1))
    rules = scene.rules.read_text(encoding="utf-8")
    scene.rules.write_text(f'{rules}web: {{token: "${{WEB_TOKEN}}"}}\n', encoding="utf-8")
    try:
        api = an_api(Told(scene.rules, scene.state, scene.world.clock))
        whole = [each["id"] for each in api.get("/alerts?limit=500")["alerts"]]
        assert len(whole) > 2
        first = api.get("/alerts?limit=2")
        assert scene.tell("difaf", "غارة جوية على أطراف منبج", n=40)
        rest = api.get(f"/alerts?limit=500&after={first['next']}")
        assert [each["id"] for each in first["alerts"] + rest["alerts"]] == whole
        assert len(api.get("/alerts?limit=500")["alerts"]) == len(whole) + 1
    finally:
        scene.close()


def test_the_entries_of_a_long_story_are_paged(api, monkeypatch):
    from monitor.store.views import story as view

    story = api.get("/alerts?rule=medical-hit")["alerts"][0]["story"]
    whole = [each["id"] for each in api.get(f"/stories/{story}")["entries"]]
    monkeypatch.setattr(view, "REPORTS", 1)
    found, after = [], ""
    while True:
        page = api.get(f"/stories/{story}{after}")
        found += [each["id"] for each in page["entries"]]
        if page["next"] is None:
            break
        after = f"?after={page['next']}"
    assert found == whole
    assert len(whole) > 1

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import BaseRoute

from bench.pages_asked import FILLED, SAMPLES, Address, Offered, sampled
from bench.pages_state import rules_text
from monitor.web.app import make_app
from monitor.web.desk import Desk

VALUES = dict.fromkeys(FILLED, "7")


@pytest.fixture
def routes(tmp_path: Path) -> list[BaseRoute]:
    (tmp_path / "rules.yaml").write_text(rules_text(), encoding="utf-8")
    return make_app(Desk(tmp_path / "rules.yaml", tmp_path / "state", environ={})).routes


def test_the_bench_of_pages_has_a_sample_of_every_route_or_says_why_not(routes: list[BaseRoute]) -> None:
    assert len(sampled(routes, VALUES)) > len(routes) // 2


def test_a_route_without_a_sample_and_a_sample_without_a_route_are_refused(routes: list[BaseRoute]) -> None:
    others = {each: told for each, told in SAMPLES.items() if each != "GET /map"} | {"GET /nowhere": ("/nowhere",)}
    with pytest.raises(LookupError) as refused:
        sampled(routes, VALUES, others)
    assert str(refused.value).splitlines() == ["no sample for GET /map", "no route for GET /nowhere"]


def test_each_choice_of_a_form_and_each_kind_of_link_is_asked_once() -> None:
    page = """
        <form action="/there"><select name="kind"><option value=""><option value="a"><option value="b"></select></form>
        <a href="/there?before=3">more</a><a href="/there?before=4">more</a><a href="/there?before=5">more</a>
        <a href="/elsewhere?before=3">another page</a>
    """
    offered = Offered(VALUES)
    asked = [str(each) for each in offered.by(Address("/there"), page)]
    assert asked == ["/there?kind=a", "/there?kind=b", "/there?before=3", "/there?before=4"]
    assert list(offered.by(Address("/there"), page)) == []


def test_a_field_to_type_into_of_which_nothing_is_said_is_refused() -> None:
    with pytest.raises(LookupError, match="'strange'"):
        list(Offered(VALUES).by(Address("/"), '<form><input name="strange"></form>'))

"""Links in messages: can they be made, and does anybody answer where they lead?"""

from __future__ import annotations

import ssl

import pytest

from monitor import config as configuration
from monitor.doctor import links
from monitor.doctor.findings import Level
from monitor.links import KEY_FILE, key_in
from tests.receiver import receiver
from tests.web.browser.scene import bare
from tests.web.browser.served import serve

BASE = "https://desk.example"


def looked(state, base=BASE, *, offline=True):
    [found] = links.look(base, state, offline=offline, trust=ssl.create_default_context)
    return found


def test_links_can_be_made_with_a_key_and_where_there_is_none_yet(tmp_path):
    assert looked(tmp_path / "none").level is Level.OK
    key_in(tmp_path)
    assert looked(tmp_path).level is Level.OK
    assert f"{BASE} (it was not asked)" in looked(tmp_path).what
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("mode", "held"), [(0o644, b"k" * 32), (0o600, b"short")], ids=["open to all", "damaged"])
def test_a_key_that_cannot_be_used_is_a_problem_with_its_remedy(tmp_path, mode, held):
    key = tmp_path / KEY_FILE
    key.write_bytes(held)
    key.chmod(mode)
    found = looked(tmp_path)
    assert found.level is Level.PROBLEM
    assert found.remedy
    assert held.decode() not in found.what


def test_pages_that_serve_them_are_recognized(tmp_path):
    scene = bare(tmp_path)
    with serve(scene) as site:
        text = f"{scene.rules.read_text(encoding='utf-8')}web: {{url: '{site.address}'}}\n"
        scene.rules.write_text(text, encoding="utf-8")
        site.desk.take(configuration.load(scene.rules, environ={}))
        found = looked(tmp_path, site.address, offline=False)
    scene.close()
    assert (found.level, found.what) == (Level.OK, f"they lead to {site.address}, and its pages answer")


@pytest.mark.parametrize(("status", "told"), [(200, "status 200"), (404, "status 404"), (502, "status 502")])
def test_another_server_in_their_place_is_warned_of(tmp_path, status, told):
    with receiver() as other:
        other.status["/a/0?t=0"] = status
        found = looked(tmp_path, other.url(""), offline=False)
    assert found.level is Level.WARNING
    assert told in found.what
    assert "monitor web" in found.remedy


def test_nobody_there_is_warned_of_with_both_ways_out(tmp_path):
    with receiver() as gone:
        base = gone.url("")
    found = looked(tmp_path, base, offline=False)
    assert found.level is Level.WARNING
    assert f"{base}, and from here nobody answers there" in found.what
    assert "take web.url out" in found.remedy

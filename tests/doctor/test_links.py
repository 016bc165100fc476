"""Links in messages: can they be made?"""

from __future__ import annotations

import pytest

from monitor.doctor import channels
from monitor.doctor.findings import Level
from monitor.links import KEY_FILE, key_in

BASE = "https://desk.example"


def _looked(state):
    [found] = channels.links(BASE, state)
    return found


def test_links_can_be_made_with_a_key_and_where_there_is_none_yet(tmp_path):
    assert _looked(tmp_path / "none").level is Level.OK
    key_in(tmp_path)
    assert _looked(tmp_path).level is Level.OK
    assert BASE in _looked(tmp_path).what
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("mode", "held"), [(0o644, b"k" * 32), (0o600, b"short")], ids=["open to all", "damaged"])
def test_a_key_that_cannot_be_used_is_a_problem_with_its_remedy(tmp_path, mode, held):
    key = tmp_path / KEY_FILE
    key.write_bytes(held)
    key.chmod(mode)
    found = _looked(tmp_path)
    assert found.level is Level.PROBLEM
    assert found.remedy
    assert held.decode() not in found.what

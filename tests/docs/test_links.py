"""Whatever a page points at is there."""

from __future__ import annotations

import re

import pytest

from tests.docs.markdown import PAGES, anchors, prose
from tests.support import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# `docs/x.md`, `deploy/compose.yaml`, `monitor/text/`: a path of ours in backquotes, from the root
PATH = re.compile(r"`((?:docs|deploy|monitor|tests|bench|\.ci)/[\w./-]*|[A-Z]+\.md|Dockerfile|NOTICE|LICENSE)`")
MADE_LATER = ("deploy/config", "deploy/secrets", ".ci/artifacts")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    broken = [target for target in LINK.findall(prose(page)) if not _leads_somewhere(page, target)]
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = {path for path in PATH.findall(prose(page)) if not path.startswith(MADE_LATER)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        waiting += [target for target in _pages_linked_from(page) if target not in reached]
    assert {page for page in PAGES if page.startswith("docs/")} - reached == set()


def _pages_linked_from(page: str) -> set[str]:
    targets = (target.partition("#")[0] for target in LINK.findall(prose(page)))
    paths = ((ROOT / page).parent / target for target in targets if target.endswith(".md") and "://" not in target)
    return {path.resolve().relative_to(ROOT).as_posix() for path in paths}


def _leads_somewhere(page: str, target: str) -> bool:
    if "://" in target or target.startswith("mailto:"):
        return True
    path, _, anchor = target.partition("#")
    found = ((ROOT / page).parent / path).resolve() if path else ROOT / page
    return found.exists() and (not anchor or anchor in anchors(found))

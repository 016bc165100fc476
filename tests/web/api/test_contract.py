"""The application held against its own OpenAPI document by schemathesis: whatever is asked or sent, well formed or not,
the answer is one that the document announces, and none is an error of ours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from monitor.web.api.resources import all_operations
from tests.web.api.conftest import BEARER, an_api, copied

# Of what has a language of its own (a query, the id of a rule), what fits the schema may still be refused.
PARSES = [
    {"include-operation-id": each.id, "checks": {"positive_data_acceptance": {"enabled": False}}}
    for each in all_operations()
    if each.parses
]
CONFIG = {
    "headers": BEARER,
    "generation": {"deterministic": True, "max-examples": 4, "no-shrink": True},
    "phases": {"stateful": {"enabled": False}},
    "operations": PARSES,
}
CHECKS = {
    "allow_header_conformance",
    "content_type_conformance",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
}


@dataclass
class Found:
    """What schemathesis found wrong; which checks it made, and which statuses it met, of which operations."""

    wrong: list[str] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)

    def note(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for each in recorder.interactions.values():
            if each.response is not None:
                self.statuses.setdefault(str(event.label), Counter())[each.response.status_code] += 1
        for check in (check for checks in recorder.checks.values() for check in checks):
            self.checks[check.name] += 1
            if check.failure_info is not None:
                self.wrong.append(f"{event.label}: {check.failure_info.failure}\n{check.failure_info.code_sample}")


def tried(schema) -> Found:
    found = Found()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            found.note(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            found.wrong.append(str(event))
    return found


@pytest.fixture(scope="module")
def found(told, tmp_path_factory) -> Found:
    api = an_api(copied(told, tmp_path_factory.mktemp("contract") / "api"))
    config = SchemathesisConfig.from_dict(CONFIG)
    return tried(schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.app, config=config, headers=BEARER))


def test_every_answer_is_one_that_the_document_announces(found):
    assert not found.wrong, "\n\n".join(found.wrong)


def test_all_checks_were_made_of_all_operations_and_each_was_answered_as_asked_and_refused(found):
    """Else the test above would tell nothing. The id of a trial is made at random: nobody guesses one."""
    assert found.checks.keys() >= CHECKS
    assert found.statuses.keys() == {f"{each.method} /api/v1{each.path}" for each in all_operations()}
    for label, statuses in found.statuses.items():
        assert any(status < 300 for status in statuses) or "{trial}" in label, (label, statuses)
        assert any(400 <= status < 500 for status in statuses), (label, statuses)
        assert all(status < 500 for status in statuses), (label, statuses)

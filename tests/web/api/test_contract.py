"""The application held against its own OpenAPI document by schemathesis: whatever is asked or sent, well formed or not,
the answer is one that the document announces, and none is an error of ours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import events
from schemathesis.engine.run import PhaseName

from monitor.web.api.resources import all_operations
from tests.web.api.conftest import BEARER, an_api, copied

GENERATION = {"deterministic": True, "no-shrink": True}
CONFIG = {
    "headers": BEARER,
    "generation": {**GENERATION, "max-examples": 4},
    "phases": {"stateful": {"max-steps": 6, "generation": {**GENERATION, "max-examples": 30, "mode": "positive"}}},
    # Where what fits may still be refused for what a schema cannot tell, `Found` looks whether that is why.
    "operations": [
        {"include-operation-id": each.id, "checks": {"positive_data_acceptance": {"enabled": False}}}
        for each in all_operations()
        if each.judged
    ],
}
JUDGED = {f"{each.method} /api/v1{each.path}": {*each.judged} for each in all_operations() if each.judged}
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
    """What schemathesis found wrong; which checks it made, and which statuses it met, of which operations; how often
    one refused what fits the schema; which were reached by links of answers."""

    wrong: list[str] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)

    def note(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        by_links = event.phase is PhaseName.STATEFUL_TESTING
        for key, each in recorder.interactions.items():
            case = recorder.cases[key].value
            if each.response is not None:
                self.statuses.setdefault(case.operation.label, Counter())[each.response.status_code] += 1
                if by_links and "{" in case.operation.label and each.response.status_code < 300:
                    self.reached.add(case.operation.label)
                self._judge(case, each.response)
        for check in (check for checks in recorder.checks.values() for check in checks):
            self.checks[check.name] += 1
            if check.failure_info is not None:
                self.wrong.append(f"{event.label}: {check.failure_info.failure}\n{check.failure_info.code_sample}")

    def _judge(self, case: schemathesis.Case, answer: Response) -> None:
        """What fits the schema is refused for nothing but what a schema cannot tell."""
        judged = JUDGED.get(case.operation.label)
        if judged is not None and answer.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
            told = answer.json()
            self.refused[case.operation.label] += 1
            strange = {each["where"] for each in told["errors"]} - judged
            if strange or not told["errors"]:
                self.wrong.append(f"{case.operation.label}: {told}\n{case.as_curl_command()}")


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


def test_from_answers_links_led_to_what_is_there(found):
    assert len(found.reached) >= 6, found.reached

"""The application held against its own OpenAPI document by schemathesis: whatever is asked or sent, well formed or not,
the answer is one that the document announces, and none is an error of ours."""

from __future__ import annotations

import schemathesis

from tests.web.api.conftest import BEARER, an_api, copied
from tests.web.site import ORIGIN


def test_x(told, tmp_path):
    api = an_api(copied(told, tmp_path / "x"))
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", api.app, headers=BEARER, base_url=ORIGIN)
    print(len(list(schema.get_all_operations())))

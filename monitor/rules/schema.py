"""The JSON Schema of a rules file, for editors: generated from the models that read it.

`python -m monitor.rules.schema > docs/rules.schema.json`
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from monitor.rules.written import RulesFile


class _ForEditors(GenerateJsonSchema):
    """Without what only confuses a reader: invented titles, null, and defaults in our own notation."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  (pydantic's signature)
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. Looser than the reader where a schema cannot tell (names that must exist, lengths of time).

    It asks for `rules` only where nothing is included: a file that others include may hold words alone.
    """
    schema = RulesFile.model_json_schema(by_alias=True, schema_generator=_ForEditors)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "Rules of monitor"}


def json_schema_text() -> str:
    """As it is kept in docs/: stable, and readable with Arabic in it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(json_schema_text())

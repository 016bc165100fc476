"""The building blocks of the schema: a base model that knows where it was written, and the types of its settings.

Each type reads what was written with a function of `values`, and shows editors a plain JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainValidator,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from monitor.language import Bound, Location, Near, Strictness, WordForm
from monitor.model import FIELDS, FieldName, Rate, Rhythm, Severity
from monitor.rules import values
from monitor.rules.nodes import Block, Scalar, Series
from monitor.rules.problems import Refused, did_you_mean, shown

T = TypeVar("T")


class Shape(BaseModel):
    """A block of settings. Unknown ones are refused; `at` is where the block begins."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, arbitrary_types_allowed=True
    )
    _at: Location = PrivateAttr()  # without a default: pydantic would copy it for every block

    @property
    def at(self) -> Location:
        return self._at

    @model_validator(mode="wrap")
    @classmethod
    def _know_place(cls, data: Any, handler: ModelWrapValidatorHandler[Shape]) -> Shape:
        if not isinstance(data, Block):
            kind = "a list" if isinstance(data, list) else "one text"
            raise Refused("R207", f"a block of settings is expected here, not {kind}", cls.block_remedy())
        shape = handler(data)
        shape._at = data.at
        return shape

    @classmethod
    def block_remedy(cls) -> str:
        return f"write 'name: value' lines; settings here: {', '.join(cls.setting_names())}"

    @classmethod
    def setting_names(cls) -> tuple[str, ...]:
        return tuple(field.alias or name for name, field in cls.model_fields.items())


def setting(read: Callable[[Scalar], T]) -> Callable[[object], T | Scalar]:
    """A reader of one text as a validator. A text whose `${…}` has no value is let through: it is told elsewhere."""

    def validate(written: object) -> T | Scalar:
        scalar = values.text(written)
        return scalar if scalar.unset else read(scalar)

    return validate


def _one_of(*allowed: str, what: str) -> Callable[[Scalar], str]:
    def read(written: Scalar) -> str:
        if written in allowed:
            return str(written)
        remedy = did_you_mean(written, allowed) or f"write {', '.join(allowed[:-1])} or {allowed[-1]}"
        raise Refused("R209", f"'{shown(written.written)}' is not {what}", remedy)

    return read


def _as_list(written: object) -> object:
    """One text where a list may stand."""
    if not isinstance(written, Scalar):
        return written
    series = Series(written.at)
    series.append(values.text(written))
    return series


def _full_list(written: object) -> object:
    """A list with something in it."""
    if isinstance(written, Scalar) and written.nothing:
        raise Refused("R210", "nothing is written here", "add items below it, each as '- …', or remove the line")
    if not isinstance(written, list):
        raise Refused("R207", "this must be a list", "put each item on a line of its own, as '- …'")
    if not written:
        raise Refused("R210", "the list is empty", "add items, or remove the line")
    return written


def _identifier(written: Scalar) -> Scalar:
    values.identifier(written)
    return written


def _string(pattern: str | None = None, *examples: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if pattern:
        schema["pattern"] = pattern
    if examples:
        schema["examples"] = list(examples)
    return WithJsonSchema(schema)


_LENGTH = r"^\s*([0-9٠-٩۰-۹]{1,7}\s*\S+|\D+)\s*$"

Text = Annotated[
    Scalar,
    PlainValidator(setting(lambda written: written)),
    WithJsonSchema({"type": ["string", "number"], "minLength": 1}),
]
Id = Annotated[
    Scalar, PlainValidator(setting(_identifier)), _string("^[A-Za-z0-9][A-Za-z0-9_-]*$", "dez-airport-clashes")
]
Duration = Annotated[timedelta, PlainValidator(setting(values.duration)), _string(_LENGTH, "15m", "2h", "30 دقيقة")]
SomeDuration = Annotated[
    timedelta, PlainValidator(setting(values.some_duration)), _string(_LENGTH, "24h", "2d", "يومان")
]
TimeToAnswer = Annotated[
    timedelta, PlainValidator(setting(values.time_to_answer)), _string(_LENGTH, "15m", "1h", "ربع ساعة")
]
Every = Annotated[timedelta | None, PlainValidator(setting(values.every)), _string(_LENGTH, "5m", "auto")]
RateOfMessages = Annotated[
    Rate, PlainValidator(setting(values.rate)), _string(r"^\s*[0-9٠-٩۰-۹]{1,5}\s*/\s*\D+$", "1/s", "20/min", "100/h")
]
SeverityName = Annotated[
    Severity,
    PlainValidator(setting(values.severity)),
    WithJsonSchema(
        {"type": "string", "enum": [level.value for level in Severity] + ["معلومة", "منخفض", "متوسط", "مرتفع", "حرج"]}
    ),
]
Distance = Annotated[Near, PlainValidator(setting(values.near)), _string(None, "15 words", "sentence", "title")]
Day = Annotated[
    date, PlainValidator(setting(values.day)), _string(r"^[0-9٠-٩]{4}-[0-9٠-٩]{2}-[0-9٠-٩]{2}$", "2027-03-31")
]
NumberOfPeople = Annotated[
    Bound,
    PlainValidator(setting(values.bound)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\s*(>=|=>|>|==?|<=|=<|<|≥|≤)?\s*[0-9٠-٩۰-۹]{1,6}\s*$"},
                {"type": "integer", "minimum": 1},
            ],
            "examples": [">=5", "=0", 10],
        }
    ),
]
NumberOfStories = Annotated[
    int,
    PlainValidator(setting(values.stories)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\s*[0-9٠-٩۰-۹]{1,6}(\s+\S+)?\s*$"},
                {"type": "integer", "minimum": 2},
            ],
            "examples": ["5 stories", 5],
        }
    ),
]
Surge = Annotated[
    float,
    PlainValidator(setting(values.surge)),
    WithJsonSchema({"type": ["string", "number"], "examples": ["3x", "2.5x"]}),
]
RuleKind = Annotated[
    str,
    PlainValidator(setting(_one_of("volume", "silence", what="a kind of rule"))),
    WithJsonSchema({"enum": ["volume", "silence"]}),
]
Shared = Annotated[
    str,
    PlainValidator(setting(_one_of("country", "place", "event", what="something that stories share"))),
    WithJsonSchema({"enum": ["country", "place", "event"]}),
]
Flag = Annotated[bool, PlainValidator(setting(values.boolean)), WithJsonSchema({"type": "boolean"})]
Canary = Annotated[
    time | None,
    PlainValidator(setting(values.canary)),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^[0-9٠-٩]{1,2}:[0-9٠-٩]{2}$"}]}),
]
TimeOfDay = Annotated[
    time, PlainValidator(setting(values.time_of_day)), _string("^[0-9٠-٩]{1,2}:[0-9٠-٩]{2}$", "22:00", "06:00")
]
Digest = Annotated[
    Rhythm, PlainValidator(setting(values.rhythm)), _string(None, "hourly", "daily 07:00", "weekly mon 07:00")
]
Sources = Annotated[
    int,
    PlainValidator(setting(lambda written: values.whole_number(written, least=2))),
    WithJsonSchema({"type": "integer", "minimum": 2}),
]
Count = Annotated[int, PlainValidator(setting(values.whole_number)), WithJsonSchema({"type": "integer", "minimum": 1})]
Weight = Annotated[
    int,
    PlainValidator(setting(values.weight)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": values.MAX_WEIGHT}),
]
LanguageCode = Annotated[
    str, PlainValidator(setting(values.language_code)), _string("^[A-Za-z]{2,3}(-[A-Za-z]+)?$", "ar", "en", "ckb")
]
Timezone = Annotated[Any, PlainValidator(setting(values.timezone)), _string(None, "Asia/Damascus", "UTC")]
FieldSetting = Annotated[
    FieldName,
    PlainValidator(setting(_one_of(*FIELDS, what="a part of an entry"))),
    WithJsonSchema({"enum": list(FIELDS)}),
]
MessageLanguage = Annotated[
    str,
    PlainValidator(setting(_one_of("ar", "en", "both", what="a language of messages"))),
    WithJsonSchema({"enum": ["ar", "en", "both"]}),
]
Purpose = Annotated[
    str,
    PlainValidator(setting(_one_of("alerts", "operations", what="a purpose"))),
    WithJsonSchema({"enum": ["alerts", "operations"]}),
]
Form = Annotated[
    WordForm,
    PlainValidator(setting(_one_of("noun", "verb", "adjective", "feminine", what="a part of speech"))),
    WithJsonSchema({"enum": ["noun", "verb", "adjective", "feminine"]}),
]

StrictLetters = Annotated[
    Strictness,
    PlainValidator(setting(_one_of("tanwin", "hamza", "yaa", "shadda", what="a letter to be strict about"))),
    WithJsonSchema({"enum": ["tanwin", "hamza", "yaa", "shadda"]}),
]

FullList = BeforeValidator(_full_list)
OneOrMore = BeforeValidator(lambda written: _full_list(_as_list(written)))


def one_or_more(inner: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [inner, {"type": "array", "items": inner, "minItems": 1}]})


TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number"], "minLength": 1}
Texts = Annotated[list[Text], OneOrMore, one_or_more(TEXT_SCHEMA)]

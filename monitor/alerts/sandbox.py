"""Jinja2 for templates that others write: few things to call, nothing to reach, an end in time and size, and every text
escaped as its format needs it, whatever a template does with it.

A value of ours is a text, a number, an instant, or a view (see `view`) whose fields alone can be read. Texts have no
methods here and cannot be cut. What macros and blocks have written is kept apart as `Markup`, and nothing but their
own escaping makes text into it: there is no filter `safe`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.alerts.dialects import Dialect
from monitor.alerts.view import SHOWN, Line

MOST_SIGNS: Final = 400_000
"""What one rendering may write, its detours counted: eight times the longest mail of ours."""
STEP: Final = 20  # signs that a step of a loop or a call costs, so that those which write nothing end as well

_LOOP: Final = frozenset(("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0"))
_REFUSED: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Include: "'include' cannot be used; write 'import', or the lines themselves",
    nodes.ScopedEvalContextModifier: "'autoescape' cannot be switched",
    nodes.EvalContextModifier: "'autoescape' cannot be switched",
}


class NotAllowed(Exception):
    """What a template does while it renders, and may not: writing without end, going through a text …"""


class Refused(Exception):
    """A template uses what there is not; `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what, self.line = what, line


class Live:
    """What a filter wrote in the format. Only to be put out: whatever else is done with it works on its plain text."""

    __slots__ = ("plain", "written")

    def __init__(self, written: str, plain: str) -> None:
        self.written, self.plain = written, plain

    def __str__(self) -> str:
        return self.plain


class _Compiler(CodeGenerator):
    """With `~` joined by the environment: Jinja2 itself would escape for HTML there, whatever the format."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Sandbox(ImmutableSandboxedEnvironment):
    """For the templates of one dialect. Not for two threads at once: it counts what a rendering costs."""

    code_generator_class = _Compiler
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, dialect: Dialect, filters: Mapping[str, Callable[..., object]], **options: Any) -> None:
        super().__init__(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
            finalize=self.put_out, cache_size=50, auto_reload=False, **options,
        )  # fmt: skip
        self._dialect, self._left, self._weight = dialect, MOST_SIGNS, 0
        self.globals = {}
        self.filters = {**filters, "counted": self._counted}
        self.tests = {name: self.tests[name] for name in ("defined", "undefined", "none", "odd", "even", "in", "eq")}

    # --- before rendering

    def prepared(self, source: str, name: str) -> nodes.Template:
        """The template read, its loops counted. Raises TemplateSyntaxError, Refused."""
        tree = self.parse(source, name)
        for node in tree.find_all((*_REFUSED,)):
            raise Refused(_REFUSED[type(node)], node.lineno)
        named_in: list[nodes.Extends | nodes.Import | nodes.FromImport] = [
            *tree.find_all(nodes.Extends), *tree.find_all(nodes.Import), *tree.find_all(nodes.FromImport),
        ]  # fmt: skip
        for named in named_in:
            if not isinstance(named.template, nodes.Const) or named.template.value == name:
                raise Refused("only a template of monitor can be named here, as a text", named.lineno)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise Refused("'recursive' cannot be used", loop.lineno)
            weight = nodes.Const(_literal(loop) + STEP)
            loop.iter = nodes.Filter(loop.iter, "counted", [weight], [], None, None, lineno=loop.lineno)
        self._weight = max(self._weight, _literal(tree))
        return tree

    # --- while rendering

    def begin(self) -> None:
        self._left = MOST_SIGNS

    def put_out(self, value: object) -> object:
        """What `{{ … }}` writes."""
        if isinstance(value, Undefined):
            return value  # which raises, with its name
        written = self._written(value)
        self._spend(len(written))
        return written

    def joined(self, parts: Iterable[object]) -> str:
        """As `~` joins: in the format where a part is, else as plain text."""
        parts = list(parts)
        for part in parts:
            if isinstance(part, Undefined):
                str(part)  # raises, with its name
        live = any(isinstance(part, Live | Markup) for part in parts)
        whole: str = Markup("").join(map(self._written, parts)) if live else "".join(map(str, parts))
        self._spend(len(whole))
        return whole

    def _written(self, value: object) -> Markup:
        match value:
            case Markup():
                return value
            case Live():
                return Markup(value.written)  # noqa: S704 - the dialect wrote it
            case None:
                return Markup("")
        text = getattr(value, "text", None) if isinstance(value, SHOWN) and not isinstance(value, Line) else None
        return Markup(self._dialect.escape(str(value) if text is None else text))  # noqa: S704 - escaped

    def _counted(self, items: object, weight: int) -> list[Any]:
        if isinstance(items, Undefined):
            iter(items)
        if not isinstance(items, list | tuple):
            raise NotAllowed("only a list can be gone through")
        self._spend(weight * (len(items) + 1))
        return list(items)

    def _spend(self, signs: int) -> None:
        self._left -= signs
        if self._left < 0:
            raise NotAllowed(f"more than {MOST_SIGNS:,} signs are written, or as much is repeated")

    # --- what may be reached

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, SHOWN):
            return attr in getattr(type(obj), "__slots__", ()) or (attr == "dir" and isinstance(obj, Line))
        if isinstance(obj, TemplateModule):
            return isinstance(value, Macro)
        return isinstance(obj, LoopContext) and attr in _LOOP

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Macro | BlockReference)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str) and isinstance(obj, SHOWN):
            return self.getattr(obj, argument)
        if isinstance(obj, list | tuple) and isinstance(argument, int | slice):
            return super().getitem(obj, argument)
        return self.unsafe_undefined(obj, str(argument))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict | str | date):
            return self.unsafe_undefined(obj, attribute)
        return super().getattr(obj, attribute)

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(obj, Undefined):
            obj()  # raises, with its name
        self._spend(self._weight + STEP)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        if isinstance(left, int) and isinstance(right, int) and operator in "+%":
            return left + right if operator == "+" else left % right
        raise NotAllowed(f"'{operator}' is for small numbers alone; texts are joined with '~'")


def _literal(tree: nodes.Node) -> int:
    """How many signs of a template stand as they are."""
    return sum(len(data.data) for data in tree.find_all(nodes.TemplateData))

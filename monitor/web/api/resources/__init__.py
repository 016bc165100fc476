"""What may be asked and done, a module for each kind of thing: its `OPERATIONS`. Found by lying here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from monitor.web.api.operation import Operation


@cache
def all_operations() -> tuple[Operation, ...]:
    """Those of all modules."""
    modules = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    return tuple(operation for module in modules for operation in module.OPERATIONS)

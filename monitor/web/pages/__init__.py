"""The pages, a module for each section: its address, its title, its routes.

A module has `SECTIONS`, what stands in the navigation (may be empty), and `ROUTES`. It is found by lying here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Section:
    """`order` is its place in the navigation, the least first; `title` a key of the words."""

    order: int
    path: str
    title: str


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))


@cache
def sections() -> tuple[Section, ...]:
    found = [each for module in _modules() for each in getattr(module, "SECTIONS", ())]
    return tuple(sorted(found, key=lambda each: each.order))


def routes() -> list[BaseRoute]:
    """Those of all modules."""
    return [each for module in _modules() for each in getattr(module, "ROUTES", ())]

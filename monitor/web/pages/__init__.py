"""The pages, a module for each section: its address, its title, its routes.

A module has `SECTIONS`, what stands in the navigation (may be empty), and `ROUTES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from starlette.routing import BaseRoute

# In the order in which they stand in the navigation.
MODULES: Final[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`title` is a key of the words."""

    path: str
    title: str


def sections() -> tuple[Section, ...]:
    return tuple(each for name in MODULES for each in import_module(f"{__name__}.{name}").SECTIONS)


def routes() -> list[BaseRoute]:
    return [each for name in MODULES for each in import_module(f"{__name__}.{name}").ROUTES]

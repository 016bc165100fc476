"""Compiled rules as bytes, and back. Only for bytes that we wrote ourselves: see `compiled`."""

from __future__ import annotations

import io
import pickle
from typing import Any

# What pickled rules are made of besides our own classes.
_OTHERS = {("datetime", "date"), ("datetime", "timedelta"), ("collections", "defaultdict"), ("regex._regex", "compile")}
_BUILTINS = {"list", "set", "frozenset"}


def dump(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def load(raw: bytes) -> object:
    """None for what cannot be read after all: rules are compiled anew then, whatever the reason."""
    try:
        return _Reader(io.BytesIO(raw)).load()
    except Exception:  # noqa: BLE001 - a pickle of other versions can raise anything
        return None


class _Reader(pickle.Unpickler):
    """Makes nothing but the classes that compiled rules consist of: a second guard behind that of the shelf."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module.startswith("monitor.") and "." not in name
        if not ours and (module, name) not in _OTHERS and not (module == "builtins" and name in _BUILTINS):
            raise pickle.UnpicklingError(f"no part of a rule: {module}.{name}")
        found = super().find_class(module, name)
        if ours and not isinstance(found, type):
            raise pickle.UnpicklingError(f"no class: {module}.{name}")
        return found

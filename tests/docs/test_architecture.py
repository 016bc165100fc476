"""ARCHITECTURE.md knows every room, and draws them in the order that the import contract keeps."""

from __future__ import annotations

import re
import tomllib

from tests.docs.markdown import blocks, read
from tests.support import ROOT


def test_every_module_and_room_is_named() -> None:
    here = {
        path.name for path in (ROOT / "monitor").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    page = read("ARCHITECTURE.md")
    assert {name for name in here - {"__init__.py"} if f"`monitor/{name}" not in page} == set()


def test_the_drawing_has_the_layers_of_the_contract_in_their_order() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    layers = [layer.replace("monitor.", "").split(" | ") for layer in contract["layers"]]
    drawing = next(block.text for block in blocks("ARCHITECTURE.md") if block.text.startswith("cli/"))
    drawn = [re.findall(r"\b\w+(?=/|\s|$)", line.split("  builds")[0]) for line in drawing.splitlines()]
    assert [set(row) - set(layer) for row, layer in zip(drawn, layers, strict=True)] == [set()] * len(layers)

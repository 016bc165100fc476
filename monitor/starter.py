"""Where the starter rules lie: inside an installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def starter_rules() -> str:
    """The text of the annotated `rules.yaml` that the project ships."""
    installed, checkout = HERE / "starter" / "rules.yaml", HERE.parent / "rules.yaml"
    return (installed if installed.exists() else checkout).read_text(encoding="utf-8")

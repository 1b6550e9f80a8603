"""What the pages, pictures and sounds of voices show: one example for each family, from docs/voices/examples.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realtime_backend import synth

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "voices"


@dataclass(frozen=True)
class Example:
    """The example of a family."""

    voice: str | None
    """The function of `synth`; ``None``: the family plays recordings, and there is no picture and no sound."""
    params: dict[str, Any]
    """Its parameters; everything else has its default."""
    listener: str
    """What a listener uses the voice for."""
    researcher: str
    """What a researcher uses it for."""


def families() -> dict[str, Example]:
    """Return the example of each family, in the order of the table of voices."""
    chosen = json.loads((FOLDER / "examples.json").read_text())
    found = {}
    for info in synth.voices().values():
        if not info.is_transition:
            row = chosen[info.family]
            found[info.family] = Example(row.get("voice"), row.get("params", {}), row["listener"], row["researcher"])
    return found

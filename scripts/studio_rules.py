"""Write `web/studio/src/timeline/rules.json`: the switches of the engine, and the presets in which each is on."""

from __future__ import annotations

import json
from pathlib import Path

from realtime_backend import _core

TARGET = Path(__file__).parent.parent / "web/studio/src/timeline/rules.json"
PRESETS = ("legacy", "default", "intended")


def source() -> str:
    """The text of the file: a line for each switch."""
    rows = {row["name"]: [preset for preset in PRESETS if row[preset]] for row in _core.compat_table()}
    lines = ",\n".join(f"        {json.dumps(name)}: {json.dumps(presets)}" for name, presets in rows.items())
    return f'{{\n    "generated": "by scripts/studio_rules.py",\n    "switches": {{\n{lines}\n    }}\n}}\n'


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")

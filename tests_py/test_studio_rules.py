"""What the studio knows of compatibility rules is what the engine's table says."""

from __future__ import annotations

import json
import re
import sys

import recordings

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import studio_rules

DOCS = recordings.ROOT / "docs/compat.md"


def test_the_file_is_the_generated_one() -> None:
    """It was not edited by hand, and no switch changed since."""
    assert studio_rules.TARGET.read_text(encoding="utf-8") == studio_rules.source(), (
        "run: python scripts/studio_rules.py"
    )


def test_presets_are_those_of_the_documented_table() -> None:
    """Switch by switch: on and off in `legacy`, `default`, `intended`."""
    switches = json.loads(studio_rules.TARGET.read_text(encoding="utf-8"))["switches"]
    rows = re.findall(
        r"^\| `(\w+)` \| (on|off) \| (on|off) \| (on|off) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 40
    documented = {
        name: [preset for preset, value in zip(studio_rules.PRESETS, values, strict=True) if value == "on"]
        for name, *values in rows
    }
    assert switches == documented

"""What the studio knows of voices is what the engine's tables say."""

from __future__ import annotations

import json
import sys
from typing import Any

import recordings
from realtime_backend import synth

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import studio_voices

TABLE: dict[str, Any] = json.loads(studio_voices.TARGET.read_text(encoding="utf-8"))


def test_the_file_is_the_generated_one() -> None:
    """It was not edited by hand, and no table changed since."""
    assert studio_voices.TARGET.read_text(encoding="utf-8") == studio_voices.source(), (
        "run: python scripts/studio_voices.py"
    )


def test_every_parameter_of_both_forms_is_there() -> None:
    """Under the names that tracks have, and no other ones."""
    infos = synth.voices()
    for family in TABLE["families"]:
        name = family["name"]
        static = [row["name"] for row in family["parameters"] if row.get("still", True)]
        assert sorted(static) == sorted(one.name for one in infos[name].parameters)
        moving = [other for row in family["parameters"] for other in row.get("moving", [row["name"]])]
        transition = infos.get(f"{name}_transition")
        assert family["moves"] == (transition is not None)
        if transition:
            assert sorted(moving) == sorted(one.name for one in transition.parameters)

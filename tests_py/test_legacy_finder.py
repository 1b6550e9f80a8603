"""The search for legacy functions, in a made-up checkout."""

from pathlib import Path

import legacy


def test_functions_are_found_inside_and_outside_of_packages(tmp_path: Path) -> None:
    package = tmp_path / "source" / "made_up_voices"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "helpers.py").write_text("def double(x):\n    return 2 * x\n")
    (package / "tones.py").write_text("from .helpers import double\ndef binaural_beat(x):\n    return double(x)\n")
    (tmp_path / "made_up_loose.py").write_text("def isochronic_tone(x):\n    return -x\n")
    (tmp_path / "broken.py").write_text("def qam_beat(:\n")
    found = legacy.find(tmp_path, ["binaural_beat", "isochronic_tone", "qam_beat"])
    assert sorted(found) == ["binaural_beat", "isochronic_tone"]
    assert found["binaural_beat"](3) == 6
    assert found["isochronic_tone"](3) == -3

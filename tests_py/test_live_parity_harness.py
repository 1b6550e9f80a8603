"""The live comparison, run with made-up checkouts."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import recordings

if TYPE_CHECKING:
    from pathlib import Path

CHECKOUT = """
import numpy as np
from realtime_backend import synth

def binaural_beat(duration, sample_rate=44100, **params):
    sound = synth.binaural_beat(duration, sample_rate, compat="legacy", **params).astype(np.float64)
    {difference}
    return sound, {{"startPhaseL": 0.0}}  # as some voices do
"""


def compared(checkout: Path) -> tuple[int, str]:
    """Run the live comparison with `checkout`. Returns exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests_py/test_live_parity.py"],
        env={**os.environ, "REALTIME_BACKEND_LEGACY": str(checkout)},
        cwd=recordings.ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_checkout_with_the_same_sound_passes(tmp_path: Path) -> None:
    (tmp_path / "agreeing_voices.py").write_text(CHECKOUT.format(difference=""))
    code, output = compared(tmp_path)
    assert code == 0, output
    assert "3 passed" in output


@pytest.mark.parametrize(
    "difference",
    [
        "sound[100:] = sound[99:-1]",  # one frame late
        "sound *= 1.0 + 1e-2 * (params.get('baseFreq', 0.0) > 100.0)",  # louder for some values of one parameter
    ],
)
def test_a_checkout_with_another_sound_fails_and_names_the_voice(tmp_path: Path, difference: str) -> None:
    (tmp_path / "differing_voices.py").write_text(CHECKOUT.format(difference=difference))
    code, output = compared(tmp_path)
    assert code == 1, output
    assert "test_each_parameter_gives_the_legacy_samples[binaural_beat]" in output


def test_a_folder_without_voices_fails(tmp_path: Path) -> None:
    code, output = compared(tmp_path)
    assert code == 1, output
    assert "no voice function found" in output

"""Levels of tracks, files and streams, and the rules of new tracks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Session, Step, voices

TONE = {
    "synth_function_name": "binaural_beat",
    "params": {"baseFreq": 441.0, "beatFreq": 0.0, "ampL": 0.2, "ampR": 0.2},
}
OLD = {"global": {"sample_rate": 44_100}, "progression": [{"duration": 1.0, "voices": [TONE]}]}
#: The same with the usual amplitude.
LOUD_TONE = {**TONE, "params": {"baseFreq": 441.0, "beatFreq": 0.0, "ampL": 0.5, "ampR": 0.5}}
LOUD = {"global": {"sample_rate": 44_100}, "progression": [{"duration": 1.0, "voices": [LOUD_TONE]}]}


def run(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "realtime_backend", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def peak(path: Path) -> float:
    """Peak of a file, as a clip of a track without steps."""
    track = {"progression": [], "overlay_clips": [{"file_path": str(path)}]}
    return float(np.abs(rb.render(track, compat="default")).max())


def test_a_new_track_sounds_at_its_stated_amplitude() -> None:
    track = rb.new_track([{"duration": 1.0, "voices": [TONE]}])
    assert track["global"]["compat"] == "intended"
    assert np.abs(rb.render(track)).max() == pytest.approx(0.2, abs=1e-6)
    assert rb.validate(track) == []
    assert np.abs(rb.render(OLD)).max() == pytest.approx(0.95 * 0.48, abs=1e-5)


def test_a_file_has_the_level_that_suits_its_track(tmp_path: Path) -> None:
    track = rb.new_track([{"duration": 1.0, "voices": [TONE]}])
    for name, given, options, level in [
        ("a", track, {}, 0.2),
        ("b", OLD, {}, 0.25),
        ("c", track, {"target_level": 0.5}, 0.5),
        ("d", OLD, {"target_level": None}, 0.456),
    ]:
        path = tmp_path / f"{name}.wav"
        rb.render_to_file(given, path, subtype="FLOAT", **options)
        assert peak(path) == pytest.approx(level, abs=1e-5), name
    with pytest.raises(rb.TrackError, match="auto"):
        rb.render_to_file(track, tmp_path / "e.wav", target_level="loud")  # type: ignore[arg-type]


def test_new_sessions_are_intended_and_old_ones_unchanged(tmp_path: Path) -> None:
    new = Session([Step(1.0, [voices.BinauralBeat(base_freq=441.0, beat_freq=0.0, amp_l=0.2, amp_r=0.2)])])
    assert new.to_track()["global"]["compat"] == "intended"
    assert np.abs(new.render()).max() == pytest.approx(0.2, abs=1e-6)
    old = Session.from_track(OLD)
    assert old.compat is None
    assert "compat" not in old.to_track()["global"]
    old.compat = "intended"
    old.save(tmp_path / "new.json")
    assert Session.load(tmp_path / "new.json").compat == "intended"
    assert np.abs(rb.render(tmp_path / "new.json")).max() == pytest.approx(0.2, abs=1e-6)


def test_convert_upgrades_a_track_and_changes_nothing_else(tmp_path: Path) -> None:
    old = {**OLD, "global": {"sample_rate": 44_100, "compat": {"preset": "legacy", "truncate_pcm": False}, "mine": 1}}
    (tmp_path / "old.json").write_text(json.dumps(old))
    assert run("convert", tmp_path / "old.json", "-o", tmp_path / "same.json").returncode == 0
    done = run("convert", "--compat", "Intended", tmp_path / "old.json", "-o", tmp_path / "new.json")
    assert (done.returncode, done.stdout) == (0, "")
    same, new = (json.loads((tmp_path / name).read_text()) for name in ("same.json", "new.json"))
    assert new["global"].pop("compat") == "intended"
    same["global"].pop("compat")
    assert new == same
    assert run("convert", "--compat", "intnded", tmp_path / "old.json").returncode == 2


def test_convert_upgrades_a_track_without_settings(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(json.dumps({"steps": [{"duration": 1.0, "voices": [TONE]}]}))
    assert run("convert", "--compat", "intended", tmp_path / "old.json", "--in-place").returncode == 0
    assert json.loads((tmp_path / "old.json").read_text())["global"] == {"compat": "intended"}


def test_validate_notes_what_the_sound_depends_on(tmp_path: Path) -> None:
    assert rb.validate(LOUD) == []
    notes = rb.validate(LOUD, notes=True)
    assert {note.severity for note in notes} == {"note"}
    assert any("absolute_levels" in note.message and "0.8 dB louder" in note.message for note in notes)
    (tmp_path / "old.json").write_text(json.dumps(LOUD))
    done = run("validate", tmp_path / "old.json")
    assert done.returncode == 0
    assert done.stdout.endswith("old.json: nothing wrong\n")
    assert "note: with absolute_levels on" in done.stderr
    assert run("validate", "--no-notes", tmp_path / "old.json").stderr == ""
    told = json.loads(run("validate", "--json", tmp_path / "old.json").stdout)
    assert told["problems"] == []
    assert told["notes"][0]["severity"] == "note"


def test_validate_warns_of_an_amplitude_without_effect() -> None:
    (problem,) = rb.validate(OLD)
    assert (problem.path, problem.severity) == ("progression[0]", "warning")
    assert "state a peak of 0.200" in problem.message


def gain(track: dict[str, Any], **options: Any) -> float:
    with rb.Player(track, backend="null", measure_first=True, **options) as player:
        return player.gain_db


def test_players_tell_the_gain_of_the_file() -> None:
    stepped = rb.new_track([{"duration": 1.0, "voices": [TONE]}], normalization="step")
    exact = 20 * np.log10(0.25 / (0.95 * 0.48))
    assert gain(OLD) == 0.0
    assert gain(stepped) == pytest.approx(exact, abs=1e-3)
    assert gain(OLD, target_level=0.25) == pytest.approx(exact, abs=1e-3)
    assert gain(stepped, target_level=None) == 0.0
    stated = rb.new_track([{"duration": 1.0, "voices": [TONE]}])
    assert gain(stated) == 0.0
    assert gain(stated, target_level=0.4) == pytest.approx(20 * np.log10(2.0), abs=1e-3)


def test_the_gain_becomes_exact_while_the_track_plays() -> None:
    noise = {"synth_function_name": "noise_swept_notch", "voice_type": "noise", "params": {"noise_type": "pink"}}
    track = rb.new_track([{"duration": 3.0, "voices": [TONE, noise]}], normalization="step")
    exact = gain(track)
    with rb.Player(track, backend="null") as player:
        until = time.monotonic() + 20.0
        while player.gain_db != pytest.approx(exact, abs=1e-6):
            assert time.monotonic() < until
            time.sleep(0.02)


def test_float_files_keep_what_exceeds_full_scale(tmp_path: Path) -> None:
    loud = {**TONE, "params": {**TONE["params"], "ampL": 1.5}}
    track = rb.new_track([{"duration": 1.0, "voices": [loud]}])
    assert any("1.50" in problem.message and "0:00" in problem.message for problem in rb.validate(track))
    with pytest.warns(rb.TrackWarning, match="full scale"):
        rb.render_to_file(track, tmp_path / "float.wav", subtype="FLOAT")
    assert peak(tmp_path / "float.wav") == pytest.approx(1.5, abs=1e-5)
    with pytest.warns(rb.TrackWarning, match="full scale"):
        rb.render_to_file(track, tmp_path / "short.wav")

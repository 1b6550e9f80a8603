"""Markers and triggers of a render (spec stimuli 5)."""

from __future__ import annotations

import csv
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend import synth


def track(**params: Any) -> dict[str, Any]:
    """Return a track of one second with a gate of 40 Hz."""
    gate = {"baseFreq": 1000.0, "beatFreq": 40.0, "attack_ms": 0, "hold_ms": 10, "release_ms": 0, **params}
    voice = {"synth_function_name": "isochronic_tone", "params": gate}
    return {"global": {"sample_rate": 48000}, "progression": [{"duration": 1.0, "voices": [voice]}]}


def test_markers_name_the_sample_of_every_pulse() -> None:
    audio, markers = rb.render(track(), markers=True)
    assert np.array_equal(audio, rb.render(track()))
    assert markers.dtype.names == ("onset", "duration", "trial_type", "sample")
    assert list(markers[markers["trial_type"] == "step"]["sample"]) == [0]
    pulses = markers[markers["trial_type"] == "pulse"]
    assert list(pulses["sample"]) == list(range(0, 48000, 1200))
    assert np.array_equal(pulses["onset"], pulses["sample"] / 48000)
    assert np.allclose(pulses["duration"], 0.010)
    # the sound is closed before each onset and open after it
    quiet = np.abs(audio[:, 0]) == 0
    assert all(quiet[at - 600 : at].all() and not quiet[at + 1 : at + 470].all() for at in pulses["sample"][1:])


def test_markers_of_a_part_count_from_its_start() -> None:
    audio, markers = rb.render(track(), start=0.5, duration=0.1, markers=True, marker_every=2)
    assert len(audio) == 4800
    assert [(row["trial_type"], int(row["sample"])) for row in markers] == [("pulse", 0), ("pulse", 2400)]
    with pytest.raises(rb.TrackError, match="marker_every"):
        rb.render(track(), markers=True, marker_every=0)


def test_a_file_has_its_table_and_its_trigger_channel(tmp_path: Path) -> None:
    sound, table = tmp_path / "x.wav", tmp_path / "events.tsv"
    rb.render_to_file(track(), sound, markers=table, marker_every=4, trigger_channel=True, trigger_width_ms=5.0)
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["trial_type"] for row in rows] == ["step", *["pulse"] * 10]
    assert [int(row["sample"]) for row in rows] == [0, *range(0, 48000, 4800)]
    with wave.open(str(sound)) as file:
        assert file.getnchannels() == 3
        samples = np.frombuffer(file.readframes(48000), "<i2").reshape(-1, 3)
    expected = np.where(np.arange(48000) % 4800 < 240, 32767, 0)
    assert np.array_equal(samples[:, 2], expected)
    with pytest.warns(DeprecationWarning, match="trigger_width_ms"):
        rb.render_to_file(track(), tmp_path / "old.wav", marker_every=4, trigger_channel=True, trigger_width=5.0)
    assert (tmp_path / "old.wav").read_bytes() == sound.read_bytes()
    with pytest.raises(rb.TrackError, match="one width"):
        rb.render_to_file(track(), sound, trigger_channel=True, trigger_width=5.0, trigger_width_ms=5.0)


def test_a_table_never_replaces_an_input(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    rb.save_track(track(), path)
    text = path.read_text()
    with pytest.raises(FileExistsError):
        rb.render_to_file(path, tmp_path / "x.wav", markers=path)
    assert path.read_text() == text
    assert not (tmp_path / "x.wav").exists()


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "realtime_backend", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_markers_and_triggers(tmp_path: Path) -> None:
    source, sound, table = tmp_path / "t.json", tmp_path / "x.wav", tmp_path / "events.tsv"
    rb.save_track(track(), source)
    made = run("render", source, "-o", sound, "--markers", table, "--marker-every", "20", "--trigger-channel")
    assert made.returncode == 0, made.stderr
    assert table.read_text().splitlines() == [
        "onset\tduration\ttrial_type\tsample",
        "0.000000000\t1.000000000\tstep\t0",
        "0.000000000\t0.010000000\tpulse\t0",
        "0.500000000\t0.010000000\tpulse\t24000",
    ]
    with wave.open(str(sound)) as file:
        samples = np.frombuffer(file.readframes(48000), "<i2").reshape(-1, 3)
    assert list(np.flatnonzero(samples[:, 2])) == [0, 24000]
    text = source.read_text()
    refused = run("render", source, "-o", sound, "--markers", source)
    assert refused.returncode == 1
    assert "would be lost" in refused.stderr
    assert source.read_text() == text
    assert run("render", source, "-o", tmp_path / "x.flac", "--trigger-channel").returncode == 1


def test_trains_are_functions_of_the_table() -> None:
    clicks = synth.click_train(1.0, 48000, rate_hz=40.0, onset_ms=10.0, amp=1.0)
    centres = 480 + 1200 * np.arange(40) + 2.4
    for centre in centres:
        part = clicks[int(centre) - 100 : int(centre) + 100, 0].astype(float)
        middle = (part * np.arange(len(part))).sum() / part.sum() + int(centre) - 100
        assert middle == pytest.approx(centre, abs=1e-2)
    assert synth.chirp_train_transition(0.2, 48000, start_rate_hz=20.0, end_rate_hz=40.0).shape == (9600, 2)

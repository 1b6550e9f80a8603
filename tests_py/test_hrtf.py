"""Sets of responses: SOFA files as other programs write them, the compact form, and what is refused."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from realtime_backend import synth

h5py = pytest.importorskip("h5py")

SOFA = recordings.GOLDEN / "sofa"
RING = SOFA / "synth_ring187_44k.sofa"
POSITIONS = np.array([[0.0, 0.0, 1.2], [90.0, 0.0, 1.2], [180.0, 30.0, 1.2], [270.0, -30.0, 1.2]])


def responses(taps: int = 16) -> np.ndarray:
    """Return an impulse for each direction and ear, later and softer in the far ear."""
    ir = np.zeros((4, 2, taps))
    ir[:, 0, 3] = [0.5, 0.8, 0.5, 0.2]
    ir[:, 1, 5] = [0.5, 0.2, 0.5, 0.8]
    return ir


def write(path: Path, **changes: Any) -> Path:
    """Write a SOFA file with h5py. A change is the value of a variable, ``None`` leaves it out."""
    content: dict[str, Any] = {
        "Data.IR": responses(),
        "Data.SamplingRate": np.array([48000.0]),
        "Data.Delay": np.zeros((1, 2)),
        "SourcePosition": POSITIONS,
        "ReceiverPosition": np.array([[0.0, 0.09, 0.0], [0.0, -0.09, 0.0]]),
        "convention": "SimpleFreeFieldHRIR",
        "units": {},
        "options": {},
        "libver": "earliest",
    }
    content.update({name.replace("_", "."): value for name, value in changes.items()})
    with h5py.File(path, "w", libver=content["libver"]) as file:
        if content["convention"] is not None:
            file.attrs["SOFAConventions"] = content["convention"]
        for name in ("Data.IR", "Data.SamplingRate", "Data.Delay", "SourcePosition", "ReceiverPosition"):
            if content[name] is not None:
                options = content["options"] if name == "Data.IR" else {}
                variable = file.create_dataset(name, data=content[name], **options)
                for key, value in content["units"].get(name, {}).items():
                    variable.attrs[key] = value
        file["ReceiverPosition"].attrs["Type"] = "cartesian"
        file["ReceiverPosition"].attrs["Units"] = "metre"
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"libver": "latest"},
        {"Data_IR": responses().astype(">f4")},
        {"options": {"chunks": (3, 2, 7), "compression": "gzip", "shuffle": True, "fletcher32": True}},
        {"options": {"chunks": (1, 2, 16), "maxshape": (None, 2, 16)}},
        {"convention": np.array(["SimpleFreeFieldHRIR"], dtype=h5py.string_dtype())},
        {"convention": np.bytes_("SimpleFreeFieldHRIR")},
        {"Data_SamplingRate": np.float64(48000.0)},
        {"Data_Delay": None},
        {"units": {"SourcePosition": {"Type": "spherical", "Units": "degrees;degrees;meters"}}},
    ],
    ids=str,
)
def test_files_of_another_writer_are_read(tmp_path: Path, changes: dict[str, Any]) -> None:
    path = write(tmp_path / "set.sofa", **changes)
    found = rb.hrtf.load(path)
    np.testing.assert_allclose(found.responses, responses(), atol=1e-7)
    np.testing.assert_allclose(found.positions[:, 1:], POSITIONS[:, 1:])
    np.testing.assert_allclose(found.positions[:, 0] % 360, POSITIONS[:, 0])
    assert found.sample_rate == 48000
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert np.all(found.delays == 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"convention": "GeneralFIR"}, "expected the SOFA convention SimpleFreeFieldHRIR"),
        ({"convention": None}, "not a SOFA file"),
        ({"Data_IR": None}, "Data.IR: missing"),
        ({"Data_IR": np.zeros((4, 16))}, "three dimensions"),
        ({"Data_IR": np.zeros((4, 3, 16))}, "2 ears"),
        ({"Data_IR": np.full((4, 2, 16), np.nan)}, "not finite"),
        ({"Data_IR": np.zeros((4, 2, 16))}, "silent"),
        ({"Data_SamplingRate": np.array([0.0])}, "expected a positive number"),
        ({"Data_Delay": np.zeros((3, 2))}, "Data.Delay"),
        ({"Data_Delay": np.full((1, 2), 1e9)}, "at most 1 s"),
        ({"SourcePosition": POSITIONS[:3]}, "SourcePosition"),
        ({"SourcePosition": np.zeros((4, 3))}, "at the listener"),
        ({"ReceiverPosition": np.array([[0.0, -0.09, 0.0], [0.0, 0.09, 0.0]])}, "swapped"),
        ({"units": {"SourcePosition": {"Units": "radian, radian, metre"}}}, "degrees"),
        ({"units": {"Data.Delay": {"Units": "fathom"}}}, "samples or seconds"),
    ],
    ids=str,
)
def test_what_is_no_set_is_refused_with_a_reason(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "set.sofa", **changes)
    with pytest.raises((rb.MediaError, rb.TrackError), match=message):
        rb.hrtf.load(path)


def test_delays_without_a_unit_are_samples(tmp_path: Path) -> None:
    whole = rb.hrtf.load(write(tmp_path / "a.sofa", Data_Delay=np.array([[2.0, 7.0]])))
    assert np.all(whole.delays == [2.0, 7.0])
    seconds = rb.hrtf.load(write(tmp_path / "b.sofa", Data_Delay=np.array([[0.0005, 0.0]])))
    np.testing.assert_allclose(seconds.delays, [[24.0, 0.0]] * 4)
    stated = {"Data.Delay": {"Units": "second"}}
    stated_seconds = rb.hrtf.load(write(tmp_path / "c.sofa", Data_Delay=np.array([[0.01, 0.0]]), units=stated))
    np.testing.assert_allclose(stated_seconds.delays, [[480.0, 0.0]] * 4)


def test_the_facts_are_those_of_the_set(tmp_path: Path) -> None:
    about = rb.hrtf.info(write(tmp_path / "set.sofa"))
    assert (about.directions, about.taps, about.sample_rate) == (4, 16, 48000)
    assert about.distance_m == pytest.approx((1.2, 1.2))
    assert about.elevation_deg == pytest.approx((-30, 30))
    assert about.side == pytest.approx((90, 0))
    assert about.itd_us == pytest.approx(2 / 48000 * 1e6)
    assert about.ild_db == pytest.approx(20 * np.log10(4))
    assert "4 directions" in str(about)


def test_numpy_reads_the_compact_form(tmp_path: Path) -> None:
    target = rb.hrtf.convert(RING, tmp_path / "ring.hrir.npz")
    arrays, ears = np.load(target), rb.hrtf.load(RING)
    np.testing.assert_allclose(arrays["hrir"], ears.responses, atol=1e-7)
    np.testing.assert_allclose(arrays["position"], ears.positions, atol=1e-4)
    assert float(arrays["sample_rate"]) == 44100
    assert ears.sha256 in bytes(arrays["meta"]).decode()
    assert target.stat().st_size < RING.stat().st_size * 1.2
    with pytest.raises(rb.TrackError, match="another file"):
        rb.hrtf.convert(target, target)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed], ids=["stored", "deflated"])
def test_archives_of_numpy_are_sets(tmp_path: Path, save: Any) -> None:
    path = tmp_path / "set.hrir.npz"
    ir, position = responses().astype(np.float32), POSITIONS.astype(np.float32)
    save(path, hrir=ir, position=position, sample_rate=np.float64(48000))
    found = rb.hrtf.load(path)
    np.testing.assert_allclose(found.responses, responses(), atol=1e-7)
    save(path, hrir=ir, sample_rate=np.float64(48000))
    with pytest.raises(rb.MediaError, match="position"):
        rb.hrtf.load(path)


def test_a_voice_is_convolved_with_the_nearest_responses(tmp_path: Path) -> None:
    path = write(tmp_path / "set.sofa")
    settings: dict[str, Any] = {"rendererMode": "hrtf", "hrtfAsset": str(path), "modFreq": 0, "directionOffsetDeg": 80}
    sound = synth.spatial_angle_modulation_sam2(0.1, 48000, carrierFreq=1000, amp=0.5, **settings)
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(4800) / 48000)
    for ear in (0, 1):
        expected = np.convolve(tone, responses()[1, ear])[:4800]
        np.testing.assert_allclose(sound[:, ear], expected, atol=2e-6)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rb.hrtf.load(tmp_path / "none.sofa")
    with pytest.raises(rb.MediaError, match="no HDF5 file"):
        rb.hrtf.load(recordings.ROOT / "README.md")


def track(asset: str) -> dict[str, Any]:
    """Return a track with a source that moves through a set."""
    params = {"rendererMode": "hrtf", "hrtfAsset": asset, "modFreq": 1, "arcWidthDeg": 120}
    voice = {"synth_function_name": "spatial_angle_modulation_sam2", "params": params}
    return rb.new_track([{"duration": 1.0, "voices": [voice]}])


def test_a_track_finds_its_set_beside_it(tmp_path: Path) -> None:
    (tmp_path / "ears.sofa").write_bytes(RING.read_bytes())
    path = tmp_path / "track.json"
    path.write_text(json.dumps(track("ears.sofa")))
    assert rb.validate(path) == []
    sound = rb.render(path)
    assert np.abs(sound).max() > 0.1
    np.testing.assert_array_equal(sound[22050:30000], rb.render(path, start=0.5)[: 30000 - 22050])
    path.write_text(json.dumps(track("mine.sofa")))
    with pytest.raises(rb.TrackError, match=r"voices\[0\]\.params\.hrtfAsset: mine\.sofa: not found as"):
        rb.render(path)


def test_the_command_line_writes_the_compact_form(tmp_path: Path) -> None:
    target = tmp_path / "ears.hrir.npz"
    words = [sys.executable, "-m", "realtime_backend", "convert", str(RING), "-o", str(target)]
    subprocess.run(words, check=True, timeout=60)
    assert rb.hrtf.load(target).responses.shape == (187, 2, 128)
    refused = subprocess.run([*words[:4], str(target), "-o", str(target)], capture_output=True, check=False, timeout=60)
    assert refused.returncode != 0

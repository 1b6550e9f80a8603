"""Files in every format, read back by other programs: ffmpeg, flac, libsndfile, mutagen."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
import realtime_backend as rb
import soundfile
from realtime_backend.session import Session, Step, voices
from sample_tracks import tone, track

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 48000
#: Formats that compress with loss, in this build.
LOSSY = ["opus", "ogg"]
ALL = ["wav", "flac", *LOSSY]
#: Names of the steps.
STEPS = ["Down", 'Deep "x"']


def long_track(rate: int = RATE, **params: Any) -> dict[str, Any]:
    """Return a track of two steps, 3 s and 2.5 s, without a crossfade."""
    voice = tone(ampL=0.4, ampR=0.4, **params)
    steps = [{"duration": 3.0, "description": STEPS[0], "voices": [voice]},
             {"duration": 2.5, "description": STEPS[1], "voices": [voice]}]  # fmt: skip
    metadata = {"title": "Evening", "author": "Äsop"}
    return {"global": {"sample_rate": rate, "crossfade_duration": 0.0}, "metadata": metadata, "progression": steps}


def decoded(path: Path, rate: int = RATE) -> NDArray[np.float64]:
    """Decode with ffmpeg to two rows."""
    command = ["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-ar", str(rate), "-ac", "2", "-"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(data, "<f4").reshape(-1, 2).T.astype(float)


def probed(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", path]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def component(samples: NDArray[np.float64], frequency: float, start: int, count: int) -> complex:
    """Return amplitude and phase of a tone under a Hann window."""
    time = np.arange(start, start + count) / RATE
    window = np.hanning(count)
    return complex(
        2 * np.sum(samples[start : start + count] * window * np.exp(-2j * np.pi * frequency * time)) / window.sum()
    )


@pytest.mark.parametrize("kind", LOSSY)
@pytest.mark.parametrize(("base", "beat"), [(100.0, 4.0), (200.0, 6.0), (440.0, 10.0), (900.0, 40.0)])
def test_a_binaural_pair_keeps_level_and_interaural_phase(kind: str, base: float, beat: float, tmp_path: Path) -> None:
    document = long_track(baseFreq=base, beatFreq=beat)
    exact = rb.render(document).T.astype(float)
    path = tmp_path / f"pair.{kind}"
    rb.render_to_file(document, path, target_level=None, quality=160)
    found = decoded(path)
    assert found.shape == exact.shape
    for start in range(RATE // 2, exact.shape[1] - RATE, RATE // 2):
        levels, phases = [], []
        for ear in range(2):
            frequency = max(
                (base - beat / 2, base + beat / 2), key=lambda f: abs(component(exact[ear], f, start, RATE // 2))
            )
            ratio = component(found[ear], frequency, start, RATE // 2) / component(
                exact[ear], frequency, start, RATE // 2
            )
            levels.append(20 * np.log10(abs(ratio)))
            phases.append(np.angle(ratio))
        assert np.abs(levels).max() < 0.1, levels
        assert abs(np.degrees(phases[0] - phases[1])) < 2.0
        assert np.abs(np.degrees(phases)).max() < 3.0  # no delay


@pytest.mark.parametrize("kind", LOSSY)
@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000])
def test_files_are_gapless_at_every_rate(kind: str, rate: int, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(rate), path, target_level=None)
    exact = rb.render(long_track(rate)).T
    own = int(probed(path)["streams"][0]["sample_rate"])
    found = decoded(path, own)
    assert own == {"opus": 48000}.get(kind, 44100 if rate == 44100 else 48000)
    assert found.shape[1] == -(-exact.shape[1] * own // rate)


@pytest.mark.parametrize("kind", LOSSY)
def test_the_bit_rate_follows_the_quality(kind: str, tmp_path: Path) -> None:
    sizes = []
    noise = long_track()
    noise["progression"][0]["voices"].append(
        {"synth_function_name": "noise_generator", "params": {"noise_type": "white"}}
    )
    for quality in (96, 160, 256):
        rb.render_to_file(noise, tmp_path / f"a.{kind}", quality=quality)
        sizes.append((tmp_path / f"a.{kind}").stat().st_size)
    assert sizes[0] < 0.8 * sizes[1] < 0.64 * sizes[2]
    with pytest.raises(rb.MediaError, match="kbit/s"):
        rb.render_to_file(noise, tmp_path / f"a.{kind}", quality=1)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_flac_is_exact_and_its_checksum_holds(subtype: str, tmp_path: Path) -> None:
    noisy = long_track()
    noisy["progression"][1]["voices"].append(
        {"synth_function_name": "noise_generator", "params": {"noise_type": "pink"}}
    )
    for kind in ("wav", "flac"):
        rb.render_to_file(noisy, tmp_path / f"a.{kind}", subtype=subtype, seed=1)
    assert subprocess.run(["flac", "-t", "-s", tmp_path / "a.flac"], check=False).returncode == 0
    wanted, rate = soundfile.read(tmp_path / "a.wav", dtype="int32")
    found, same = soundfile.read(tmp_path / "a.flac", dtype="int32")
    assert rate == same == RATE
    np.testing.assert_array_equal(found, wanted)


def test_flac_is_no_larger_than_by_the_reference_encoder(tmp_path: Path) -> None:
    rb.render_to_file(long_track(), tmp_path / "a.wav")
    rb.render_to_file(long_track(), tmp_path / "a.flac", tags=False)
    subprocess.run(
        ["flac", "-5", "-s", "--no-padding", "--no-seektable", "-o", tmp_path / "b.flac", tmp_path / "a.wav"],
        check=True,
    )
    assert (tmp_path / "a.flac").stat().st_size <= (tmp_path / "b.flac").stat().st_size


def lower(tags: dict[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in tags.items()}


@pytest.mark.parametrize("kind", ALL)
def test_tags_and_chapters_are_found_by_ffprobe(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(), path, tags={"artist": "Me", "date": "2026-01-31"}, seed=7)
    found = probed(path)
    tags = lower({**found["streams"][0].get("tags", {}), **found["format"].get("tags", {})})
    assert (tags["title"], tags["artist"], tags["date"]) == ("Evening", "Me", "2026-01-31")
    everything = json.dumps(tags).lower()
    for text in ("realtime_backend", "seed", "track_sha256", "compat"):
        assert text in everything, text
    chapters = [(float(c["start_time"]), c["tags"]["title"]) for c in found["chapters"]]
    assert chapters == [(0.0, STEPS[0]), (3.0, STEPS[1])]


@pytest.mark.parametrize("kind", ["flac", *LOSSY])
def test_mutagen_reads_the_comments(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(), path)
    found = mutagen.File(path)
    assert found["title"] == ["Evening"]
    assert found["artist"] == ["Äsop"]
    assert found["chapter002"] == ["00:00:03.000"]
    assert found["chapter002name"] == [STEPS[1]]
    assert found.info.length == pytest.approx(5.5, abs=0.01)
    rb.save_track(long_track(), tmp_path / "t.json")
    assert found["track_sha256"] == [hashlib.sha256((tmp_path / "t.json").read_bytes()).hexdigest()]


def test_mutagen_reads_the_cue_sheet(tmp_path: Path) -> None:
    rb.render_to_file(long_track(), tmp_path / "a.flac")
    tracks = mutagen.File(tmp_path / "a.flac").cuesheet.tracks
    assert [(t.track_number, t.start_offset, len(t.indexes)) for t in tracks] == [
        (1, 0, 1),
        (2, 3 * RATE, 1),
        (255, 5 * RATE + RATE // 2, 0),
    ]
    subprocess.run(["flac", "-t", "-s", tmp_path / "a.flac"], check=True)


def test_a_cue_sheet_holds_at_most_254_chapters(tmp_path: Path) -> None:
    step = {"duration": 0.1, "voices": []}
    for count, found in ((254, 255), (255, None)):
        document = {"global": {"sample_rate": 8000, "crossfade_duration": 0.0}, "progression": [step] * count}
        rb.render_to_file(document, tmp_path / f"{count}.flac")
        file = mutagen.File(tmp_path / f"{count}.flac")
        assert (len(file.cuesheet.tracks) if file.cuesheet else None) == found
        assert file[f"chapter{count}"] == ["00:00:25.300" if count == 254 else "00:00:25.400"]


def test_wav_files_have_tags_only_when_asked(tmp_path: Path) -> None:
    rb.render_to_file(long_track(), tmp_path / "plain.wav")
    rb.render_to_file(long_track(), tmp_path / "none.wav", tags=False)
    rb.render_to_file(long_track(), tmp_path / "tagged.wav", tags=True, embed_track=True)
    assert (tmp_path / "plain.wav").read_bytes() == (tmp_path / "none.wav").read_bytes()
    with wave.open(str(tmp_path / "plain.wav")) as plain, wave.open(str(tmp_path / "tagged.wav")) as tagged:
        assert plain.getparams() == tagged.getparams()
        assert plain.readframes(10**6) == tagged.readframes(10**6)
    assert len(chunks(tmp_path / "plain.wav")) == 3
    names = [name for name, _ in chunks(tmp_path / "tagged.wav")]
    assert names == [b"JUNK", b"fmt ", b"bext", b"LIST", b"cue ", b"LIST", b"rbtk", b"data"]
    with soundfile.SoundFile(tmp_path / "tagged.wav") as file:
        assert (file.title, file.artist) == ("Evening", "Äsop")


def chunks(path: Path) -> list[tuple[bytes, bytes]]:
    data = path.read_bytes()
    found, at = [], 12
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def test_cue_points_of_a_wav_file_are_frames(tmp_path: Path) -> None:
    rb.render_to_file(long_track(), tmp_path / "a.wav", tags=True)
    found = dict(chunks(tmp_path / "a.wav"))
    points = found[b"cue "]
    assert struct.unpack("<I", points[:4]) == (2,)
    assert [struct.unpack("<II4sIII", points[4 + 24 * n : 28 + 24 * n]) for n in range(2)] == [
        (1, 0, b"data", 0, 0, 0),
        (2, 3 * RATE, b"data", 0, 0, 3 * RATE),
    ]


@pytest.mark.parametrize("kind", ["flac", *LOSSY])
def test_tags_can_be_left_out(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(), path, tags=False)
    assert not mutagen.File(path).tags
    assert not probed(path)["chapters"]


@pytest.mark.parametrize("kind", ALL)
def test_files_are_reproducible(kind: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        rb.render_to_file(long_track(), tmp_path / f"{name}.{kind}", embed_track=True, threads=1 if name == "a" else 4)
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


@pytest.mark.parametrize("kind", ALL)
def test_an_embedded_track_comes_back(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(), path, embed_track=True)
    assert rb.load_track(path) == rb.load_track(long_track())
    np.testing.assert_array_equal(rb.render(path), rb.render(long_track()))
    (tmp_path / "t.json").write_text(json.dumps(long_track()))
    for source, out in ((tmp_path / "t.json", "1.json"), (path, "2.json")):
        command = [sys.executable, "-m", "realtime_backend", "convert", source, "-o", tmp_path / out]
        subprocess.run(command, check=True)
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        rb.render_to_file(path, path)
    assert path.read_bytes() == before


def test_an_audio_file_without_a_track_says_so(tmp_path: Path) -> None:
    for kind in ALL:
        rb.render_to_file(long_track(), tmp_path / f"a.{kind}")
        with pytest.raises(rb.TrackError, match="audio file without a track"):
            rb.load_track(tmp_path / f"a.{kind}")


def test_lists_of_steps_appear_with_the_file(tmp_path: Path) -> None:
    session = Session(
        [Step(2.0, [voices.BinauralBeat()], "A"), Step(2.0, [voices.BinauralBeat()])], crossfade_duration=0
    )
    session.export(tmp_path / "s.flac", labels=tmp_path / "s.txt", cue=tmp_path / "s.cue")
    assert (tmp_path / "s.txt").read_text() == "0.000000\t2.000000\tA\n2.000000\t4.000000\tStep 2\n"
    assert probed(tmp_path / "s.flac")["chapters"][1]["tags"]["title"] == "Step 2"
    cue = (tmp_path / "s.cue").read_text()
    assert 'FILE "s.flac" WAVE' in cue
    assert 'TITLE "Step 2"\n    INDEX 01 00:02:00' in cue
    with pytest.raises(FileExistsError):
        rb.render_to_file(long_track(), tmp_path / "x.wav", labels=tmp_path / "x.wav")

    def fail(done: float) -> None:
        raise RuntimeError(str(done))

    with pytest.raises(RuntimeError):
        rb.render_to_file(long_track(), tmp_path / "y.wav", labels=tmp_path / "y.txt", progress=fail)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.cue", "s.flac", "s.txt"]


def test_lists_never_replace_an_input(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(track()))
    with pytest.raises(FileExistsError):
        rb.render_to_file(path, tmp_path / "a.wav", labels=path)
    assert json.loads(path.read_text()) == track()


@pytest.mark.parametrize("kind", ["flac", *LOSSY])
def test_streams_can_be_decoded(kind: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(long_track()))
    command = [
        sys.executable,
        "-m",
        "realtime_backend",
        "render",
        tmp_path / "t.json",
        "-q",
        "-o",
        "-",
        "--format",
        kind,
    ]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    (tmp_path / f"a.{kind}").write_bytes(out)
    assert decoded(tmp_path / f"a.{kind}").shape == (2, 264000)


def ogg_checksum(page: bytes) -> int:
    """Return the CRC of an Ogg page (RFC 3533, 6): polynomial 0x04c11db7, most significant bit first."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = crc << 1 ^ (0x104C11DB7 if crc & 0x80000000 else 0)
    return crc


def test_opus_clips_have_the_gain_and_length_of_their_file(tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    rb.render_to_file(long_track(), path, duration=2.5)

    def heard() -> np.ndarray:
        clip = {"file_path": str(path), "start": 0.0, "amp": 1.0}
        return rb.render({"global": {"sample_rate": 48000}, "progression": [], "clips": [clip]})

    loud = heard()
    assert len(loud) == 120_000
    # -6 dB in the header (RFC 7845, 5.1), which begins behind 28 bytes of its page
    page = bytearray(path.read_bytes())
    assert page[28:36] == b"OpusHead"
    page[44:46] = struct.pack("<h", -6 * 256)
    page[22:26] = bytes(4)
    page[22:26] = struct.pack("<I", ogg_checksum(bytes(page[: 28 + page[27]])))
    path.write_bytes(page)
    quiet = heard()
    np.testing.assert_allclose(quiet, loud * 10 ** (-6 / 20), atol=1e-6)
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-request_sample_fmt",
        "flt",
        "-c:a",
        "libopus",
        "-i",
        str(path),
        "-f",
        "f32le",
        "-",
    ]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    reference = np.frombuffer(out, "<f4").reshape(-1, 2)
    assert reference.shape == quiet.shape
    edge = 300  # clips have fades of 5 ms
    np.testing.assert_allclose(quiet[edge:-edge], reference[edge:-edge], atol=1e-5)


def test_mp3_needs_a_build_with_lame(tmp_path: Path) -> None:
    """The wheel is built without LAME, whose licence is the LGPL. Builds with it: tests_rs/tests/mp3.rs."""
    with pytest.raises(rb.MediaError, match=r"a\.mp3.*LAME.*feature mp3"):
        rb.render_to_file(long_track(), tmp_path / "a.mp3")
    # a format by name is an argument
    with pytest.raises(rb.TrackError, match=r"^format: .*feature mp3"):
        rb.render_to_file(long_track(), tmp_path / "a.bin", format="mp3")
    assert not list(tmp_path.iterdir())
    # MP3 files are read all the same
    sound = Path(__file__).parent.parent / "tests_rs" / "media" / "tone.mp3"
    clip = {"file_path": str(sound), "start": 0.0}
    assert np.abs(rb.render({"progression": [], "clips": [clip]})).max() > 0.1


@pytest.mark.parametrize(("name", "reason"), [("a.m4a", "AAC encoder"), ("a.mp3", "feature mp3")])
def test_formats_that_are_not_built_in_say_why(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(rb.MediaError, match=reason):
        rb.render_to_file(long_track(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_documentation_lists_the_formats() -> None:
    page = (Path(__file__).parent.parent / "docs" / "files.md").read_text()
    for kind in [*ALL, "mp3"]:
        assert f"`.{kind}`" in page


def test_the_readers_are_there() -> None:
    assert all(shutil.which(name) for name in ("ffmpeg", "ffprobe", "flac"))


@pytest.mark.parametrize("kind", ALL)
def test_a_cut_file_gives_the_whole_track_or_an_error(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    rb.render_to_file(long_track(), path, embed_track=True, duration=0.1)
    data = path.read_bytes()
    whole = rb.load_track(path)
    found, errors = [], set()
    for end in [*range(12, 80), *range(80, len(data), 97)]:
        path.write_bytes(data[:end])
        try:
            found.append(rb.load_track(path))
        except rb.TrackError as error:
            errors.add(str(error))
    assert found
    assert all(track == whole for track in found)
    assert len(errors) == 1
    assert "audio file without a track" in errors.pop()

"""Sessions: build, read, edit, render, save and play."""

from __future__ import annotations

import json
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from realtime_backend.session import (
    Adsr,
    Audio,
    Bed,
    Clip,
    LinearFade,
    Linen,
    Ramp,
    Session,
    Step,
    Voice,
    between,
    voices,
)


def small() -> Session:
    return Session(
        [
            Step(1.0, [voices.BinauralBeat(base_freq=200.0, beat_freq=8.0, voice_id="a")], "one"),
            Step(1.0, [voices.BinauralBeat(base_freq=200.0, beat_freq=(8.0, 4.0), voice_id="a")], "two"),
        ],
        sample_rate=8000,
        crossfade_duration=0.25,
    )


def test_a_session_has_typed_parts() -> None:
    session = Session.from_track(recordings.ROOT / "tests_rs" / "tracks" / "focus.json")
    assert session.sample_rate == 44_100
    assert session.background is not None
    assert (session.background.file, session.background.gain) == ("beds/rain.noise", 0.15)
    assert session.clips[0].start == 12.0
    assert session.steps[1].voices[0].moves
    evening = Session.from_track(recordings.ROOT / "tests_rs" / "tracks" / "evening.json")
    assert evening.steps[0].voices[0].envelope == LinearFade(4.0, 0.0, 1.0)
    assert evening.steps[0].voices[1].bus == "noise"
    assert evening.clips[0] == Clip("voice/intro.wav", 3.5, 0.6)


@pytest.mark.filterwarnings("ignore:.*unknown field:realtime_backend.TrackWarning")
def test_a_changed_field_keeps_its_spelling_in_the_file() -> None:
    track = {
        "progression": [],
        "overlay_clips": [{"path": "a.wav", "file_path": "a.wav", "start_time": 0.0, "gain": 0.5, "mine": 1}],
        "background_noise": {"noise_file": "rain.noise", "amp": 0.0},
    }
    session = Session.from_track(track)
    assert session.background is not None
    session.clips[0].file, session.clips[0].start, session.clips[0].gain = "b.wav", 2.0, 0.25
    session.background.gain = 0.5
    written = session.to_track()
    assert written["overlay_clips"] == [
        {"path": "b.wav", "file_path": "b.wav", "start_time": 2.0, "gain": 0.25, "mine": 1}
    ]
    assert written["background_noise"] == {"noise_file": "rain.noise", "amp": 0.5}


@pytest.mark.parametrize("overlap", [1.0, 0.5])
def test_step_times_match_the_engine(overlap: float) -> None:
    session = small()
    session.crossfade_overlap = overlap
    session.steps[0].crossfade_duration = 0.5
    session.steps += [Step(0.0), Step(1.0, start=4.0), Step(0.5), Step(0.5)]
    track = session.to_track()
    for step, given_step in zip(track["progression"], session.steps, strict=True):
        if given_step.start is None:
            del step["start"]
    with pytest.warns(rb.TrackWarning, match="no duration"), rb.Player(track, backend="null") as player:
        placed = player.step_times
    ours = [times for step, times in zip(session.steps, session.step_times(), strict=True) if step.duration > 0.0]
    assert placed == [pytest.approx(times, abs=1.5 / 8000) for times in ours]
    assert session.duration == pytest.approx(placed[-1][1], abs=1e-3)


def test_a_saved_session_renders_the_same_sound(tmp_path: Path) -> None:
    session = small()
    session.steps[0].crossfade_duration = 0.5
    session.save(tmp_path / "small.json")
    sound = session.render()
    np.testing.assert_array_equal(sound, rb.render(tmp_path / "small.json"))
    assert sound.shape == (14_000, 2)  # the crossfade of the session decides the overlap
    np.testing.assert_array_equal(session.render(start=0.5, duration=0.25), sound[4000:6000])
    again = Session.load(tmp_path / "small.json")
    assert again.to_track() == session.to_track()
    session.export(tmp_path / "small.wav", target_level=None, subtype="FLOAT")
    session.export(tmp_path / "small.flac")
    assert (tmp_path / "small.flac").read_bytes()[:4] == b"fLaC"


def test_relative_paths_start_at_base_dir(tmp_path: Path) -> None:
    (tmp_path / "bell.wav").write_bytes(Audio(np.full((4000, 2), 0.5), 8000).wav())
    session = small()
    session.clips.append(Clip("bell.wav", 0.25, 1.0))
    assert any(problem.path.startswith("overlay_clips[0]") for problem in session.validate())
    session.base_dir = tmp_path
    assert session.validate() == []
    session.save(tmp_path / "small.json")
    again = Session.load(tmp_path / "small.json")
    np.testing.assert_array_equal(again.render(), session.render())
    assert np.abs(session.render() - small().render()).max() > 0.3
    with again.play(backend="null") as player:
        assert player.update(again.to_track()) == []
        assert player.wait(5.0)
        assert player.state == "finished"


def test_validate_and_render_report_a_mistake() -> None:
    session = small()
    session.steps[1].voices[0].params["startBaseFreq"] = "fast"
    (problem,) = session.validate()
    assert str(problem) == 'progression[1].voices[0].params.startBaseFreq: expected a number, got "fast"'
    with pytest.raises(rb.TrackError, match="startBaseFreq"):
        session.render()
    assert "startBaseFreq" in session._repr_html_()


def test_loaded_starts_stay_until_they_are_cleared() -> None:
    session = Session.from_track(small().to_track())
    session.steps[0].duration = 5.0
    assert session.step_times()[1][0] == pytest.approx(0.75)
    session.clear_starts()
    assert session.step_times()[1][0] == pytest.approx(4.75)


def test_background_noise_sounds_under_the_steps() -> None:
    session = Session([Step(1.0, [])], sample_rate=8000)
    assert np.abs(session.render()).max() == 0.0
    session.background = Bed.noise("brown", gain=0.2, sweeps=[{"start_min": 300, "start_max": 900}])
    assert np.abs(session.render()).max() > 0.01
    assert not np.array_equal(
        session.render(), Session([Step(1.0)], 8000, background=Bed.noise("pink", gain=0.2)).render()
    )


@pytest.mark.parametrize("envelope", [LinearFade(0.5, 0.0, 1.0), Adsr(0.1, 0.1, 0.5, 0.2), Linen(0.3, 0.2)])
def test_envelopes_shape_the_volume(envelope: LinearFade | Adsr | Linen) -> None:
    tone = voices.BinauralBeat(base_freq=200.0, beat_freq=1.0, envelope=envelope)
    sound = Session([Step(1.0, [tone])], sample_rate=8000).render()
    assert np.abs(sound[:200]).max() < 0.25 * np.abs(sound).max()
    assert Voice.from_dict(tone.to_dict()) == tone


def test_ramp_to_moves_each_voice_to_its_counterpart() -> None:
    first = Step(10.0, [
        voices.BinauralBeat(base_freq=210.0, beat_freq=10.0, voice_id="a"),
        voices.IsochronicTone(base_freq=150.0),
    ])  # fmt: skip
    second = Step(
        10.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=4.0, amp_l=0.4, voice_id="a")], noise_volume=0.1
    )
    ramp = first.ramp_to(second, 30.0, Ramp(curve="logarithmic"))
    moving, leaving = ramp.voices
    assert (ramp.duration, ramp.noise_volume) == (30.0, 0.1)
    assert moving.function == "binaural_beat_transition"
    assert moving.at_start().params == first.voices[0].params
    assert moving.at_end() == voices.BinauralBeat(base_freq=180.0, amp_l=0.4, voice_id="a")
    assert moving.ramp() == Ramp(0.0, None, "logarithmic")
    assert leaving.envelope == LinearFade(30.0, 1.0, 0.0)
    (_, entering) = second.ramp_to(first, 5.0).voices
    assert entering.envelope == LinearFade(5.0, 0.0, 1.0)
    assert Session([first, ramp, second]).validate() == []


def test_between_explains_why_voices_cannot_move() -> None:
    beat = voices.BinauralBeat(base_freq=200.0)
    with pytest.raises(ValueError, match="a binaural_beat cannot move into a isochronic_tone"):
        between(beat, voices.IsochronicTone())
    with pytest.raises(ValueError, match="left_high does not move"):
        between(beat, voices.BinauralBeat(left_high=True))


def test_a_notebook_shows_a_player_at_the_original_level() -> None:
    session = small()
    page = session._repr_html_()
    assert "<audio controls" in page
    assert "binaural_beat_transition" in page
    audio = session.audio(start=0.5, duration=0.5)
    with wave.open(BytesIO(audio.wav())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 4000)
        heard = np.frombuffer(file.readframes(4000), "<i2").reshape(-1, 2) / 32767.0
    np.testing.assert_allclose(heard, session.render(start=0.5, duration=0.5), atol=1.0 / 32767)
    assert Audio(2.0 * np.ones(10), 8000).peak == 2.0
    assert "cut at full scale" in Audio(2.0 * np.ones(10), 8000)._repr_html_()
    with pytest.raises(ValueError, match="shape"):
        Audio(np.zeros((3, 3)), 8000)


def test_repr_of_a_session_fits_a_line() -> None:
    assert repr(small()) == "<Session 2 steps, 2 voices, 0:00:02, 8000 Hz>"
    hour = Session([Step(3725.0)], background=Bed.noise("pink"), clips=[Clip("a.wav")])
    assert repr(hour) == "<Session 1 step, 0 voices, 1:02:05, 44100 Hz, background, 1 clip>"


def test_str_of_a_session_is_its_track_as_json() -> None:
    assert json.loads(str(small())) == small().to_track()


def test_movements_of_layers_survive_and_are_heard(tmp_path: Path) -> None:
    moves = {
        "am_rate": 2.0, "am_depth": 0.5, "am_duty": 0.4, "am_phase": 0.25, "pan_rate": 0.5, "pan_width": 0.7,
        "pan_phase": -0.1, "spin_rate": 1.5, "spin_width": 300.0, "spin_phase": 0.75,
    }  # fmt: skip
    session = Session([Step(0.5)], clips=[Clip("a.wav", **moves)], background=Bed("b.wav", **moves))
    session.save(tmp_path / "a.json")
    again = Session.load(tmp_path / "a.json")
    assert (again.clips, again.background) == (session.clips, session.background)
    written = json.loads((tmp_path / "a.json").read_text())
    for layer in (written["overlay_clips"][0], written["background_noise"]):
        assert {name: layer[name] for name in moves} == moves
    # a clip without movements writes none
    assert not set(moves) & Session([Step(0.5)], clips=[Clip("a.wav")]).to_track()["overlay_clips"][0].keys()

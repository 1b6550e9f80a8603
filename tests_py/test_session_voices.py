"""The constructors of voices."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from realtime_backend.session import Ramp, Session, Step, Voice, voices
from realtime_backend.session.voice import by_snake, ends

sys.path.insert(0, str(recordings.ROOT / "scripts"))
import session_voices

INFOS = rb.synth.voices()
MOVABLE = [name for name, info in INFOS.items() if not info.is_transition and name + "_transition" in INFOS]


def constructor(name: str) -> Any:
    return getattr(voices, session_voices.class_case(name))


def test_the_generated_constructors_are_up_to_date() -> None:
    import subprocess

    made = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-q", "--stdin-filename", str(session_voices.VOICES), "-"],
        input=session_voices.source(), capture_output=True, text=True, check=True, cwd=recordings.ROOT,
    ).stdout  # fmt: skip
    assert session_voices.VOICES.read_text() == made, "run: python scripts/session_voices.py && make fmt"


@pytest.mark.parametrize("name", INFOS)
@pytest.mark.filterwarnings("ignore:.*no audio file:realtime_backend.TrackWarning")
def test_a_constructor_has_every_parameter_and_makes_its_voice(name: str) -> None:
    make = constructor(name)
    arguments = inspect.signature(make).parameters
    expected = {row.name for row in INFOS[name].parameters}
    if not INFOS[name].is_transition:
        expected.discard("initial_offset")
    assert {by_snake(name)[argument].name for argument in arguments if argument in by_snake(name)} == expected
    made = make()
    assert made.to_dict() == {"synth_function_name": name} | ({"is_transition": True} if made.moves else {})
    for row in INFOS[name].parameters:
        assert row.name == "initial_offset" or f"{session_voices.snake_case(row.name)}: " in make.__doc__


@pytest.mark.parametrize("name", MOVABLE)
def test_a_ramp_without_pairs_sounds_like_the_static_voice(name: str) -> None:
    """The sound is compared under the intended rules, because other rules ignore the phases of LFOs."""
    still = constructor(name)()
    moving = constructor(name)(ramp=Ramp())
    assert moving.function == f"{name}_transition"
    assert moving.at_start().params == moving.at_end().params == {}
    for parameter, (start, end) in ends(name).items():
        rows = {row.name: row for row in INFOS[f"{name}_transition"].parameters}
        default = {row.name: row for row in INFOS[name].parameters}[parameter].default
        if default is None:
            continue
        first = moving.params.get(start, rows[start].default)
        last = moving.params.get(end, first if rows[end].default is None else rows[end].default)
        assert (first, last) == (default, default), parameter
    if name in {"binaural_beat", "rhythmic_waveshaping", "wave_shape_stereo_am", "spatial_angle_modulation"}:
        sounds = [rb.render_voice(voice.to_dict(), 1.0, 8000, compat="intended") for voice in (still, moving)]
        np.testing.assert_allclose(sounds[0], sounds[1], atol=1e-5)


def test_constructors_write_track_names_and_both_ends_of_pairs() -> None:
    made = voices.BinauralBeat(base_freq=180.0, beat_freq=(10.0, 4.0), ramp=Ramp(5.0, 20.0, "exponential"))
    assert made.params == {
        "startBaseFreq": 180.0, "endBaseFreq": 180.0, "startBeatFreq": 10.0, "endBeatFreq": 4.0,
        "initial_offset": 5.0, "transition_duration": 20.0, "transition_curve": "exponential",
    }  # fmt: skip
    assert voices.BinauralBeat(amp_osc_depth_l=0.5).params == {"ampOscDepthL": 0.5}
    assert voices.MonauralBeatStereoAmps(amp_lower_l=(0.1, 0.2)).params["end_amp_lower_L"] == 0.2
    assert voices.NoiseSweptNotch(notch_q=(20, 30)).params["start_q"] == 20
    assert voices.NoiseGenerator(amp=(0.1, 0.3), ramp=Ramp(curve="linear")).params["curve"] == "linear"
    assert voices.BinauralBeatTransition(start_base_freq=1.0, transition_duration=3.0).params == {
        "startBaseFreq": 1.0, "transition_duration": 3.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        ("BinauralBeat", {"base_freq": "fast"}, '^base_freq: expected a number, got "fast"'),
        ("BinauralBeat", {"base_freq": (180.0, "fast")}, '^base_freq: expected a number, got "fast"'),
        ("BinauralBeat", {"base_freq": float("nan")}, "^base_freq: expected a finite number"),
        ("BinauralBeat", {"spatial_rolloff": 99}, "^spatial_rolloff: expected 0 to 16, got 99"),
        ("BinauralBeat", {"freq_osc_shape": "sinus"}, "^freq_osc_shape: .*got 'sinus'; did you mean 'sine'"),
        ("BinauralBeat", {"left_high": (True, False)}, "^left_high: does not move"),
        ("BinauralBeat", {"beat_freq": (1, 2), "ramp": Ramp(curve="cubic")}, "transition_curve"),
        ("BinauralBeatTransition", {"end_beat_freq": "x"}, "^end_beat_freq: expected a number"),
    ],
)
def test_the_error_has_the_python_name_of_a_bad_parameter(make: str, arguments: Any, message: str) -> None:
    with pytest.raises(rb.TrackError, match=message) as caught:
        getattr(voices, make)(**arguments)
    assert isinstance(caught.value.problems, list)


def test_a_voice_accepts_raw_parameters() -> None:
    raw = Voice("isochronic_tone", {"baseFreq": 150.0, "beatFreq": 6.0})
    assert raw == voices.IsochronicTone(base_freq=150.0, beat_freq=6.0)
    assert Session([Step(1.0, [raw])]).validate() == []
    wrong = Session([Step(1.0, [Voice("isochronic_tome")])]).validate()
    assert 'did you mean "isochronic_tone"' in str(wrong[0])


def test_a_flanger_changes_the_sound() -> None:
    plain = voices.IsochronicTone()
    flanged = voices.IsochronicTone(flanger=voices.Flanger(delay_ms=2.0, mix=0.8, shape="triangle"))
    assert flanged.params == {"flangeEnable": True, "flangeDelayMs": 2.0, "flangeMix": 0.8, "flangeShape": "triangle"}
    one, other = (rb.render_voice(voice.to_dict(), 0.5, 8000) for voice in (plain, flanged))
    assert np.abs(one - other).max() > 0.01


def test_a_name_alone_does_not_make_a_voice_move() -> None:
    still = Voice("binaural_beat_transition", {"startBeatFreq": 10.0, "endBeatFreq": 4.0})
    moving = Voice("binaural_beat_transition", still.params, is_transition=True)
    plain = rb.render(Session([Step(0.5, [Voice("binaural_beat")])]).to_track())
    with pytest.warns(rb.TrackWarning):
        assert np.array_equal(rb.render(Session([Step(0.5, [still])]).to_track()), plain)
    assert not np.array_equal(rb.render(Session([Step(0.5, [moving])]).to_track()), plain)
    assert (still.moves, moving.moves) == (False, True)


def test_a_jump_is_read_back_as_a_jump() -> None:
    params = {"startBeatFreq": 10.0, "endBeatFreq": 4.0, "transition_duration": 0}
    assert Voice("binaural_beat_transition", params, is_transition=True).ramp().duration == 0

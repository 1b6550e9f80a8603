"""Voice functions: arrays, arguments, errors, warnings, threads, Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
from hypothesis import given, settings
from hypothesis import strategies as st
from realtime_backend import synth


def test_a_voice_returns_c_ordered_float32_frames() -> None:
    sound = synth.binaural_beat(0.5, 48000, baseFreq=180.0, beatFreq=6.0)
    assert sound.shape == (24000, 2)
    assert sound.dtype == np.float32
    assert sound.flags.c_contiguous


def test_a_binaural_beat_is_two_sines_around_the_base_frequency() -> None:
    rate, seconds = 44100, 2.0
    sound = synth.binaural_beat(seconds, rate, ampL=0.5, ampR=0.25, baseFreq=200.0, beatFreq=4.0)
    t = np.arange(1, len(sound) + 1) / rate  # the first sample is one increment after the start
    left = 0.5 * np.sin(2 * np.pi * 198.0 * t)
    right = 0.25 * np.sin(2 * np.pi * 202.0 * t)
    assert np.abs(sound[:, 0] - left).max() < 2e-6
    assert np.abs(sound[:, 1] - right).max() < 2e-6


@given(duration=st.floats(0.0, 0.2), rate=st.sampled_from([8000, 22050, 44100.0, 48000, 96000]))
@settings(max_examples=50, deadline=None)
def test_the_length_is_duration_times_rate_rounded_down(duration: float, rate: float) -> None:
    assert synth.binaural_beat(duration, rate).shape == (int(duration * rate), 2)


@given(
    base=st.floats(1.0, 2000.0),
    beat=st.floats(-50.0, 50.0),
    amp=st.floats(-2.0, 2.0),
    phase=st.floats(-20.0, 20.0),
)
@settings(max_examples=50, deadline=None)
def test_a_transition_with_equal_ends_equals_the_static_voice(
    base: float, beat: float, amp: float, phase: float
) -> None:
    static = synth.binaural_beat(0.1, baseFreq=base, beatFreq=beat, ampL=amp, startPhaseL=phase)
    moving = synth.binaural_beat_transition(
        0.1,
        startBaseFreq=base, endBaseFreq=base,
        startBeatFreq=beat, endBeatFreq=beat,
        startAmpL=amp, endAmpL=amp,
        startPhaseL=phase,
    )  # fmt: skip
    assert np.abs(static - moving).max() < 5e-6


def test_out_is_filled_and_returned() -> None:
    out = np.full((4410, 2), 9.0, np.float32)
    returned = synth.isochronic_tone(0.1, out=out, beatFreq=10.0)
    assert returned is out
    assert np.array_equal(out, synth.isochronic_tone(0.1, beatFreq=10.0))


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (np.zeros((4411, 2), np.float32), "expected shape (4410, 2), got (4411, 2)"),
        (np.zeros((4410, 1), np.float32), "expected shape (4410, 2), got (4410, 1)"),
        (np.zeros((4410, 2), np.float32, order="F"), "C order"),
        (np.zeros((8820, 2), np.float32)[::2], "C order"),
        (np.broadcast_to(np.float32(0), (4410, 2)).copy()[:, ::-1], "C order"),
    ],
)
def test_an_out_array_of_the_wrong_shape_is_refused(out: np.ndarray, message: str) -> None:
    with pytest.raises(rb.TrackError, match=r"^out: ") as caught:
        synth.binaural_beat(0.1, out=out)
    assert message in str(caught.value)


def test_a_read_only_out_array_is_refused() -> None:
    out = np.zeros((4410, 2), np.float32)
    out.flags.writeable = False
    with pytest.raises(rb.TrackError, match="cannot be written"):
        synth.binaural_beat(0.1, out=out)
    assert not out.any()


@pytest.mark.parametrize("out", [np.zeros((4410, 2)), np.zeros(8820, np.float32), [[0.0, 0.0]], "out"])
def test_an_out_of_the_wrong_type_raises_a_type_error(out: object) -> None:
    with pytest.raises(TypeError, match="out must be"):
        synth.binaural_beat(0.1, out=out)  # type: ignore[arg-type]


@pytest.mark.parametrize("duration", [float("nan"), float("inf"), -1.0, 1e300])
def test_a_duration_out_of_range_is_refused(duration: float) -> None:
    with pytest.raises(rb.TrackError, match=r"^duration: expected 0 to"):
        synth.binaural_beat(duration)


@pytest.mark.parametrize("rate", [0, -44100, float("nan"), float("inf")])
def test_a_sample_rate_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(rb.TrackError, match=r"^sample_rate: expected 1 to"):
        synth.binaural_beat(1.0, rate)


def test_an_array_larger_than_the_memory_raises_memory_error() -> None:
    with pytest.raises(MemoryError):
        synth.binaural_beat(9e6, 1e7)


def test_an_error_has_parameter_value_and_expected_type() -> None:
    with pytest.raises(rb.TrackError) as caught:
        synth.binaural_beat(0.1, beatFreq="fast")
    assert str(caught.value) == 'beatFreq: expected a number, got "fast"'
    (problem,) = caught.value.problems
    assert (problem.severity, problem.path) == ("error", "beatFreq")
    assert problem.message == 'expected a number, got "fast"'
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), 10**400])
def test_the_error_names_a_parameter_with_an_impossible_number(value: float) -> None:
    with pytest.raises(rb.TrackError, match=r"^baseFreq: expected a (finite|whole) number"):
        synth.binaural_beat(0.1, baseFreq=value)


def test_an_unknown_parameter_is_a_type_error() -> None:
    message = r'^binaural_beat\(\) got an unexpected keyword argument "baseFrq"; did you mean "baseFreq"\?$'
    with pytest.raises(TypeError, match=message):
        synth.binaural_beat(0.1, baseFrq=100.0)


def test_parameters_have_a_python_spelling_too() -> None:
    same = synth.isochronic_tone(0.1, base_freq=210.0, beatFreq=9.0, amp_osc_depth_l=0.5, amp_osc_freq_l=3.0)
    assert np.array_equal(
        same, synth.isochronic_tone(0.1, baseFreq=210.0, beatFreq=9.0, ampOscDepthL=0.5, ampOscFreqL=3.0)
    )
    with pytest.raises(TypeError, match="twice"):
        synth.isochronic_tone(0.1, base_freq=210.0, baseFreq=210.0)


def test_a_warning_can_be_turned_into_an_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", rb.TrackWarning)
        with pytest.raises(rb.TrackWarning):
            synth.binaural_beat(0.1, baseFreq=30_000.0, compat="intended")


def test_an_unknown_voice_raises_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="binaural_bet"):
        synth.binaural_bet  # noqa: B018


def test_numpy_scalars_numeric_text_and_booleans_are_numbers() -> None:
    plain = synth.binaural_beat(0.05, baseFreq=180, beatFreq=1.0)
    for base in (np.float32(180), np.int16(180), "180", np.array(180.0)):
        assert np.array_equal(plain, synth.binaural_beat(0.05, baseFreq=base, beatFreq=True))


def test_a_parameter_without_a_json_type_is_refused() -> None:
    with pytest.raises(rb.TrackError, match=r"^baseFreq: expected a JSON value, got an object of type object"):
        synth.binaural_beat(0.1, baseFreq=object())


def test_a_cyclic_parameter_is_refused() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(rb.TrackError, match="nested more than"):
        synth.binaural_beat(0.1, baseFreq=cycle)


def test_compat_accepts_a_preset_or_single_switches() -> None:
    legacy = synth.binaural_beat(0.1, compat="legacy", leftHigh="false")
    with pytest.warns(rb.TrackWarning, match="taken as false"):
        default = synth.binaural_beat(0.1, leftHigh="false")
    assert not np.array_equal(legacy, default)  # under the legacy rules any text is true
    switched = synth.binaural_beat(0.1, compat={"text_is_true": True}, leftHigh="false")
    assert np.array_equal(legacy, switched)
    with pytest.raises(rb.TrackError, match="compat: expected one of legacy, default, intended"):
        synth.binaural_beat(0.1, compat="modern")
    with pytest.raises(rb.TrackError, match=r'compat\.align_phase: no such switch; did you mean "align_phases"'):
        synth.binaural_beat(0.1, compat={"align_phase": True})
    with pytest.raises(TypeError):
        synth.binaural_beat(0.1, compat=3)


def test_concurrent_calls_return_the_same_samples() -> None:
    alone = synth.isochronic_tone(2.0, beatFreq=7.0)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: synth.isochronic_tone(2.0, beatFreq=7.0), range(16)))
    assert all(np.array_equal(alone, other) for other in together)


def test_other_python_threads_run_while_a_voice_renders() -> None:
    interval = sys.getswitchinterval()
    done = threading.Event()
    rendering = False
    ran = threading.Event()

    def watch() -> None:
        while not done.wait(0.001):
            if rendering:
                ran.set()

    thread = threading.Thread(target=watch)
    thread.start()
    # nobody has to let go of the interpreter: who waits for it gets it only where it is given up
    sys.setswitchinterval(1000.0)
    try:
        for _ in range(50):
            rendering = True
            synth.binaural_beat(60.0)
            rendering = False
            if ran.is_set():
                break
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()
    assert ran.is_set()


def test_ctrl_c_stops_a_long_call() -> None:
    threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        synth.binaural_beat(1800.0, 192000, ampOscDepthL=0.5, ampOscFreqL=3.0)


def test_voices_describes_every_voice_function() -> None:
    table = synth.voices()
    assert set(table) <= set(dir(synth))
    for name, info in table.items():
        assert info.name == name
        assert info.summary
        assert info.source
        names = [parameter.name for parameter in info.parameters]
        assert len(names) == len(set(names)), f"{name}: a parameter is listed twice"
        for parameter in info.parameters:
            assert parameter.about, f"{name}.{parameter.name} has no description"
        function = getattr(synth, name)
        assert function.__name__ == name
        assert info.summary in (function.__doc__ or "")


def test_every_parameter_accepts_its_default() -> None:
    for name, info in synth.voices().items():
        call = getattr(synth, name)
        defaults = {p.name: p.default for p in info.parameters if p.default is not None}
        assert call(0.05, **defaults).shape == (2205, 2)


def test_carrier_and_beat_are_parameters_in_hertz() -> None:
    for info in synth.voices().values():
        static = {row.name: row for row in synth.voices()[info.family].parameters}
        for name in (info.carrier, info.beat):
            assert name is None or static[name].unit == "Hz", info.name
        assert info.beat or f"{info.family}_transition" not in synth.voices()


@pytest.mark.parametrize("compat", ["legacy", "default", "intended"])
@pytest.mark.parametrize(
    ("name", "params", "ahead"),
    [
        ("binaural_beat", {"baseFreq": 1000.0, "beatFreq": 0.0}, 1),
        ("dual_pulse_binaural", {"baseFreq": 1000.0, "beatFreq": 0.0}, 1),
        ("monaural_beat_stereo_amps", {"baseFreq": 1000.0, "beatFreq": 0.0}, 1),
        ("shaped_beat", {"baseFreq": 1000.0, "beatFreq": 0.0}, 1),
        ("stereo_am_independent", {"carrierFreq": 1000.0, "stereo_width_hz": 0.0, "modDepthL": 0, "modDepthR": 0}, 0),
    ],
)
def test_carriers_are_as_far_ahead_as_the_specification_says(
    name: str, params: dict[str, Any], ahead: int, compat: str
) -> None:
    rate = 48_000
    sound = getattr(synth, name)(0.5, rate, compat=compat, **params)[:, 0].astype(float)
    pointer = sound @ np.exp(-2j * np.pi * 1000.0 * np.arange(len(sound)) / rate)
    turns = (np.angle(pointer * 1j) / (2 * np.pi) + 0.5) % 1.0 - 0.5
    assert turns * rate / 1000.0 == pytest.approx(ahead, abs=1e-3)


def test_a_start_phase_puts_a_binaural_beat_on_time() -> None:
    rate, ears = 48_000, (998.0, 1002.0)
    left, right = (-2 * np.pi * hz / rate for hz in ears)
    tone = {"baseFreq": 1000.0, "beatFreq": 4.0, "ampL": 1.0, "ampR": 1.0}
    sound = synth.binaural_beat(0.5, rate, **tone, startPhaseL=left, startPhaseR=right)
    due = np.sin(2 * np.pi * np.outer(np.arange(len(sound)) / rate, ears))
    np.testing.assert_allclose(sound, due, atol=1e-6)

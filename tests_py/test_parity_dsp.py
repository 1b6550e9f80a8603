"""The functions of `dsp` compared with recordings of the legacy helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import recordings
import signals
from realtime_backend import dsp

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from recordings import Case


def transition_alpha(kwargs: dict[str, Any]) -> np.ndarray:
    return dsp.transition_alpha(
        kwargs["total_duration"],
        kwargs["sample_rate"],
        initial_offset=kwargs.get("initial_offset", 0.0),
        transition_duration=kwargs.get("duration"),
        curve=kwargs.get("curve", "linear"),
    )


def linear_fade(kwargs: dict[str, Any]) -> np.ndarray:
    return dsp.linear_fade(
        kwargs.get("duration", kwargs.get("total_duration")),
        kwargs["sample_rate"],
        start=kwargs.get("start_amp", 1.0),
        end=kwargs.get("end_amp", 1.0),
        fade_duration=kwargs.get("fade_duration", 0.05),
        at_end=kwargs.get("fade_type") == "out",
    )


def adsr(kwargs: dict[str, Any]) -> np.ndarray:
    names = {"attack": "attack", "decay": "decay", "sustain_level": "sustain", "release": "release"}
    return dsp.adsr(
        signals.array(kwargs["t"]), **{ours: kwargs[name] for name, ours in names.items() if name in kwargs}
    )


def linen(kwargs: dict[str, Any]) -> np.ndarray:
    return dsp.linen(signals.array(kwargs["t"]), **{k: kwargs[k] for k in ("attack", "release") if k in kwargs})


def sine(kwargs: dict[str, Any]) -> np.ndarray:
    return dsp.sine(signals.array(kwargs["freq"]), signals.array(kwargs["t"]), kwargs.get("phase", 0.0))


def sine_varying(kwargs: dict[str, Any]) -> np.ndarray:
    return dsp.sine(signals.array(kwargs["freq_array"]), signals.array(kwargs["t"]))


def trapezoid(kwargs: dict[str, Any]) -> np.ndarray:
    names = ("t_in_cycle", "cycle_len", "ramp_percent", "gap_percent")
    return dsp.trapezoid(*(signals.array(kwargs[name]) for name in names))


def balance(kwargs: dict[str, Any]) -> np.ndarray:
    audio = signals.stereo(kwargs["audio"], kwargs["duration"], kwargs["sample_rate"])
    return dsp.balance(audio, signals.array(kwargs["pan_values"]))


def pan_envelope(kwargs: dict[str, Any]) -> np.ndarray:
    # in a track an unknown type is linear; the function refuses it
    kind = kwargs.get("pan_type", "linear")
    return dsp.pan_envelope(
        kwargs["num_samples"],
        kwargs["sample_rate"],
        low=signals.array(kwargs["pan_range_min"]),
        high=signals.array(kwargs["pan_range_max"]),
        rate=signals.array(kwargs["pan_freq"]),
        kind=kind if kind.strip().lower() in {"linear", "inward", "outward"} else "linear",
        phase=signals.array(kwargs.get("initial_phase", 0.0)),
    )


def flanger(kwargs: dict[str, Any]) -> np.ndarray:
    settings = dict(kwargs)
    rate = settings.pop("sample_rate")
    audio = signals.stereo(settings.pop("input"), settings.pop("duration"), rate)
    # the smoothing of changes has no effect while the settings are constant
    settings = {name: value for name, value in settings.items() if not name.startswith("dz_")}
    return dsp.flanger(audio, rate, compat="legacy", **settings)


CALLS: dict[str, Callable[[dict[str, Any]], np.ndarray]] = {
    "calculate_transition_alpha": transition_alpha,
    "create_linear_fade_envelope": linear_fade,
    "create_linear_fade_envelope_common": linear_fade,
    "adsr_envelope": adsr,
    "linen_envelope": linen,
    "sine_wave": sine,
    "sine_wave_varying": sine_varying,
    "skewed_sine_phase": lambda k: dsp.skewed_sine(signals.array(k["phase"]), k["skew"]),
    "skewed_triangle_phase": lambda k: dsp.skewed_triangle(signals.array(k["phase"]), k["skew"]),
    "trapezoid_envelope_vectorized": trapezoid,
    "pan2": lambda k: dsp.pan(signals.array(k["signal"]), k["pan"]),
    "apply_pan_envelope": balance,
    "generate_pan_envelope": pan_envelope,
    "bandpass_filter": lambda k: dsp.bandpass(signals.array(k["data"]), k["center"], k["Q"], k["fs"]),
    "bandreject_filter": lambda k: dsp.bandreject(signals.array(k["data"]), k["center"], k["Q"], k["fs"]),
    "lowpass_filter": lambda k: dsp.lowpass(signals.array(k["data"]), k["cutoff"], k["fs"], k.get("order", 4)),
    "flanger_stereo": flanger,
    "apply_filters": lambda k: dsp.clean(signals.array(k["signal_segment"]), k["fs"]),
}

CASES = [case for case in recordings.cases("voice_pipeline") if case.function in CALLS and case.comparable]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_building_block_equals_its_recording(case: Case) -> None:
    error = case.array.worst(CALLS[case.function](case.kwargs))
    assert error <= case.tolerance, f"off by {error:.3e}, allowed {case.tolerance:.0e}"


def test_every_block_has_recordings() -> None:
    assert {case.function for case in CASES} == set(CALLS)

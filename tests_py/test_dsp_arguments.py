"""Arguments of the functions of ``realtime_backend.dsp`` that cannot be used."""

from __future__ import annotations

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend import dsp


def test_an_unknown_kind_of_pan_is_refused() -> None:
    with pytest.raises(rb.TrackError, match=r'kind: expected one of linear, inward, outward, got "inwards"; did you'):
        dsp.pan_envelope(8, kind="inwards")


def test_a_filter_without_a_sample_rate_is_refused() -> None:
    signal = np.zeros(64)
    for rate in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(rb.TrackError, match="sample_rate: expected frames per second above 0"):
            dsp.lowpass(signal, 100.0, rate)
        with pytest.raises(rb.TrackError, match="sample_rate"):
            dsp.bandpass(signal, 100.0, 1.0, rate)
        with pytest.raises(rb.TrackError, match="sample_rate"):
            dsp.bandreject(signal, 100.0, 1.0, rate)


def test_arrays_of_another_shape_are_named() -> None:
    with pytest.raises(rb.TrackError, match=r"expected a one-dimensional array, got the shape \(4, 2\)"):
        dsp.skewed_sine(np.zeros((4, 2)), 0.0)
    with pytest.raises(rb.TrackError, match=r"expected an array of shape \(frames, 2\), got the shape \(4,\)"):
        dsp.balance(np.zeros(4), 0.0)


def unaligned(array: np.ndarray) -> np.ndarray:
    """The same values at an odd address, as arrays from a network or a file may be."""
    data = np.frombuffer(b"." + array.tobytes(), dtype=np.uint8)[1:]
    return data.view(array.dtype).reshape(array.shape)


def test_unaligned_arrays_count_as_their_values() -> None:
    mono = np.linspace(0.0, 1.0, 64)
    stereo = np.stack([mono, -mono], axis=1).astype(np.float32)
    assert not unaligned(stereo).flags.aligned
    assert np.array_equal(dsp.skewed_sine(unaligned(mono), 0.2), dsp.skewed_sine(mono, 0.2))
    assert np.array_equal(dsp.balance(unaligned(stereo), 0.3), dsp.balance(stereo, 0.3))
    assert np.array_equal(dsp.balance(np.asfortranarray(stereo), 0.3), dsp.balance(stereo, 0.3))

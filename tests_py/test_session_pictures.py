"""Plots of sessions and sounds."""

from __future__ import annotations

import numpy as np
import pytest
from realtime_backend.session import LinearFade, Ramp, Session, Step, spectrogram, voices


def test_the_timeline_shows_carrier_beat_and_level_of_every_step() -> None:
    moving = voices.BinauralBeat(base_freq=(200.0, 100.0), beat_freq=(10.0, 4.0), ramp=Ramp(10.0, 20.0))
    still = voices.IsochronicTone(base_freq=150.0, beat_freq=6.0, envelope=LinearFade(5.0, 0.0, 1.0))
    figure = Session([Step(40.0, [moving], "down"), Step(20.0, [still], binaural_volume=0.24)]).plot()
    carrier, beat, level = figure.axes
    (falling, flat) = carrier.lines
    t, f = falling.get_xdata(), falling.get_ydata()
    np.testing.assert_allclose(np.interp([5.0, 20.0, 35.0], t, f), [200.0, 150.0, 100.0], atol=1.0)
    assert set(flat.get_ydata()) == {150.0}
    assert flat.get_xdata()[0] == pytest.approx(39.0)
    np.testing.assert_allclose(
        np.interp([5.0, 35.0], beat.lines[0].get_xdata(), beat.lines[0].get_ydata()), [10.0, 4.0]
    )
    first, second = (area.get_paths()[0].vertices for area in level.collections)
    assert first[:, 1].max() == pytest.approx(0.48)
    assert second[:, 1].max() == pytest.approx(0.24)
    assert [text.get_text().strip() for text in carrier.texts] == ["down", ""]


def test_every_voice_can_be_plotted() -> None:
    every = [getattr(voices, name)() for name in voices.__all__ if name not in ("Flanger", "SubliminalEncode")]
    assert len(Session([Step(5.0, every), Step(0.0), Step(5.0, start=20.0)]).plot().axes) == 3
    assert len(Session().plot().axes) == 3


def test_a_tone_and_a_click_are_drawn_where_they_are() -> None:
    rate, size = 44_100, 2048
    sound = np.sin(2 * np.pi * (20 * rate / size) * np.arange(rate) / rate)  # in the middle of bin 20
    sound[rate // 2] += 100.0
    image = spectrogram(sound, rate, window=size).axes[0].images[0]
    left, right, low, high = image.get_extent()
    cells = np.asarray(image.get_array())
    frequencies = low + (np.arange(cells.shape[0]) + 0.5) * (high - low) / cells.shape[0]
    times = left + (np.arange(cells.shape[1]) + 0.5) * (right - left) / cells.shape[1]
    assert frequencies[cells[:, :20].mean(axis=1).argmax()] == pytest.approx(20 * rate / size, abs=0.01)
    assert times[cells[500:].mean(axis=0).argmax()] == pytest.approx(0.5, abs=size / rate / 8)


def test_the_spectrogram_peaks_at_the_frequency_of_the_tone() -> None:
    rate, t = 8000, np.arange(16_000) / 8000
    sound = np.stack([np.sin(2 * np.pi * 440 * t), 0.1 * np.sin(2 * np.pi * 880 * t)], axis=1)
    figure = spectrogram(sound, rate)
    for axes, frequency, level in zip(figure.axes, (440.0, 880.0), (0.0, -20.0), strict=True):
        picture = axes.images[0]
        column = np.asarray(picture.get_array())[:, picture.get_array().shape[1] // 2]
        frequencies = np.linspace(0.0, rate / 2, len(column))
        assert frequencies[np.argmax(column)] == pytest.approx(frequency, abs=5.0)
        assert column.max() == pytest.approx(level, abs=0.5)
    with pytest.raises(ValueError, match="shape"):
        spectrogram(np.zeros((100, 3)), rate)

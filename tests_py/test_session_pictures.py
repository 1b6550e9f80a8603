"""Plots of sessions and sounds."""

from __future__ import annotations

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Bed, Clip, LinearFade, Ramp, Session, Step, Voice, spectrogram, voices


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
    assert first[:, 1].max() == pytest.approx(1.0)
    assert second[:, 1].max() == pytest.approx(0.24)
    assert [text.get_text().strip() for text in carrier.texts] == ["down", ""]
    levelled = Session([Step(5.0, [still])], normalization="step").plot().axes[2]
    assert levelled.collections[0].get_paths()[0].vertices[:, 1].max() == pytest.approx(0.48)


@pytest.mark.parametrize("seconds", [7.0, 97.0, 161.0, 305.0, 400.0, 401.0, 3600.0, 86_400.0])
def test_a_ramp_is_a_straight_line_at_any_length(seconds: float) -> None:
    line = Session([Step(seconds, [voices.BinauralBeat(beat_freq=(10.0, 4.0))])]).plot().axes[1].lines[0]
    np.testing.assert_allclose(line.get_ydata(), 10.0 - 6.0 * np.asarray(line.get_xdata()) / seconds, atol=1e-9)


def test_a_voice_keeps_its_colour_and_is_named_once() -> None:
    tone = voices.BinauralBeat(voice_id="main")
    other = voices.IsochronicTone()
    figure = Session([Step(5.0, [tone]), Step(5.0, [other, tone]), Step(5.0, [other])]).plot()
    first, between, same, last = [line.get_color() for line in figure.axes[0].lines]
    assert (first, between) == (same, last)
    assert first != between
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["binaural_beat main", "isochronic_tone"]


def test_the_background_clips_and_gaps_are_drawn() -> None:
    session = Session([Step(10.0, start=0.0), Step(10.0, start=15.0)])
    session.background = Bed.noise("pink", gain=0.4, fade_in=5.0)
    session.clips.append(Clip("bell.wav", 3.0, 0.5))
    level = session.plot().axes[2]
    bed = next(area for area in level.collections if area.get_label() == "background").get_paths()[0].vertices
    assert np.interp([0.0, 2.5, 10.0], bed[1:401, 0], bed[1:401, 1]) == pytest.approx([0.0, 0.2, 0.4], abs=1e-3)
    (clip,) = [line.get_xydata()[0].tolist() for line in level.lines if line.get_label() == "clip"]
    assert clip == [3.0, 0.5]
    (gap,) = [patch for patch in level.patches if patch.get_hatch()]
    assert (gap.get_x(), gap.get_width()) == (10.0, 5.0)


@pytest.mark.parametrize(
    ("seconds", "unit", "label"),
    [(90.0, "seconds", "30"), (600.0, "minutes:seconds", "2:00"), (5400.0, "hours:minutes", "0:30")],
)
def test_times_are_labelled_in_units_that_fit(seconds: float, unit: str, label: str) -> None:
    figure = Session([Step(seconds)]).plot()
    figure.canvas.draw()
    axis = figure.axes[2].xaxis
    assert axis.get_label_text() == unit
    labels = [text.get_text() for text in axis.get_ticklabels()]
    assert label in labels
    assert len(labels) <= 14


def test_every_voice_can_be_plotted() -> None:
    every = [
        getattr(voices, name)() for name in voices.__all__ if name not in ("Flanger", "Spatial", "SubliminalEncode")
    ]
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


def test_the_ends_of_a_steady_tone_look_like_its_middle() -> None:
    rate = 8000
    figure = spectrogram(np.sin(2 * np.pi * 440 * np.arange(rate) / rate), rate)
    cells = np.asarray(figure.axes[0].images[0].get_array())
    middle = cells[:, cells.shape[1] // 2]
    heard = middle > -60.0
    for column in (cells[:, 0], cells[:, -1]):
        np.testing.assert_allclose(column[heard], middle[heard], atol=3.0)
        assert column[~heard].max() < -55.0
    assert figure.axes[1].get_ylabel() == "dB below the peak"


def test_the_spectrogram_peaks_at_the_frequency_of_the_tone() -> None:
    rate, t = 8000, np.arange(16_000) / 8000
    sound = np.stack([np.sin(2 * np.pi * 440 * t), 0.1 * np.sin(2 * np.pi * 880 * t)], axis=1)
    figure = spectrogram(sound, rate)
    for axes, frequency, level in zip(figure.axes[:2], (440.0, 880.0), (0.0, -20.0), strict=True):
        picture = axes.images[0]
        column = np.asarray(picture.get_array())[:, picture.get_array().shape[1] // 2]
        frequencies = np.linspace(0.0, rate / 2, len(column))
        assert frequencies[np.argmax(column)] == pytest.approx(frequency, abs=5.0)
        assert column.max() == pytest.approx(level, abs=0.5)
    with pytest.raises(ValueError, match="shape"):
        spectrogram(np.zeros((100, 3)), rate)


def test_paths_are_drawn_from_above_and_from_the_side() -> None:
    orbit = {"geometry": {"type": "vertical_orbit", "parameters": {"radiusM": 2.0}}, "traversal": {"durationS": 8.0}}
    name = "spatial_angle_modulation_sam2"
    moving = Voice(name, {"rendererMode": "Geometric", "canonicalTrajectory": orbit}, description="round")
    still = Voice(name, {"canonicalTrajectory": orbit})
    top, side = Session([Step(8.0, [moving, still])]).plot_path().axes
    # a circle in the plane of front and up: a line from above
    angle = np.linspace(0.0, 2.0 * np.pi, 2000)
    drawn = {label: line for line in top.lines if (label := line.get_label()) == "round"}
    np.testing.assert_allclose(drawn["round"].get_xdata(), np.zeros(2000), atol=1e-9)
    np.testing.assert_allclose(drawn["round"].get_ydata()[:-1], 2.0 * np.cos(angle)[:-1], atol=1e-5)
    np.testing.assert_allclose(side.lines[0].get_ydata()[:-1], 2.0 * np.sin(angle)[:-1], atol=1e-5)
    # the left is on the left
    left, right = top.get_xlim()
    assert left > right
    placed = Voice("binaural_beat", {"spatial": {"canonicalTrajectory": orbit}}, description="beat")
    left_of = Voice("binaural_beat", {"spatial": {"azimuthDeg": 90, "distanceM": 3}}, description="left")
    clip = Clip("rain.wav", duration=4.0, spatial={"canonicalTrajectory": orbit})
    top, side = Session([Step(8.0, [placed, left_of])], clips=[clip]).plot_path().axes
    drawn = {line.get_label(): line for line in top.lines}
    np.testing.assert_allclose(drawn["beat"].get_ydata()[:-1], 2.0 * np.cos(angle)[:-1], atol=1e-5)
    np.testing.assert_allclose([*drawn["left"].get_xdata(), *drawn["left"].get_ydata()], [3.0, 0.0], atol=1e-12)
    # half of the way in half of the time
    assert drawn["rain.wav"].get_ydata()[-1] == pytest.approx(-2.0, abs=1e-3)
    bad = Voice(name, {"rendererMode": "geometric", "canonicalTrajectory": {"geometry": {"type": "cube"}}})
    session = Session([Step(1.0, [bad])])
    with pytest.raises(rb.TrackError, match="canonicalTrajectory"):
        session.plot_path()

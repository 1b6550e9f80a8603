"""Previews of one step (spec assembly 6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Bed, Clip, Ramp, Session, Step, voices

RATE = 8000


def session() -> Session:
    moving = voices.BinauralBeat(base_freq=(200.0, 300.0), beat_freq=6.0, voice_id="a", ramp=Ramp(offset=1.0))
    return Session(
        [Step(2.0, [voices.BinauralBeat(base_freq=200.0, voice_id="a")]), Step(4.0, [moving], binaural_volume=0.24)],
        sample_rate=RATE,
        crossfade_duration=0.5,
        compat=None,
    )


def track() -> dict[str, Any]:
    whole = session()
    whole.background = Bed.noise("pink", gain=0.5)
    whole.clips.append(Clip("none.wav"))
    return whole.to_track()


def test_a_preview_contains_only_its_own_step() -> None:
    sound = rb.render_step(track(), 1, duration=None)
    np.testing.assert_array_equal(sound, Session([session().steps[1]], sample_rate=RATE, compat=None).render())
    assert sound.shape == (4 * RATE, 2)
    np.testing.assert_array_equal(sound, rb.render_step(track(), -1))


def test_a_preview_is_the_beginning_of_a_long_step() -> None:
    """Ramps, envelopes and levels are those of the whole step. Only the cut has a fade."""
    whole = rb.render_step(track(), 1, duration=None)
    part = rb.render_step(track(), 1, duration=2.0)
    edge = RATE // 100
    np.testing.assert_array_equal(part[:-edge], whole[: 2 * RATE - edge])
    assert np.abs(part[-1]).max() == 0.0
    assert np.abs(np.diff(part, axis=0)).max() <= np.abs(np.diff(whole, axis=0)).max() + 1e-3


def test_a_preview_can_start_inside_the_step() -> None:
    whole = rb.render_step(track(), 1, duration=None)
    part = rb.render_step(track(), 1, start=3.0)
    edge = RATE // 100
    np.testing.assert_array_equal(part[edge:], whole[3 * RATE + edge :])
    assert np.abs(part[0]).max() == 0.0


def test_target_level_sets_the_peak_of_a_preview() -> None:
    assert np.abs(rb.render_step(track(), 0)).max() == pytest.approx(0.48 * 0.95, abs=0.01)
    assert np.abs(rb.render_step(track(), 0, target_level=0.25)).max() == pytest.approx(0.25, abs=1e-6)
    silent = {"global": {"sample_rate": RATE}, "progression": [{"duration": 1.0}]}
    assert not rb.render_step(silent, 0, target_level=0.25).any()


@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_previews_accept_every_dialect() -> None:
    old = {
        "global_settings": {"sample_rate": str(RATE)},
        "steps": [{"Duration": "1", "start_time": 7, "voices": []}, {"stepDuration": 2}],
        "noise": {"file": "x.noise"},
        "clips": [{"path": "x.wav"}],
    }
    assert rb.render_step(old, 0).shape == (RATE, 2)
    assert rb.render_step(old, 1, sample_rate=16_000).shape == (32_000, 2)


def test_the_track_of_a_step_validates_and_plays() -> None:
    alone = rb.step_track(track(), 1)
    assert rb.validate(alone) == []
    with rb.Player(alone, backend="null") as player:
        assert player.duration == pytest.approx(4.0)


@pytest.mark.parametrize("index", [2, -3])
def test_a_missing_step_raises_an_index_error(index: int) -> None:
    with pytest.raises(IndexError, match=f"step {index}: the track has 2"):
        rb.render_step(track(), index)

"""Preview of one step of a track (spec assembly 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ._track import Track

_FADE = 0.01
"""Length of the fade at a cut, in seconds. Voices have the same fade at the edges of a step."""


def step_track(track: Track, index: int, *, compat: str | Mapping[str, bool | str] | None = None) -> dict[str, Any]:
    """Return a track that consists of one step, without other steps, background layer and clips.

    The result can be rendered and played like any track.

    Args:
        track: A path, JSON text or a dictionary.
        index: Number of the step, from 0. Negative numbers count from the end.
        compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means
            the rules of the track.

    Returns:
        A track dictionary. The step starts at 0.

    Raises:
        TrackError: The track cannot be used.
        IndexError: There is no such step.
        OSError: The track file cannot be read.

    Warns:
        TrackWarning: Part of the track was ignored or replaced.

    Examples:
        >>> track = {"progression": [{"duration": 5.0, "voices": []}, {"duration": 8.0, "voices": []}]}
        >>> rb.step_track(track, 1)["progression"][0]["duration"]
        8.0

    Source: spec assembly 6
    """
    whole = _core.load_track(track, compat=compat)
    steps = whole["progression"]
    if not -len(steps) <= index < len(steps):
        raise IndexError(f"step {index}: the track has {len(steps)}")
    alone: dict[str, Any] = {name: whole[name] for name in ("global", "sam_scene") if name in whole}
    return {**alone, "progression": [{**steps[index], "start": 0.0}]}


def render_step(
    track: Track,
    index: int,
    *,
    start: float = 0.0,
    duration: float | None = 30.0,
    target_level: float | None = None,
    sample_rate: float | None = None,
    compat: str | Mapping[str, bool | str] | None = None,
    seed: int | None = None,
    base_dir: str | os.PathLike[str] | None = None,
) -> NDArray[np.float32]:
    """Render part of one step, without other steps, background layer and clips.

    Ramps, envelopes and levels are those of the whole step: the first minute of an hour-long ramp moves as slowly as in
    the track. Voices start at their own phases and do not continue those of the step before. A fade of 10 ms is applied
    where the step is cut.

    Args:
        track: A path, JSON text or a dictionary.
        index: Number of the step, from 0. Negative numbers count from the end.
        start: First second to render, from the start of the step.
        duration: Seconds to render. ``None`` means to the end of the step.
        target_level: Peak of the result, 1 is full scale. ``None`` means the level in the mix.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track.
        compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means
            the rules of the track.
        seed: Seed of noise that has no seed in the track. ``None`` derives one from the content of the track.
        base_dir: Folder for relative paths in the track. ``None`` means the working directory.

    Returns:
        float32 array of shape ``(frames, 2)``. It is shorter than `duration` if the step ends before.

    Raises:
        TrackError: The track or an argument cannot be used.
        IndexError: There is no such step.
        OSError: The track file cannot be read.

    Warns:
        TrackWarning: Part of the track was ignored, replaced or left out.

    Examples:
        >>> voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0}}
        >>> track = {"progression": [{"duration": 5.0, "voices": [voice]}]}
        >>> rb.render_step(track, 0, duration=2.0).shape
        (88200, 2)

    Source: spec assembly 6
    """
    alone = step_track(track, index, compat=compat)
    sound = _core.render(
        alone, start=start, duration=duration, sample_rate=sample_rate, compat=compat, seed=seed, base_dir=base_dir
    )
    rate = float(sample_rate or alone["global"].get("sample_rate") or 44_100)
    edge = np.linspace(0.0, 1.0, min(len(sound), round(_FADE * rate)), dtype=np.float32)[:, np.newaxis]
    if start > 0.0:
        sound[: len(edge)] *= edge
    if duration is not None and start + duration < float(alone["progression"][0].get("duration") or 0.0):
        sound[len(sound) - len(edge) :] *= edge[::-1]
    peak = float(np.abs(sound).max(initial=0.0))
    if target_level is not None and peak > 1e-9:
        sound *= np.float32(target_level / peak)
    return sound

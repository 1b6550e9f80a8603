"""One step of a track by itself: what an editor plays when a step is tested (spec assembly 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from .player import Track

_FADE = 0.01
"""Seconds of fade where a step is cut, as voices have at the edges of a step."""


def step_track(track: Track, index: int, *, compat: str | Mapping[str, bool | str] | None = None) -> dict[str, Any]:
    """The track that consists of one step, without its neighbours, the bed and the clips.

    Render it, or give it to a player: it is a track like any other.

    Args:
        track: A path, JSON text or a dictionary.
        index: Which step; negative numbers count from the end.
        compat: Rules to read the track under, over those that it names.

    Raises:
        TrackError: The track cannot be rendered as written.
        IndexError: There is no such step.
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
    """A stretch of one step by itself, as float32 of shape ``(frames, 2)``.

    Voices move and keep their levels as in the whole track: a minute of an hour is the first minute of the long ramp.
    They begin at their own phases, since nothing comes before. Where the step is cut it has a fade of 10 ms.

    Args:
        track: A path, JSON text or a dictionary.
        index: Which step; negative numbers count from the end.
        start: Where to begin, seconds from the start of the step.
        duration: How much, seconds; ``None``: to the end of the step.
        target_level: Peak of the result, full scale 1, as files have; ``None``: the level of the mix.
        sample_rate: Hz; ``None``: that of the track.
        compat: Rules, over those that the track names.
        seed: Of noise that has none in the track.
        base_dir: Folder that relative paths in the track start from; ``None``: the working directory.

    Raises:
        TrackError: The track or an argument cannot be used.
        IndexError: There is no such step.
    """
    alone = step_track(track, index, compat=compat)
    stretch: dict[str, Any] = {"sample_rate": sample_rate, "compat": compat, "seed": seed, "base_dir": base_dir}
    sound = _core.render(alone, start=start, duration=duration, **stretch)
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

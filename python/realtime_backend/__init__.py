"""Binaural beats, isochronic tones and other entrainment audio.

Sound is always a C-ordered float32 array of shape ``(frames, 2)``, full scale ±1. Times are seconds, frequencies Hz.

- `synth`: every voice as a function that returns an array;
- `dsp`: the building blocks (curves, envelopes, pan, filters, flanger);
- `render`, `render_to_file`: whole tracks, or a stretch of one; `gpu_name`: what ``gpu=True`` would use;
- `render_step`, `step_track`: one step by itself, as an editor tests it;
- `render_voice`: one voice as a track renders it, with envelope, flanger and fades;
- `load_track`, `save_track`, `validate`: tracks, from a path, JSON text or a dictionary;
- `Player`, `list_devices`: real-time playback; `start_stream` and its companions: one stream per process, as functions;
- `TrackError`, `MediaError`, `EngineError` and `TrackWarning`: what can go wrong.
"""

from . import dsp, synth
from ._core import (
    AudioDeviceError,
    EngineError,
    MediaError,
    Problem,
    TrackError,
    TrackWarning,
    __version__,
    gpu_name,
    load_track,
    render,
    render_to_file,
    render_voice,
    save_track,
    validate,
)
from ._files import enable_gpu, render_full_wav, render_sample_wav
from .player import Device, Player, list_devices
from .preview import render_step, step_track
from .streaming import (
    duration,
    is_playing,
    pause_stream,
    position,
    push_clip_samples,
    resume_stream,
    set_master_gain,
    set_startup_fade,
    start_from,
    start_stream,
    status,
    step_times,
    stop_stream,
    update_track,
)

__all__ = [
    "AudioDeviceError",
    "Device",
    "EngineError",
    "MediaError",
    "Player",
    "Problem",
    "TrackError",
    "TrackWarning",
    "__version__",
    "dsp",
    "duration",
    "enable_gpu",
    "gpu_name",
    "is_playing",
    "list_devices",
    "load_track",
    "pause_stream",
    "position",
    "push_clip_samples",
    "render",
    "render_full_wav",
    "render_sample_wav",
    "render_step",
    "render_to_file",
    "render_voice",
    "resume_stream",
    "save_track",
    "set_master_gain",
    "set_startup_fade",
    "start_from",
    "start_stream",
    "status",
    "step_times",
    "step_track",
    "stop_stream",
    "synth",
    "update_track",
    "validate",
]

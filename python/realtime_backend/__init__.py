"""Binaural beats, isochronic tones and other entrainment audio.

Sound is a C-ordered float32 array of shape ``(frames, 2)``: left, then right. Full scale is ±1. Times are in seconds,
frequencies in Hz.

- `synth`: one function for each voice; each returns an array.
- `dsp`: building blocks: curves, envelopes, pan, filters, flanger.
- `hrtf`: personal ears: SOFA files for the voices that move through them.
- `render`, `render_to_file`: render a track, or a part of one. `gpu_name`: the graphics processor of ``gpu=True``.
- `batch`: render many files, from tracks and variables.
- `render_step`, `step_track`: preview one step of a track.
- `render_voice`: render one voice with its envelope, flanger and fades.
- `new_track`, `load_track`, `save_track`, `validate`: begin, read, write and check a track. `importers`: formats of
  other programs that are read as tracks.
- `analyse`, `verify`, `plot_levels`: measure the sound of a track, and compare it with what the track declares.
- `Player`, `Playlist`, `list_devices`: real-time playback. `Event`, `Meters`, `Device`, `OpenDevice`, `PlayerStats`:
  what they report. `FileReport`: what `render_to_file` reports.
- `start_stream`, `stop_stream` and the other stream functions: one stream per process.
- `render_full_wav`, `render_sample_wav`, `enable_gpu`: the file functions of the legacy backend.
- `TrackError`, `MediaError`, `AudioDeviceError`, `PlayerClosed`, `EngineError`: the exceptions.
- `Problem`, `TrackWarning`: a finding about a track, and the warning that reports one.

A track is a path, the content of a file or a dictionary. `realtime_backend.session` builds tracks from Python objects.

Examples:
    >>> import realtime_backend as rb
    >>> voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 180.0, "beatFreq": 6.0}}
    >>> track = rb.new_track([{"duration": 2.0, "voices": [voice]}])
    >>> rb.render(track).shape
    (88200, 2)
"""

from . import dsp, hrtf, synth
from ._batch import BatchFile, batch
from ._core import (
    AudioDeviceError,
    EngineError,
    MediaError,
    PlayerClosed,
    Problem,
    TrackError,
    TrackWarning,
    __version__,
    gpu_name,
    importers,
    load_track,
    render,
    render_to_file,
    render_voice,
    save_track,
    validate,
)
from ._devices import Device, OpenDevice, list_devices
from ._files import enable_gpu, render_full_wav, render_sample_wav
from ._new import new_track
from ._player_events import Event
from ._player_reports import Meters, PlayerStats
from ._reports import FileReport
from .analysis import Analysis, Verification, analyse, plot_levels, verify
from .player import Player
from .playlist import Playlist
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
    "Analysis",
    "AudioDeviceError",
    "BatchFile",
    "Device",
    "EngineError",
    "Event",
    "FileReport",
    "MediaError",
    "Meters",
    "OpenDevice",
    "Player",
    "PlayerClosed",
    "PlayerStats",
    "Playlist",
    "Problem",
    "TrackError",
    "TrackWarning",
    "Verification",
    "__version__",
    "analyse",
    "batch",
    "dsp",
    "duration",
    "enable_gpu",
    "gpu_name",
    "hrtf",
    "importers",
    "is_playing",
    "list_devices",
    "load_track",
    "new_track",
    "pause_stream",
    "plot_levels",
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
    "verify",
]

# Types of the native module. Its docstrings are in the Rust sources; `help` shows them.
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._reports import FileReport

# realtime_backend.session.Session
class _Session(Protocol):
    @property
    def base_dir(self) -> str | os.PathLike[str] | None: ...
    def to_track(self) -> dict[str, Any]: ...

# a path, JSON text, JSON bytes, a dictionary or a session
_Track: TypeAlias = str | bytes | os.PathLike[str] | Mapping[str, Any] | _Session
# shape (frames,)
_Mono: TypeAlias = NDArray[np.float64]
# one value, or one value per frame
_Numbers: TypeAlias = float | ArrayLike
# the name of a preset, or a mapping of switches
_Compat: TypeAlias = str | Mapping[str, bool | str]

__all__ = [
    "AudioDeviceError",
    "Batch",
    "EngineError",
    "MediaError",
    "NativePlayer",
    "PlayerClosed",
    "Problem",
    "TrackError",
    "TrackWarning",
    "__version__",
    "analyse_track",
    "batch_fingerprint",
    "batch_finished",
    "batch_track",
    "command_line",
    "compat_table",
    "dsp_adsr",
    "dsp_balance",
    "dsp_bandpass",
    "dsp_bandreject",
    "dsp_clean",
    "dsp_flanger",
    "dsp_linear_fade",
    "dsp_linen",
    "dsp_lowpass",
    "dsp_pan",
    "dsp_pan_envelope",
    "dsp_sine",
    "dsp_skewed_sine",
    "dsp_skewed_triangle",
    "dsp_transition_alpha",
    "dsp_trapezoid",
    "encode_sound",
    "flanger_table",
    "gpu_name",
    "hrtf_convert",
    "hrtf_info",
    "hrtf_load",
    "importers",
    "is_document",
    "is_session",
    "list_devices",
    "load_track",
    "load_voice_file",
    "noise_step_voice",
    "path_positions",
    "preset_catalogue",
    "read_document",
    "render",
    "render_to_file",
    "render_voice",
    "report_unraisable",
    "save_session_file",
    "save_track",
    "save_voice_file",
    "session_track",
    "spatial_table",
    "step_starts",
    "synth",
    "tracks_in_folder",
    "validate",
    "verify_track",
    "voice_table",
]
__version__: str

@final
class Problem:
    def __new__(cls, severity: Literal["error", "warning", "note"], path: str, message: str) -> Problem: ...
    def __getnewargs__(self) -> tuple[str, str, str]: ...
    @property
    def severity(self) -> Literal["error", "warning", "note"]: ...
    @property
    def path(self) -> str: ...
    @property
    def message(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

class TrackError(ValueError):
    problems: list[Problem]

class MediaError(OSError): ...
class TrackWarning(UserWarning): ...
class AudioDeviceError(RuntimeError): ...
class EngineError(RuntimeError): ...
class PlayerClosed(RuntimeError): ...  # noqa: N818 - it is no fault

@final
class NativePlayer:
    def __new__(
        cls,
        track: _Track,
        *,
        backend: str,
        device: str | None,
        sample_rate: int | None,
        latency: str | float,
        start: float,
        volume: float,
        startup_fade: float,
        ramp: float,
        compat: _Compat | None,
        seed: int | None,
        on_error: str,
        target_level: float | Literal["auto"] | None,
        measure_first: bool,
        on_device_loss: str,
        base_dir: str | os.PathLike[str] | None,
        turns: tuple[int | None, bool, float, int | None] | None,
        replaces: NativePlayer | None,
        warns: bool,
    ) -> NativePlayer: ...
    def play(self, at: float | None) -> None: ...
    def pause(self) -> None: ...
    def seek(self, seconds: float) -> None: ...
    def stop(self) -> None: ...
    def update(self, track: _Track) -> list[Problem]: ...
    def push_clip_samples(self, index: int, samples: NDArray[np.float32], finished: bool) -> tuple[int, int]: ...
    def wait(self, seconds: float) -> bool: ...
    def device(self) -> dict[str, Any]: ...
    def stats(self) -> dict[str, Any]: ...
    def next(self) -> bool: ...
    def previous(self) -> None: ...
    def go_to(self, index: int) -> bool: ...
    def set_tracks(self, tracks: Iterable[_Track], current: int | None) -> int: ...
    def set_order(self, seed: int | None, repeat: bool) -> None: ...
    def stop_after(self, seconds: float | None, fade: float) -> None: ...
    def set_loop(self, range: tuple[float, float] | None) -> None: ...
    def device_events(self) -> list[tuple[str, str]]: ...
    def meters(self) -> tuple[tuple[float, float], tuple[float, float]]: ...
    @property
    def device_time(self) -> float: ...
    @property
    def started_at(self) -> float | None: ...
    @property
    def current(self) -> int: ...
    @property
    def left_out(self) -> list[tuple[int, str]]: ...
    @property
    def timer(self) -> float | None: ...
    @property
    def looped(self) -> tuple[float, float] | None: ...
    @property
    def volume(self) -> float: ...
    @volume.setter
    def volume(self, value: float) -> None: ...
    @property
    def gain_db(self) -> float: ...
    @property
    def position(self) -> float: ...
    @property
    def duration(self) -> float: ...
    @property
    def state(self) -> Literal["starting", "playing", "paused", "finished", "stopped", "failed"]: ...
    @property
    def step(self) -> int | None: ...
    @property
    def step_times(self) -> list[tuple[float, float]]: ...
    @property
    def settled(self) -> bool: ...
    @property
    def warnings(self) -> list[Problem]: ...
    @property
    def last_error(self) -> str | None: ...

def report_unraisable(error: BaseException, callback: Callable[..., object]) -> None: ...
def tracks_in_folder(path: str | os.PathLike[str]) -> list[Path]: ...
def list_devices() -> list[tuple[str, str, bool, int | None, list[int]]]: ...
def synth(
    name: str,
    duration: float,
    sample_rate: float = 44100.0,
    *,
    params: dict[str, Any] | None = None,
    out: NDArray[np.float32] | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
) -> NDArray[np.float32]: ...
def compat_table() -> list[dict[str, Any]]: ...
def flanger_table() -> list[dict[str, Any]]: ...
def spatial_table() -> list[dict[str, Any]]: ...
def path_positions(
    path: Mapping[str, Any], times: Sequence[float], compat: _Compat | None = None
) -> NDArray[np.float64]: ...
def preset_catalogue(folders: Sequence[str | os.PathLike[str]]) -> dict[str, Any]: ...
def step_starts(
    steps: Sequence[tuple[float | None, float, float | None, float | None]],
    crossfade_duration: float,
    crossfade_overlap: float,
    compat: _Compat | None,
) -> list[float]: ...
def noise_step_voice(content: Mapping[str, Any]) -> dict[str, Any]: ...
def session_track(
    session: _Track, voices: Mapping[str, Any], noises: Mapping[str, tuple[Mapping[str, Any], str | None]]
) -> dict[str, Any]: ...
def is_session(found: Mapping[str, Any]) -> bool: ...
def load_voice_file(path: str | os.PathLike[str]) -> list[dict[str, Any]]: ...
def save_session_file(
    text: str, path: str | os.PathLike[str], named: Sequence[tuple[str, str | os.PathLike[str]]]
) -> None: ...
def save_voice_file(voices: Sequence[Mapping[str, Any]], path: str | os.PathLike[str]) -> None: ...
def voice_table() -> list[dict[str, Any]]: ...
def importers() -> dict[str, str]: ...
def load_track(
    track: _Track,
    /,
    *,
    compat: _Compat | None = None,
    strict: bool = False,
    hold: float | None = None,
    progress: Callable[[float], object] | None = None,
) -> dict[str, Any]: ...
def save_track(
    track: _Track,
    path: str | os.PathLike[str],
    /,
    *,
    compat: _Compat | None = None,
    base_dir: str | os.PathLike[str] | None = None,
) -> None: ...
def validate(
    track: _Track,
    /,
    *,
    compat: _Compat | None = None,
    base_dir: str | os.PathLike[str] | None = None,
    notes: bool = False,
    progress: Callable[[float], object] | None = None,
    spl_at_full_scale: float | None = None,
) -> list[Problem]: ...
def read_document(path: str | os.PathLike[str]) -> str: ...
def is_document(text: str) -> bool: ...
@overload
def render(
    track: _Track,
    /,
    *,
    sample_rate: float | None = None,
    start: float = 0.0,
    duration: float | None = None,
    out: NDArray[np.float32] | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "warn"] = "raise",
    base_dir: str | os.PathLike[str] | None = None,
    gpu: bool = False,
    progress: Callable[[float], object] | None = None,
    markers: Literal[False] = False,
    marker_every: int = 1,
) -> NDArray[np.float32]: ...
@overload
def render(
    track: _Track,
    /,
    *,
    sample_rate: float | None = None,
    start: float = 0.0,
    duration: float | None = None,
    out: NDArray[np.float32] | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "warn"] = "raise",
    base_dir: str | os.PathLike[str] | None = None,
    gpu: bool = False,
    progress: Callable[[float], object] | None = None,
    markers: Literal[True],
    marker_every: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.void]]: ...
def render_to_file(
    track: _Track,
    path: str | os.PathLike[str],
    /,
    *,
    target_level: float | Literal["auto"] | None = "auto",
    subtype: str = "PCM_16",
    dither: bool = True,
    format: str | None = None,
    sample_rate: float | None = None,
    start: float = 0.0,
    duration: float | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "warn"] = "raise",
    base_dir: str | os.PathLike[str] | None = None,
    gpu: bool = False,
    progress: Callable[[float], object] | None = None,
    loudness: float | None = None,
    peak: float | None = None,
    true_peak: float | None = None,
    markers: str | os.PathLike[str] | None = None,
    marker_every: int = 1,
    trigger_channel: bool = False,
    trigger_width_ms: float | None = None,
    quality: int | None = None,
    tags: Mapping[str, str] | bool | None = None,
    embed_track: bool = False,
    labels: str | os.PathLike[str] | None = None,
    cue: str | os.PathLike[str] | None = None,
    fade_in: float = 0.0,
    fade_out: float = 0.0,
    channels: Literal["stereo", "mono"] = "stereo",
    stems: Literal["voices", "buses", "layers"] | None = None,
    seamless: bool = False,
    measure: bool = False,
    blocks: Callable[[int, int, int], Iterable[NDArray[np.float32]]] | None = None,
    trigger_width: float | None = None,
) -> FileReport | None: ...
def encode_sound(sound: NDArray[np.float32], sample_rate: int, format: str, quality: int | None = None) -> bytes: ...

@final
class Batch:
    def __new__(
        cls,
        tracks: list[str],
        matrix: list[str],
        manifest: str | None,
        output: str | None,
        extension: str,
        seed: int,
    ) -> Batch: ...
    def __len__(self) -> int: ...
    def job(self, index: int) -> tuple[str, list[tuple[str, str]]]: ...
    def values(self, index: int) -> dict[str, Any]: ...
    def provisional(self, index: int) -> Path: ...
    def row(self, index: int) -> dict[str, str] | None: ...
    def keep(self, index: int, file: str | os.PathLike[str]) -> None: ...
    def settle(self, index: int, found: Mapping[str, Any]) -> dict[str, str]: ...
    def fail(self, index: int, message: str) -> None: ...

def batch_track(source: _Track, values: list[tuple[str, str]]) -> tuple[str, str, Path | None]: ...
def batch_fingerprint(options: str) -> str: ...
def batch_finished(row: dict[str, str], hash: str, options: str) -> Path | None: ...
def render_voice(
    voice: Mapping[str, Any],
    duration: float,
    sample_rate: float = 44100.0,
    *,
    out: NDArray[np.float32] | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    base_dir: str | os.PathLike[str] | None = None,
) -> NDArray[np.float32]: ...
def analyse_track(
    track: _Track,
    /,
    *,
    sample_rate: float | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "warn"] = "raise",
    base_dir: str | os.PathLike[str] | None = None,
    progress: Callable[[float], object] | None = None,
) -> tuple[dict[str, Any], str]: ...
def verify_track(
    track: _Track,
    /,
    *,
    sample_rate: float | None = None,
    compat: _Compat | None = None,
    seed: int | None = None,
    threads: int | None = None,
    base_dir: str | os.PathLike[str] | None = None,
    progress: Callable[[float], object] | None = None,
) -> tuple[tuple[dict[str, Any], str], tuple[dict[str, Any], str]]: ...
def gpu_name() -> str | None: ...
def hrtf_load(path: str | os.PathLike[str]) -> dict[str, Any]: ...
def hrtf_info(path: str | os.PathLike[str]) -> dict[str, Any]: ...
def hrtf_convert(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None: ...
def command_line(args: list[str]) -> int: ...
def dsp_transition_alpha(
    duration: float, sample_rate: float, initial_offset: float, transition_duration: float | None, curve: str
) -> _Mono: ...
def dsp_linear_fade(
    duration: float, sample_rate: float, start: float, end: float, fade_duration: float, at_end: bool
) -> _Mono: ...
def dsp_adsr(t: ArrayLike, attack: float, decay: float, sustain: float, release: float) -> _Mono: ...
def dsp_linen(t: ArrayLike, attack: float, release: float) -> _Mono: ...
def dsp_sine(frequency: _Numbers, t: ArrayLike, phase: float) -> _Mono: ...
def dsp_skewed_sine(phase: ArrayLike, skew: float) -> _Mono: ...
def dsp_skewed_triangle(phase: ArrayLike, skew: float) -> _Mono: ...
def dsp_trapezoid(t: ArrayLike, cycle: _Numbers, ramp: _Numbers, gap: _Numbers) -> _Mono: ...
def dsp_pan(signal: ArrayLike, position: float) -> NDArray[np.float64]: ...
def dsp_balance(audio: ArrayLike, position: _Numbers) -> NDArray[np.float32]: ...
def dsp_pan_envelope(
    frames: int, sample_rate: float, low: _Numbers, high: _Numbers, rate: _Numbers, kind: str, phase: _Numbers
) -> NDArray[np.float32]: ...
def dsp_lowpass(signal: ArrayLike, cutoff: float, sample_rate: float, order: int) -> _Mono: ...
def dsp_bandpass(signal: ArrayLike, centre: float, q: float, sample_rate: float) -> _Mono: ...
def dsp_bandreject(signal: ArrayLike, centre: float, q: float, sample_rate: float) -> _Mono: ...
def dsp_clean(signal: ArrayLike, sample_rate: float) -> _Mono: ...
def dsp_flanger(
    audio: ArrayLike, sample_rate: float, settings: dict[str, float], compat: _Compat | None
) -> NDArray[np.float32]: ...

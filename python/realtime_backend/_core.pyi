import os
from collections.abc import Mapping
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_Track: TypeAlias = str | bytes | os.PathLike[str] | Mapping[str, Any]
_Mono: TypeAlias = NDArray[np.float64]
_Numbers: TypeAlias = float | ArrayLike
_Compat: TypeAlias = str | Mapping[str, bool | str]

__all__ = [
    "MediaError",
    "Problem",
    "TrackError",
    "TrackWarning",
    "__version__",
    "command_line",
    "dsp_balance",
    "dsp_bandpass",
    "dsp_bandreject",
    "dsp_clean",
    "dsp_lowpass",
    "dsp_pan",
    "dsp_pan_envelope",
    "dsp_sine",
    "dsp_skewed_sine",
    "dsp_skewed_triangle",
    "dsp_transition_alpha",
    "dsp_trapezoid",
    "load_track",
    "save_track",
    "synth",
    "validate",
    "voice_table",
]
__version__: str

@final
class Problem:
    @property
    def severity(self) -> str: ...
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
def voice_table() -> list[dict[str, Any]]: ...
def load_track(track: _Track, /, *, compat: _Compat | None = None) -> dict[str, Any]: ...
def save_track(track: _Track, path: str | os.PathLike[str], /, *, compat: _Compat | None = None) -> None: ...
def validate(track: _Track, /, *, compat: _Compat | None = None) -> list[Problem]: ...
def command_line(args: list[str]) -> int: ...
def dsp_transition_alpha(
    duration: float, sample_rate: float, initial_offset: float, transition_duration: float | None, curve: str
) -> _Mono: ...
def dsp_sine(frequency: _Numbers, t: ArrayLike, phase: float) -> _Mono: ...
def dsp_skewed_sine(phase: ArrayLike, skew: float) -> _Mono: ...
def dsp_skewed_triangle(phase: ArrayLike, skew: float) -> _Mono: ...
def dsp_trapezoid(t: ArrayLike, cycle: _Numbers, ramp: _Numbers, gap: _Numbers) -> _Mono: ...
def dsp_pan(signal: ArrayLike, position: float) -> _Mono: ...
def dsp_balance(audio: ArrayLike, position: _Numbers) -> NDArray[np.float32]: ...
def dsp_pan_envelope(
    frames: int, sample_rate: float, low: _Numbers, high: _Numbers, rate: _Numbers, kind: str, phase: _Numbers
) -> NDArray[np.float32]: ...
def dsp_lowpass(signal: ArrayLike, cutoff: float, sample_rate: float, order: int) -> _Mono: ...
def dsp_bandpass(signal: ArrayLike, centre: float, q: float, sample_rate: float) -> _Mono: ...
def dsp_bandreject(signal: ArrayLike, centre: float, q: float, sample_rate: float) -> _Mono: ...
def dsp_clean(signal: ArrayLike, sample_rate: float) -> _Mono: ...

import os
from collections.abc import Mapping
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Track: TypeAlias = str | bytes | os.PathLike[str] | Mapping[str, Any]
_Compat: TypeAlias = str | Mapping[str, bool | str]

__all__ = [
    "MediaError",
    "Problem",
    "TrackError",
    "TrackWarning",
    "__version__",
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

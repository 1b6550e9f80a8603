"""Every voice as a function that returns an array.

A function renders the voice alone, without fades, envelope and flanger. `realtime_backend.render_voice` adds these.
Parameters have their names in the track format, or the same in Python's spelling (``base_freq``). The docstring of each
function lists them, and so does `voices`.

Examples:
    >>> from realtime_backend import synth
    >>> synth.binaural_beat(10.0, baseFreq=180.0, beatFreq=6.0).shape
    (441000, 2)
"""

# The types are in synth.pyi, which `python scripts/synth_stub.py` writes.
from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from . import _core
from ._voice_info import Parameter, Voice, VoiceInfo, snake_case, voice_info, voices

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Parameter", "Voice", "VoiceInfo", "voices"]

_CALL = """
    Args:
        duration: Length in seconds, 0 to 1e7.
        sample_rate: Frames per second, 1 to 1e7.
        out: Array for the result: C-ordered float32 of shape ``(frames, 2)``. ``None`` means a new array.
        compat: Rules: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches. ``None`` means
            ``"default"``.
        seed: Seed of random parts that have no seed parameter. ``None`` means 0.
        **params: Parameters from the list below, by their names in the track format (``baseFreq``) or in Python's
            spelling (``base_freq``).

    Returns:
        float32 array of shape ``(int(duration * sample_rate), 2)``; `out`, if it is given.

    Raises:
        TrackError: A parameter or argument cannot be used. ``problems`` has the name and the reason.
        TypeError: A parameter is unknown (under the rules ``"legacy"``: a warning) or given twice, or `out` or `compat`
            has the wrong type.
        MemoryError: The array does not fit into memory.

    Warns:
        TrackWarning: The value of a parameter was replaced, or has no effect.

    Parameters of the voice:
"""


def _make(info: VoiceInfo) -> Voice:
    names = {snake_case(row.name): row.name for row in info.parameters}

    def voice(
        duration: float,
        sample_rate: float = 44100,
        *,
        out: NDArray[np.float32] | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
        seed: int | None = None,
        **params: Any,
    ) -> NDArray[np.float32]:
        spelled = {names.get(name, name): value for name, value in params.items()}
        if len(spelled) < len(params):
            twice = next(name for name in params if names.get(name, name) != name and names[name] in params)
            raise TypeError(f"{info.name}() got {names[twice]!r} twice, the second time as {twice!r}")
        return _core.synth(info.name, duration, sample_rate, params=spelled, out=out, compat=compat, seed=seed)

    voice.__name__ = voice.__qualname__ = info.name
    listed = "\n".join(f"        {parameter}" for parameter in info.parameters)
    example = f"    Examples:\n        >>> synth.{info.name}(0.5).shape\n        (22050, 2)\n"
    voice.__doc__ = f"{info.summary}\n{_CALL}{listed}\n\n{example}\n    Source: {info.source}\n"
    # the completion of notebooks reads the signature
    own = inspect.signature(voice)
    fixed = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    rows = [row for row in info.parameters if row.name != "seed"]  # the call's own
    keywords = [inspect.Parameter(row.name, inspect.Parameter.KEYWORD_ONLY, default=row.default) for row in rows]
    voice.__signature__ = own.replace(parameters=[*fixed, *keywords])
    return voice


def __getattr__(name: str) -> Voice:
    # Functions are made on first use. Making all of them would slow down the import.
    for row in _core.voice_table():
        if row["name"] == name:
            made = _make(voice_info(row))
            globals()[name] = made
            return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *(row["name"] for row in _core.voice_table())]

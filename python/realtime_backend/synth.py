"""Every voice as a function that returns an array: ``synth.binaural_beat(10.0, baseFreq=180.0, beatFreq=6.0)``.

A function renders the bare voice: no fades, no envelope, no flanger (`realtime_backend.render_voice` adds those).
Parameter names are those of the track format; `voices` lists them, and so does each function's docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from . import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Parameter", "Voice", "VoiceInfo", "voices"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a voice, under one of the names that the voice reads."""

    name: str
    """Name as written in a track."""
    parameter: str
    """The parameter it belongs to: ``startBaseFreq`` and ``endBaseFreq`` are the two ends of ``baseFreq``."""
    kind: str
    """``number``, ``integer``, ``flag``, ``choice``, ``text`` or ``structure``."""
    choices: tuple[str, ...]
    """The words of a ``choice``."""
    unit: str
    """``Hz``, ``s``, ``rad``, ``deg``, ``cycles``, ``dB`` or empty."""
    default: float | bool | str | None
    """Value when absent; ``None``: absent means absent, for an ``endX`` that it stays where ``startX`` is."""
    minimum: float | None
    """Smallest accepted value."""
    maximum: float | None
    """Largest accepted value."""
    about: str
    """One line of explanation."""

    def __str__(self) -> str:
        kind = " | ".join(self.choices) if self.kind == "choice" else self.kind
        unit = f" in {self.unit}" if self.unit else ""
        default = "" if self.default is None else f", default {self.default}"
        low = "" if self.minimum is None else f", at least {self.minimum:g}"
        high = "" if self.maximum is None else f", at most {self.maximum:g}"
        return f"{self.name} ({kind}{unit}{default}{low}{high}): {self.about}"


@dataclass(frozen=True)
class VoiceInfo:
    """What a voice is and what it reads."""

    name: str
    """``synth_function_name`` of the track format."""
    family: str
    """The static voice it belongs to."""
    is_transition: bool
    """Whether its parameters move from ``startX`` to ``endX``."""
    summary: str
    """One sentence."""
    source: str
    """Where the algorithm is specified or published."""
    parameters: tuple[Parameter, ...]
    """In the order of the table."""


class Voice(Protocol):
    """A voice as a function."""

    __name__: str

    def __call__(
        self,
        duration: float,
        sample_rate: float = 44100,
        *,
        out: NDArray[np.float32] | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
        seed: int | None = None,
        **params: Any,
    ) -> NDArray[np.float32]:
        """Render the voice (see the docstring of each one)."""


def voices() -> dict[str, VoiceInfo]:
    """Every voice by name, with its parameters: type, unit, default, range, and a line of explanation."""
    return {row["name"]: _info(row) for row in _core.voice_table()}


def _info(row: dict[str, Any]) -> VoiceInfo:
    parameters = tuple(Parameter(**{**p, "choices": tuple(p["choices"])}) for p in row["parameters"])
    return VoiceInfo(**{**row, "parameters": parameters})


_CALL = """
    Args:
        duration: Length in seconds; the array has ``int(duration * sample_rate)`` frames.
        sample_rate: Frames per second.
        out: C-ordered float32 array of shape ``(frames, 2)`` to fill and return.
        compat: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches.
        seed: Seed for what is random in the voice and has no seed of its own.
        **params: Parameters below, by the names of the track format.

    Returns:
        float32 array of shape ``(frames, 2)``.

    Raises:
        TrackError: A parameter or argument is unusable; ``problems`` says which and why.

    Warns:
        TrackWarning: A parameter is unknown (with the nearest known name) or was replaced.

    Parameters of the voice:
"""


def _make(info: VoiceInfo) -> Voice:
    def voice(
        duration: float,
        sample_rate: float = 44100,
        *,
        out: NDArray[np.float32] | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
        seed: int | None = None,
        **params: Any,
    ) -> NDArray[np.float32]:
        return _core.synth(info.name, duration, sample_rate, params=params, out=out, compat=compat, seed=seed)

    voice.__name__ = voice.__qualname__ = info.name
    rows = "\n".join(f"        {parameter}" for parameter in info.parameters)
    voice.__doc__ = f"{info.summary}\n{_CALL}{rows}\n\n    Source: {info.source}\n"
    return voice


def __getattr__(name: str) -> Voice:
    # made on first use: importing the package should not write 29 docstrings
    for row in _core.voice_table():
        if row["name"] == name:
            made = _make(_info(row))
            globals()[name] = made
            return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *(row["name"] for row in _core.voice_table())]

"""Descriptions of the voices and their parameters, from the table that parses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from . import _core

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Parameter:
    """One name that a voice reads, and the parameter behind it.

    Examples:
        >>> print(synth.voices()["binaural_beat"].parameters[2])
        leftHigh (flag, default False): The left ear gets the higher carrier.
    """

    name: str
    """Name in a track, such as ``startBaseFreq``."""
    parameter: str
    """Parameter that the name belongs to. ``startBaseFreq`` and ``endBaseFreq`` both belong to ``baseFreq``."""
    kind: str
    """``number``, ``integer``, ``flag``, ``choice``, ``text``, ``file``, ``files`` or ``structure``."""
    choices: tuple[str, ...]
    """Accepted words of a ``choice``; empty for other kinds."""
    unit: str
    """Unit such as ``Hz``, ``s``, ``rad``, ``deg`` or ``dB``; empty if there is none."""
    default: float | bool | str | None
    """Value if the name is absent. ``None`` means no value; an ``endX`` then equals its ``startX``."""
    minimum: float | None
    """Smallest accepted value, or ``None``."""
    maximum: float | None
    """Largest accepted value, or ``None``."""
    about: str
    """Description in one line."""

    def __str__(self) -> str:
        kind = " | ".join(self.choices) if self.kind == "choice" else self.kind
        unit = f" in {self.unit}" if self.unit else ""
        default = "" if self.default is None else f", default {self.default}"
        low = "" if self.minimum is None else f", at least {self.minimum:g}"
        high = "" if self.maximum is None else f", at most {self.maximum:g}"
        return f"{self.name} ({kind}{unit}{default}{low}{high}): {self.about}"


@dataclass(frozen=True)
class VoiceInfo:
    """Description of a voice and its parameters.

    Examples:
        >>> synth.voices()["binaural_beat_transition"].family
        'binaural_beat'
    """

    name: str
    """Name, ``synth_function_name`` in a track."""
    family: str
    """Name of the static voice, without ``_transition``."""
    is_transition: bool
    """Whether parameters move from ``startX`` to ``endX``."""
    summary: str
    """Description in one sentence."""
    source: str
    """Where the algorithm is specified."""
    carrier: str | None
    """Parameter of the static voice that is its carrier frequency, or the first of several. ``None``: there is none."""
    beat: str | None
    """Parameter of the static voice that is its beat or modulation frequency, or the first of several."""
    parameters: tuple[Parameter, ...]
    """All names that the voice reads, in the order of the documentation."""


class Voice(Protocol):
    """Type of the voice functions in `synth`."""

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
        """Render the voice alone. The docstring of each function has its parameters.

        Args:
            duration: Length in seconds, 0 to 1e7.
            sample_rate: Frames per second, 1 to 1e7.
            out: Array for the result: C-ordered float32 of shape ``(frames, 2)``. ``None`` means a new array.
            compat: Rules: ``"default"``, ``"legacy"`` or ``"intended"``, or a mapping of single switches. ``None``
                means ``"default"``.
            seed: Seed of random parts that have no seed parameter. ``None`` means 0.
            **params: Parameters of the voice, by their names in the track format (``baseFreq``) or in Python's spelling
                (``base_freq``).

        Returns:
            float32 array of shape ``(int(duration * sample_rate), 2)``; `out`, if it is given.

        Raises:
            TrackError: A parameter or argument cannot be used. ``problems`` has the name and the reason.
            TypeError: A parameter is unknown (under the rules ``"legacy"``: a warning) or given twice, or `out` or
                `compat` has the wrong type.
            MemoryError: The array does not fit into memory.

        Warns:
            TrackWarning: The value of a parameter was replaced, or has no effect.
        """


def voices() -> dict[str, VoiceInfo]:
    """Return the description of every voice by its name.

    Returns:
        One `VoiceInfo` per voice. Its parameters have type, unit, default, range and a description.

    Examples:
        >>> info = synth.voices()["isochronic_tone"]
        >>> [parameter.name for parameter in info.parameters][:2]
        ['baseFreq', 'beatFreq']
    """
    return {row["name"]: voice_info(row) for row in _core.voice_table()}


def voice_info(row: dict[str, Any]) -> VoiceInfo:
    """Return the description in a row of the native table."""
    parameters = tuple(Parameter(**{**p, "choices": tuple(p["choices"])}) for p in row["parameters"])
    return VoiceInfo(**{**row, "parameters": parameters})


def snake_case(name: str) -> str:
    """Convert ``ampOscDepthL`` to ``amp_osc_depth_l``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

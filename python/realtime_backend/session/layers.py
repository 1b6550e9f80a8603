"""What lies over and under the steps: clips and the bed (spec track-format 6 and 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ._document import Document, Key, key, mapping, points, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass
class Clip(Document):
    """An audio file that is played once over the steps."""

    file: str = ""
    """Path (from the folder of the track) or ``data:`` URL; empty: samples are pushed while playing."""
    start: float = 0.0
    """Position on the track in seconds; negative cuts the head of the clip."""
    gain: float = 1.0
    """Linear."""
    duration: float = 0.0
    """Limit of the played length in seconds; 0: the whole file."""
    pan: float = 0.0
    """Balance, -1 left to 1 right."""
    fade_in: float = 0.0
    """Seconds, linear."""
    fade_out: float = 0.0
    """Seconds, linear."""
    description: str = ""
    """Label."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "file": key("file_path", "path", "file", fits=text),
        "start": key("start", "start_time"),
        "gain": key("amp", "gain"),
        "duration": key("duration"),
        "pan": key("pan"),
        "fade_in": key("fade_in"),
        "fade_out": key("fade_out"),
        "description": key("description", fits=text),
    }


@dataclass
class Bed(Document):
    """The layer under all steps: a ``.noise`` file, an audio file that is looped, or noise described in place."""

    file: str = ""
    """Path, from the folder of the track."""
    params: dict[str, Any] = field(default_factory=dict)
    """Content of a ``.noise`` file (spec track-format 8); read if there is no `file`."""
    gain: float = 1.0
    """Linear."""
    start_time: float = 0.0
    """When it begins, seconds."""
    fade_in: float = 0.0
    """Seconds."""
    fade_out: float = 0.0
    """Seconds before the end of the track."""
    amp_envelope: list[list[float]] = field(default_factory=list)
    """``[time in seconds, level]`` points, joined by lines."""
    pan: float = 0.0
    """Balance, -1 left to 1 right."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "file": key("file_path", "file", "params_path", "noise_file", fits=text),
        "params": key("params", fits=mapping),
        "gain": key("gain", "amp"),
        "start_time": key("start_time", "start_time_seconds"),
        "fade_in": key("fade_in"),
        "fade_out": key("fade_out"),
        "amp_envelope": key("amp_envelope", fits=points),
        "pan": key("pan"),
    }

    @classmethod
    def noise(
        cls,
        colour: str | Mapping[str, Any] = "pink",
        *,
        gain: float = 1.0,
        sweeps: Sequence[Mapping[str, float]] = (),
        lfo_freq: float = 1 / 12,
        fade_in: float = 0.0,
        fade_out: float = 0.0,
        seed: int = 1,
    ) -> Bed:
        """A bed of coloured noise, described in the track itself.

        Args:
            colour: ``"pink"``, ``"brown"``, ``"red"``, ``"deep brown"``, ``"white"``, ``"green"``, ``"blue"``,
                ``"purple"``, or a colour object (spec track-format 8.1).
            gain: Linear.
            sweeps: Moving notches, objects such as ``{"start_min": 800, "start_max": 6000, "start_q": 25}`` in Hz;
                none: plain noise.
            lfo_freq: Rate at which the notches move, Hz.
            fade_in: Seconds.
            fade_out: Seconds before the end of the track.
            seed: Of the noise; another number is another recording of the same noise.
        """
        named = {"name": colour} if isinstance(colour, str) else dict(colour)
        content = {
            "noise_parameters": {"seed": seed, **named},
            "sweeps": [dict(sweep) for sweep in sweeps],
            "lfo_freq": lfo_freq,
        }
        return cls(params=content, gain=gain, fade_in=fade_in, fade_out=fade_out)

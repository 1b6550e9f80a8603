"""Sound besides the steps: clips and the background layer (spec track-format 6 and 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ._document import Document, Key, flag, key, mapping, points, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MOVEMENTS = {
    name: key(name)
    for name in (
        "am_rate",
        "am_depth",
        "am_duty",
        "am_phase",
        "pan_rate",
        "pan_width",
        "pan_phase",
        "spin_rate",
        "spin_width",
        "spin_phase",
    )
}


@dataclass(kw_only=True)
class Layer(Document):
    """Base class of sound besides the steps: its movements in cycles.

    Phases are those at the start of a clip; for the background layer, at the start of the track.

    Source: spec track-format 6.1
    """

    am_rate: float = 0.0
    """Rate of the amplitude modulation in Hz, up to 1000; 0: none."""
    am_depth: float = 0.0
    """Depth of the amplitude modulation, 0 to 1: the level falls to 1 less the depth."""
    am_duty: float = 1.0
    """Share of each cycle that a pulse of the amplitude modulation takes, 0.001 to 1; 1: a sine."""
    am_phase: float = 0.0
    """Phase of the amplitude modulation at the start, in cycles; 0: between the peaks."""
    pan_rate: float = 0.0
    """Rate at which the balance swings around `pan`, in Hz, up to 1000; 0: it stays."""
    pan_width: float = 0.0
    """How far the balance swings to each side, 0 to 1."""
    pan_phase: float = 0.0
    """Phase of that swing at the start, in cycles; 0: in the middle, moving right."""
    spin_rate: float = 0.0
    """Rate at which the delay between the ears swings, in Hz, up to 1000; 0: none."""
    spin_width: float = 0.0
    """Largest delay between the ears in microseconds, up to 5000."""
    spin_phase: float = 0.0
    """Phase of the delay at the start, in cycles; 0: none, the right ear then comes first."""


@dataclass
class Clip(Layer):
    """An audio file over the steps.

    Examples:
        >>> bell = Clip("bell.wav", start=60.0, gain=0.5)

    Source: spec track-format 6
    """

    file: str = ""
    """Path, relative to the folder of the track, or ``data:`` URL. Empty for a clip that is fed while it plays."""
    start: float = 0.0
    """Position on the track in seconds. A negative position cuts off the start of the clip."""
    gain: float = 1.0
    """Linear gain."""
    duration: float = 0.0
    """Longest time to play in seconds; 0 plays the whole file."""
    pan: float = 0.0
    """Balance, -1 left to 1 right."""
    fade_in: float = 0.0
    """Length of the linear fade-in in seconds."""
    fade_out: float = 0.0
    """Length of the linear fade-out in seconds."""
    loop: bool = False
    """Whether the file repeats, for `duration` seconds or up to the end of the steps. Several looping clips are as many
    beds."""
    loop_start: float = 0.0
    """Where the part that repeats begins, in seconds of the file. What is before it plays once."""
    loop_end: float | None = None
    """Where it ends, in seconds of the file; ``None``: at the end of the file."""
    amp_envelope: list[list[float]] = field(default_factory=list)
    """Gain over time: ``[seconds since the start of the clip, gain]`` or ``[seconds, left gain, right gain]`` points,
    joined by straight lines."""
    spatial: dict[str, Any] | None = None
    """Where the sound comes from, before its gains and movements: a place, or a path round the listener (see
    `voices.Spatial`)."""
    description: str = ""
    """Label, without effect on the sound."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "file": key("file_path", "path", "file", fits=text),
        "start": key("start", "start_time"),
        "gain": key("amp", "gain"),
        "duration": key("duration"),
        "pan": key("pan"),
        "fade_in": key("fade_in"),
        "fade_out": key("fade_out"),
        "loop": key("loop", fits=flag),
        "loop_start": key("loop_start"),
        "loop_end": key("loop_end"),
        "amp_envelope": key("amp_envelope", fits=points),
        **MOVEMENTS,
        "spatial": key("spatial", fits=mapping),
        "description": key("description", fits=text),
    }


@dataclass
class Bed(Layer):
    """The background layer under all steps: a ``.noise`` file, a looped audio file, or noise from `params`.

    Examples:
        >>> rain = Bed("rain.wav", gain=0.3, fade_in=10.0)

    Source: spec track-format 7
    """

    file: str = ""
    """Path, relative to the folder of the track."""
    params: dict[str, Any] = field(default_factory=dict)
    """Content of a ``.noise`` file (spec track-format 8), used if `file` is empty."""
    gain: float = 1.0
    """Linear gain."""
    start_time: float = 0.0
    """Start on the track in seconds."""
    fade_in: float = 0.0
    """Length of the fade-in in seconds."""
    fade_out: float = 0.0
    """Length of the fade-out at the end of the track in seconds."""
    amp_envelope: list[list[float]] = field(default_factory=list)
    """Gain over time: ``[seconds on the track, gain]`` or ``[seconds, left gain, right gain]`` points, joined by
    straight lines."""
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
        **MOVEMENTS,
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
        """Make a background layer of coloured noise that needs no file.

        Args:
            colour: ``"pink"``, ``"brown"``, ``"red"``, ``"deep brown"``, ``"white"``, ``"green"``, ``"blue"``,
                ``"purple"``, or a colour object (spec track-format 8.1).
            gain: Linear gain.
            sweeps: Moving notches, such as ``{"start_min": 800, "start_max": 6000, "start_q": 25}``: the range in Hz
                and the quality factor. Empty for noise without notches.
            lfo_freq: Rate at which the notches move, in Hz.
            fade_in: Length of the fade-in in seconds.
            fade_out: Length of the fade-out at the end of the track in seconds.
            seed: Seed of the noise. Another seed gives another sound with the same spectrum.

        Returns:
            A `Bed` with the noise in `params`.

        Examples:
            >>> bed = Bed.noise("brown", gain=0.2, sweeps=[{"start_min": 300, "start_max": 900}])

        Source: spec noise 15
        """
        named = {"name": colour} if isinstance(colour, str) else dict(colour)
        content = {
            "noise_parameters": {"seed": seed, **named},
            "sweeps": [dict(sweep) for sweep in sweeps],
            "lfo_freq": lfo_freq,
        }
        return cls(params=content, gain=gain, fade_in=fade_in, fade_out=fade_out)

"""Measure the sound of a track, and compare it with what the track declares."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from . import _core

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from matplotlib.figure import Figure

    from ._track import Track

__all__ = [
    "Analysis",
    "Beat",
    "Comparison",
    "Levels",
    "Pair",
    "Place",
    "StepAnalysis",
    "Tone",
    "Verification",
    "VoiceTones",
    "analyse",
    "plot_levels",
    "verify",
]


@dataclass(frozen=True)
class Levels:
    """Levels of a stretch of the mix, before the final normalisation of a file.

    Source: ITU-R BS.1770-4, EBU Tech 3341 and 3342, IEC 61672-1
    """

    integrated_lufs: float | None
    """Integrated loudness in LUFS. ``None`` for silence and for less than 0.4 s."""
    short_term_max_lufs: float | None
    """Largest loudness within 3 s, in LUFS. ``None`` for less."""
    loudness_range_lu: float
    """Loudness range in LU."""
    true_peak_dbtp: float | None
    """True peak of both channels in dBTP. ``None`` for silence."""
    peak_dbfs: float | None
    """Largest sample of both channels in dBFS. ``None`` for silence."""
    crest_factor_db: float | None
    """Peak by RMS of the channel with the higher peak, in dB. A sine has 3.01."""
    dc_offset: tuple[float, float]
    """Mean of the left and the right channel, 1 is full scale."""
    interaural_correlation: float | None
    """Correlation of the channels, -1 to 1. ``None`` if one is silent."""
    mono_loss_db: float | None
    """Loss of level in dB when both channels are mixed to one: 0 for equal channels, 3 for unrelated ones."""
    a_weighted_dbfs: tuple[float | None, float | None]
    """A-weighted level of the left and the right channel, in dB relative to a sine of full scale and 1 kHz."""

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> Levels:
        pairs = {name: tuple(found[name]) for name in ("dc_offset", "a_weighted_dbfs")}
        return cls(**{**found, **pairs})


@dataclass(frozen=True)
class Tone:
    """One tone of a spectrum."""

    hz: float
    """Frequency in Hz."""
    dbfs: float
    """Peak level in dBFS."""


@dataclass(frozen=True)
class Beat:
    """A beat as it was found in the sound, without knowledge of the voices."""

    hz: float
    """Frequency in Hz."""
    kind: Literal["binaural", "envelope", "phase"]
    """Difference of the tones in the two ears, changes of level, or changes of the phase between the ears."""


@dataclass(frozen=True)
class Pair:
    """Carrier and beat in Hz, the beat from 0."""

    carrier_hz: float | None
    """Carrier in Hz. ``None`` if there is none, or it was not found."""
    beat_hz: float | None
    """Beat or modulation frequency in Hz. ``None`` if there is none, or it was not found."""


@dataclass(frozen=True)
class Place:
    """Carrier and beat of a voice at one place of the track."""

    at: float
    """The middle of the stretch that was measured, in seconds on the track."""
    length: float
    """Length of that stretch in seconds."""
    declared: Pair
    """By the parameters of the track."""
    measured: Pair
    """In the sound."""
    slope: float
    """By how much the declared values change per second, in Hz/s."""


@dataclass(frozen=True)
class VoiceTones:
    """Carrier and beat of one voice, declared and measured."""

    path: str
    """JSON path, such as ``progression[2].voices[0]``."""
    function: str
    """Name of the voice."""
    places: tuple[Place, ...]
    """The middle of the step. For a voice that moves, also places near its start and its end."""

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> VoiceTones:
        def place(one: Mapping[str, Any]) -> Place:
            return Place(**{**one, "declared": Pair(**one["declared"]), "measured": Pair(**one["measured"])})

        return cls(found["path"], found["function"], tuple(map(place, found["places"])))


@dataclass(frozen=True)
class StepAnalysis:
    """What was measured of one step: the mix from its start to its end."""

    path: str
    """JSON path, such as ``progression[2]``."""
    description: str
    """Label in the track."""
    start: float
    """Start on the track in seconds."""
    end: float
    """End on the track in seconds."""
    levels: Levels
    """Levels from start to end."""
    left: tuple[Tone, ...]
    """The strongest tones in the left ear in the middle of the step, the strongest first."""
    right: tuple[Tone, ...]
    """The same for the right ear."""
    beat: Beat | None
    """The beat of the strongest tones. ``None`` if there is none."""
    voices: tuple[VoiceTones, ...]
    """The voices that have a carrier."""

    @classmethod
    def _of(cls, found: Mapping[str, Any]) -> StepAnalysis:
        return cls(
            **{
                **found,
                "levels": Levels._of(found["levels"]),
                "left": tuple(Tone(**tone) for tone in found["left"]),
                "right": tuple(Tone(**tone) for tone in found["right"]),
                "beat": Beat(**found["beat"]) if found["beat"] else None,
                "voices": tuple(map(VoiceTones._of, found["voices"])),
            }
        )


@dataclass(frozen=True)
class Analysis:
    """What `analyse` measured. ``str`` gives it as text."""

    version: str
    """Version of the engine."""
    track_sha256: str | None
    """SHA-256 of the track in the spelling in which `save_track` writes it."""
    sample_rate: int
    """Frames per second."""
    frames: int
    """Length in frames."""
    seconds: float
    """Length in seconds."""
    seed: int | None
    """The seed that was given. ``None`` if the seeds come from the track alone."""
    whole: Levels
    """Levels of the whole track."""
    steps: tuple[StepAnalysis, ...]
    """The steps that sound, in the order of the track."""
    text: str = field(default="", repr=False, compare=False)
    """The analysis as text."""

    @classmethod
    def _of(cls, told: tuple[Mapping[str, Any], str]) -> Analysis:
        found, text = told
        steps = tuple(map(StepAnalysis._of, found["steps"]))
        return cls(**{**found, "whole": Levels._of(found["whole"]), "steps": steps}, text=text)

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as a dictionary of plain values, as ``info --levels --json`` writes it."""
        found: dict[str, Any] = _plain(self)
        return found

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Comparison:
    """One declared value and the sound."""

    path: str
    """JSON path of the voice or the step."""
    quantity: Literal["carrier", "beat", "peak"]
    """What is compared."""
    unit: Literal["Hz", "dBFS"]
    """Unit of the values."""
    at: float
    """The place of the measurement in seconds on the track."""
    declared: float
    """By the track."""
    measured: float | None
    """In the sound. ``None`` if it was not found."""
    tolerance: float
    """Largest difference that agrees."""
    passed: bool
    """Whether the measured value is within the tolerance."""


@dataclass(frozen=True)
class Verification:
    """What `verify` compared. ``str`` gives the sheet to file with a stimulus."""

    passed: bool
    """Whether every comparison agrees."""
    version: str
    """Version of the engine."""
    track_sha256: str | None
    """SHA-256 of the track in the spelling in which `save_track` writes it."""
    sample_rate: int
    """Frames per second."""
    seconds: float
    """Length in seconds."""
    seed: int | None
    """The seed that was given. ``None`` if the seeds come from the track alone."""
    comparisons: tuple[Comparison, ...]
    """Every declared value, in the order of the track."""
    not_compared: tuple[str, ...]
    """What was not compared, with the reason."""
    analysis: Analysis = field(repr=False)
    """Everything that was measured."""
    text: str = field(default="", repr=False, compare=False)
    """The comparison as text."""

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as a dictionary of plain values, as ``verify --json`` writes it."""
        found: dict[str, Any] = _plain(self)
        del found["analysis"]
        return found

    def __str__(self) -> str:
        return self.text


def analyse(
    track: Track,
    *,
    sample_rate: float | None = None,
    compat: str | Mapping[str, bool | str] | None = None,
    seed: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "warn"] = "raise",
    base_dir: str | os.PathLike[str] | None = None,
    progress: Callable[[float], object] | None = None,
) -> Analysis:
    """Render a track at the level of the mix, and measure it: the whole track and each step.

    Args:
        track: A path, JSON text or a dictionary.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track.
        compat: Rules that replace those of the track: a preset name or a mapping of single switches. ``None`` means
            the rules of the track.
        seed: Seed of random parts that have no seed in the track. ``None`` derives one from the content of the track.
        threads: Number of threads. ``None`` means all cores. The values do not depend on it.
        on_error: ``"raise"`` refuses a track with a voice that cannot be rendered. ``"warn"`` leaves the voice out.
        base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file.
        progress: Called with the fraction done, 0 to 1. An exception in it stops the analysis.

    Returns:
        The levels, and the carriers and beats in the sound beside those that the track declares.

    Raises:
        TrackError: The track or an argument cannot be used.
        OSError: The track file cannot be read.

    Warns:
        TrackWarning: Part of the track was ignored, replaced or left out.

    Examples:
        >>> voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 10.0}}
        >>> found = rb.analyse({"progression": [{"duration": 4.0, "voices": [voice]}]})
        >>> round(found.steps[0].left[0].hz, 2), round(found.steps[0].right[0].hz, 2), round(found.steps[0].beat.hz, 2)
        (195.0, 205.0, 10.0)

    Source: [levels](levels.md)
    """
    return Analysis._of(
        _core.analyse_track(
            track,
            sample_rate=sample_rate,
            compat=compat,
            seed=seed,
            threads=threads,
            on_error=on_error,
            base_dir=base_dir,
            progress=progress,
        )
    )


def verify(
    track: Track,
    *,
    sample_rate: float | None = None,
    compat: str | Mapping[str, bool | str] | None = None,
    seed: int | None = None,
    threads: int | None = None,
    base_dir: str | os.PathLike[str] | None = None,
    progress: Callable[[float], object] | None = None,
) -> Verification:
    """Measure a track and compare it with what it declares: carriers, beats, and levels where they are absolute.

    Args:
        track: A path, JSON text or a dictionary.
        sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the track.
        compat: Rules that replace those of the track. ``None`` means the rules of the track.
        seed: Seed of random parts that have no seed in the track.
        threads: Number of threads. ``None`` means all cores.
        base_dir: Folder for relative paths in the track. ``None`` means the folder of the track file.
        progress: Called with the fraction done, 0 to 1. An exception in it stops the measurement.

    Returns:
        Every declared value with the measured one, and whether they agree.

    Raises:
        TrackError: The track or an argument cannot be used.
        OSError: The track file cannot be read.

    Warns:
        TrackWarning: Part of the track was ignored or replaced.

    Examples:
        >>> voice = {"synth_function_name": "isochronic_tone", "params": {"baseFreq": 150.0, "beatFreq": 6.0}}
        >>> rb.verify({"progression": [{"duration": 4.0, "voices": [voice]}]}).passed
        True

    Source: [levels](levels.md)
    """
    (found, text), analysis = _core.verify_track(
        track,
        sample_rate=sample_rate,
        compat=compat,
        seed=seed,
        threads=threads,
        base_dir=base_dir,
        progress=progress,
    )
    rows = tuple(Comparison(**row) for row in found.pop("comparisons"))
    reasons = tuple(found.pop("not_compared"))
    return Verification(**found, comparisons=rows, not_compared=reasons, analysis=Analysis._of(analysis), text=text)


def plot_levels(measured: Track | Analysis) -> Figure:
    """Plot loudness and true peak of each step, and declared and measured carriers and beats.

    Needs ``realtime_backend[plot]``.

    Args:
        measured: An `Analysis`, or a track, which is analysed.

    Returns:
        A matplotlib figure.

    Raises:
        ImportError: matplotlib is not installed.
        TrackError: The track cannot be used.

    Examples:
        >>> figure = rb.plot_levels("evening.json")
    """
    from .session.pictures import levels

    return levels(measured if isinstance(measured, Analysis) else analyse(measured))


def _plain(one: Any) -> Any:
    """Return dataclasses as dictionaries and tuples as lists, without the texts."""
    if dataclasses.is_dataclass(one):
        names = [part.name for part in dataclasses.fields(one) if part.name != "text"]
        return {name: _plain(getattr(one, name)) for name in names}
    return [_plain(item) for item in one] if isinstance(one, tuple) else one

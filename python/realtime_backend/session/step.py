"""One step of a session (spec track-format 3)."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._document import Document, Key, key, number, text
from .envelopes import LinearFade
from .voice import Ramp, Voice, between

if TYPE_CHECKING:
    from collections.abc import Mapping


def curve(value: object) -> bool:
    """Return whether `value` is the name of a crossfade curve."""
    return value in ("linear", "equal_power")


def _read_voices(found: list[dict[str, Any]]) -> list[Voice]:
    return [Voice.from_dict(voice) for voice in found]


def _write_voices(voices: list[Voice]) -> list[dict[str, Any]]:
    return [voice.to_dict() for voice in voices]


def _voices(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(voice, dict) for voice in value)


@dataclass
class Step(Document):
    """Voices that sound together for `duration` seconds. A crossfade leads into the next step.

    Examples:
        >>> Step(60.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=6.0)], "theta").duration
        60.0

    Source: spec track-format 3
    """

    duration: float = 0.0
    """Length in seconds, with the crossfades at both ends."""
    voices: list[Voice] = field(default_factory=list)
    """Voices of the step. An empty list is silence."""
    description: str = ""
    """Label, without effect on the sound."""
    start: float | None = None
    """Position on the track in seconds. ``None`` means the end of the previous step minus the overlap."""
    crossfade_duration: float | None = None
    """Length of the fade into the next step in seconds. ``None`` means the value of the session."""
    crossfade_curve: Literal["linear", "equal_power"] | None = None
    """Shape of this fade. ``None`` means the value of the session."""
    crossfade_overlap: float | None = None
    """Share of this fade by which the steps overlap, 0 to 1. ``None`` means the value of the session."""
    binaural_volume: float | None = None
    """Gain of the binaural bus: 0 to 0.48, ``None`` means 0.48. With the normalization ``"none"``: 0 to 1, ``None``
    means 1."""
    noise_volume: float | None = None
    """Gain of the noise bus, likewise."""
    normalization_level: float | None = None
    """Peak of each bus before its volume is applied. ``None`` means the value of the session."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "start": key("start"),
        "duration": key("duration"),
        "description": key("description", fits=text),
        "crossfade_duration": key("crossfade_duration"),
        "crossfade_curve": key("crossfade_curve", fits=curve),
        "crossfade_overlap": key("crossfade_overlap", fits=number),
        "binaural_volume": key("binaural_volume"),
        "noise_volume": key("noise_volume"),
        "normalization_level": key("normalization_level"),
        "voices": Key(("voices",), _voices, _read_voices, _write_voices),
    }

    def ramp_to(self, other: Step, duration: float, ramp: Ramp | None = None, description: str = "") -> Step:
        """Make a step that goes between this one and `other`. Every voice moves to its counterpart.

        The counterpart of a voice has the same family and the same id. For a voice without an id, the label counts; for
        one without a label, the position among the voices of its family. Voices without a counterpart fade out or in.

        Args:
            other: The step after the new one.
            duration: Length in seconds.
            ramp: Time and shape of the movement. ``None`` means a straight line over the whole step.
            description: Label of the new step.

        Returns:
            A new step with the volumes of `other`, and otherwise the settings of this step.

        Raises:
            ValueError: A parameter that cannot move differs between two counterparts.

        Examples:
            >>> alpha = Step(60.0, [voices.BinauralBeat(beat_freq=10.0)])
            >>> theta = Step(60.0, [voices.BinauralBeat(beat_freq=6.0)])
            >>> session = Session([alpha, alpha.ramp_to(theta, 30.0), theta])
        """
        left = list(other.voices)
        made: list[Voice] = []
        for index, voice in enumerate(self.voices):
            partner = _counterpart(voice, index, self, other, left)
            if partner is None:
                made.append(_faded(voice.at_end(), duration, 1.0, 0.0))
            else:
                left = [one for one in left if one is not partner]
                made.append(between(voice, partner, ramp))
        made += [_faded(voice.at_start(), duration, 0.0, 1.0) for voice in left]
        return replace(
            copy.deepcopy(self),
            duration=duration,
            voices=made,
            description=description,
            start=None,
            binaural_volume=other.binaural_volume,
            noise_volume=other.noise_volume,
        )


def _counterpart(voice: Voice, index: int, step: Step, other: Step, left: list[Voice]) -> Voice | None:
    for name in ("voice_id", "description"):
        wanted = getattr(voice, name)
        if wanted:
            return next((one for one in left if getattr(one, name) == wanted and one.family == voice.family), None)
    place = sum(one.family == voice.family for one in step.voices[:index])
    same = [one for one in other.voices if one.family == voice.family]
    found = same[place] if place < len(same) else None
    return found if any(one is found for one in left) else None


def _faded(voice: Voice, seconds: float, start: float, end: float) -> Voice:
    return replace(copy.deepcopy(voice), envelope=LinearFade(seconds, start, end))

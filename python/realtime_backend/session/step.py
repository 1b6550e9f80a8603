"""One step: voices that sound together for a while (spec track-format 3)."""

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
    """Whether this is the shape of a crossfade."""
    return value in ("linear", "equal_power")


def _read_voices(found: list[dict[str, Any]]) -> list[Voice]:
    return [Voice.from_dict(voice) for voice in found]


def _write_voices(voices: list[Voice]) -> list[dict[str, Any]]:
    return [voice.to_dict() for voice in voices]


def _voices(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(voice, dict) for voice in value)


@dataclass
class Step(Document):
    """Voices that sound together for `duration` seconds; a crossfade leads into the next step."""

    duration: float = 0.0
    """Seconds, the crossfades at both ends included."""
    voices: list[Voice] = field(default_factory=list)
    """None: silence."""
    description: str = ""
    """Label."""
    start: float | None = None
    """Position on the track in seconds; ``None``: where the previous step ends, less the crossfade."""
    crossfade_duration: float | None = None
    """Seconds of the fade into the next step; ``None``: that of the session."""
    crossfade_curve: Literal["linear", "equal_power"] | None = None
    """Shape of that fade; ``None``: that of the session."""
    crossfade_overlap: float | None = None
    """Share of that fade by which the steps overlap, 0 to 1; ``None``: that of the session."""
    binaural_volume: float = 0.48
    """Peak of the tones, 0 to 0.48 of full scale."""
    noise_volume: float = 0.48
    """Peak of the voices on the noise bus, 0 to 0.48 of full scale."""
    normalization_level: float | None = None
    """Peak to which each bus is brought before its volume; ``None``: that of the session."""

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
        """The step between this one and `other`, in which every voice moves into its counterpart.

        Counterparts have the same id, or else the same label, or else the same family at the same place. A voice
        without one fades out, or in.

        Args:
            other: Where it leads.
            duration: Seconds.
            ramp: When and how; by default evenly over the whole step.
            description: Label.

        Raises:
            ValueError: Two counterparts differ in something that cannot move.
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

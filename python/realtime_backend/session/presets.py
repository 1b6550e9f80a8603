"""Presets, and session files that refer to them (spec track-format 9 and 10)."""

from __future__ import annotations

import copy
import html
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import _core
from ._document import printable
from .layers import Bed
from .voice import Voice

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from .model import Session


@dataclass
class Noise:
    """A noise preset: the content of a ``.noise`` file.

    Examples:
        >>> Noise({"noise_parameters": {"name": "brown"}}).voice().bus
        'noise'

    Source: spec track-format 8
    """

    content: dict[str, Any]
    """Content of the file, with the keys of spec track-format 8."""
    file: str | None = None
    """Path of the file, or ``None``."""

    def voice(self) -> Voice:
        """Return the noise as a voice on the noise bus.

        Raises:
            TrackError: `content` cannot be used.

        Warns:
            TrackWarning: A key was ignored or replaced.
        """
        return Voice.from_dict(_core.noise_step_voice(self.content))

    def bed(self, gain: float = 1.0) -> Bed:
        """Return the noise as a background layer. It refers to `file`, if there is one.

        Args:
            gain: Linear gain.
        """
        if self.file is not None:
            return Bed(file=self.file, gain=gain)
        return Bed(params=copy.deepcopy(self.content), gain=gain)


@dataclass
class Catalogue:
    """Presets by id. Ids have the form ``voice:NAME``, ``json:NAME``, ``noise:NAME`` or ``noise_preset:NAME``.

    You can add presets under other ids.

    Examples:
        >>> "noise_preset:Pink Noise" in Catalogue.of().noises
        True

    Source: spec track-format 9
    """

    voices: dict[str, list[Voice]] = field(default_factory=dict)
    """Presets for voices. Each is the list of voices for a step."""
    noises: dict[str, Noise] = field(default_factory=dict)
    """Presets for noise, in steps and background layers."""

    @classmethod
    def of(cls, *folders: str | os.PathLike[str]) -> Catalogue:
        """Return the built-in presets and the presets in `folders`.

        A ``.voice`` file gives one voice, a ``.noise`` file a noise, and a track (``.json``) the voices of its first
        step. Session files are ignored.

        Args:
            *folders: Folders to read. Subfolders are not read.

        Raises:
            OSError: A folder cannot be read.

        Warns:
            TrackWarning: A file cannot be used and was skipped.
        """
        found = _core.preset_catalogue(folders)
        return cls(
            {name: [Voice.from_dict(voice) for voice in voices] for name, voices in found["voices"].items()},
            {name: Noise(content, file) for name, (content, file) in found["noises"].items()},
        )

    def _repr_html_(self) -> str:
        return "<br>".join(html.escape(printable(name)) for name in [*self.voices, *self.noises])


@dataclass
class SessionFileStep:
    """One step of a session file. It refers to presets.

    Examples:
        >>> SessionFileStep(60.0, noise_preset_id="noise_preset:Pink Noise").noise_volume
        0.48

    Source: spec track-format 10
    """

    duration: float = 300.0
    """Length in seconds."""
    binaural_preset_id: str | None = None
    """Id of a preset for voices, or ``None``."""
    noise_preset_id: str | None = None
    """Id of a preset for noise, or ``None``."""
    description: str = ""
    """Label, without effect on the sound."""
    start: float | None = None
    """Position in seconds. ``None`` means the end of the previous step minus its crossfade."""
    crossfade_duration: float | None = None
    """Length of the fade into the next step in seconds. ``None`` means the value of the session."""
    crossfade_curve: str | None = None
    """``linear`` or ``equal_power``. ``None`` means the value of the session."""
    binaural_volume: float = 0.48
    """Volume of the voices, 0 to 0.48 of full scale."""
    noise_volume: float = 0.48
    """Volume of the noise, 0 to 0.48 of full scale."""
    background_audio_path: str | None = None
    """Audio file that starts with the step, or ``None``."""
    background_audio_volume: float = 0.48
    """Linear gain of the audio file."""
    background_audio_extend: bool = True
    """Whether the audio file continues after the end of the step."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Unknown keys of the file. They are written back and have no effect."""

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> SessionFileStep:
        """Make a step from a dictionary of a file."""
        given, extra = _known(cls, found)
        if "warmup_clip_path" in extra and "background_audio_path" not in given:
            given["background_audio_path"] = extra.pop("warmup_clip_path")  # the old name
        return cls(**given, extra=extra)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of a file as a dictionary."""
        out = asdict(self)
        extra: dict[str, Any] = out.pop("extra")
        return out | extra


@dataclass
class SessionFile:
    """A file of the session builder: steps that refer to presets, and a background noise.

    Examples:
        >>> stored = SessionFile([SessionFileStep(60.0, noise_preset_id="noise_preset:Pink Noise")])
        >>> stored.to_session().duration
        60.0

    Source: spec track-format 10
    """

    steps: list[SessionFileStep] = field(default_factory=list)
    """Steps in playing order."""
    sample_rate: int = 44_100
    """Frames per second, 8000 to 384000."""
    crossfade_duration: float = 0.0
    """Length of the fade from a step into the next one, in seconds."""
    crossfade_curve: str = "linear"
    """Shape of the crossfades: ``linear`` or ``equal_power``."""
    output_filename: str = "session_output.flac"
    """Name of the exported file."""
    background_noise_preset_id: str | None = None
    """Id of the preset for the background noise, or ``None``."""
    background_noise_gain: float = 1.0
    """Linear gain of the background noise."""
    background_noise_start_time: float = 0.0
    """Start of the background noise in seconds."""
    background_noise_fade_in: float = 0.0
    """Length of its fade-in in seconds."""
    background_noise_fade_out: float = 0.0
    """Length of its fade-out at the end of the session in seconds."""
    background_noise_amp_envelope: list[list[float]] | None = None
    """Its gain over time: ``[seconds, linear gain]`` points, joined by straight lines."""
    normalization_level: float = 0.95
    """Peak of each bus before its volume is applied (spec assembly 6)."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Unknown keys of the file. They are written back and have no effect."""
    folder: Path | None = None
    """Folder of the file, for relative paths. ``None`` means the working directory."""

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> SessionFile:
        """Make a session file from the content of a file. `to_session` checks the values.

        Raises:
            ValueError: `found` is not a dictionary, or ``steps`` is not a list of dictionaries.
        """
        given, extra = _known(cls, found)
        steps = given.pop("steps", None) or []
        if not isinstance(steps, list):
            raise ValueError(f"steps: expected a list, got {steps!r}")
        return cls(steps=[SessionFileStep.from_dict(step) for step in steps], extra=extra, **given)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SessionFile:
        """Read a ``.session`` or ``.json`` file.

        Args:
            path: The file. Its folder becomes `folder`.

        Raises:
            ValueError: The file does not contain a session.
            OSError: The file cannot be read.
        """
        path = Path(path)
        made = cls.from_dict(_parsed(path))
        made.folder = path.parent
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the content of a file as a dictionary."""
        out = asdict(self) | {"steps": [step.to_dict() for step in self.steps]}
        del out["folder"]
        extra: dict[str, Any] = out.pop("extra")
        return out | extra

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a session file as JSON. An error leaves no partial file.

        Args:
            path: The file to write.

        Raises:
            FileExistsError: `path` is an audio file of the session.
            OSError: The file cannot be written.
        """
        path = Path(path)
        folders = {self.folder or Path(), path.parent}
        named = [
            (f"steps[{index}].background_audio_path", folder / file)
            for index, step in enumerate(self.steps)
            for file in (step.background_audio_path, step.extra.get("warmup_clip_path"))
            for folder in folders
            if isinstance(file, str) and file
        ]
        _core.save_session_file(json.dumps(self.to_dict(), indent=4, ensure_ascii=False), path, named)

    def to_session(self, catalogue: Catalogue | None = None) -> Session:
        """Convert to a session. Voices and noises of the presets are copied into it.

        Args:
            catalogue: The presets. ``None`` means the built-in presets and those in `folder`.

        Raises:
            TrackError: A preset id is unknown, or a value cannot be used.
            OSError: `folder` cannot be read.

        Warns:
            TrackWarning: Part of the file was ignored or replaced.

        Source: spec track-format 10
        """
        from .model import Session

        if catalogue is None:
            catalogue = Catalogue.of(*([] if self.folder is None else [self.folder]))
        track = _core.session_track(
            self.to_dict(),
            {name: [voice.to_dict() for voice in voices] for name, voices in catalogue.voices.items()},
            {name: (noise.content, noise.file) for name, noise in catalogue.noises.items()},
        )
        return Session.from_track(track, base_dir=self.folder)


def _known(cls: type, found: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split a dictionary of a file into the keys that are fields of `cls`, and the other keys."""
    if not isinstance(found, dict):
        raise ValueError(f"expected a {'session' if cls is SessionFile else 'step'} (an object), got {found!r}")
    names = {one.name for one in fields(cls)} - {"extra", "folder"}
    given = {name: value for name, value in found.items() if name in names}
    return given, {name: value for name, value in found.items() if name not in names}


def _parsed(path: str | os.PathLike[str]) -> Any:
    """Return the JSON document in a file. Pipes and devices are refused."""
    text = _core.read_document(path).lstrip().removeprefix("\ufeff")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(f"{Path(path)!s}: nested too deeply") from None


def is_session_file(path: str | os.PathLike[str]) -> bool:
    """Return whether a file contains a session instead of a track."""
    try:
        found = _parsed(path)
        return isinstance(found, dict) and _core.is_session(found)
    except (ValueError, OSError):
        return False  # the reader of tracks reports the error


def load_voices(path: str | os.PathLike[str]) -> list[Voice]:
    """Read a ``.voice`` file, which has one voice, or a ``.voices`` file, which has a list.

    Args:
        path: The file. The extension ``.voices`` means a list, any other one voice.

    Raises:
        TrackError: The file does not contain voices.
        OSError: The file cannot be read.

    Warns:
        TrackWarning: Part of the file was ignored or replaced.

    Examples:
        >>> save_voices([voices.BinauralBeat()], "beat.voice")
        >>> load_voices("beat.voice")[0].function
        'binaural_beat'

    Source: spec track-format 9
    """
    return [Voice.from_dict(voice) for voice in _core.load_voice_file(path)]


def save_voices(voices: Iterable[Voice], path: str | os.PathLike[str]) -> None:
    """Write a ``.voice`` file for one voice, or a ``.voices`` file for a list. Ids and buses are not stored.

    Args:
        voices: The voices.
        path: The file. Its extension is replaced by ``.voice`` or ``.voices``.

    Raises:
        TrackError: A voice cannot be used.
        FileExistsError: The file is an audio file that a voice reads.
        OSError: The file cannot be written.

    Examples:
        >>> save_voices([voices.BinauralBeat(), voices.IsochronicTone()], "both.voices")

    Source: spec track-format 9
    """
    _core.save_voice_file([voice.to_dict() for voice in voices], path)

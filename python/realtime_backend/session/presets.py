"""Presets, and the session files that name them (spec track-format 9 and 10)."""

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
    """A noise preset: the content of a ``.noise`` file."""

    content: dict[str, Any]
    """Keys of spec track-format 8."""
    file: str | None = None
    """Where it is kept, if it is."""

    def voice(self) -> Voice:
        """The noise as a voice of a step, on the noise bus."""
        return Voice.from_dict(_core.noise_step_voice(self.content))

    def bed(self, gain: float = 1.0) -> Bed:
        """The noise as the layer under all steps."""
        if self.file is not None:
            return Bed(file=self.file, gain=gain)
        return Bed(params=copy.deepcopy(self.content), gain=gain)


@dataclass
class Catalogue:
    """Presets by id: ``voice:…``, ``json:…``, ``noise:…``, ``noise_preset:…`` and a name, or ids of your own."""

    voices: dict[str, list[Voice]] = field(default_factory=dict)
    """The voices that a preset puts into a step."""
    noises: dict[str, Noise] = field(default_factory=dict)
    """Noises for steps and beds."""

    @classmethod
    def of(cls, *folders: str | os.PathLike[str]) -> Catalogue:
        """The built-in presets and those in `folders`.

        Every ``.voice`` file is a voice, every ``.noise`` file a noise, every track ``.json`` file the voices of its
        first step. Files that cannot be read are skipped with a `TrackWarning`; sessions may lie among them.

        Raises:
            OSError: A folder cannot be read.
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
    """One step of a session file: which presets sound, how long, how loud."""

    duration: float = 300.0
    """Seconds."""
    binaural_preset_id: str | None = None
    """Id of voices in the catalogue."""
    noise_preset_id: str | None = None
    """Id of a noise in the catalogue."""
    description: str = ""
    """Label."""
    start: float | None = None
    """Position in seconds; ``None``: after the step before."""
    crossfade_duration: float | None = None
    """Seconds of the fade into the next step; ``None``: that of the session."""
    crossfade_curve: str | None = None
    """``linear`` or ``equal_power``; ``None``: that of the session."""
    binaural_volume: float = 0.48
    """0 to 0.48."""
    noise_volume: float = 0.48
    """0 to 0.48."""
    background_audio_path: str | None = None
    """Audio file that begins with the step."""
    background_audio_volume: float = 0.48
    """Its linear gain."""
    background_audio_extend: bool = True
    """Whether it plays on when the step is over."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Keys of the file that are unknown; written back, of no effect."""

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> SessionFileStep:
        """Read the object as it stands in a file."""
        given, extra = _known(cls, found)
        if "warmup_clip_path" in extra and "background_audio_path" not in given:
            given["background_audio_path"] = extra.pop("warmup_clip_path")  # the old name
        return cls(**given, extra=extra)

    def to_dict(self) -> dict[str, Any]:
        """The object as it stands in a file."""
        out = asdict(self)
        extra: dict[str, Any] = out.pop("extra")
        return out | extra


@dataclass
class SessionFile:
    """What the session builder stores: steps that name presets, and a background noise."""

    steps: list[SessionFileStep] = field(default_factory=list)
    """In playing order."""
    sample_rate: int = 44_100
    """Hz."""
    crossfade_duration: float = 0.0
    """Seconds."""
    crossfade_curve: str = "linear"
    """``linear`` or ``equal_power``."""
    output_filename: str = "session_output.flac"
    """Name of the exported file."""
    background_noise_preset_id: str | None = None
    """Id of a noise in the catalogue."""
    background_noise_gain: float = 1.0
    """Linear."""
    background_noise_start_time: float = 0.0
    """Seconds."""
    background_noise_fade_in: float = 0.0
    """Seconds."""
    background_noise_fade_out: float = 0.0
    """Seconds."""
    background_noise_amp_envelope: list[list[float]] | None = None
    """``[time, level]`` points."""
    normalization_level: float = 0.95
    """Peak of the buses before their volume."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Keys of the file that are unknown; written back, of no effect."""
    folder: Path | None = None
    """Where the file lies: relative paths start from here."""

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> SessionFile:
        """Read the object as it stands in a file; values are checked by `to_session`.

        Raises:
            ValueError: This is no object, or its steps are none.
        """
        given, extra = _known(cls, found)
        steps = given.pop("steps", None) or []
        if not isinstance(steps, list):
            raise ValueError(f"steps: expected a list, got {steps!r}")
        return cls(steps=[SessionFileStep.from_dict(step) for step in steps], extra=extra, **given)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> SessionFile:
        """Read a ``.session`` or ``.json`` file.

        Raises:
            ValueError: The file holds something else.
            OSError: The file cannot be read.
        """
        path = Path(path)
        made = cls.from_dict(_parsed(path))
        made.folder = path.parent
        return made

    def to_dict(self) -> dict[str, Any]:
        """The object as it stands in a file."""
        out = asdict(self) | {"steps": [step.to_dict() for step in self.steps]}
        del out["folder"]
        extra: dict[str, Any] = out.pop("extra")
        return out | extra

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a session file. It appears whole or not at all.

        Raises:
            OSError: The file cannot be written; a `FileExistsError` if it is an audio file of the session.
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
        """The session that the file means, the presets filled in (spec track-format 10).

        Args:
            catalogue: Where presets are looked up; by default the built-in ones and those in `folder`.

        Raises:
            TrackError: A preset is unknown (with the nearest known id) or a value unusable.
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
    """The keys of an object of a file that are fields of `cls`, and the others."""
    if not isinstance(found, dict):
        raise ValueError(f"expected a {'session' if cls is SessionFile else 'step'} (an object), got {found!r}")
    names = {one.name for one in fields(cls)} - {"extra", "folder"}
    given = {name: value for name, value in found.items() if name in names}
    return given, {name: value for name, value in found.items() if name not in names}


def _parsed(path: str | os.PathLike[str]) -> Any:
    """The document in a file, numbers as they are written; only regular files are opened."""
    text = _core.read_document(path).lstrip().removeprefix("\ufeff")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(f"{Path(path)!s}: nested too deeply") from None


def is_session_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file holds a session rather than a track."""
    try:
        found = _parsed(path)
        return isinstance(found, dict) and _core.is_session(found)
    except (ValueError, OSError):
        return False  # the reader of tracks says what is wrong


def load_voices(path: str | os.PathLike[str]) -> list[Voice]:
    """The voices of a ``.voice`` file (one) or a ``.voices`` file (a list).

    Raises:
        TrackError: The file holds something else.
        OSError: The file cannot be read.
    """
    return [Voice.from_dict(voice) for voice in _core.load_voice_file(path)]


def save_voices(voices: Iterable[Voice], path: str | os.PathLike[str]) -> None:
    """Write a ``.voice`` file (one voice) or a ``.voices`` file; ids and bus are not stored.

    Raises:
        OSError: The file cannot be written.
    """
    _core.save_voice_file([voice.to_dict() for voice in voices], path)

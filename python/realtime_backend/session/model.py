"""A whole session: steps, bed and clips, and what can be done with them."""

from __future__ import annotations

import copy
import html
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .. import _core
from . import presets
from ._document import Document, Key, anything, flag, key, ordered, printable, text, whole
from .audio import Audio
from .layers import Bed, Clip
from .step import Step, curve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from ..player import Player, Track

#: Seconds of sound in the player that a notebook shows.
PREVIEW = 20.0


@dataclass
class Session(Document):
    """A track that can be built, changed, heard and saved.

    Everything is plain data: change any field, append to any list. Nothing is rendered or checked before it is asked
    for. Whatever a track file holds beyond these fields is kept and written back (`extra`, `settings`).
    """

    steps: list[Step] = field(default_factory=list)
    """In playing order."""
    sample_rate: int = 44_100
    """Hz, 8000 to 384000."""
    crossfade_duration: float = 1.0
    """Seconds over which a step fades into the next one."""
    crossfade_curve: Literal["linear", "equal_power"] = "linear"
    """Shape of these fades."""
    crossfade_overlap: float = 1.0
    """Share of the crossfade by which steps overlap, 0 to 1."""
    normalization_level: float = 0.95
    """Peak to which the buses of a step are brought before their volume."""
    preserve_relative_step_loudness: bool = False
    """Keep the loudness from step to step."""
    output_filename: str = ""
    """Name that the editor exports to."""
    compat: str | dict[str, Any] | None = None
    """Rules to render under: ``"legacy"``, ``"default"``, ``"intended"``, or an object of switches."""
    background: Bed | None = None
    """The layer under all steps."""
    clips: list[Clip] = field(default_factory=list)
    """Audio files over the steps."""
    sam_scene: Any = None
    """Scene of the spatial workbench, carried along."""
    settings: dict[str, Any] = field(default_factory=dict, repr=False)
    """Keys of ``global`` that have no field here."""
    base_dir: Path | None = None
    """Folder that relative paths start from; ``None``: the working directory."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "sample_rate": key("sample_rate", fits=whole),
        "crossfade_duration": key("crossfade_duration"),
        "crossfade_curve": key("crossfade_curve", fits=curve),
        "crossfade_overlap": key("crossfade_overlap"),
        "normalization_level": key("normalization_level"),
        "preserve_relative_step_loudness": key("preserve_relative_step_loudness", fits=flag),
        "output_filename": key("output_filename", fits=text),
        "compat": key("compat", fits=anything),
    }

    @classmethod
    def from_track(
        cls,
        track: Track,
        *,
        base_dir: str | os.PathLike[str] | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
    ) -> Session:
        """Read a track of any dialect.

        Args:
            track: A path (of a track, or of a session with its presets beside it), JSON text or a dictionary.
            base_dir: Folder that relative paths start from; by default that of the track file.
            compat: Rules to read it under, over those that the track names; under ``"legacy"`` a voice that cannot
                sound is a warning.

        Raises:
            TrackError: The track cannot be rendered as written.
            OSError: The file cannot be read.
        """
        found = _core.load_track(track, compat=compat)
        if base_dir is None and not isinstance(track, bytes | dict):
            path = os.fspath(track) if isinstance(track, str | os.PathLike) else ""
            text = isinstance(track, str) and _core.is_document(track.encode(errors="replace").decode())
            base_dir = None if text or not path else Path(path).parent
        settings = cls._read(found.pop("global"))
        settings["settings"] = settings.pop("extra")
        steps = [Step.from_dict(step) for step in found.pop("progression")]
        bed = found.pop("background_noise")
        clips = [Clip.from_dict(clip) for clip in found.pop("overlay_clips")]
        return cls(
            steps=steps,
            background=Bed.from_dict(bed) if bed else None,
            clips=clips,
            sam_scene=found.pop("sam_scene", None),
            extra=found,
            base_dir=None if base_dir is None else Path(base_dir),
            **settings,
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str], catalogue: presets.Catalogue | None = None) -> Session:
        """Read a track file, or a session file of the session builder.

        Args:
            path: A track (``.json``), or a session (``.session`` or ``.json``) whose steps name presets.
            catalogue: Where the presets of a session file are looked up; by default the built-in ones and those in the
                folder of the file.

        Raises:
            TrackError: The file cannot be used; ``problems`` says where and why.
            OSError: The file cannot be read.
        """
        if catalogue is not None and presets.is_session_file(path):
            return presets.SessionFile.load(path).to_session(catalogue)
        return cls.from_track(path)

    def to_track(self) -> dict[str, Any]:
        """The session as a track, every step with its start: what is rendered, played and saved."""
        # `extra` is what stands beside the settings in the file, not among them
        steps = [
            ordered({**step.to_dict(), "start": start}, step.order)
            for step, start in zip(self.steps, self._starts(), strict=True)
        ]
        track: dict[str, Any] = {
            "global": self._whole(self.settings),
            "progression": steps,
            "background_noise": self.background.to_dict() if self.background is not None else {},
            "overlay_clips": [clip.to_dict() for clip in self.clips],
        }
        if self.sam_scene is not None:
            track["sam_scene"] = copy.deepcopy(self.sam_scene)
        return track | {name: copy.deepcopy(value) for name, value in self.extra.items() if name not in track}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the track as JSON; the file appears whole or not at all. Sound is what `export` writes.

        Raises:
            TrackError: The session cannot be rendered as it is.
            OSError: The file cannot be written; a `FileExistsError` if it is an audio file that the session reads.
        """
        _core.save_track(self.to_track(), path, base_dir=self.base_dir)

    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds (spec assembly 3)."""
        return [(start, start + step.duration) for step, start in zip(self.steps, self._starts(), strict=True)]

    @property
    def duration(self) -> float:
        """End of the last step in seconds; clips may sound longer."""
        return max((end for _, end in self.step_times()), default=0.0)

    def clear_starts(self) -> None:
        """Let every step follow the one before it, as after a change of durations in a file that fixes the starts."""
        for step in self.steps:
            step.start = None

    def validate(self, *, progress: Callable[[float], object] | None = None) -> list[_core.Problem]:
        """Every error and warning, with its path in the track; empty: nothing is wrong.

        Args:
            progress: Called with the fraction done, 0 to 1; an exception in it stops the check.
        """
        return _core.validate(self.to_track(), base_dir=self.base_dir, progress=progress)

    def render(
        self,
        *,
        start: float = 0.0,
        duration: float | None = None,
        sample_rate: float | None = None,
        seed: int | None = None,
        threads: int | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        gpu: bool = False,
        progress: Callable[[float], object] | None = None,
    ) -> NDArray[np.float32]:
        """The sound as a float32 array of shape ``(frames, 2)``, not normalised: what `play` plays.

        Args:
            start: Where to begin, seconds.
            duration: How much, seconds; ``None``: to the end.
            sample_rate: Hz; ``None``: that of the session.
            seed: Of what is random and has no seed of its own.
            threads: At most so many; ``None``: all cores.
            on_error: ``"warn"`` leaves out voices that cannot be rendered.
            gpu: Let a graphics processor compute the tones; see `realtime_backend.render`.
            progress: Called with the fraction done.

        Raises:
            TrackError: The session cannot be rendered as it is; ``problems`` says where and why.
        """
        return _core.render(
            self.to_track(),
            start=start,
            duration=duration,
            sample_rate=sample_rate,
            seed=seed,
            threads=threads,
            on_error=on_error,
            gpu=gpu,
            progress=progress,
            base_dir=self.base_dir,
        )

    def export(
        self,
        path: str | os.PathLike[str],
        *,
        target_level: float | None = 0.25,
        subtype: str = "PCM_16",
        gpu: bool = False,
        progress: Callable[[float], object] | None = None,
    ) -> None:
        """Render to a WAV or FLAC file, in memory that does not grow with the length.

        Args:
            path: The extension selects the format.
            target_level: Peak of the file; ``None``: exactly what `render` returns.
            subtype: ``PCM_16``, ``PCM_24`` or (WAV) ``FLOAT``.
            gpu: Let a graphics processor compute the tones; see `realtime_backend.render_to_file`.
            progress: Called with the fraction done.

        Raises:
            TrackError: The session cannot be rendered as it is.
            OSError: The file cannot be written; a `FileExistsError` if it is an audio file that the session reads.
        """
        _core.render_to_file(
            self.to_track(),
            path,
            target_level=target_level,
            subtype=subtype,
            gpu=gpu,
            progress=progress,
            base_dir=self.base_dir,
        )

    def play(self, **options: Any) -> Player:
        """Start playing; returns at once. Stop the player when done, or use it in a ``with`` statement.

        Args:
            **options: Of `realtime_backend.Player`: ``start``, ``volume``, ``device``, ...

        Raises:
            TrackError: The session cannot be played as it is.
            AudioDeviceError: There is no output device.
        """
        from ..player import Player

        player = Player(self.to_track(), **{"base_dir": self.base_dir, **options})
        player.play()
        return player

    def plot(self) -> Figure:
        """Carrier, beat and level over time as a matplotlib figure; needs ``realtime_backend[plot]``."""
        from .pictures import timeline

        return timeline(self)

    def audio(self, start: float = 0.0, duration: float | None = None) -> Audio:
        """A stretch as a player for notebooks, at its own level; arguments as for `render`."""
        return Audio(self.render(start=start, duration=duration), self.sample_rate)

    def _starts(self) -> list[float]:
        """Where the engine places the steps: those without a start overlap by the crossfade of the session."""
        own = self._rules("unplaced_objects")
        starts: list[float] = []
        now = 0.0
        for step in self.steps:
            begin = now if step.start is None else step.start
            starts.append(begin)
            if step.start is not None:
                # under the old rule a step of no length moves nothing, and the next one may lie before the last end
                end = max(begin, 0.0) + step.duration
                now = max(now, end) if not own else end if step.duration > 0.0 else now
                continue
            fade, share = self.crossfade_duration, self.crossfade_overlap
            if own:
                fade = fade if step.crossfade_duration is None else step.crossfade_duration
                share = share if step.crossfade_overlap is None else step.crossfade_overlap
            now += max(step.duration - max(fade, 0.0) * min(max(share, 0.0), 1.0), 0.0)
        return starts

    def _rules(self, switch: str) -> bool:
        """Whether a switch is on under the session's `compat`."""
        rules = self.compat if isinstance(self.compat, dict) else {"preset": self.compat or "default"}
        presets = next(row for row in _core.compat_table() if row["name"] == switch)
        return bool(rules.get(switch, presets.get(rules.get("preset", "default"), False)))

    def _repr_html_(self) -> str:
        rows = []
        for step, (begin, end) in zip(self.steps, self.step_times(), strict=True):
            names = ", ".join(voice.function for voice in step.voices) or "silence"
            cells = (f"{begin:.1f} to {end:.1f} s", step.description, names)
            rows.append("<tr>" + "".join(f"<td>{html.escape(printable(cell))}</td>" for cell in cells) + "</tr>")
        table = f"<table>{''.join(rows)}</table>"
        try:
            sound = self.audio(duration=min(PREVIEW, self.duration) or None)
        except (ValueError, OSError) as error:
            return f"{table}<pre>{html.escape(str(error))}</pre>"
        note = f"<p>the first {PREVIEW:g} s</p>" if self.duration > PREVIEW else ""
        return f"{table}{note}{sound._repr_html_()}"

    def __str__(self) -> str:
        return json.dumps(self.to_track(), indent=4)

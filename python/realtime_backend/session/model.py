"""A whole session: steps, background layer and clips."""

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
from ._export import Exportable
from .audio import Audio
from .layers import Bed, Clip
from .report import Report
from .step import Step, curve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from .._track import Track
    from ..player import Player

#: Length of the sound that a notebook shows, in seconds.
PREVIEW = 20.0
#: Steps that a notebook lists.
SHOWN = 100


def _normalization(value: object) -> bool:
    return value in ("step", "none")


@dataclass(repr=False)
class Session(Exportable, Document):
    """A track that can be built, edited, played, rendered and saved.

    All fields are plain data and can be changed at any time. They are checked when the session is rendered, played,
    saved or validated. `extra` and `settings` keep all other keys of a track file.

    Examples:
        >>> from realtime_backend.session import Session, Step, voices
        >>> session = Session([Step(2.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=6.0)])])
        >>> session.render().shape
        (88200, 2)

    Source: spec track-format 1 to 3
    """

    steps: list[Step] = field(default_factory=list)
    """Steps in playing order."""
    sample_rate: int = 44_100
    """Frames per second, 8000 to 384000."""
    crossfade_duration: float = 1.0
    """Length of the fade from a step into the next one, in seconds, from 0."""
    crossfade_curve: Literal["linear", "equal_power"] | None = None
    """Shape of the crossfades. ``None`` means that of the rules: with ``"intended"`` linear for a voice that is in
    phase with itself and equal power for all others, otherwise linear."""
    crossfade_overlap: float = 1.0
    """Share of the crossfade by which the steps overlap, 0 to 1."""
    normalization_level: float = 0.95
    """Peak of each bus of a step before its volume is applied. No effect with the normalization ``"none"``."""
    preserve_relative_step_loudness: bool = False
    """Whether each step is brought nearer to the loudness of the step before it, by at most 3 dB (spec assembly 6).

    In spite of its name it evens differences of loudness out. To keep them as they are written, use the normalization
    ``"none"``, with which this has no effect.
    """
    output_filename: str = ""
    """Name of the file that the editor exports."""
    compat: str | dict[str, Any] | None = "intended"
    """Rules: ``"legacy"``, ``"default"``, ``"intended"``, or a dictionary of switches. ``None`` means ``"default"``.

    A new session has the rules ``"intended"``. A session that is read keeps what its file names, or ``None``. To
    upgrade one, set this to ``"intended"``.
    """
    background: Bed | None = None
    """Background layer under all steps, or ``None``."""
    clips: list[Clip] = field(default_factory=list)
    """Audio files that play over the steps."""
    sam_scene: Any = None
    """Scene of the spatial workbench: stages, modulators, routing (``docs/spatial.md``)."""
    settings: dict[str, Any] = field(default_factory=dict, repr=False)
    """Keys of ``global`` in the track that have no field here."""
    base_dir: Path | None = None
    """Folder for relative paths. ``None`` means the working directory."""
    normalization: Literal["step", "none"] | None = None
    """``"step"``: each step is brought to a peak level. ``"none"``: voices sound at the amplitudes that they state.
    ``None`` means ``"none"`` with the rules ``"intended"``, otherwise ``"step"`` (spec assembly 6)."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "sample_rate": key("sample_rate", fits=whole),
        "crossfade_duration": key("crossfade_duration"),
        "crossfade_curve": key("crossfade_curve", fits=curve),
        "crossfade_overlap": key("crossfade_overlap"),
        "normalization": key("normalization", fits=_normalization),
        "normalization_level": key("normalization_level"),
        "preserve_relative_step_loudness": key("preserve_relative_step_loudness", fits=flag),
        "output_filename": key("output_filename", fits=text),
        "compat": key("compat", fits=anything),
    }

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        # What an absent key of a track means: only new sessions have the rules "intended".
        return {**super()._defaults(), "compat": None}

    @classmethod
    def from_track(
        cls,
        track: Track,
        *,
        base_dir: str | os.PathLike[str] | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
    ) -> Session:
        """Make a session from a track in any dialect.

        Args:
            track: The path of a track, of a session file with its presets in the same folder, or of a session file of
                another program; the content of such a file; or a dictionary.
            base_dir: Folder for relative paths. ``None`` means the folder of the track file.
            compat: Rules that replace those of the track while it is read: a preset name or a mapping of single
                switches. Under ``"legacy"`` a voice that cannot be rendered gives a warning instead of an error.

        Raises:
            TrackError: The track cannot be used. ``problems`` has the path and the reason of each error.
            OSError: The file cannot be read.

        Warns:
            TrackWarning: Part of the track was ignored or replaced.

        Examples:
            >>> session = Session.from_track({"progression": [{"duration": 60.0, "voices": []}]})
            >>> session.duration
            60.0
        """
        found = _core.load_track(track, compat=compat)
        if base_dir is None and not isinstance(track, bytes | dict):
            path = os.fspath(track) if isinstance(track, str | os.PathLike) else ""
            text = isinstance(track, str) and _core.is_document(track.encode(errors="replace").decode())
            base_dir = None if text or not path else Path(path).parent
        settings = {"compat": None, **cls._read(found.pop("global"))}
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
        """Read a track file, a session file of the session builder, or a session file of another program.

        Args:
            path: A track (``.json``), a session file (``.session`` or ``.json``) whose steps name presets, or a file of
                one of the formats of `realtime_backend.importers`.
            catalogue: Presets for a session file. ``None`` means the built-in presets and those in the folder of the
                file.

        Raises:
            TrackError: The file cannot be used. ``problems`` has the path and the reason of each error.
            OSError: The file cannot be read.

        Warns:
            TrackWarning: Part of the file was ignored or replaced.

        Examples:
            >>> session = Session.load("evening.json")
        """
        if catalogue is not None and presets.is_session_file(path):
            return presets.SessionFile.load(path).to_session(catalogue)
        return cls.from_track(path)

    def to_track(self) -> dict[str, Any]:
        """Return the session as a track dictionary. Every step has a ``start`` in seconds.

        `render`, `play` and `save` use this track.
        """
        # `extra` has keys of the top level here, not of `global`.
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
        """Write the track as a JSON file. An error leaves no partial file. `export` writes the sound.

        Args:
            path: The file to write. Missing folders are created.

        Raises:
            TrackError: The session cannot be rendered.
            FileExistsError: `path` is an audio file that the session reads.
            OSError: The file cannot be written.

        Examples:
            >>> Session.load("evening.json").save("copy.json")
        """
        _core.save_track(self.to_track(), path, base_dir=self.base_dir)

    def step_times(self) -> list[tuple[float, float]]:
        """Return the start and end of every step in seconds.

        Source: spec assembly 3
        """
        return [(start, start + step.duration) for step, start in zip(self.steps, self._starts(), strict=True)]

    @property
    def duration(self) -> float:
        """End of the last step in seconds. Clips may end later."""
        return max((end for _, end in self.step_times()), default=0.0)

    def clear_starts(self) -> None:
        """Set `start` of every step to ``None``, so that each step follows the one before it.

        A loaded track has a fixed start in every step. Call this after a change of its durations.
        """
        for step in self.steps:
            step.start = None

    def validate(
        self,
        *,
        notes: bool = False,
        progress: Callable[[float], object] | None = None,
        spl_at_full_scale: float | None = None,
    ) -> list[_core.Problem]:
        """Return all errors and warnings, each with its path in the track. An empty list means no findings.

        Args:
            notes: Add notes on the compatibility switches that the sound depends on, see `realtime_backend.validate`.
            progress: Called with the fraction done, 0 to 1. An exception in it stops the check.
            spl_at_full_scale: Sound pressure level in dB that a sine of full scale and 1 kHz gives at the ear, 40 to
                160. If it is given, a warning says if the session is too loud for 40 hours a week.
        """
        return _core.validate(
            self.to_track(),
            base_dir=self.base_dir,
            notes=notes,
            progress=progress,
            spl_at_full_scale=spl_at_full_scale,
        )

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
        """Render the session, or a part of it. The level is that of the mix, without the peak level of a file.

        Args:
            start: First second to render.
            duration: Seconds to render. ``None`` means to the end.
            sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the session.
            seed: Seed of random parts that have no seed in the session. ``None`` derives one from the content.
            threads: Number of threads. ``None`` means all cores. The samples do not depend on it.
            on_error: ``"raise"`` refuses a session with a voice that cannot be rendered. ``"warn"`` leaves the voice
                out.
            gpu: Let a graphics processor compute the tones. See `realtime_backend.render`.
            progress: Called with the fraction done, 0 to 1. An exception in it stops the render.

        Returns:
            float32 array of shape ``(frames, 2)``.

        Raises:
            TrackError: The session or an argument cannot be used. ``problems`` has the path and the reason.

        Warns:
            TrackWarning: Part of the session was ignored, replaced or left out.

        Examples:
            >>> Session([Step(60.0)]).render(start=30.0, duration=0.5).shape
            (22050, 2)
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

    def play(self, **options: Any) -> Player:
        """Play the session. Returns a running player; call its `stop`, or use it in a ``with`` statement.

        Args:
            **options: Options of `realtime_backend.Player`, such as ``start``, ``volume`` and ``device``.

        Raises:
            TrackError: The session cannot be played.
            AudioDeviceError: There is no output device, or it cannot be opened.

        Examples:
            >>> with Session([Step(0.5)]).play(volume=0.8) as player:
            ...     player.wait()
            True
        """
        from ..player import Player

        player = Player(self.to_track(), **{"base_dir": self.base_dir, **options})
        player.play()
        return player

    def plot(self) -> Figure:
        """Plot carrier, beat and level over time. Needs ``realtime_backend[plot]``.

        Returns:
            A matplotlib figure.

        Raises:
            ImportError: matplotlib is not installed.
        """
        from .pictures import timeline

        return timeline(self)

    def plot_path(self) -> Figure:
        """Plot the paths of moving sources from above and from the right. Needs ``realtime_backend[plot]``.

        These are the voices that `rendererMode` moves, and all voices and clips with a path or a place in `spatial`.
        The dots are where the paths begin; the circle is the listener's head, who looks to the front.

        Returns:
            A matplotlib figure.

        Raises:
            ImportError: matplotlib is not installed.
            TrackError: A path cannot be used.

        Source: [moving sources](spatial.md)
        """
        from .pictures import paths

        return paths(self)

    def report(self, *, progress: Callable[[float], object] | None = None) -> Report:
        """Measure the session and compare it with what it declares. A notebook shows the result as tables.

        Args:
            progress: Called with the fraction done, 0 to 1. An exception in it stops the measurement.

        Raises:
            TrackError: The session cannot be used.

        Examples:
            >>> print(str(Session([Step(4.0, [voices.BinauralBeat()])]).report()).splitlines()[0])
            passed: 3 of 3 values agree

        Source: [levels](levels.md)
        """
        from ..analysis import verify

        return Report(verify(self.to_track(), base_dir=self.base_dir, progress=progress))

    def audio(
        self,
        start: float = 0.0,
        duration: float | None = None,
        *,
        format: Literal["auto", "wav", "opus"] = "auto",  # noqa: A002 - as in Audio
    ) -> Audio:
        """Render a part as an audio player for notebooks, at the level of `render`.

        Args:
            start: First second to render.
            duration: Seconds to render. ``None`` means to the end.
            format: How a notebook embeds it, see `Audio`.

        Raises:
            TrackError: The session or an argument cannot be used.
        """
        return Audio(self.render(start=start, duration=duration), self.sample_rate, format=format)

    def _starts(self) -> list[float]:
        """Return the starts of the steps, as the engine places them."""
        steps = [(step.start, step.duration, step.crossfade_duration, step.crossfade_overlap) for step in self.steps]
        return _core.step_starts(steps, self.crossfade_duration, self.crossfade_overlap, self.compat)

    def _repr_html_(self) -> str:
        rows = []
        for step, (begin, end) in list(zip(self.steps, self.step_times(), strict=True))[:SHOWN]:
            names = ", ".join(voice.function for voice in step.voices) or "silence"
            cells = (f"{begin:.1f} to {end:.1f} s", step.description, names)
            rows.append("<tr>" + "".join(f"<td>{html.escape(printable(cell))}</td>" for cell in cells) + "</tr>")
        if len(self.steps) > SHOWN:
            rows.append(f"<tr><td>and {len(self.steps) - SHOWN} more steps</td></tr>")
        table = f"<table>{''.join(rows)}</table>"
        try:
            sound = self.audio(duration=min(PREVIEW, self.duration) or None, format="opus")
        except (ValueError, OSError) as error:
            return f"{table}<pre>{html.escape(str(error))}</pre>"
        note = f"<p>the first {PREVIEW:g} s</p>" if self.duration > PREVIEW else ""
        return f"{table}{note}{sound._repr_html_()}"

    def __repr__(self) -> str:
        """Return a summary in one line; `str` returns the whole track."""
        minutes, seconds = divmod(round(self.duration), 60)
        counted = ((len(self.steps), "step"), (sum(len(step.voices) for step in self.steps), "voice"))
        parts = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counted]
        parts += [f"{minutes // 60}:{minutes % 60:02}:{seconds:02}", f"{self.sample_rate} Hz"]
        parts += ["background"] if self.background is not None else []
        parts += [f"{len(self.clips)} clip{'' if len(self.clips) == 1 else 's'}"] if self.clips else []
        return f"<Session {', '.join(parts)}>"

    def __str__(self) -> str:
        return json.dumps(self.to_track(), indent=4)

"""Sessions as audio files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .. import _core

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .._reports import FileReport


class Exportable:
    """A track that can be written as an audio file."""

    base_dir: Path | None

    def to_track(self) -> dict[str, Any]:
        """Return the track as a dictionary."""
        raise NotImplementedError

    def export(
        self,
        path: str | os.PathLike[str],
        *,
        target_level: float | Literal["auto"] | None = "auto",
        subtype: str = "PCM_16",
        dither: bool = True,
        format: str | None = None,  # noqa: A002 - as in render_to_file
        sample_rate: float | None = None,
        start: float = 0.0,
        duration: float | None = None,
        compat: str | Mapping[str, bool | str] | None = None,
        seed: int | None = None,
        threads: int | None = None,
        on_error: Literal["raise", "warn"] = "raise",
        base_dir: str | os.PathLike[str] | None = None,
        gpu: bool = False,
        progress: Callable[[float], object] | None = None,
        loudness: float | None = None,
        peak: float | None = None,
        true_peak: float | None = None,
        markers: str | os.PathLike[str] | None = None,
        marker_every: int = 1,
        trigger_channel: bool = False,
        trigger_width_ms: float | None = None,
        quality: int | None = None,
        tags: Mapping[str, str] | bool | None = None,
        embed_track: bool = False,
        labels: str | os.PathLike[str] | None = None,
        cue: str | os.PathLike[str] | None = None,
        fade_in: float = 0.0,
        fade_out: float = 0.0,
        channels: Literal["stereo", "mono"] = "stereo",
        stems: Literal["voices", "buses", "layers"] | None = None,
        seamless: bool = False,
        measure: bool = False,
        trigger_width: float | None = None,
    ) -> FileReport | None:
        """Render to an audio file: `realtime_backend.render_to_file` of this session, with all its options.

        The use of memory does not depend on the length.

        Args:
            path: The file to write. Its extension selects the format: ``.wav``, ``.flac``, ``.opus``, ``.ogg``
                (Vorbis), or ``.mp3`` if the build has it.
            target_level: Peak of the file, 1 is full scale. ``None`` means the level of `render`. ``"auto"`` means
                0.25, or the level of `render` if the session has the normalization ``"none"``.
            subtype: ``"PCM_16"``, ``"PCM_24"``, or ``"FLOAT"`` for WAV only.
            dither: Add triangular dither before rounding to integers. The preset ``"legacy"`` has none.
            format: Name of the format, such as ``"flac"``. ``None`` means that of the extension.
            sample_rate: Frames per second, 1000 to 1e6. ``None`` means the rate of the session.
            start: First second to write; before the end of the session.
            duration: Seconds to write. ``None`` means to the end.
            compat: Rules that replace those of the session: a preset name or a mapping of single switches.
            seed: Seed of random parts that have no seed in the session, and of the dither.
            threads: Number of threads. ``None`` means all cores. The samples do not depend on it.
            on_error: ``"raise"`` refuses a session with a voice that cannot be rendered. ``"warn"`` leaves the voice
                out.
            base_dir: Folder for relative paths. ``None`` means that of the session.
            gpu: Let a graphics processor compute the tones. See `realtime_backend.render_to_file`.
            progress: Called with the fraction done, 0 to 1. An exception in it stops the export.
            loudness: Integrated loudness of the file in LUFS, -70 to 0 (EBU R 128).
            peak: Peak of the file in dBFS, -100 to 0.
            true_peak: Highest true peak of the file in dBTP, -100 to 0: the level is lowered as far as this takes.
                Without another level, the file is brought to this true peak.
            markers: Table of events to write as well. See `realtime_backend.render_to_file`.
            marker_every: List every this many pulses of a voice.
            trigger_channel: Write trigger pulses in a third channel (WAV).
            trigger_width_ms: Width of these pulses in milliseconds, up to 1000. ``None`` means one frame.
            quality: Bit rate in kbit/s of a format that compresses with loss. ``None`` means 160.
            tags: Texts by name, such as ``{"title": "Evening"}``, beside the tags of the session and its steps as
                chapters. ``True`` writes the latter alone, ``False`` none. ``None`` means ``True``, except for WAV.
            embed_track: Write the session as a track into the file, from which `realtime_backend.load_track` reads it.
            labels: Label file of the steps to write as well, for Audacity.
            cue: CUE sheet of the steps to write as well.
            fade_in: Length of a fade-in of the file in seconds, a raised cosine.
            fade_out: Length of a fade-out of the file in seconds, a raised cosine.
            channels: ``"mono"`` for half the sum of left and right in one channel, or ``"stereo"``.
            stems: Also write parts of the mix beside it, whose sum is the mix. See `realtime_backend.render_to_file`.
            seamless: Let the end of the file run into its beginning. See `realtime_backend.render_to_file`.
            measure: Return a report.
            trigger_width: Deprecated name of `trigger_width_ms`.

        Returns:
            With `measure`, what was written (`realtime_backend.FileReport`), otherwise ``None``.

        Raises:
            TrackError: The session or an argument cannot be used.
            MediaError: The format cannot be written.
            FileExistsError: `path` is an audio file that the session reads.
            OSError: A file cannot be read or written.

        Warns:
            TrackWarning: Part of the session was ignored, replaced or left out, samples exceed full scale, or
                `true_peak` does not allow the level that was asked for.

        Examples:
            >>> Session([Step(2.0, [voices.BinauralBeat()])]).export("beat.flac", subtype="PCM_24")
            >>> Session([Step(2.0, [voices.BinauralBeat()])]).export("beat.wav", loudness=-23.0, true_peak=-1.0)

        Source: spec assembly 10
        """
        return _core.render_to_file(
            self.to_track(),
            path,
            target_level=target_level,
            subtype=subtype,
            dither=dither,
            format=format,
            sample_rate=sample_rate,
            start=start,
            duration=duration,
            compat=compat,
            seed=seed,
            threads=threads,
            on_error=on_error,
            base_dir=self.base_dir if base_dir is None else base_dir,
            gpu=gpu,
            progress=progress,
            loudness=loudness,
            peak=peak,
            true_peak=true_peak,
            markers=markers,
            marker_every=marker_every,
            trigger_channel=trigger_channel,
            trigger_width_ms=trigger_width_ms,
            trigger_width=trigger_width,
            quality=quality,
            tags=tags,
            embed_track=embed_track,
            labels=labels,
            cue=cue,
            fade_in=fade_in,
            fade_out=fade_out,
            channels=channels,
            stems=stems,
            seamless=seamless,
            measure=measure,
        )

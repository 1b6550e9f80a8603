"""What a player reports: position, state, levels, counters."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, TypedDict, cast

from ._core import NativePlayer, Problem
from ._devices import OpenDevice

State: TypeAlias = Literal["starting", "playing", "paused", "finished", "stopped", "failed"]


class PlayerStats(TypedDict):
    """Counters since the start, and peak levels since the last call, see `Player.stats`."""

    underrun_events: int
    """How often the device ran out of sound. A sound server reports it itself."""
    underrun_frames: int
    """Frames of silence that it played instead."""
    load_average: float
    """Mean load of the audio callback, 1 is all of real time."""
    load_peak: float
    """Largest load of the audio callback."""
    render_load_average: float
    """Mean load of the render thread."""
    render_load_peak: float
    """Largest load of the render thread."""
    callbacks: int
    """Number of callbacks."""
    largest_callback: int
    """Frames of the largest callback."""
    ring_fill_minimum: float
    """Shortest buffered sound in seconds."""
    latency: float
    """Latency that the device reports, in seconds."""
    late_splices: int
    """Seeks and edits that came too late for a crossfade."""
    restarts: int
    """Times that the device was reopened."""
    last_error: str | None
    """As `Player.last_error`."""
    peak: tuple[float, float]
    """Highest level of the left and right channel since the last call, 1 is full scale."""


class Meters(NamedTuple):
    """Levels of the last 0.4 s that were heard, in dBFS: left and right.

    0 is the sample value 1, so a sine at full scale has an RMS of -3.01. Silence is ``-inf``.

    Examples:
        >>> rb.Meters(peak=(-12.0, -12.0), rms=(-15.0, -15.0)).peak[0]
        -12.0
    """

    peak: tuple[float, float]
    """Largest sample."""
    rms: tuple[float, float]
    """Root of the mean square."""


class PlayerReports:
    """The part of a player that changes nothing. All of it can be read after `stop`, too."""

    _native: NativePlayer

    def meters(self) -> Meters:
        """Return the levels of the last 0.4 s that were heard, with volume and fades. A reading changes nothing.

        Examples:
            >>> player = rb.Player({"progression": [{"duration": 60.0}]}, backend="null")
            >>> player.meters().peak  # it is paused
            (-inf, -inf)
            >>> player.stop()
        """
        peak, rms = self._native.meters()
        return Meters(peak, rms)

    @property
    def device_time(self) -> float:
        """Seconds of sound that the device has played since it was opened, silence included: the clock of `play`.

        It is taken from the frames that the device asks for and the latency that it reports, and runs on between two
        callbacks. It runs at the speed of the device, which is not exactly that of `time.monotonic`. Its zero moves
        when another device is opened.
        """
        return self._native.device_time

    @property
    def started_at(self) -> float | None:
        """Time of the device at which playback began last (after `play`), exact to the frame; ``None`` before that."""
        return self._native.started_at

    @property
    def gain_db(self) -> float:
        """Gain in dB to `target_level`, estimated until the track is measured; 0 at the level of the mix."""
        return self._native.gain_db

    @property
    def position(self) -> float:
        """Time on the track that is heard now, in seconds. Exact after a seek; equal to `duration` at the end."""
        return self._native.position

    @property
    def duration(self) -> float:
        """Length of the track in seconds, with overlaps and the ends of clips."""
        return self._native.duration

    @property
    def state(self) -> State:
        """State of playback.

        - ``paused``: paused, or not started yet.
        - ``starting``: `play` was called, and the device has not asked for sound yet or the time of the start has not
          come.
        - ``playing``
        - ``finished``: the end of the track has been heard.
        - ``stopped``: `stop` was called.
        - ``failed``: the device is lost, or there was a fault. `last_error` has the reason.
        """
        return self._native.state

    @property
    def step(self) -> int | None:
        """Index of the step that is heard now, from 0; ``None`` between steps and after the last one."""
        return self._native.step

    @property
    def step_times(self) -> list[tuple[float, float]]:
        """Start and end of every step in seconds."""
        return self._native.step_times

    @property
    def device(self) -> OpenDevice:
        """The open device: ``host``, ``name``, ``sample_rate`` (Hz), ``channels`` and ``block`` (frames)."""
        return cast(OpenDevice, self._native.device())

    @property
    def settled(self) -> bool:
        """Whether the levels of all steps are measured. If so, the samples are those of a file."""
        return self._native.settled

    @property
    def warnings(self) -> list[Problem]:
        """Findings about the playing track."""
        return self._native.warnings

    @property
    def last_error(self) -> str | None:
        """Reason why the last edit was refused or why there is no sound, or ``None``.

        The message about a lost device goes away when the device is back.
        """
        return self._native.last_error

    def stats(self) -> PlayerStats:
        """Return counters since the start, and peak levels since the last call: the keys of `PlayerStats`.

        Source: spec streaming-and-bindings 1.2
        """
        return cast(PlayerStats, self._native.stats())

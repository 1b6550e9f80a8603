"""Batches: many files from tracks and variables."""

from __future__ import annotations

import inspect
import json
import os
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .session import Session

    _Source: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | Session

# tracks that are rendered at the same time; each of them uses all cores
JOBS = 4
# options of `render_to_file` that a batch sets itself
OWN = ("base_dir", "progress", "measure", "markers")


@dataclass(frozen=True)
class BatchFile:
    """One file of a batch."""

    index: int
    """Position in the batch, from 1."""
    track: str
    """The track, as it was named."""
    values: dict[str, Any] = field(default_factory=dict)
    """The values of the variables."""
    file: Path | None = None
    """The file; ``None`` after an error."""
    duration: float | None = None
    """Length of the file in seconds; ``None`` after an error, as in the following attributes."""
    lufs: float | None = None
    """Integrated loudness (EBU R 128), also ``None`` if the file has none."""
    peak: float | None = None
    """Largest sample in dBFS, also ``None`` for silence."""
    hash: str | None = None
    """SHA-256 of the track with the values."""
    sha256: str | None = None
    """SHA-256 of the file."""
    seed: int = 0
    """Seed of random parts."""
    error: Exception | None = None
    """Why there is no file."""
    skipped: bool = False
    """Whether the manifest said that the file is finished, so that it was not rendered again."""


def batch(
    tracks: _Source | Sequence[_Source] | Mapping[str, _Source] | None = None,
    *,
    output: str | None = None,
    matrix: Mapping[str, Iterable[Any]] | Sequence[str] = (),
    manifest: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: bool | Callable[[int, int], object] = False,
    **options: Any,
) -> list[BatchFile]:
    """Render tracks to many files. An error in one of them does not stop the others.

    Every combination of a track and of the values in `matrix` is one file. Files appear complete or not at all; Ctrl-C
    leaves the finished ones. docs/batches.md describes placeholders, variables and manifests.

    Args:
        tracks: A track, several of them, or a mapping of names to tracks. A track is a path, a dictionary or a
            `Session`. ``None`` takes the tracks from the rows of `manifest`.
        output: Name of the files with placeholders, such as ``"out/{name}-{beat}-{lufs:.0f}.{ext}"``, or a folder. May
            be ``None`` if the rows of the manifest have the column ``output``.
        matrix: Values of variables: a mapping of ``"NAME@PATH"`` or ``"PATH"`` to values, or texts as of ``--matrix``,
            such as ``"beat@progression[*].voices[0].params.beatFreq=4,6,8"``.
        manifest: Path of a table (CSV). It gets a row for each file as soon as that is finished, and a file whose row
            has the same hash of the track and the same options is not rendered again.
        jobs: Number of files that are rendered at the same time, by threads. ``None`` means one per core, at most 4.
        executor: Renders the files instead, such as a `concurrent.futures.ProcessPoolExecutor`. It gets functions and
            arguments that can be pickled, and must see the same files.
        progress: ``True`` shows a progress bar (needs tqdm). A function is called with the numbers of finished files
            and of all files. An exception in it stops the batch.
        **options: Options of `render_to_file` for all files, such as ``format``, ``subtype``, ``loudness``, ``fade_in``
            and ``seed``.

    Returns:
        The files in the order of the batch, those with errors too.

    Raises:
        TrackError: The arguments cannot be used: an unknown placeholder, two files of one name, a variable without
            values.
        TypeError: An option is unknown.
        OSError: The manifest cannot be read or written.
        ImportError: `progress` is ``True`` and tqdm is not installed.

    Warns:
        TrackWarning: As `render_to_file`.

    Examples:
        >>> voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0, "beatFreq": 4.0}}
        >>> track = rb.new_track([{"duration": 1.0, "voices": [voice]}])
        >>> matrix = {"beat@progression[0].voices[0].params.beatFreq": [4, 6, 8]}
        >>> files = rb.batch({"theta": track}, output="out/{name}-{beat}.{ext}", matrix=matrix)
        >>> [file.file.name for file in files]
        ['theta-4.wav', 'theta-6.wav', 'theta-8.wav']

    Source: [batches](batches.md)
    """
    known = inspect.signature(_core.render_to_file).parameters
    for name in options:
        if name not in known or name in ("track", "path", *OWN):
            raise TypeError(f"batch() has no option {name!r}")
    sources = _named(tracks)
    work = _core.Batch(
        list(sources),
        _lines(matrix),
        None if manifest is None else os.fspath(manifest),
        output,
        options.get("format") or "wav",
        options.get("seed") or 0,
    )
    tell = _teller(progress, len(work))
    stop = threading.Event()
    own = None if executor is not None else ThreadPoolExecutor(jobs or min(os.cpu_count() or 1, JOBS))
    running: dict[Future[dict[str, Any]], tuple[int, dict[str, Any]]] = {}
    results: dict[int, BatchFile] = {}
    try:
        for index in range(len(work)):
            task = _task(work, index, sources, options)
            pool = own or executor
            assert pool is not None
            future = pool.submit(render_one, task) if own is None else own.submit(render_one, task, stop)
            running[future] = (index, task)
        tell(0)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                index, _ = running.pop(future)
                results[index] = _settled(work, index, future)
                tell(len(results))
    finally:
        stop.set()
        for future in running:
            future.cancel()
        wait(running)
        if own is not None:
            own.shutdown()
        for future, (_, task) in running.items():
            if not future.cancelled():
                _remove(task["file"])
        tell(-1)
    return [results[index] for index in range(len(work))]


def render_one(task: dict[str, Any], stop: threading.Event | None = None) -> dict[str, Any]:
    """Render one file of a batch under its provisional name; return what was found out about it."""
    text, digest, folder = _core.batch_track(task["source"], task["values"])
    if task["row"] is not None:
        finished = _core.batch_finished(task["row"], digest, task["options_hash"])
        if finished is not None:
            return {"finished": str(finished)}

    def check(_done: float) -> None:
        if stop is not None and stop.is_set():
            raise InterruptedError("the batch was stopped")

    base_dir = task["base_dir"] if task["base_dir"] is not None else folder
    found = _core.render_to_file(text, task["file"], base_dir=base_dir, progress=check, measure=True, **task["options"])
    assert found is not None
    if isinstance(task["source"], str):
        found["inputs"].append(Path(task["source"]))
    return {**found, "hash": digest, "options": task["options_hash"]}


def _named(tracks: Any) -> dict[str, Any]:
    """Return the tracks by their names."""
    if tracks is None:
        return {}
    if (
        isinstance(tracks, (str, os.PathLike))
        or hasattr(tracks, "to_track")
        or (isinstance(tracks, dict) and ("progression" in tracks or "steps" in tracks))
    ):
        tracks = [tracks]
    if isinstance(tracks, dict):
        return tracks
    named: dict[str, Any] = {}
    for index, track in enumerate(tracks, 1):
        name = os.fspath(track) if isinstance(track, (str, os.PathLike)) else f"track{index}"
        named[name] = track
    return named


def _lines(matrix: Mapping[str, Iterable[Any]] | Sequence[str]) -> list[str]:
    """Return the variables in the notation of the command line."""
    if isinstance(matrix, str):
        return [matrix]
    if not isinstance(matrix, Mapping):
        return list(matrix)

    def plain(value: Any) -> Any:
        return value.item() if hasattr(value, "item") else value

    return [f"{name}={json.dumps([plain(value) for value in values])}" for name, values in matrix.items()]


def _task(work: _core.Batch, index: int, sources: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """Return what a worker needs, as values that can be pickled."""
    name, values = work.job(index)
    source, base_dir = sources.get(name, name), None
    if hasattr(source, "to_track"):
        source, base_dir = source.to_track(), source.base_dir
    elif isinstance(source, os.PathLike):
        source = os.fspath(source)
    told = {key: value for key, value in sorted(options.items()) if key not in ("threads", "gpu")}
    return {
        "source": source,
        "values": values,
        "row": work.row(index),
        "file": str(work.provisional(index)),
        "base_dir": base_dir,
        "options": options,
        "options_hash": _core.batch_fingerprint(json.dumps(told, default=str)),
    }


def _settled(work: _core.Batch, index: int, future: Future[dict[str, Any]]) -> BatchFile:
    """Give a finished file its name, and return its result."""
    plain: dict[str, Any] = {"index": index + 1, "track": work.job(index)[0], "values": work.values(index)}
    try:
        found = future.result()
        if "finished" in found:
            work.keep(index, found["finished"])
            row = work.row(index) or {}
        else:
            row = work.settle(index, found)
    except Exception as error:
        work.fail(index, str(error))
        return BatchFile(**plain, error=error)

    def number(name: str) -> float | None:
        return float(row[name]) if row.get(name) else None

    return BatchFile(
        **plain,
        file=Path(row["file"]),
        duration=number("duration"),
        lufs=number("lufs"),
        peak=number("peak"),
        hash=row["hash"],
        sha256=row["sha256"],
        seed=int(row["seed"]),
        skipped="finished" in found,
    )


def _remove(file: str) -> None:
    """Remove a provisional file and those of its stems."""
    path = Path(file)
    for left in path.parent.glob(f"{path.stem}.*"):
        with suppress(OSError):
            left.unlink()


def _teller(progress: bool | Callable[[int, int], object], count: int) -> Callable[[int], None]:
    """Return a function that takes the number of finished files, and -1 at the end."""
    if progress is True:
        from tqdm.auto import tqdm

        bar = tqdm(total=count, unit="file")

        def show(done: int) -> None:
            if done < 0:
                bar.close()
            else:
                bar.update(done - bar.n)

        return show

    def call(done: int) -> None:
        if progress and done >= 0:
            progress(done, count)

    return call

"""Renders on several machines, by Dask or by any executor of `concurrent.futures` (those of Ray and mpi4py are such).

A track is cut into stretches of time. Each worker renders one of them; the caller joins them in order and writes the
file, which has the same bytes as a file that is rendered on one machine, whatever the stretches are. Workers need this
package in the same version, and the files that the track reads under the same paths.

Source: spec assembly 10
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _core
from ._batch import BatchFile
from ._batch import batch as _batch
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future

    import numpy as np
    from numpy.typing import NDArray

    from ._reports import FileReport

    _Source: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | Session
    _Submit: TypeAlias = Callable[..., Future[NDArray[np.float32]]]

__all__ = ["batch", "render_to_file"]

# what a worker has to know of the options of a file
SHARED = ("sample_rate", "compat", "seed", "on_error")


def render_to_file(
    track: _Source,
    path: str | os.PathLike[str],
    /,
    *,
    client: Any = None,
    executor: Executor | None = None,
    stretch: float = 60.0,
    ahead: int | None = None,
    retries: int = 3,
    **options: Any,
) -> FileReport | None:
    """Render a track to a file, on the workers of a cluster.

    The levels of the steps and the peak of the track are measured by the caller, with all of its cores, before the
    file is written; with the normalization ``"none"`` and ``target_level=None`` nothing is measured. The caller moves
    8 bytes a frame: 1.3 GB for an hour at 44.1 kHz.

    Args:
        track: What `realtime_backend.render_to_file` takes.
        path: The file to write, on the machine of the caller.
        client: A client of Dask (``distributed.Client``).
        executor: An executor, such as ``concurrent.futures.ProcessPoolExecutor()``. One of `client` and `executor`.
        stretch: Seconds that a worker renders at a time, above 0.
        ahead: Stretches that are under way or wait for their turn at the same time, at least 1. The caller holds up to
            as many: 21 MB for each minute at 44.1 kHz. ``None``: two for each worker.
        retries: How often a stretch is rendered again after a fault of the machine (no memory, no file), at least 0.
            With Dask, another worker takes over what a killed one had.
        **options: Other options of `realtime_backend.render_to_file`. `stems`, `seamless` and `gpu` are not possible.

    Returns:
        What `realtime_backend.render_to_file` returns.

    Raises:
        ValueError: There are both or neither of `client` and `executor`; `stretch`, `ahead` or `retries` is too small.
        TrackError: As for a render on one machine.
        Exception: What a worker raised, after all retries.

    Examples:
        >>> from concurrent.futures import ProcessPoolExecutor
        >>> with ProcessPoolExecutor(4) as pool:  # doctest: +SKIP
        ...     render_to_file("night.json", "night.flac", executor=pool)
    """
    submit, workers = _pool(client, executor, retries)
    if stretch <= 0.0:
        raise ValueError(f"stretch: expected seconds above 0, got {stretch}")
    window = 2 * workers if ahead is None else ahead
    if window < 1:
        raise ValueError(f"ahead: expected at least 1, got {ahead}")
    document, folder = _document(track, options.pop("base_dir", None))
    shared = {name: options[name] for name in SHARED if name in options} | {"base_dir": folder}

    def blocks(start: int, end: int, rate: int) -> Iterator[NDArray[np.float32]]:
        length = max(round(stretch * rate), 1)
        firsts = iter(range(start, end, length))
        pending: deque[Future[NDArray[np.float32]]] = deque()
        try:
            while True:
                for first in firsts:
                    pending.append(submit(_rendered, document, first, min(length, end - first), rate, shared))
                    if len(pending) >= window:
                        break
                if not pending:
                    return
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    return _core.render_to_file(document, path, base_dir=folder, blocks=blocks, **options)


def batch(tracks: Any, /, *, client: Any = None, executor: Executor | None = None, **options: Any) -> list[BatchFile]:
    """Write many files on the workers of a cluster: `realtime_backend.batch`, with its manifest and its resumption.

    The workers write the files, so that the folder of the output has to be one that all machines share.

    Args:
        tracks: What `realtime_backend.batch` takes.
        client: A client of Dask (``distributed.Client``). What a killed worker had is done by another one.
        executor: An executor, such as ``concurrent.futures.ProcessPoolExecutor()``. One of `client` and `executor`.
        **options: Other options of `realtime_backend.batch`.

    Returns:
        What `realtime_backend.batch` returns.

    Raises:
        ValueError: There are both or neither of `client` and `executor`.
    """
    _one(client, executor)
    pool = executor if client is None else client.get_executor(pure=False, retries=3)
    return _batch(tracks, executor=pool, **options)


def _rendered(
    track: Mapping[str, Any], first: int, frames: int, rate: int, options: Mapping[str, Any]
) -> NDArray[np.float32]:
    """Render `frames` frames of `track` from the frame `first` on, at `rate` frames a second, on one thread."""
    sound: NDArray[np.float32] = _core.render(track, start=first / rate, duration=frames / rate, threads=1, **options)
    return sound


def _one(client: Any, executor: Executor | None) -> None:
    if (client is None) == (executor is None):
        raise ValueError("expected one of client and executor")


def _pool(client: Any, executor: Executor | None, retries: int) -> tuple[_Submit, int]:
    """How to submit a task, and how many run at the same time."""
    _one(client, executor)
    if retries < 0:
        raise ValueError(f"retries: expected at least 0, got {retries}")
    if client is not None:
        pool = client.get_executor(pure=False, retries=retries)
        return pool.submit, sum(client.nthreads().values()) or 1
    assert executor is not None
    workers = getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    return lambda task, *arguments: executor.submit(_tried, retries, task, *arguments), workers


def _tried(retries: int, task: Callable[..., Any], *arguments: Any) -> Any:
    """Call `task`, and after a fault of the machine up to `retries` times again."""
    try:
        return task(*arguments)
    except (OSError, MemoryError):
        if retries == 0:
            raise
    return _tried(retries - 1, task, *arguments)


def _document(track: _Source, base_dir: str | os.PathLike[str] | None) -> tuple[dict[str, Any], str]:
    """The track as a dictionary that a worker can get, and the folder of its files."""
    if isinstance(track, Session):
        folder = base_dir or track.base_dir or Path.cwd()
    elif isinstance(track, os.PathLike) or (isinstance(track, str) and not _core.is_document(track)):
        folder = base_dir or Path(track).resolve().parent
    else:
        folder = base_dir or Path.cwd()
    return _core.load_track(track), str(Path(folder).resolve())

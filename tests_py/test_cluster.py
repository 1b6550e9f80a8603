"""Renders on several workers: the bytes of a file do not depend on who rendered which part of it."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend import cluster
from realtime_backend.session import Bed, Session, Step, voices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def night() -> dict[str, Any]:
    """Three steps that overlap, noise with a memory, a bed."""
    tone = voices.BinauralBeat(base_freq=(200.0, 180.0), beat_freq=(10.0, 4.0), amp_l=0.2, amp_r=0.1, voice_id="tone")
    noise = voices.NoiseSweptNotch()
    steps = [Step(3.0, [tone]), Step(4.0, [tone, noise]), Step(3.0, [noise])]
    session = Session(steps, crossfade_duration=1.0, background=Bed.noise("pink", gain=0.05))
    return session.to_track()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", {}),
        ("a.flac", {"subtype": "PCM_24", "loudness": -30.0, "tags": {"title": "Night"}}),
        ("a.wav", {"target_level": None, "subtype": "FLOAT", "start": 1.3, "duration": 4.1, "fade_out": 1.0}),
        ("a.opus", {"channels": "mono"}),
    ],
)
@pytest.mark.parametrize("stretch", [0.37, 2.0, 100.0])
def test_any_cut_gives_the_bytes_of_one_machine(
    tmp_path: Path, name: str, options: dict[str, Any], stretch: float
) -> None:
    rb.render_to_file(night(), tmp_path / f"here-{name}", **options)
    with ThreadPoolExecutor(3) as executor:
        cluster.render_to_file(night(), tmp_path / f"there-{name}", executor=executor, stretch=stretch, **options)
    assert (tmp_path / f"there-{name}").read_bytes() == (tmp_path / f"here-{name}").read_bytes()


def test_relative_files_are_found_by_workers(tmp_path: Path) -> None:
    rb.render_to_file(night(), tmp_path / "rain.wav", duration=1.0)
    track = night() | {"background_noise": {"file_path": "rain.wav", "gain": 0.2}}
    (tmp_path / "night.json").write_text(json.dumps(track))
    rb.render_to_file(tmp_path / "night.json", tmp_path / "here.wav")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        cluster.render_to_file(tmp_path / "night.json", tmp_path / "there.wav", executor=executor, stretch=2.5)
        files = cluster.batch([tmp_path / "night.json"], executor=executor, output=f"{tmp_path}/batch.{{ext}}")
    assert (tmp_path / "there.wav").read_bytes() == (tmp_path / "here.wav").read_bytes()
    assert [file.error for file in files] == [None]
    assert (tmp_path / "batch.wav").exists()


KILLED = """
import os, signal, sys, threading, time
from distributed import Client, LocalCluster
from realtime_backend import cluster

if __name__ == "__main__":
    track, path = sys.argv[1:]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local, Client(local) as client:
        victim = next(iter(client.run(os.getpid).values()))
        seen = []

        def progress(done):
            if not seen and done > 0.6:
                seen.append(victim)
                os.kill(victim, signal.SIGKILL)

        cluster.render_to_file(track, path, client=client, stretch=0.1, ahead=8, progress=progress)
        assert seen, "the worker was killed"
"""


def test_a_killed_dask_worker_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "night.json").write_text(json.dumps(night()))
    (tmp_path / "killed.py").write_text(KILLED)
    rb.render_to_file(tmp_path / "night.json", tmp_path / "here.wav")
    command = [sys.executable, "killed.py", "night.json", "there.wav"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there.wav").read_bytes() == (tmp_path / "here.wav").read_bytes()


def test_wrong_blocks_are_refused_and_leave_no_file(tmp_path: Path) -> None:
    def blocks(*counts: int, columns: int = 2) -> Any:
        def give(start: int, end: int, rate: int) -> Iterator[NDArray[np.float32]]:
            assert (start, end, rate) == (0, 9 * 44_100 - 44_100, 44_100)
            return (np.zeros((count, columns), np.float32) for count in counts)

        return give

    path = tmp_path / "a.wav"
    whole = 8 * 44_100
    for given, message in [
        (blocks(whole - 1), f"expected {whole} frames in all, got {whole - 1}"),
        (blocks(whole, 1), f"expected {whole} frames in all, got more"),
        (blocks(whole, columns=3), "expected arrays of two columns, got 3"),
    ]:
        with pytest.raises(rb.TrackError, match=message):
            rb.render_to_file(night(), path, blocks=given)
    with pytest.raises(rb.TrackError, match="stems"):
        rb.render_to_file(night(), path, blocks=blocks(whole), stems="buses")

    def broken(*_: int) -> Iterator[NDArray[np.float32]]:
        yield np.zeros((1000, 2), np.float32)
        raise RuntimeError("the network is down")

    with pytest.raises(RuntimeError, match="the network is down"):
        rb.render_to_file(night(), path, blocks=broken)
    assert list(tmp_path.iterdir()) == []


def test_workers_are_named_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(ValueError, match="expected one of client and executor"):
            cluster.render_to_file(night(), tmp_path / "a.wav")
        with pytest.raises(ValueError, match="expected one of client and executor"):
            cluster.batch([night()], client=object(), executor=executor)
        for name, value in [("stretch", 0.0), ("ahead", 0), ("retries", -1)]:
            with pytest.raises(ValueError, match=f"{name}: expected"):
                cluster.render_to_file(night(), tmp_path / "a.wav", executor=executor, **{name: value})


def failing_once(folder: str) -> str:
    """Fails in the first call that sees the folder."""
    try:
        Path(folder).mkdir()
    except FileExistsError:
        return "done"
    raise OSError("no memory")


def test_faults_of_the_machine_are_tried_again(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        submit, _ = cluster._pool(None, executor, 1)
        assert submit(failing_once, str(tmp_path / "a")).result() == "done"
        submit, _ = cluster._pool(None, executor, 0)
        with pytest.raises(OSError, match="no memory"):
            submit(failing_once, str(tmp_path / "b")).result()

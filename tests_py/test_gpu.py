"""`gpu=True` gives the same sound with a graphics device, and without one (with a warning).

Each test runs in a new process, because a process opens the device only once. The tests with a device need a build with
GPU support: ``maturin develop --release --features gpu``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import realtime_backend as rb


def has_gpu_support() -> bool:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        rb.render({"progression": []}, gpu=True)
    return not any("this build has no support for them" in str(warning.message) for warning in found)


needs_gpu_support = pytest.mark.skipif(not has_gpu_support(), reason="a build without GPU support")

BEGIN = """
import warnings
import numpy as np
import realtime_backend as rb
from realtime_backend.session import Session, Step, voices
warnings.simplefilter("error")
beats = [voices.BinauralBeat(base_freq=180.0 + i, beat_freq=6.0) for i in range(3)]
session = Session([Step(60.0, beats)], sample_rate=8000, compat=None)
track = session.to_track()
plain = rb.render(track)
def close(a, b): return a.shape == b.shape and np.abs(a - b).max() < 1e-6
"""


def run(code: str, adapter: str, folder: Path) -> None:
    environment = os.environ | {"WGPU_ADAPTER_NAME": adapter}
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@needs_gpu_support
def test_gpu_and_cpu_render_the_same_sound(tmp_path: Path) -> None:
    # an empty adapter name selects the first adapter, which may be a software driver
    code = """
assert rb.gpu_name()
assert close(rb.render(track, gpu=True), plain)
assert close(session.render(gpu=True), plain)
rb.render_to_file(track, "here.wav", subtype="FLOAT")
rb.render_to_file(track, "there.wav", subtype="FLOAT", gpu=True)
session.export("session.wav", subtype="FLOAT", gpu=True)
def read(name):
    with open(name, "rb") as file:
        return np.frombuffer(file.read()[-plain.nbytes:], "<f4")
assert close(read("here.wav"), read("there.wav")) and close(read("here.wav"), read("session.wav"))
assert abs(np.abs(read("there.wav")).max() - 0.25) < 1e-6
"""
    run(code, "", tmp_path)


def test_a_missing_device_gives_a_warning_and_the_same_sound(tmp_path: Path) -> None:
    code = """
import json
assert rb.gpu_name() is None
def warned(work):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        result = work()
    assert [w.category for w in found] == [rb.TrackWarning], found
    assert str(found[0].message).startswith("gpu: no graphics processor can be used: "), found[0]
    return result
assert np.array_equal(warned(lambda: rb.render(track, gpu=True)), plain)
rb.render_full_wav(json.dumps(track), "plain.wav")
rb.enable_gpu(True)
warned(lambda: rb.render_full_wav(json.dumps(track), "warned.wav"))
rb.enable_gpu(False)
rb.render_full_wav(json.dumps(track), "again.wav")
names = ("plain.wav", "warned.wav", "again.wav")
assert len({open(f"output/{name}", "rb").read() for name in names}) == 1
"""
    run(code, "voodoo 2", tmp_path)


@needs_gpu_support
def test_a_child_forked_after_opening_the_device_gets_a_warning(tmp_path: Path) -> None:
    code = """
import os, time
assert rb.gpu_name()
child = os.fork()
if child == 0:
    warnings.simplefilter("always")
    with warnings.catch_warnings(record=True) as found:
        sound = rb.render(track, gpu=True)
    told = len(found) == 1 and "before this process was forked" in str(found[0].message)
    os._exit(0 if told and rb.gpu_name() is None and np.array_equal(sound, plain) else 3)
for _ in range(1000):
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
        break
    time.sleep(0.02)
else:
    os.kill(child, 9)
    raise AssertionError("hangs")
assert status == 0, status
assert close(rb.render(track, gpu=True), plain)
"""
    run(code, "", tmp_path)

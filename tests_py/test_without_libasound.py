"""Only playback needs libasound. The library is loaded when a device is first opened."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import realtime_backend as rb

WITHOUT = {**os.environ, "REALTIME_BACKEND_LIBASOUND": "libabsent.so.2", "REALTIME_BACKEND_AUDIO_HOST": "alsa"}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], env=WITHOUT, capture_output=True, text=True, timeout=60)


def test_the_module_does_not_link_libasound() -> None:
    binary = rb._core.__file__
    assert binary is not None
    content = Path(binary).read_bytes()
    assert b"libc.so.6\0" in content
    needed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
    assert "asound" not in needed


def test_only_playback_needs_libasound() -> None:
    done = run(
        "import realtime_backend as rb\n"
        "assert rb.synth.binaural_beat(0.1).shape == (4410, 2)\n"
        "track = {'progression': [{'duration': 1.0, 'voices': []}]}\n"
        "for act in (rb.list_devices, lambda: rb.Player(track)):\n"
        "    try:\n"
        "        act()\n"
        "    except rb.AudioDeviceError as error:\n"
        "        print(error)\n"
    )
    assert done.returncode == 0, done.stderr
    messages = done.stdout.splitlines()
    assert len(messages) == 2
    for message in messages:
        assert "libabsent.so.2 is missing" in message
        assert "apt install libasound2" in message
    assert done.stderr == ""

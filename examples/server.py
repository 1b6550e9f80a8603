"""An HTTP server that streams any track of a folder as WAV: any range of bytes, without a file.

pip install fastapi uvicorn
python examples/server.py FOLDER [--port 8000]
curl -r 1000000-2000000 http://localhost:8000/evening.json.wav -o part

Each byte of a WAV file belongs to a frame of the track, and any frame can be rendered by itself: a browser can seek in
a session of eight hours, and the server keeps nothing of it.
"""

from __future__ import annotations

import argparse
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import realtime_backend as rb
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Response
from fastapi.responses import StreamingResponse
from realtime_backend.session import Session

HEADER = 44
FRAME = 4
"""Bytes of a frame: two ears of 16 bits."""


class Sound:
    """A track as the bytes of a WAV file."""

    def __init__(self, path: Path) -> None:
        self.track = Session.load(path)
        self.rate = int(self.track.sample_rate)
        self.frames = int(self.track.duration * self.rate)
        self.size = HEADER + FRAME * self.frames

    def header(self) -> bytes:
        data = FRAME * self.frames
        riff = struct.pack("<4sI4s", b"RIFF", 36 + data, b"WAVE")
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, self.rate, FRAME * self.rate, FRAME, 16)
        return riff + form + struct.pack("<4sI", b"data", data)

    def bytes(self, first: int, end: int) -> Iterator[bytes]:
        """The bytes from `first` up to `end`, some seconds at a time."""
        if first < HEADER:
            yield self.header()[first : min(end, HEADER)]
            first = HEADER
        while first < end:
            frame, skipped = divmod(first - HEADER, FRAME)
            count = min(10 * self.rate, self.frames - frame)
            sound = rb.render(self.track, start=frame / self.rate, duration=count / self.rate, threads=1)
            block = (np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes()[skipped : skipped + end - first]
            yield block
            first += len(block)


def application(folder: Path) -> FastAPI:
    """The server for the tracks of `folder`."""
    app = FastAPI()

    @app.get("/{name}.wav")
    def wav(name: str, range: Annotated[str | None, Header()] = None) -> Response:  # noqa: A002 (the header's name)
        path = folder / name
        if path.parent != folder or not path.is_file():
            raise HTTPException(404, f"no track {name}")
        sound = Sound(path)
        headers = {"Accept-Ranges": "bytes"}
        if range is None:
            headers["Content-Length"] = str(sound.size)
            return StreamingResponse(sound.bytes(0, sound.size), media_type="audio/wav", headers=headers)
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", range)
        if asked is None or not any(asked.groups()):
            raise HTTPException(416, "one range of bytes, please", {"Content-Range": f"bytes */{sound.size}"})
        if asked[1]:
            first, last = int(asked[1]), min(int(asked[2] or sound.size), sound.size - 1)
        else:
            first, last = max(sound.size - int(asked[2]), 0), sound.size - 1
        if first > last:
            raise HTTPException(416, "behind the end", {"Content-Range": f"bytes */{sound.size}"})
        headers |= {"Content-Range": f"bytes {first}-{last}/{sound.size}", "Content-Length": str(last - first + 1)}
        return StreamingResponse(sound.bytes(first, last + 1), 206, headers, "audio/wav")

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    uvicorn.run(application(arguments.folder.resolve()), port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()

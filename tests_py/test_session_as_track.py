"""Every function that takes a track takes a `Session`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend.session import Audio, Clip, Session, Step, voices


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session with a clip beside it, in a folder that is not the working directory."""
    (tmp_path / "bell.wav").write_bytes(Audio(np.full((4000, 2), 0.5), 8000).wav())
    return Session(
        [Step(1.0, [voices.BinauralBeat()])], sample_rate=8000, clips=[Clip("bell.wav", 0.25)], base_dir=tmp_path
    )


def test_a_session_renders_as_its_track(session: Session) -> None:
    track = session.to_track()
    np.testing.assert_array_equal(rb.render(session), rb.render(track, base_dir=session.base_dir))
    assert rb.load_track(session) == track


CALLS: dict[str, Callable[[Any, Path], object]] = {
    "validate": lambda session, _: rb.validate(session),
    "render_to_file": lambda session, folder: rb.render_to_file(session, folder / "a.wav"),
    "save_track": lambda session, folder: rb.save_track(session, folder / "a.json"),
    "analyse": lambda session, _: rb.analyse(session),
    "verify": lambda session, _: rb.verify(session),
    "Player": lambda session, _: rb.Player(session, backend="null").stop(),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CALLS)
def test_functions_of_tracks_take_sessions(session: Session, name: str, tmp_path: Path) -> None:
    found = CALLS[name](session, tmp_path)
    assert found == [] or name != "validate"  # a clip that is not found would be a problem


def test_a_player_takes_an_edited_session(session: Session) -> None:
    with rb.Player(session, backend="null") as player:
        session.steps.append(Step(2.0, [voices.BinauralBeat()]))
        assert player.update(session) == []
        assert player.duration == pytest.approx(session.duration)

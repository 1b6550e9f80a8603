"""The player in a Qt application without a screen, in real time on the null device."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import realtime_backend as rb
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QSlider
from realtime_backend.qt import StreamPlayer, StreamPlaylist, TrackListModel

RATE = 44_100


def tone(base: float) -> dict[str, Any]:
    """Return a voice in the form of the editor."""
    return {
        "synth_function_name": "binaural_beat", "is_transition": False, "description": "main",
        "params": {"ampL": 0.5, "ampR": 0.5, "baseFreq": base, "beatFreq": 4.0, "flangeEnable": False, "pan": None},
        "volume_envelope": None,
    }  # fmt: skip


def editor_track(base: float = 200.0, seconds: float = 1.0) -> dict[str, Any]:
    """Return a track in the form of the editor: the first dialect, with two lists of clips and duplicate spellings."""
    clips = [{
        "file_path": "", "path": "", "start": 0.0, "duration": 0.0, "amp": 0.0, "pan": 0.0, "fade_in": 0.0,
        "fade_out": 0.0, "description": "", "category": "vocals",
    }]  # fmt: skip
    return {
        "global_settings": {
            "sample_rate": RATE, "crossfade_duration": 0.5, "crossfade_curve": "linear", "crossfade_overlap": 1.0,
            "output_filename": "my_track.flac", "parallel_voices": False, "continuity_max_db_step": 1.0,
            "continuity_window_ms": 75, "something_newer": True,
        },
        "steps": [
            {"duration": seconds, "description": "", "start": 0.0, "voices": [tone(base)]},
            {"duration": seconds, "description": "", "start": seconds - 0.5, "voices": [tone(base)]},
        ],
        "clips": clips,
        "overlay_clips": copy.deepcopy(clips),
        "background_noise": {
            "file_path": "", "params_path": "", "amp": 0.0, "pan": 0.0, "start_time": 0.0, "fade_in": 0.0,
            "fade_out": 0.0, "amp_envelope": [],
        },
        "sam_scene": None,
    }  # fmt: skip


@pytest.fixture(scope="module")
def application() -> QApplication:
    return QApplication.instance() or QApplication([])


@pytest.fixture
def make(application: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., StreamPlayer]]:
    """Makes players on the null device, and stops them after the test."""
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    made: list[StreamPlayer] = []

    def player(track: Any = None, **options: Any) -> StreamPlayer:
        made.append(StreamPlayer(track or editor_track(), **options))
        return made[-1]

    yield player
    for one in made:
        one.stop()
        one.deleteLater()
    application.processEvents()


def run_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Run the event loop until a condition is true."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "timeout"
        QApplication.processEvents()
        time.sleep(0.005)


def run_for(seconds: float) -> None:
    until = time.monotonic() + seconds
    run_until(lambda: time.monotonic() >= until)


def test_a_track_plays_to_its_end_and_emits_signals(make: Callable[..., StreamPlayer]) -> None:
    player = make()
    states: list[str] = []
    steps: list[int] = []
    ratios: list[float] = []
    left: list[float] = []
    ends: list[float] = []
    player.state_changed.connect(states.append)
    player.step_changed.connect(steps.append)
    player.finished.connect(lambda: ends.append(player.position))
    player.set_progress_callback(ratios.append)
    player.set_time_remaining_callback(left.append)
    assert player.duration == pytest.approx(1.5)
    assert player.step_times == [(0.0, pytest.approx(1.0)), (pytest.approx(0.5), pytest.approx(1.5))]
    player.start(use_prebuffer=True)
    run_until(lambda: bool(ends))
    run_for(0.2)
    assert ends == [player.duration] == [player.position]
    assert states == ["playing", "finished"]
    assert steps[-1] == 1
    assert ratios == sorted(ratios)
    assert ratios[-1] == 1.0
    assert left[-1] == 0.0
    assert ratios.count(1.0) == 1


def test_the_editor_window_can_control_the_player(make: Callable[..., StreamPlayer]) -> None:
    """The test uses slider, pause, skip and stop like the editor."""
    slider = QSlider()
    slider.setMaximum(1000)
    player = make(editor_track(seconds=3.0))
    player.set_volume(0.3)
    assert player.volume == 0.3
    player.start()
    assert player.status()["peak"] is not None
    player.position_changed.connect(lambda seconds: slider.setValue(round(1000 * seconds / player.duration)))
    run_until(lambda: slider.value() > 20)
    player.pause()
    run_for(0.2)
    held = player.position
    run_for(0.1)
    assert player.position == held
    player.seek(4.0)
    run_for(0.2)
    assert player.state == "paused"
    assert player.position == pytest.approx(4.0, abs=1e-3)
    assert max(player.status()["peak"]) == 0.0 or player.state == "paused"
    player.resume()
    run_until(lambda: player.position > 4.1)
    player.seek(player.step_times[1][0])
    run_until(lambda: player.position < 3.0)
    player.stop()
    player.stop()
    assert player.state == "stopped"
    assert player.position == 0.0


def test_volume_and_position_can_be_set_before_start(make: Callable[..., StreamPlayer]) -> None:
    silent = make(startup_fade=0.0)
    silent.set_volume(0.0)
    silent.seek(0.5)
    silent.start()
    assert silent.position >= 0.5
    run_for(0.3)
    assert max(silent.status()["peak"]) == 0.0
    loud = make(startup_fade=0.0)
    loud.set_volume(2.0)
    assert loud.volume == 1.0
    loud.start()
    run_for(0.3)
    assert max(loud.status()["peak"]) > 0.1


def test_meters_are_emitted_while_the_levels_change(make: Callable[..., StreamPlayer]) -> None:
    player = make(startup_fade=0.0)
    found: list[rb.Meters] = []
    player.meters_changed.connect(found.append)
    player.start()
    run_until(lambda: len(found) > 3 and found[-1].rms[0] > -40.0)
    assert all(isinstance(meters, rb.Meters) for meters in found)
    assert found[-1].peak[0] >= found[-1].rms[0]


def test_odd_volumes_and_callbacks_are_refused(make: Callable[..., StreamPlayer]) -> None:
    with pytest.raises(ValueError, match="volume: expected a number from 0 to 1, got 2"):
        make(volume=2)
    player = make()
    for setter in (player.set_progress_callback, player.set_time_remaining_callback):
        with pytest.raises(TypeError, match="callback: expected a function or None"):
            setter(5)  # type: ignore[arg-type]
        setter(None)
    with pytest.raises(TypeError, match=r"part: expected True, None or a pair \(start, end\)"):
        player.set_loop((1.0,))  # type: ignore[arg-type]


def test_the_last_of_several_quick_edits_wins(make: Callable[..., StreamPlayer]) -> None:
    player = make(editor_track(seconds=2.0))
    updates: list[bool] = []
    player.track_updated.connect(lambda: updates.append(True))
    player.start()
    for step in range(20):
        player.update_track(editor_track(200.0 + step, 2.0 + 0.1 * step))
    run_until(lambda: bool(updates) and player.duration == pytest.approx(7.3))
    assert 1 <= len(updates) <= 20
    assert player.state == "playing"
    assert player.status()["last_error"] is None


def test_start_plays_the_edited_track(make: Callable[..., StreamPlayer]) -> None:
    player = make()
    player.update_track(editor_track(seconds=2.0))
    player.start()
    assert player.duration == pytest.approx(3.5)
    player.update_track(editor_track(seconds=4.0))
    player.stop()
    player.start()
    assert player.duration == pytest.approx(7.5)


def test_tracks_are_copied_when_they_are_passed(make: Callable[..., StreamPlayer]) -> None:
    track = editor_track()
    player = make(track)
    track["steps"].clear()
    assert player.duration == pytest.approx(1.5)
    done: list[bool] = []
    player.track_updated.connect(lambda: done.append(True))
    edited = editor_track(seconds=2.0)
    player.update_track(edited)
    edited.clear()
    run_until(lambda: bool(done))
    assert player.duration == pytest.approx(3.5)


@pytest.mark.parametrize("running", [True, False])
def test_a_refused_edit_is_reported_and_the_old_track_stays(make: Callable[..., StreamPlayer], running: bool) -> None:
    player = make(editor_track(seconds=3.0))
    refused: list[str] = []
    player.update_rejected.connect(refused.append)
    if running:
        player.start()
    bad = editor_track(seconds=4.0)
    bad["steps"][0]["voices"][0]["params"]["baseFreq"] = "fast"
    player.update_track(bad)
    run_until(lambda: bool(refused))
    assert refused == ['steps[0].voices[0].params.baseFreq: expected a number, got "fast"']
    assert player.status()["last_error"] == refused[0]
    assert player.duration == pytest.approx(5.5)
    assert player.state == ("playing" if running else "stopped")


def test_start_raises_if_it_cannot_play(make: Callable[..., StreamPlayer], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(rb.TrackError, match="JSON"):
        make("{").start()
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "no such host")
    player = make()
    assert player.duration == pytest.approx(1.5)
    with pytest.raises(rb.AudioDeviceError, match="no such host"):
        player.start()
    assert player.state == "stopped"
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="volume"):
            player.set_volume(value)
        with pytest.raises(ValueError, match="seconds"):
            player.seek(value)


def test_a_player_can_restart_after_the_end_and_after_stop(make: Callable[..., StreamPlayer]) -> None:
    player = make(editor_track(seconds=0.6))
    ends: list[bool] = []
    player.finished.connect(lambda: ends.append(True))
    player.start()
    player.seek(99.0)
    run_until(lambda: len(ends) == 1)
    player.start()
    assert player.position < 0.3
    run_until(lambda: len(ends) == 2)
    player.stop()
    player.start()
    run_until(lambda: player.state == "playing")
    assert [warning for warning in player.status()["warnings"] if "something_newer" in warning]


def test_timer_and_loop_can_be_set_before_start(make: Callable[..., StreamPlayer]) -> None:
    player = make(editor_track(seconds=5.0))
    ends: list[float] = []
    player.finished.connect(lambda: ends.append(player.position))
    player.stop_after(1.2, fade=0.3)
    player.set_loop((0.5, 1.0))
    assert (player.timer, player.loop) == (1.2, (0.5, 1.0))
    player.start()
    run_until(lambda: bool(ends))
    assert player.state == "finished"
    assert 0.5 <= ends[0] < 1.0, "the loop played until the timer ended it"
    player.resume()
    run_for(0.3)
    assert (player.state, player.timer) == ("playing", None)
    player.stop_after(None)
    player.set_loop(None)
    assert player.loop is None
    with pytest.raises(ValueError, match="seconds"):
        player.stop_after(-1.0)
    with pytest.raises(ValueError, match="part"):
        player.set_loop((1.0, 1.0))


@pytest.fixture
def make_list(application: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., StreamPlaylist]]:
    """Makes playlists on the null device, and stops them after the test."""
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    made: list[StreamPlaylist] = []

    def playlist(*seconds: float, **options: Any) -> StreamPlaylist:
        tracks = [editor_track(seconds=each) for each in seconds]
        made.append(StreamPlaylist(tracks, crossfade=0.1, startup_fade=0.0, **options))
        return made[-1]

    yield playlist
    for one in made:
        one.stop()
        one.deleteLater()
    application.processEvents()


def test_a_playlist_plays_its_tracks_in_turn(make_list: Callable[..., StreamPlaylist]) -> None:
    playlist = make_list(0.6, 0.7)
    playlist.add(["no such file.json", editor_track(seconds=0.8)])
    tracks: list[int] = []
    left_out: list[tuple[int, str]] = []
    ends: list[bool] = []
    playlist.track_changed.connect(tracks.append)
    playlist.track_left_out.connect(lambda index, reason: left_out.append((index, reason)))
    playlist.finished.connect(lambda: ends.append(True))
    assert (playlist.count, playlist.current, playlist.state) == (4, None, "stopped")
    playlist.start()
    run_until(lambda: bool(ends))
    assert tracks == [0, 1, 3]
    assert [index for index, _ in left_out] == [2]
    reason = playlist.model.data(playlist.model.index(2), TrackListModel.REASON)
    assert "no such file" in reason
    assert playlist.duration == pytest.approx(2 * 0.8 - 0.5)
    playlist.start()
    run_until(lambda: tracks == [0, 1, 3, 0])


def test_tracks_come_and_go_while_a_playlist_plays(make_list: Callable[..., StreamPlaylist]) -> None:
    playlist = make_list(5.0, 6.0, 7.0)
    changes: list[bool] = []
    playlist.tracks_changed.connect(lambda: changes.append(True))
    playlist.start(first=1)

    def heard(index: int, seconds: float) -> bool:
        return (playlist.current, playlist.duration) == (index, pytest.approx(2 * seconds - 0.5))

    run_until(lambda: heard(1, 6.0))
    playlist.add([editor_track(seconds=4.0)], at=0)
    assert heard(2, 6.0)
    playlist.move(2, 0)
    assert heard(0, 6.0)
    assert playlist.next()  # the track that was added
    run_until(lambda: heard(1, 4.0))
    playlist.remove(1)
    run_until(lambda: heard(1, 5.0))
    playlist.previous()
    run_until(lambda: heard(0, 6.0))
    playlist.go_to(2)
    run_until(lambda: heard(2, 7.0))
    assert not playlist.next()
    playlist.set_repeat(True)
    assert playlist.next()
    run_until(lambda: heard(0, 6.0))
    assert len(changes) == 3
    for row in (2, 1, 0):
        playlist.remove(row)
    assert (playlist.count, playlist.state) == (0, "stopped")
    with pytest.raises(ValueError, match="tracks"):
        playlist.start()
    for call in (playlist.remove, playlist.go_to):
        with pytest.raises(IndexError, match="index"):
            call(0)


def test_timer_and_edits_are_those_of_the_playlist(make_list: Callable[..., StreamPlaylist]) -> None:
    playlist = make_list(0.7, 5.0)
    ends: list[float] = []
    updated: list[bool] = []
    playlist.finished.connect(lambda: ends.append(playlist.position))
    playlist.track_updated.connect(lambda: updated.append(True))
    playlist.stop_after(1.8, fade=0.3)
    playlist.start()
    run_until(lambda: playlist.current == 1)
    playlist.update_track(editor_track(300.0, 4.0))
    run_until(lambda: bool(updated))
    assert playlist.model.tracks[1]["steps"][0]["duration"] == 4.0
    run_until(lambda: bool(ends))
    assert playlist.current == 1
    assert playlist.position < 2.0, "the timer went on across the tracks"
    with pytest.raises(ValueError, match="crossfade"):
        StreamPlaylist([], crossfade=61.0)


@pytest.mark.usefixtures("application")
def test_a_model_shows_titles_and_the_current_track(tmp_path: Path) -> None:
    for name in ("b.json", "a.sbg", "notes.txt"):
        (tmp_path / name).write_text("{}")
    titled: dict[str, Any] = {"progression": [], "metadata": {"title": "Evening"}}
    playlist = StreamPlaylist([titled, tmp_path, {"progression": []}], backend="null")
    model = playlist.model
    rows: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: rows.append((first, last)))
    shown = [model.data(model.index(row)) for row in range(model.rowCount())]
    assert shown == ["Evening", "a", "b", "Track 4"]
    titled["metadata"]["title"] = "changed"
    assert model.data(model.index(0)) == "Evening", "the track is a copy"
    model.set_current(1)
    playlist.add([json.dumps(titled)], at=1)
    assert rows == [(1, 1)]
    assert model.current == 2
    assert [model.data(model.index(row), TrackListModel.CURRENT) for row in range(3)] == [False, False, True]
    assert model.data(model.index(2), Qt.ItemDataRole.FontRole).bold()
    assert model.data(model.index(1)) == "changed"


@pytest.mark.parametrize("missing", ["qtpy", "qtpy.QtCore"])
def test_a_missing_qt_is_named_with_the_remedy(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; import realtime_backend.qt"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("PySide6, PyQt6 and PyQt5: pip install qtpy PySide6")

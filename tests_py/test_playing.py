"""Sleep timer, loops, playlists and devices of the player, on the null device."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import realtime_backend as rb

if TYPE_CHECKING:
    from pathlib import Path


def tone(base: float = 200.0, seconds: float = 60.0) -> dict[str, Any]:
    voice = {"synth_function_name": "binaural_beat", "params": {"baseFreq": base, "beatFreq": 4.0}}
    return {
        "global": {"sample_rate": 44_100, "crossfade_duration": 0.1},
        "progression": [{"duration": seconds, "voices": [voice]}],
    }


def test_the_sleep_timer_ends_playback_and_play_continues() -> None:
    with rb.Player(tone(), backend="null") as player:
        assert player.timer is None
        player.stop_after(0.4, fade=0.2)
        time.sleep(0.1)
        assert player.timer == pytest.approx(0.4), "it stands still until the player plays"
        player.play()
        assert player.wait(10.0)
        assert (player.state, player.timer) == ("finished", None)
        assert player.position == pytest.approx(0.4, abs=1e-4)
        player.play()
        time.sleep(0.3)
        assert player.state == "playing"
        assert 0.4 < player.position < 1.0
        player.stop_after(100.0)
        player.stop_after(None)
        assert player.timer is None
        for odd in [(-1.0, 0.0), (1.0, -1.0), (float("nan"), 0.0)]:
            with pytest.raises(ValueError, match="expected a number"):
                player.stop_after(*odd)


def test_a_loop_repeats_a_part_until_it_is_ended() -> None:
    with rb.Player(tone(), backend="null", start=1.0) as player:
        assert player.loop is None
        player.loop = (1.0, 1.4)
        assert player.loop == (1.0, 1.4)
        player.play()
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            assert 0.9 < player.position < 1.6
            time.sleep(0.02)
        player.loop = True
        assert player.loop == (0.0, 60.0)
        player.loop = None
        assert player.loop is None
        for odd in [(2.0, 1.0), (1.0, 1.05), (-1.0, 3.0)]:
            with pytest.raises(ValueError, match="loop"):
                player.loop = odd


def test_a_playlist_leaves_out_bad_tracks(tmp_path: Path) -> None:
    tracks: list[int] = []
    finished = threading.Event()
    (tmp_path / "a.json").write_text('{"progression": [{"duration": 0.6}]}')
    (tmp_path / "b.json").write_text('{"progression": 7}')
    with rb.Playlist([tone(seconds=0.8), tmp_path, tone(300.0, 0.7)], crossfade=0.2, backend="null") as playlist:
        playlist.on_track(tracks.append)
        playlist.on_finished(finished.set)
        assert (playlist.current, playlist.duration) == (0, 0.8)
        playlist.play()
        assert finished.wait(20.0)
        assert playlist.current == 3
        assert [(index, "progression" in reason) for index, reason in playlist.left_out] == [(2, True)]
    assert tracks == [0, 1, 3]


def test_a_list_changes_while_it_plays() -> None:
    until = time.monotonic() + 20.0

    def awaited(playlist: rb.Playlist, index: int, duration: float) -> None:
        while (playlist.current, playlist.duration) != (index, duration):
            assert time.monotonic() < until, (playlist.current, playlist.duration)
            time.sleep(0.01)

    with rb.Playlist([tone(seconds=5.0), tone(seconds=6.0)], first=1, crossfade=0.2, backend="null") as playlist:
        playlist.play()
        awaited(playlist, 1, 6.0)
        assert not playlist.next()
        # one before it, two after it
        playlist.set_tracks([tone(seconds=4.0), tone(seconds=6.0), tone(seconds=7.0), tone(seconds=8.0)], current=1)
        assert playlist.current == 1
        assert playlist.next()
        awaited(playlist, 2, 7.0)
        assert playlist.go_to(0)
        awaited(playlist, 0, 4.0)
        assert not playlist.go_to(4)
        assert not playlist.go_to(-1)
        # what is heard is none of the new ones: the first one follows
        playlist.set_tracks([tone(seconds=9.0), tone(seconds=10.0)], current=None)
        assert playlist.next()
        awaited(playlist, 0, 9.0)
        playlist.go_to(1)
        awaited(playlist, 1, 10.0)
        assert not playlist.next()
        playlist.set_order(shuffle=False, loop=True)
        assert playlist.next()
        awaited(playlist, 0, 9.0)
        for current in (2, -1):
            with pytest.raises((ValueError, rb.TrackError), match="current"):
                playlist.set_tracks([tone(), tone()], current=current)
        with pytest.raises(rb.TrackError, match="tracks"):
            playlist.set_tracks([], current=None)


def test_the_keys_of_a_playlist() -> None:
    with rb.Playlist([tone(), tone(), tone()], loop=True, shuffle=True, seed=5, backend="null") as playlist:
        first = playlist.current
        playlist.play()
        time.sleep(0.3)
        assert playlist.next()
        until = time.monotonic() + 10.0
        while playlist.current == first and time.monotonic() < until:
            time.sleep(0.01)
        assert playlist.current != first
        playlist.previous()
        while playlist.current != first and time.monotonic() < until:
            time.sleep(0.01)
        assert playlist.current == first
    with pytest.raises(rb.TrackError):
        rb.Playlist([], backend="null")
    with pytest.raises(rb.TrackError, match="first"):
        rb.Playlist([tone()], first=1, backend="null")
    with pytest.raises(ValueError, match="first"):
        rb.Playlist([tone()], first=-1, backend="null")
    with pytest.raises(ValueError, match="crossfade"):
        rb.Playlist([tone()], crossfade=61.0, backend="null")


def test_device_loss_and_events() -> None:
    with rb.Player(tone(), backend="null", on_device_loss="follow") as player:
        assert player.device_events() == []
        seen: list[tuple[str, str]] = []
        player.on_device(lambda change, name: seen.append((change, name)))
    with pytest.raises(ValueError, match="on_device_loss"):
        rb.Player(tone(), backend="null", on_device_loss="stop")  # type: ignore[arg-type]

"""Rules of the player: closing, arguments, callbacks, asyncio, starts on time and meters, on the null device."""

from __future__ import annotations

import asyncio
import inspect
import math
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import realtime_backend as rb
from realtime_backend import streaming

if TYPE_CHECKING:
    from collections.abc import Callable


def tone(seconds: float = 60.0, amplitude: float = 0.5) -> dict[str, Any]:
    params = {"baseFreq": 441.0, "beatFreq": 0.0, "ampL": amplitude, "ampR": amplitude / 2}
    voice = {"synth_function_name": "binaural_beat", "params": params}
    return {
        "global": {"sample_rate": 44_100, "normalization": "none"},
        "progression": [{"duration": seconds, "voices": [voice]}],
    }


COMMANDS: dict[str, Callable[[rb.Player], object]] = {
    "play": lambda player: player.play(),
    "play at": lambda player: player.play(at=1.0),
    "pause": lambda player: player.pause(),
    "resume": lambda player: player.resume(),
    "seek": lambda player: player.seek(1.0),
    "volume": lambda player: setattr(player, "volume", 0.5),
    "loop": lambda player: setattr(player, "loop", True),
    "stop_after": lambda player: player.stop_after(5.0),
    "no timer": lambda player: player.stop_after(None),
    "update": lambda player: player.update(tone()),
    "push_clip_samples": lambda player: player.push_clip_samples(0, [0.0, 0.0]),
    "on_step": lambda player: player.on_step(print),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_stopped_player_refuses_commands(name: str) -> None:
    player = rb.Player(tone(), backend="null")
    player.stop()
    with pytest.raises(rb.PlayerClosed, match="stopped"):
        COMMANDS[name](player)
    assert issubclass(rb.PlayerClosed, RuntimeError)


def test_a_stopped_player_still_reports() -> None:
    player = rb.Player(tone(), backend="null")
    player.stop()
    player.stop()
    assert (player.state, player.duration, player.loop, player.last_error) == ("stopped", 60.0, None, None)
    assert player.wait()
    assert player.stats()["last_error"] is None
    playlist = rb.Playlist([tone(), tone()], backend="null")
    playlist.stop()
    for command in (playlist.next, playlist.previous):
        with pytest.raises(rb.PlayerClosed):
            command()
    assert playlist.current == 0


@pytest.mark.parametrize("volume", [2, 1.001, -0.1, math.nan, math.inf])
def test_a_volume_outside_its_range_is_refused(volume: float) -> None:
    with pytest.raises(ValueError, match="volume: expected a number from 0 to 1"):
        rb.Player(tone(), backend="null", volume=volume)
    with rb.Player(tone(), backend="null", volume=1) as player:
        with pytest.raises(ValueError, match="volume: expected a number from 0 to 1"):
            player.volume = volume
        assert player.volume == 1.0


@pytest.mark.parametrize("method", ["on_progress", "on_step", "on_finished", "on_device", "on_error"])
def test_a_callback_that_cannot_be_called_is_refused(method: str) -> None:
    with (
        rb.Player(tone(), backend="null") as player,
        pytest.raises(TypeError, match="callback: expected a function, got an object of type int"),
    ):
        getattr(player, method)(5)


@pytest.mark.parametrize("part", [5, (1.0,), (1.0, 2.0, 3.0), "ab", (None, 1.0)])
def test_the_error_of_a_loop_names_a_pair(part: Any) -> None:
    with (
        rb.Player(tone(), backend="null") as player,
        pytest.raises(TypeError, match=r"loop: expected True, None or a pair \(start, end\)"),
    ):
        player.loop = part


def test_callbacks_come_from_one_thread_of_the_player() -> None:
    threads: list[threading.Thread] = []
    finished = threading.Event()
    with rb.Player(tone(0.3), backend="null") as player:
        player.on_progress(lambda *_: threads.append(threading.current_thread()))
        player.on_step(lambda _: threads.append(threading.current_thread()))
        player.on_finished(finished.set)
        player.play()
        assert finished.wait(10.0)
    assert {thread.name for thread in threads} == {"player events"}
    assert threading.main_thread() not in threads


def test_only_the_legacy_functions_fade_in() -> None:
    assert inspect.signature(rb.Player).parameters["startup_fade"].default == 0.0
    assert streaming._startup_fade == 3.0
    rb.start_stream(str(tone()).replace("'", '"'), backend="null")
    with rb.Player(tone(), backend="null") as player:
        player.play()
        time.sleep(0.6)
        full, faded = player.stats()["peak"][0], rb.status()["peak"][0]
    rb.stop_stream()
    assert full == pytest.approx(0.5, abs=1e-3)
    assert 0.0 < faded < 0.5 * full


def test_events_arrive_in_a_loop_of_asyncio() -> None:
    async def listen() -> list[rb.Event]:
        with rb.Player(tone(0.4), backend="null") as player:
            player.play()
            return [event async for event in player.events()]

    events = asyncio.run(listen())
    kinds = [event.kind for event in events]
    assert kinds[-1] == "finished"
    assert {"state", "progress", "step"} <= set(kinds)
    assert [event.value for event in events if event.kind == "step"] == [0]
    assert [event.value for event in events if event.kind == "state"][-1] == "finished"
    times = [event.position for event in events if event.kind == "progress"]
    assert times == sorted(times)
    assert times[-1] == pytest.approx(0.4)


def test_events_end_when_the_player_is_stopped() -> None:
    async def listen() -> list[str]:
        player = rb.Player(tone(), backend="null")
        player.play()
        asyncio.get_running_loop().call_later(0.2, player.stop)
        return [str(event.value) async for event in player.events() if event.kind == "state"]

    assert asyncio.run(listen())[-1] == "stopped"


def test_waiting_does_not_block_the_loop_of_asyncio() -> None:
    async def listen() -> tuple[bool, bool, int]:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0.01)

        with rb.Player(tone(0.5), backend="null") as player:
            counting = asyncio.create_task(count())
            player.play()
            early = await player.wait_async(timeout=0.05)
            late = await player.wait_async()
            counting.cancel()
        return early, late, turns

    early, late, turns = asyncio.run(listen())
    assert (early, late) == (False, True)
    assert turns > 5


def test_playback_begins_at_a_time_of_the_device() -> None:
    with rb.Player(tone(), backend="null") as player:
        assert player.started_at is None
        time.sleep(0.1)
        at = round((player.device_time + 0.4) * 44_100) / 44_100
        player.play(at=at)
        assert player.state == "starting"
        time.sleep(0.1)
        assert (player.state, player.position, player.started_at) == ("starting", 0.0, None)
        until = time.monotonic() + 10.0
        while player.started_at is None and time.monotonic() < until:
            time.sleep(0.01)
        assert player.started_at == pytest.approx(at, abs=1e-9)
        for odd in (-1.0, math.nan, math.inf):
            with pytest.raises(ValueError, match="at"):
                player.play(at=odd)
        with pytest.raises(ValueError, match="plays already"):
            player.play(at=1000.0)


def test_meters_tell_peak_and_rms_of_each_ear() -> None:
    with rb.Player(tone(), backend="null") as player:
        assert player.meters() == rb.Meters((-math.inf, -math.inf), (-math.inf, -math.inf))
        player.play()
        until = time.monotonic() + 20.0
        due = (20.0 * math.log10(0.5), 20.0 * math.log10(0.25))
        while player.meters().rms[0] < due[0] - 3.1 and time.monotonic() < until:
            time.sleep(0.05)
        found = player.meters()
    assert found.peak == pytest.approx(due, abs=0.01)
    assert found.rms == pytest.approx([level - 10.0 * math.log10(2.0) for level in due], abs=0.1)


def test_a_device_has_channels_and_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REALTIME_BACKEND_AUDIO_HOST", "null")
    (device,) = rb.list_devices()
    assert (device.host, device.is_default, device.channels) == ("null", True, 2)
    assert {44_100, 48_000} <= set(device.sample_rates)

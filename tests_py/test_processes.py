"""Processes, threads and faults. Tests that could hang or crash run in a separate process."""

from __future__ import annotations

import concurrent.futures
import copy
import gc
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import realtime_backend as rb
from realtime_backend import _core

if TYPE_CHECKING:
    from pathlib import Path

VOICE: dict[str, Any] = {"synth_function_name": "binaural_beat", "params": {}}


def track(seconds: float = 1.0, steps: int = 2, voices: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"progression": [{"duration": seconds, "voices": voices or [VOICE]}] * steps}


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 10.0
    while not condition():
        assert time.monotonic() < until, "timeout"
        time.sleep(0.005)


def alone(code: str, timeout: float = 60.0) -> str:
    """Run a script in a new process and return its output. It must end with exit code 0."""
    script = "import json, os, sys, time, realtime_backend as rb\n" + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_renders_after_its_parent() -> None:
    printed = alone(f"""
        track = {track()!r}
        whole = rb.render(track, threads=2)
        child = os.fork()
        if child == 0:
            os._exit(0 if (rb.render(track, threads=2) == whole).all() else 3)
        for _ in range(200):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                print(status)
                break
            time.sleep(0.05)
        else:
            os.kill(child, 9)
            print("hangs")
        """)
    assert printed.strip() == "0"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_player_raises_in_a_forked_child() -> None:
    printed = alone(f"""
        player = rb.Player({track(60.0)!r}, backend="null")
        player.play()
        child = os.fork()
        if child == 0:
            try:
                player.position
            except rb.AudioDeviceError as error:
                told = "another process" in str(error)
            del player
            os._exit(0 if told else 3)
        print(os.waitpid(child, 0)[1])
        while player.state == "starting":
            time.sleep(0.01)
        print(player.state)
        player.stop()
        """)
    assert printed.split() == ["0", "playing"]


@pytest.mark.parametrize("threads", [2**31, 100_000])
def test_huge_thread_counts_are_refused(threads: int) -> None:
    with pytest.raises(ValueError, match="threads"):
        rb.render(track(), threads=threads)


def test_arrays_larger_than_the_memory_raise_memory_error() -> None:
    with pytest.raises(MemoryError, match="GB"):
        rb.dsp.transition_alpha(1e7, 1e7)
    with pytest.raises(MemoryError, match="GB"):
        _core.dsp_pan_envelope(2**62, 44100.0, 0.0, 1.0, 1.0, "linear", 0.0)


@pytest.mark.parametrize("name", ["ramp", "startup_fade", "start", "volume"])
@pytest.mark.parametrize("value", [1e20, -1.0, float("nan"), float("inf")])
def test_player_options_out_of_range_are_refused(name: str, value: float) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=name):
        rb.Player(track(), backend="null", **options)


def test_errors_and_findings_survive_pickle_and_copy() -> None:
    bad = {"progression": [{"duration": "long", "voices": []}]}
    with pytest.raises(rb.TrackError) as caught:
        rb.render(bad)
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value), copy.deepcopy(caught.value)):
        assert type(twin) is rb.TrackError
        assert str(twin) == str(caught.value)
        assert twin.problems == caught.value.problems
        assert twin.problems
    for kind in (rb.MediaError, rb.AudioDeviceError, rb.EngineError, rb.TrackWarning):
        twin = pickle.loads(pickle.dumps(kind("why")))
        assert type(twin) is kind
        assert twin.args == ("why",)


def test_worker_processes_return_findings_and_raise_our_errors() -> None:
    bad = {"progression": [{"duration": "long", "voices": []}]}
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        failed, found = pool.submit(rb.render, bad), pool.submit(rb.validate, bad)
        missing, sound = pool.submit(rb.load_track, "/no/such/track.json"), pool.submit(rb.render, track(0.1))
        with pytest.raises(rb.TrackError, match='expected a number, got "long"') as caught:
            failed.result(60)
        with pytest.raises(FileNotFoundError) as not_there:
            missing.result(60)
    assert not_there.value.filename == "/no/such/track.json"
    assert caught.value.problems == found.result() == rb.validate(bad)
    assert np.array_equal(sound.result(), rb.render(track(0.1)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_children_forked_during_a_render_never_hang() -> None:
    printed = alone("""
        import threading
        done = threading.Event()

        def compute():
            rate = 20000
            while not done.is_set():
                rate += 1  # a new rate, so that nothing is cached
                rb.synth.spatial_angle_modulation(0.01, rate)

        threads = [threading.Thread(target=compute) for _ in range(2)]
        for thread in threads:
            thread.start()
        statuses = []
        for _ in range(10):
            child = os.fork()
            if child == 0:
                rb.synth.spatial_angle_modulation(0.01, 19000)
                os._exit(0)
            for _ in range(1000):
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    statuses.append(status)
                    break
                time.sleep(0.01)
            else:
                os.kill(child, 9)
                statuses.append("hangs")
        done.set()
        print(statuses)
        """)
    assert printed.strip() == str([0] * 10)


@pytest.mark.parametrize(
    "call",
    [
        "rb.load_track(numbers)",
        "rb.validate(numbers)",
        "rb.save_track(steps, 'never.json')",
        "rb.validate(steps)",
        "rb.render(steps)",
        "rb.render_to_file(steps, 'never.wav')",
        "rb.Player(steps, backend='null')",
        "session.Session.from_track(steps)",
        "session.load_voices('many.voices')",
        "session.Catalogue.of('.')",
        "session.Session.load('many.json')",
        "rb.render_voice(many, 100000.0)",
        "rb.synth.binaural_beat(3000.0)",
    ],
)
def test_ctrl_c_ends_long_calls_early(call: str, tmp_path: Path) -> None:
    """The signal comes after 50 ms. Each call would take several times as long."""
    printed = alone(f"""
        import signal, threading, warnings
        from realtime_backend import session
        os.chdir({str(tmp_path)!r})
        warnings.simplefilter("ignore")
        voice = {VOICE!r}
        numbers = '{{"progression": [], "numbers": [' + "0, " * 3_000_000 + "0]}}"
        steps = json.dumps({{"progression": [{{"duration": 1.0, "voices": [voice] * 8}}] * 40_000}})
        many = {{**voice, "params": {{"many": list(range(3_000_000))}}}}
        if "many." in {call!r} or "'.'" in {call!r}:
            for name in ("many.voices", "many.voice", "many.json"):
                with open(name, "w") as file:
                    file.write("[" * name.endswith("s") + '{{"params": ' + numbers + "}}" + "]" * name.endswith("s"))
        timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        try:
            {call}
            print("done")
        except KeyboardInterrupt:
            print("ended")
        """)
    assert printed.strip() == "ended"


def test_validate_reports_its_progress() -> None:
    told: list[float] = []
    assert rb.validate({**track(0.1, steps=3000), "global": {"crossfade_duration": 0.02}}, progress=told.append) == []
    assert told == sorted(told)
    assert told[0] >= 0.0
    assert told[-1] == 1.0

    def stop(_: float) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        rb.validate(track(0.1, steps=20_000), progress=stop)


def test_an_unknown_voice_does_not_stop_the_player() -> None:
    unknown = {"synth_function_name": "no_such_voice", "params": {}}
    with pytest.warns(rb.TrackWarning, match="no_such_voice"):
        player = rb.Player(track(voices=[VOICE, unknown]), backend="null", on_error="warn")
    with player:
        assert any("no_such_voice" in str(problem) for problem in player.update(track(voices=[unknown, VOICE])))


def test_a_deleted_player_with_callbacks_stops() -> None:
    before = threading.active_count()

    def begin() -> None:
        player = rb.Player(track(600.0), backend="null")
        player.on_step(lambda _: print(player.position))  # this callback refers to its player
        player.play()
        time.sleep(0.1)

    begin()
    until = time.monotonic() + 5.0
    while threading.active_count() > before and time.monotonic() < until:
        gc.collect()
        time.sleep(0.02)
    assert threading.active_count() == before


def test_a_failing_callback_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: told.append(str(args.exc_value)))
    finished = threading.Event()

    def fail(_: int) -> None:
        raise RuntimeError("in a callback")

    with rb.Player(track(0.3), backend="null", startup_fade=0.0) as player:
        player.on_step(fail)
        player.on_finished(finished.set)
        player.play()
        assert finished.wait(5.0)
    assert "in a callback" in told


def test_status_reports_a_refused_edit() -> None:
    rb.start_stream(json.dumps(track(60.0)), backend="null")
    try:
        rb.update_track("not json")
        until = time.monotonic() + 5.0
        while not rb.status()["last_error"] and time.monotonic() < until:
            time.sleep(0.01)
        assert "JSON" in rb.status()["last_error"]
    finally:
        rb.stop_stream()


@pytest.mark.parametrize("text", ["not json", "[]", "{}", json.dumps({"progression": [{"duration": "long"}]})])
def test_a_bad_track_does_not_stop_the_running_stream(text: str) -> None:
    rb.start_stream(json.dumps(track(60.0)), backend="null")
    try:
        assert rb.status()["state"] in ("starting", "playing")
        assert rb.is_playing()
        with pytest.raises(rb.TrackError):
            rb.start_stream(text, backend="null")
        wait_for(lambda: rb.status()["state"] == "playing")
        begun = rb.position()
        wait_for(lambda: rb.position() > begun)
    finally:
        rb.stop_stream()


def test_a_player_is_starting_until_the_device_asks_for_sound() -> None:
    with rb.Player(track(60.0), backend="null") as player:
        assert player.state == "paused"
        player.play()
        assert player.state in ("starting", "playing")
        wait_for(lambda: player.state == "playing")
        player.pause()
        wait_for(lambda: player.state == "paused")
        player.play()
        assert player.state == "playing"
    assert player.state == "stopped"


@pytest.mark.parametrize("edit", [{"progression": 5}, '{"progression": 5}', "{", "no-such-file.json"])
def test_last_error_has_the_last_refused_edit(edit: Any) -> None:
    with rb.Player(track(60.0), backend="null") as player:
        with pytest.raises((ValueError, OSError)) as refused:
            player.update(edit)
        assert player.last_error == str(refused.value)
        player.update(track(61.0))
        assert player.last_error is None


def test_a_replacing_player_stops_the_other_one() -> None:
    first = rb.Player(track(60.0), backend="null")
    first.play()
    with pytest.raises(rb.TrackError):
        rb.Player({"progression": 5}, backend="null", replaces=first)
    assert first.state != "stopped"
    with rb.Player(track(30.0), backend="null", replaces=first) as second:
        assert (first.state, second.state) == ("stopped", "paused")
        with pytest.raises(RuntimeError, match="stopped"):
            first.update(track(30.0))


def test_stop_cancels_a_running_edit() -> None:
    swept = {"synth_function_name": "spatial_angle_modulation_transition", "params": {}}
    player = rb.Player(track(60.0), backend="null")
    ended: list[str] = []

    def edit() -> None:
        try:
            while True:
                player.update(track(3600.0, 2, [swept] * 8))
        except RuntimeError as error:
            ended.append(str(error))

    editing = threading.Thread(target=edit)
    editing.start()
    player.stop()
    editing.join(10.0)
    assert ended == ["the player was stopped and cannot play again: make a new one"]


def test_a_window_can_close_during_an_edit() -> None:
    pytest.importorskip("qtpy.QtCore")
    printed = alone(f"""
        from qtpy.QtCore import QCoreApplication, QObject, QTimer
        from realtime_backend.qt import StreamPlayer

        app = QCoreApplication([])
        left = [15]

        def document():
            window = QObject(app)
            player = StreamPlayer({track(30.0)!r}, window, backend="null")
            player.start()

            def edit_and_close():
                for _ in range(3):
                    player.update_track({track(31.0)!r})
                window.deleteLater()

            QTimer.singleShot(10, edit_and_close)
            left[0] -= 1
            QTimer.singleShot(30, document if left[0] else app.quit)

        QTimer.singleShot(0, document)
        app.exec()
        print("survived")
        """)
    assert printed.strip() == "survived"


def test_threads_do_not_change_the_samples() -> None:
    assert np.array_equal(rb.render(track(), threads=1), rb.render(track(), threads=7))

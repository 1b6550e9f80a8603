"""Sessions: build, read, edit, render, save and play."""

from __future__ import annotations

import copy
import json
import wave
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from realtime_backend.session import (
    Adsr,
    Audio,
    Bed,
    Clip,
    LinearFade,
    Linen,
    Ramp,
    Session,
    Step,
    Voice,
    between,
    voices,
)

TRACKS = [
    *sorted((recordings.ROOT / "examples").glob("*.json")),
    *sorted((recordings.ROOT / "tests_rs" / "tracks").glob("*.json")),
    *(recorded.path for recorded in recordings.tracks()),
]


def small() -> Session:
    return Session(
        [
            Step(1.0, [voices.BinauralBeat(base_freq=200.0, beat_freq=8.0, voice_id="a")], "one"),
            Step(1.0, [voices.BinauralBeat(base_freq=200.0, beat_freq=(8.0, 4.0), voice_id="a")], "two"),
        ],
        sample_rate=8000,
        crossfade_duration=0.25,
    )


@pytest.mark.parametrize("path", TRACKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_a_track_survives_conversion_to_a_session_and_back(path: Path) -> None:
    canonical = rb.load_track(path, compat="legacy")
    session = Session.from_track(path, compat="legacy")
    assert session.to_track() == canonical
    assert session.base_dir == path.parent
    assert Session.from_track(session.to_track(), base_dir=path.parent, compat="legacy") == session


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(0, 5) | st.sampled_from(["", "x", "1.5", "linear"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner)
)
LEVEL = st.sampled_from([None, 0, 0.0, 1, 1.0, 0.48, 0.95, "0.25"])
LABEL = st.sampled_from([None, "", "bell", 7, True])
UNKNOWN = st.dictionaries(st.sampled_from(["mine", "x-y", "étiquette"]), JSON, max_size=2)


def one_of(**fields: Any) -> Any:
    """Return a strategy for objects with any of these keys, and with unknown ones."""
    known = st.fixed_dictionaries({}, optional=fields)
    return st.builds(lambda found, other: {**other, **found}, known, UNKNOWN)


ENVELOPES = one_of(
    type=st.sampled_from(["linear_fade", "adsr", "linen", "other", None]),
    params=one_of(fade_duration=LEVEL, start_amp=LEVEL, end_amp=LEVEL, attack=LEVEL, release=LEVEL) | st.none(),
)
VOICES = st.builds(
    lambda name, rest: {"synth_function_name": name, **rest},
    st.sampled_from(["binaural_beat", "binaural_beat_transition", "isochronic_tone"]),
    one_of(
        params=one_of(baseFreq=LEVEL, ampL=LEVEL, endBaseFreq=LEVEL) | st.none(),
        is_transition=st.sampled_from([None, True, False, 0, 1, "no"]),
        volume_envelope=ENVELOPES | st.none(),
        description=LABEL,
        voice_id=LABEL,
        uuid=LABEL,
        voice_type=st.sampled_from([None, "noise", "binaural", "Noise"]),
        category=LABEL,
    ),
)
STEPS = one_of(
    duration=st.sampled_from([0.5, 1, "1.5"]),
    start=st.sampled_from([None, 0, 0.0, 2.5, "1"]),
    start_time=st.sampled_from([None, 3.0]),
    crossfade_duration=LEVEL,
    crossfade_curve=st.sampled_from([None, "linear", "equal_power", "Equal Power", "odd"]),
    crossfade_overlap=LEVEL,
    binaural_volume=LEVEL,
    noise_volume=LEVEL,
    normalization_level=LEVEL,
    description=LABEL,
    parallel_voices=LABEL,
    voices=st.lists(VOICES, max_size=2) | st.none(),
)
CLIPS = one_of(
    file_path=LABEL,
    path=LABEL,
    file=LABEL,
    start=LEVEL,
    start_time=LEVEL,
    amp=LEVEL,
    gain=LEVEL,
    duration=LEVEL,
    pan=LEVEL,
)
BEDS = one_of(
    file_path=LABEL,
    noise_file=LABEL,
    gain=LEVEL,
    amp=LEVEL,
    fade_in=LEVEL,
    amp_envelope=st.sampled_from([None, [], [[0, 1]]]),
)
GLOBALS = one_of(
    sample_rate=st.sampled_from([44100, 8000.0, "22050", None]),
    crossfade_duration=LEVEL,
    crossfade_overlap=LEVEL,
    output_filename=LABEL,
    compat=st.sampled_from([None, "legacy"]),
)
DOCUMENTS = st.builds(
    lambda steps, rest: {"progression": steps, **rest},
    st.lists(STEPS, max_size=3),
    one_of(
        **{"global": GLOBALS},
        background_noise=BEDS | st.none(),
        overlay_clips=st.lists(CLIPS, max_size=2) | st.none(),
        sam_scene=JSON,
    ),
)


#: Names that have a meaning at one level. Tests add them at every level, and all must be kept.
ANYWHERE = st.dictionaries(
    st.sampled_from(
        [
            "sample_rate",
            "compat",
            "crossfade_duration",
            "crossfade_overlap",
            "output_filename",
            "extra",
            "spellings",
            "settings",
            "base_dir",
            "steps",
            "voices",
            "duration",
            "start",
            "gain",
            "amp",
            "\u00e9\U0001f600",
            "",
        ]
    ),
    st.sampled_from([None, True, False, 1, 1.0, 0, 0.0, -0.0, 1e300, 2**63, -(2**63), "x", [], {}, [{"a": None}]]),
    max_size=4,
)


def scattered(extras: list[dict[str, Any]], found: Any) -> Any:
    """Return `found` with unknown keys added at every level."""
    if isinstance(found, list):
        return [scattered(extras, one) for one in found]
    if not isinstance(found, dict):
        return found
    inner = {name: scattered(extras, value) for name, value in found.items()}
    return {**extras[len(str(found)) % len(extras)], **inner}


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.lists(ANYWHERE, min_size=1, max_size=4))
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_keys_named_like_settings_are_kept_at_every_level(
    document: dict[str, Any], extras: list[dict[str, Any]]
) -> None:
    try:
        canonical = rb.load_track(scattered(extras, document))
    except rb.TrackError:
        return  # not a track
    kept = Session.from_track(canonical).to_track()
    # compared as text, because 1, 1.0 and true are equal in Python
    assert json.dumps(kept, sort_keys=True) == json.dumps(canonical, sort_keys=True)


#: Any key, and any JSON value with numbers of 64 bits.
WHATEVER = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
    | st.sampled_from(["order", "extra", "type", "start"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=4,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENTS, st.lists(WHATEVER | ANYWHERE, min_size=1, max_size=4))
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_key_order_and_numbers_survive_files_and_sessions(
    tmp_path: Path, document: dict[str, Any], extras: list[dict[str, Any]]
) -> None:
    try:
        canonical = rb.load_track(scattered(extras, document))
    except rb.TrackError:
        return  # not a track
    expected = json.dumps(canonical)  # text keeps the order of keys and the difference of 1 and 1.0
    assert json.dumps(Session.from_track(canonical).to_track()) == expected
    path = tmp_path / "track.json"
    rb.save_track(canonical, path)
    assert json.dumps(json.loads(path.read_text(encoding="utf-8"))) == expected
    assert json.dumps(rb.load_track(path)) == expected
    assert json.dumps(Session.load(path).to_track()) == expected


@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**30, 10**400])
def test_whole_numbers_beyond_64_bits_are_refused(tmp_path: Path, number: int) -> None:
    track = {"progression": [{"duration": 1.0, "1e99 \\": [1e99, {"id": number}], "other": number}]}
    path = tmp_path / "track.json"
    path.write_text(json.dumps(track))
    for given_track in (track, json.dumps(track), json.dumps(track).encode(), path):
        with pytest.raises(rb.TrackError, match=r"64 bits|out of range") as caught:
            rb.load_track(given_track)
        if number != 10**400:
            assert caught.value.problems[0].path.endswith(".id")
    assert rb.load_track('{"progression": [], "x": 18446744073709551615, "y": 1e30}')["x"] == 2**64 - 1


SMALL_STEPS = st.fixed_dictionaries(
    {"duration": st.sampled_from([0.0, 0.05, 0.07, 0.1])},
    optional={
        "start": st.sampled_from([0.0, 0.03, 0.2, 1]),
        "crossfade_duration": st.sampled_from([0.0, 0.01, 0.03, 0.2]),
        "crossfade_overlap": st.sampled_from([0.0, 0.3, 1]),
        "crossfade_curve": st.sampled_from(["linear", "equal_power"]),
        "binaural_volume": st.sampled_from([0.1, 0.48]),
    },
)
SMALL_GLOBALS = st.fixed_dictionaries(
    {"sample_rate": st.just(8000)},
    optional={
        "crossfade_duration": st.sampled_from([0.0, 0.02, 0.06]),
        "crossfade_overlap": st.sampled_from([0.0, 0.7, 1.0]),
        "crossfade_curve": st.sampled_from(["linear", "equal_power"]),
    },
)


@settings(max_examples=60, deadline=None)
@given(SMALL_GLOBALS, st.lists(SMALL_STEPS, min_size=1, max_size=4), st.sampled_from([None, "intended"]))
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_a_session_renders_like_its_track(
    settings_of: dict[str, Any], steps: list[dict[str, Any]], compat: str | None
) -> None:
    if compat is not None:
        settings_of["compat"] = compat
    for index, step in enumerate(steps):
        step["voices"] = [{"synth_function_name": "binaural_beat", "params": {"baseFreq": 200.0 + 50.0 * index}}]
    document = {"global": settings_of, "progression": steps}
    for one in (document, json.dumps(document)):  # objects and text can be placed by different rules
        sound = rb.render(one)
        np.testing.assert_array_equal(Session.from_track(one).render(), sound)
        np.testing.assert_array_equal(rb.render(rb.load_track(one)), sound)
    free = Session.from_track(document)
    free.clear_starts()
    for step in steps:
        step.pop("start", None)
    np.testing.assert_array_equal(free.render(), rb.render(document))


def test_settings_and_equal_top_level_keys_stay_apart() -> None:
    track = {
        "sample_rate": 22050,
        "crossfade_duration": 9,
        "global": {"sample_rate": 48000, "compat": "legacy", "crossfade_duration": 0.5},
        "progression": [],
    }
    with pytest.warns(rb.TrackWarning):
        session = Session.from_track(track)
    assert session.to_track()["global"] == track["global"]
    assert (session.to_track()["sample_rate"], session.to_track()["crossfade_duration"]) == (22050, 9)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
@pytest.mark.filterwarnings("ignore::realtime_backend.TrackWarning")
def test_a_session_keeps_everything_in_a_track(document: dict[str, Any]) -> None:
    try:
        canonical = rb.load_track(document)
    except rb.TrackError:
        return  # not a track
    before = copy.deepcopy(canonical)
    session = Session.from_track(canonical)
    assert session.to_track() == canonical == before
    assert rb.load_track(session.to_track()) == canonical


def test_a_session_has_typed_parts() -> None:
    session = Session.from_track(recordings.ROOT / "tests_rs" / "tracks" / "focus.json")
    assert session.sample_rate == 44_100
    assert session.background is not None
    assert (session.background.file, session.background.gain) == ("beds/rain.noise", 0.15)
    assert session.clips[0].start == 12.0
    assert session.steps[1].voices[0].moves
    evening = Session.from_track(recordings.ROOT / "tests_rs" / "tracks" / "evening.json")
    assert evening.steps[0].voices[0].envelope == LinearFade(4.0, 0.0, 1.0)
    assert evening.steps[0].voices[1].bus == "noise"
    assert evening.clips[0] == Clip("voice/intro.wav", 3.5, 0.6)


@pytest.mark.filterwarnings("ignore:.*unknown field:realtime_backend.TrackWarning")
def test_a_changed_field_keeps_its_spelling_in_the_file() -> None:
    track = {
        "progression": [],
        "overlay_clips": [{"path": "a.wav", "file_path": "a.wav", "start_time": 0.0, "gain": 0.5, "mine": 1}],
        "background_noise": {"noise_file": "rain.noise", "amp": 0.0},
    }
    session = Session.from_track(track)
    assert session.background is not None
    session.clips[0].file, session.clips[0].start, session.clips[0].gain = "b.wav", 2.0, 0.25
    session.background.gain = 0.5
    written = session.to_track()
    assert written["overlay_clips"] == [
        {"path": "b.wav", "file_path": "b.wav", "start_time": 2.0, "gain": 0.25, "mine": 1}
    ]
    assert written["background_noise"] == {"noise_file": "rain.noise", "amp": 0.5}


@pytest.mark.parametrize("overlap", [1.0, 0.5])
def test_step_times_match_the_engine(overlap: float) -> None:
    session = small()
    session.crossfade_overlap = overlap
    session.steps[0].crossfade_duration = 0.5
    session.steps += [Step(0.0), Step(1.0, start=4.0), Step(0.5), Step(0.5)]
    track = session.to_track()
    for step, given_step in zip(track["progression"], session.steps, strict=True):
        if given_step.start is None:
            del step["start"]
    with pytest.warns(rb.TrackWarning, match="no duration"), rb.Player(track, backend="null") as player:
        placed = player.step_times
    ours = [times for step, times in zip(session.steps, session.step_times(), strict=True) if step.duration > 0.0]
    assert placed == [pytest.approx(times, abs=1.5 / 8000) for times in ours]
    assert session.duration == pytest.approx(placed[-1][1], abs=1e-3)


def test_a_saved_session_renders_the_same_sound(tmp_path: Path) -> None:
    session = small()
    session.steps[0].crossfade_duration = 0.5
    session.save(tmp_path / "small.json")
    sound = session.render()
    np.testing.assert_array_equal(sound, rb.render(tmp_path / "small.json"))
    assert sound.shape == (14_000, 2)  # the crossfade of the session decides the overlap
    np.testing.assert_array_equal(session.render(start=0.5, duration=0.25), sound[4000:6000])
    again = Session.load(tmp_path / "small.json")
    assert again.to_track() == session.to_track()
    session.export(tmp_path / "small.wav", target_level=None, subtype="FLOAT")
    session.export(tmp_path / "small.flac")
    assert (tmp_path / "small.flac").read_bytes()[:4] == b"fLaC"


def test_relative_paths_start_at_base_dir(tmp_path: Path) -> None:
    (tmp_path / "bell.wav").write_bytes(Audio(np.full((4000, 2), 0.5), 8000).wav())
    session = small()
    session.clips.append(Clip("bell.wav", 0.25, 1.0))
    assert any(problem.path.startswith("overlay_clips[0]") for problem in session.validate())
    session.base_dir = tmp_path
    assert session.validate() == []
    session.save(tmp_path / "small.json")
    again = Session.load(tmp_path / "small.json")
    np.testing.assert_array_equal(again.render(), session.render())
    assert np.abs(session.render() - small().render()).max() > 0.3
    with again.play(backend="null") as player:
        assert player.update(again.to_track()) == []
        assert player.wait(5.0)
        assert player.state == "finished"


def test_validate_and_render_report_a_mistake() -> None:
    session = small()
    session.steps[1].voices[0].params["startBaseFreq"] = "fast"
    (problem,) = session.validate()
    assert str(problem) == 'progression[1].voices[0].params.startBaseFreq: expected a number, got "fast"'
    with pytest.raises(rb.TrackError, match="startBaseFreq"):
        session.render()
    assert "startBaseFreq" in session._repr_html_()


def test_loaded_starts_stay_until_they_are_cleared() -> None:
    session = Session.from_track(small().to_track())
    session.steps[0].duration = 5.0
    assert session.step_times()[1][0] == pytest.approx(0.75)
    session.clear_starts()
    assert session.step_times()[1][0] == pytest.approx(4.75)


def test_background_noise_sounds_under_the_steps() -> None:
    session = Session([Step(1.0, [])], sample_rate=8000)
    assert np.abs(session.render()).max() == 0.0
    session.background = Bed.noise("brown", gain=0.2, sweeps=[{"start_min": 300, "start_max": 900}])
    assert np.abs(session.render()).max() > 0.01
    assert not np.array_equal(
        session.render(), Session([Step(1.0)], 8000, background=Bed.noise("pink", gain=0.2)).render()
    )


@pytest.mark.parametrize("envelope", [LinearFade(0.5, 0.0, 1.0), Adsr(0.1, 0.1, 0.5, 0.2), Linen(0.3, 0.2)])
def test_envelopes_shape_the_volume(envelope: LinearFade | Adsr | Linen) -> None:
    tone = voices.BinauralBeat(base_freq=200.0, beat_freq=1.0, envelope=envelope)
    sound = Session([Step(1.0, [tone])], sample_rate=8000).render()
    assert np.abs(sound[:200]).max() < 0.25 * np.abs(sound).max()
    assert Voice.from_dict(tone.to_dict()) == tone


def test_ramp_to_moves_each_voice_to_its_counterpart() -> None:
    first = Step(10.0, [
        voices.BinauralBeat(base_freq=210.0, beat_freq=10.0, voice_id="a"),
        voices.IsochronicTone(base_freq=150.0),
    ])  # fmt: skip
    second = Step(
        10.0, [voices.BinauralBeat(base_freq=180.0, beat_freq=4.0, amp_l=0.4, voice_id="a")], noise_volume=0.1
    )
    ramp = first.ramp_to(second, 30.0, Ramp(curve="logarithmic"))
    moving, leaving = ramp.voices
    assert (ramp.duration, ramp.noise_volume) == (30.0, 0.1)
    assert moving.function == "binaural_beat_transition"
    assert moving.at_start().params == first.voices[0].params
    assert moving.at_end() == voices.BinauralBeat(base_freq=180.0, amp_l=0.4, voice_id="a")
    assert moving.ramp() == Ramp(0.0, None, "logarithmic")
    assert leaving.envelope == LinearFade(30.0, 1.0, 0.0)
    (_, entering) = second.ramp_to(first, 5.0).voices
    assert entering.envelope == LinearFade(5.0, 0.0, 1.0)
    assert Session([first, ramp, second]).validate() == []


def test_between_explains_why_voices_cannot_move() -> None:
    beat = voices.BinauralBeat(base_freq=200.0)
    with pytest.raises(ValueError, match="a binaural_beat cannot move into a isochronic_tone"):
        between(beat, voices.IsochronicTone())
    with pytest.raises(ValueError, match="left_high does not move"):
        between(beat, voices.BinauralBeat(left_high=True))


def test_a_notebook_shows_a_player_at_the_original_level() -> None:
    session = small()
    page = session._repr_html_()
    assert "<audio controls" in page
    assert "binaural_beat_transition" in page
    audio = session.audio(start=0.5, duration=0.5)
    with wave.open(BytesIO(audio.wav())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 4000)
        heard = np.frombuffer(file.readframes(4000), "<i2").reshape(-1, 2) / 32767.0
    np.testing.assert_allclose(heard, session.render(start=0.5, duration=0.5), atol=1.0 / 32767)
    assert Audio(2.0 * np.ones(10)).peak == 2.0
    assert "cut at full scale" in Audio(2.0 * np.ones(10))._repr_html_()
    with pytest.raises(ValueError, match="shape"):
        Audio(np.zeros((3, 3))).wav()


def test_str_of_a_session_is_its_track_as_json() -> None:
    assert json.loads(str(small())) == small().to_track()


def test_movements_of_layers_survive_and_are_heard(tmp_path: Path) -> None:
    moves = {
        "am_rate": 2.0, "am_depth": 0.5, "am_duty": 0.4, "am_phase": 0.25, "pan_rate": 0.5, "pan_width": 0.7,
        "pan_phase": -0.1, "spin_rate": 1.5, "spin_width": 300.0, "spin_phase": 0.75,
    }  # fmt: skip
    session = Session([Step(0.5)], clips=[Clip("a.wav", **moves)], background=Bed("b.wav", **moves))
    session.save(tmp_path / "a.json")
    again = Session.load(tmp_path / "a.json")
    assert (again.clips, again.background) == (session.clips, session.background)
    written = json.loads((tmp_path / "a.json").read_text())
    for layer in (written["overlay_clips"][0], written["background_noise"]):
        assert {name: layer[name] for name in moves} == moves
    # a clip without movements writes none
    assert not set(moves) & Session([Step(0.5)], clips=[Clip("a.wav")]).to_track()["overlay_clips"][0].keys()

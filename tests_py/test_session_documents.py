"""Sessions and track documents: nothing is lost on the way from one to the other and back."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import realtime_backend as rb
import recordings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from realtime_backend.session import (
    Session,
)

TRACKS = [
    *sorted((recordings.ROOT / "examples").glob("*.json")),
    *sorted((recordings.ROOT / "tests_rs" / "tracks").glob("*.json")),
    *(recorded.path for recorded in recordings.tracks()),
]


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
        sam_scene=st.none() | st.dictionaries(st.text("ab", max_size=2), JSON),
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

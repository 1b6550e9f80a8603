"""Voices of a step, and the voice that moves from one voice to another."""

from __future__ import annotations

import difflib
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from .. import synth
from .._core import TrackError, TrackWarning, flanger_table, spatial_table, validate
from .._voice_info import snake_case
from . import envelopes
from ._document import Document, Key, flag, key, mapping, printable, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .envelopes import Envelope

Number: TypeAlias = float | tuple[float, float]
"""One value, or a pair with the values at the start and the end of the ramp."""

SUFFIX = "_transition"
#: Sample rate at which a voice is checked: the highest.
_RATE = 384_000
#: Names of the two ends of a parameter, where they do not follow from its name.
_IRREGULAR = {"noise_swept_notch": {"notch_q": ("start_q", "end_q")}}


@dataclass(frozen=True)
class Ramp:
    """Time and shape of the movement of a voice from its start values to its end values.

    Examples:
        >>> later = Ramp(offset=30.0, duration=60.0, curve="logarithmic")

    Source: spec voice-pipeline 3
    """

    offset: float = 0.0
    """Start of the movement in seconds from the start of the step, from 0."""
    duration: float | None = None
    """Length of the movement in seconds. ``None`` means to the end of the step, 0 means a jump."""
    curve: str = "linear"
    """Shape: ``linear``, ``logarithmic``, ``exponential``, or an expression in ``alpha`` such as ``alpha**2``."""


@dataclass
class Voice(Document):
    """One voice of a track. The constructors in `voices` also check the parameters.

    Examples:
        >>> Voice("isochronic_tone", {"baseFreq": 150.0}) == voices.IsochronicTone(base_freq=150.0)
        True

    Source: spec track-format 4
    """

    function: str = ""
    """Name of the voice, ``synth_function_name`` in a track."""
    params: dict[str, Any] = field(default_factory=dict)
    """Parameters with their names in a track, such as ``baseFreq``."""
    is_transition: bool = False
    """Whether the moving form is rendered. Without it, a name that ends in ``_transition`` means the static form."""
    envelope: Envelope | None = None
    """Volume over the step. ``None`` means fades of 10 ms at both ends."""
    description: str = ""
    """Label. It identifies the voice from step to step if there is no `voice_id`."""
    voice_id: str | None = None
    """Id. A voice continues the phases of the voice with the same id in the step before."""
    bus: Literal["binaural", "noise"] = "binaural"
    """Bus of the voice, ``voice_type`` in a track. It selects the volume of the step that applies."""

    KEYS: ClassVar[Mapping[str, Key]] = {
        "function": key("synth_function_name", fits=text),
        "params": key("params", fits=mapping),
        "is_transition": key("is_transition", fits=flag),
        "envelope": Key(("volume_envelope",), mapping, envelopes.read, envelopes.write),
        "description": key("description", fits=text),
        "voice_id": key("voice_id", fits=text),
        "bus": key("voice_type", fits=lambda value: value in ("binaural", "noise")),
    }

    @property
    def family(self) -> str:
        """Name of the static form of the voice, without ``_transition``."""
        return self.function.removesuffix(SUFFIX)

    @property
    def moves(self) -> bool:
        """Whether the voice is rendered in its transition form: `is_transition` decides, not the name."""
        return self.is_transition

    def at_start(self) -> Voice:
        """Return the static voice with the start values of this voice."""
        return self._end(0)

    def at_end(self) -> Voice:
        """Return the static voice with the end values of this voice."""
        return self._end(1)

    def _end(self, which: Literal[0, 1]) -> Voice:
        if not self.moves or self.family + SUFFIX not in rows():
            return self
        kept = dict(self.params)
        params: dict[str, Any] = {}
        defaults = rows()[self.family + SUFFIX]
        for name, (start, end) in ends(self.family).items():
            first = kept.pop(start, kept.get(name, defaults[start].default))
            last = kept.pop(end, None)
            if last is None:
                last = first if defaults[end].default is None or start in self.params else defaults[end].default
            kept.pop(name, None)
            value = (first, last)[which]
            if value is not None and value != rows()[self.family][name].default:
                params[name] = value
        for name, own in constants(self.family).items():
            value = kept.pop(own, defaults[own].default)
            if value is not None and value != rows()[self.family][name].default:
                params[name] = value
        for name in ("initial_offset", "transition_duration", "post_offset", "duration", "transition_curve", "curve"):
            kept.pop(name, None)
        return Voice(
            self.family,
            kept | params,
            envelope=self.envelope,
            description=self.description,
            voice_id=self.voice_id,
            bus=self.bus,
        )

    def ramp(self) -> Ramp:
        """Return the time and shape of the movement of a moving voice."""
        get = self.params.get
        lengths = (get(name) for name in ("transition_duration", "duration", "post_offset"))
        duration = next((length for length in lengths if length is not None), None)
        curve = get("curve" if self.family == "noise_generator" else "transition_curve") or "linear"
        return Ramp(get("initial_offset") or 0.0, duration, curve)


def between(first: Voice, second: Voice, ramp: Ramp | None = None) -> Voice:
    """Make a voice that moves from the values of one voice to those of another.

    Args:
        first: Start of the movement. If it moves itself, its end values count. Label, id and bus come from it.
        second: End of the movement. If it moves itself, its start values count.
        ramp: Time and shape of the movement. ``None`` means a straight line over the whole step.

    Returns:
        A new voice without an envelope.

    Raises:
        ValueError: The voices have different families, or a parameter that cannot move differs.
        TrackError: A parameter cannot be used.

    Examples:
        >>> down = between(voices.BinauralBeat(beat_freq=10.0), voices.BinauralBeat(beat_freq=4.0))
        >>> down.function
        'binaural_beat_transition'
    """
    first, second = first.at_end(), second.at_start()
    family = first.family
    if family != second.family:
        message = f"a {family} cannot move into a {second.family}: expected two voices of one family"
        raise ValueError(printable(message))
    names = {row.name: snake for snake, row in by_snake(family).items()}
    given: dict[str, Any] = {}
    for name in first.params.keys() | second.params.keys():
        if name not in names:
            raise ValueError(printable(f"{name}: {family} has no such parameter{_hint(name, names)}"))
        default = rows()[family][name].default
        one, other = first.params.get(name, default), second.params.get(name, default)
        if one != other and name not in ends(family):
            raise ValueError(
                f"{names[name]} does not move: expected the same in both voices, got {one!r} and {other!r}"
            )
        given[names[name]] = (one, other) if one != other else one
    made = build(family, {**given, "ramp": ramp or Ramp()})
    made.envelope, made.description, made.voice_id, made.bus = None, first.description, first.voice_id, first.bus
    return made


@cache
def infos() -> dict[str, synth.VoiceInfo]:
    """Return the description of every voice by name."""
    return synth.voices()


@cache
def rows() -> dict[str, dict[str, synth.Parameter]]:
    """Return the parameters of every voice by name."""
    return {name: {row.name: row for row in info.parameters} for name, info in infos().items()}


@cache
def by_snake(function: str) -> dict[str, synth.Parameter]:
    """Return the parameters of a voice by their Python names. A static voice has no ``initial_offset``."""
    static = not function.endswith(SUFFIX)
    return {snake_case(name): row for name, row in rows()[function].items() if not static or name != "initial_offset"}


@cache
def ends(family: str) -> dict[str, tuple[str, str]]:
    """Return the names of both ends, in the moving form, of each parameter of the static form that can move."""
    moving = rows().get(family + SUFFIX, {})
    grouped: dict[str, list[str]] = {}
    for row in moving.values():
        grouped.setdefault(row.parameter, []).append(row.name)
    made: dict[str, tuple[str, str]] = {}
    for name in rows()[family]:
        capital = name[0].upper() + name[1:]
        start, end = _IRREGULAR.get(family, {}).get(name, (f"start_{name}", f"end_{name}"))
        match grouped.get(name, []):
            case [start, end]:
                made[name] = start, end
            case [] if start in moving and end in moving:
                made[name] = start, end
            case [] if f"start{capital}" in moving and f"end{capital}" in moving:
                made[name] = f"start{capital}", f"end{capital}"
    return made


@cache
def constants(family: str) -> dict[str, str]:
    """Return the name, in the moving form, of each parameter of the static form that cannot move."""
    moving, pairs = rows().get(family + SUFFIX, {}), ends(family)
    made = {}
    for name in rows()[family]:
        own = next((one for one in (name, f"start{name[0].upper()}{name[1:]}") if one in moving), None)
        if own is not None and name not in pairs and name != "initial_offset":
            made[name] = own
    return made


def _hint(given: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def build(function: str, arguments: Mapping[str, Any]) -> Voice:
    """Make and check the voice of a constructor in `voices`.

    Args:
        function: Name of the voice in a track.
        arguments: Parameters with their Python names, and ``ramp``, ``flanger``, ``envelope``, ``description``,
            ``voice_id``, ``bus``. ``None`` means absent.

    Raises:
        TrackError: A parameter cannot be used. The message has its name, its value and the expected one.

    Warns:
        TrackWarning: A parameter was ignored or replaced, or has no effect.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    ramp: Ramp | None = given.pop("ramp", None)
    flanger = given.pop("flanger", None) or {}
    common = {name: given.pop(name) for name in ("envelope", "description", "voice_id", "bus") if name in given}
    static = not function.endswith(SUFFIX)
    known = by_snake(function)
    for name, value in given.items():
        if name not in known:
            raise _refused(name, f"{function} has no such parameter{_hint(name, known)}")
        _check_pair(name, known[name], value)
        _check_limits(name, known[name], value)
    moving = static and (ramp is not None or any(isinstance(value, tuple) for value in given.values()))
    if moving and not ends(function):
        raise _refused("ramp", f"{function} has no moving form")
    if moving:
        params = _moving(function, given, ramp or Ramp())
        function += SUFFIX
    else:
        params = {known[name].name: value for name, value in given.items()}
    voice = Voice(function, {**params, **flanger}, is_transition=function.endswith(SUFFIX), **common)
    _check(voice, function.removesuffix(SUFFIX) if moving else None)
    return voice


def _moving(family: str, given: Mapping[str, Any], ramp: Ramp) -> dict[str, Any]:
    """Return the parameters of the moving form. Pairs move, and all other parameters stay constant."""
    moving, known, pairs, still = rows()[family + SUFFIX], by_snake(family), ends(family), constants(family)
    params: dict[str, Any] = {}
    for snake, row in known.items():
        value = given.get(snake)
        if row.name in pairs:
            start, end = pairs[row.name]
            first, last = moving[start].default, moving[end].default
            own = (first, first if last is None else last)
            if value is None and row.default is not None and own != (row.default, row.default):
                value = row.default  # the moving form has other defaults
            if value is not None:
                params[start], params[end] = value if isinstance(value, tuple) else (value, value)
        elif isinstance(value, tuple):
            raise _refused(snake, f"does not move: expected one value, got {value!r}")
        elif row.name in still:
            name = still[row.name]
            if value is None and moving[name].default != row.default:
                value = row.default
            if value is not None:
                params[name] = value
        elif value is not None:
            raise _refused(snake, f"the moving form of {family} has no such parameter")
    params["initial_offset"] = ramp.offset
    if ramp.duration is not None:
        params["transition_duration"] = ramp.duration
    params["curve" if "curve" in moving else "transition_curve"] = ramp.curve
    return params


def _check_pair(name: str, row: synth.Parameter, value: object) -> None:
    """Check a value of several parts where a number is expected."""
    if row.kind not in ("number", "integer") or not isinstance(value, tuple | list):
        return
    if not isinstance(value, tuple) or len(value) != 2 or None in value:
        raise _refused(name, f"expected a number or a pair (start, end), got {value!r}")


def _check_limits(name: str, row: synth.Parameter, value: object) -> None:
    """Check the words and limits of a parameter. The engine checks them only if the parameter has an effect."""
    if row.choices and value not in row.choices:
        hint = _hint(str(value), row.choices)
        raise _refused(name, f"expected one of {', '.join(row.choices)}, got {value!r}{hint}")
    for one in value if isinstance(value, tuple) else (value,):
        if not isinstance(one, int | float):
            continue
        if (row.minimum is not None and one < row.minimum) or (row.maximum is not None and one > row.maximum):
            low, high = (limit if limit is None else f"{limit:g}" for limit in (row.minimum, row.maximum))
            expected = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
            raise _refused(name, f"expected {expected}, got {one!r}")


def flanger_params(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a flanger for the arguments of `voices.Flanger`."""
    names = {snake_case(row["name"].removeprefix("flange")): row["name"] for row in flanger_table()}
    given = {names[name]: value for name, value in arguments.items() if value is not None}
    return {"flangeEnable": True, **given}


def spatial_params(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object `spatial` for the arguments of `voices.Spatial`."""
    names = {snake_case(row["name"]): row["name"] for row in spatial_table()}
    return {names[name]: value for name, value in arguments.items() if value is not None}


def _refused(name: str, message: str) -> TrackError:
    error = TrackError(printable(f"{name}: {message}"))
    error.problems = []
    return error


def _check(voice: Voice, moving_from: str | None) -> None:
    """Check a voice with the engine. Errors have the Python names of the parameters.

    `moving_from` is the name of the static form, if the caller gave its parameters for a moving voice.
    """
    document = voice.to_dict()
    # paths are checked when the track is rendered, relative to its folder
    files = {row.name for row in by_snake(voice.function).values() if row.kind in ("file", "files")}
    document["params"] = {name: value for name, value in voice.params.items() if name not in files}
    if isinstance(placed := voice.params.get("spatial"), dict):
        files = {row["name"] for row in spatial_table() if row["kind"] == "file"}
        document["params"]["spatial"] = {name: value for name, value in placed.items() if name not in files}
    # the level and the rate are those of the session, which is checked when it is rendered
    around = {"normalization": "none", "sample_rate": _RATE}
    problems = validate({"global": around, "progression": [{"duration": 0.1, "voices": [document]}]})
    names = {row.name: snake for snake, row in by_snake(voice.function).items()}
    if moving_from is not None:
        own = {row.name: snake for snake, row in by_snake(moving_from).items()}
        names |= {end: own[name] for name, both in ends(moving_from).items() for end in both}
    errors = []
    for problem in problems:
        if not problem.path:
            continue  # about the enclosing track, which exists only for this check
        path = problem.path.removeprefix("progression[0].voices[0]").removeprefix(".params").lstrip(".")
        head = re.match(r"\w*", path)
        name = head.group() if head else ""
        said = f"{names.get(name, name)}{path[len(name) :]}: {problem.message}" if path else problem.message
        if problem.severity == "error":
            errors.append(said)
        else:
            warnings.warn(printable(said), TrackWarning, stacklevel=4)
    if errors:
        error = TrackError("\n".join(map(printable, errors)))
        error.problems = [problem for problem in problems if problem.severity == "error"]
        raise error

"""Base class of the dataclasses that stand for objects of a track. Reading and writing an object gives the same JSON.

A key goes into the field of the dataclass if its value has the expected type and is not the default. All other keys
stay unchanged in `extra`: unknown keys, values of another type, and defaults that are written out.
"""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self


def number(value: object) -> bool:
    """Return whether `value` is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: object) -> bool:
    """Return whether `value` is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def text(value: object) -> bool:
    """Return whether `value` is text."""
    return isinstance(value, str)


def flag(value: object) -> bool:
    """Return whether `value` is true or false."""
    return isinstance(value, bool)


def mapping(value: object) -> bool:
    """Return whether `value` is a JSON object."""
    return isinstance(value, dict)


def points(value: object) -> bool:
    """Return whether `value` is a list of points: a time and one or two gains."""
    return isinstance(value, list) and all(
        isinstance(point, list) and len(point) in (2, 3) and all(map(number, point)) for point in value
    )


def anything(value: object) -> bool:
    """Return whether `value` is anything but null."""
    return value is not None


def same(one: object, other: object) -> bool:
    """Return whether two values are the same JSON. 1, 1.0 and true differ, and so do 0.0 and -0.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


def ordered(found: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    """Return `found` with the keys of `order` first, in that order."""
    return {name: found[name] for name in order if name in found} | found


def printable(text: str) -> str:
    """Return text for a figure or a terminal, with escape sequences for characters that are not printable."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass(frozen=True)
class Key:
    """How one field is written in a track."""

    spellings: tuple[str, ...]
    """Names of the key, by priority. The first is the usual one."""
    fits: Callable[[object], bool]
    """Returns whether the field can hold a JSON value."""
    read: Callable[[Any], Any] = copy.deepcopy
    """Converts the JSON value to the value of the field."""
    write: Callable[[Any], Any] = copy.deepcopy
    """Converts the value of the field to JSON."""


def key(*spellings: str, fits: Callable[[object], bool] = number) -> Key:
    """Return the `Key` of a field that has the same value in JSON."""
    return Key(spellings, fits)


@dataclass(kw_only=True)
class Document:
    """Base class of the parts of a track."""

    extra: dict[str, Any] = field(default_factory=dict, repr=False)
    """Keys of the file that are not in a field. They are written back unchanged."""
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Names of a field in the file, if they are not the usual one."""
    order: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Keys of the file, in their order."""

    KEYS: ClassVar[Mapping[str, Key]] = {}

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        made = {}
        for one in dataclasses.fields(cls):
            if one.default is not dataclasses.MISSING:
                made[one.name] = one.default
            elif one.default_factory is not dataclasses.MISSING:
                made[one.name] = one.default_factory()
        return made

    @classmethod
    def _read(cls, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of the constructor for an object of a track."""
        extra = {name: copy.deepcopy(value) for name, value in found.items()}
        defaults = cls._defaults()
        values: dict[str, Any] = {}
        spellings: dict[str, tuple[str, ...]] = {}
        for name, spec in cls.KEYS.items():
            given = [one for one in spec.spellings if found.get(one) is not None]
            if not given or not spec.fits(found[given[0]]):
                continue
            # Other spellings with the same value follow the field. Spellings with another value stay in `extra`.
            names = tuple(one for one in given if same(found[one], found[given[0]]))
            if names != spec.spellings[:1]:
                spellings[name] = names
            value = spec.read(found[given[0]])
            if name not in defaults or value != defaults[name]:
                values[name] = value
                for one in names:
                    del extra[one]
        return {**values, "extra": extra, "spellings": spellings, "order": tuple(found)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Self:
        """Make this object from a dictionary of a track. The dictionary is copied."""
        return cls(**cls._read(found))

    def to_dict(self) -> dict[str, Any]:
        """Return this object as a dictionary of a track."""
        return self._whole(self.extra)

    def _whole(self, others: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields and `others` in the order of the file. New keys come last."""
        out = self._fields()
        out |= {name: copy.deepcopy(value) for name, value in others.items() if name not in out}
        return ordered(out, self.order)

    def _fields(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, with the names of the file."""
        out: dict[str, Any] = {}
        defaults = self._defaults()
        for name, spec in self.KEYS.items():
            value = getattr(self, name)
            if name in defaults and value == defaults[name]:
                continue
            for one in self.spellings.get(name, spec.spellings[:1]):
                out[one] = spec.write(value)
        return out

"""Objects of a track as dataclasses that lose nothing: what has no field is kept and written back.

A field that is written in the file with a value of the expected type is read into the dataclass. What is unknown, of
another type, or equal to the default stays in `extra` as it was, so that reading and writing give the same JSON.
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
    """Whether this is a number of JSON."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: object) -> bool:
    """Whether this is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def text(value: object) -> bool:
    """Whether this is text."""
    return isinstance(value, str)


def flag(value: object) -> bool:
    """Whether this is true or false."""
    return isinstance(value, bool)


def mapping(value: object) -> bool:
    """Whether this is an object."""
    return isinstance(value, dict)


def points(value: object) -> bool:
    """Whether this is a list of pairs of numbers."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(number, pair)) for pair in value
    )


def anything(value: object) -> bool:
    """Whatever is not null."""
    return value is not None


def same(one: object, other: object) -> bool:
    """Whether two values are the same JSON: 1, 1.0 and true are three values, and so are 0.0 and -0.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


def ordered(found: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    """The same object, its keys in `order` as far as they are named there."""
    return {name: found[name] for name in order if name in found} | found


def printable(text: str) -> str:
    """Text from a track as a figure or a terminal can show it: what is no visible character is spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


@dataclass(frozen=True)
class Key:
    """How one field is written in a track."""

    spellings: tuple[str, ...]
    """Names in the order in which they count; the first is the usual one."""
    fits: Callable[[object], bool]
    """Whether a value of JSON can be the field's."""
    read: Callable[[Any], Any] = copy.deepcopy
    """From JSON to the field."""
    write: Callable[[Any], Any] = copy.deepcopy
    """From the field to JSON."""


def key(*spellings: str, fits: Callable[[object], bool] = number) -> Key:
    """A field that is written as it is."""
    return Key(spellings, fits)


@dataclass(kw_only=True)
class Document:
    """What the parts of a track have in common."""

    extra: dict[str, Any] = field(default_factory=dict, repr=False)
    """Keys of the file that have no field, or a value that the field's type cannot hold; written back as they are."""
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Per field the names it had in the file, where these are not the usual one."""
    order: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """The keys of the file in their order."""

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
        """Arguments of the constructor for an object of a track."""
        extra = {name: copy.deepcopy(value) for name, value in found.items()}
        defaults = cls._defaults()
        values: dict[str, Any] = {}
        spellings: dict[str, tuple[str, ...]] = {}
        for name, spec in cls.KEYS.items():
            given = [one for one in spec.spellings if found.get(one) is not None]
            if not given or not spec.fits(found[given[0]]):
                continue
            # other spellings of the same value move along with the field; of another value they stay what they are
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
        """Read the object as it stands in a track."""
        return cls(**cls._read(found))

    def to_dict(self) -> dict[str, Any]:
        """The object as it stands in a track."""
        return self._whole(self.extra)

    def _whole(self, others: Mapping[str, Any]) -> dict[str, Any]:
        """The fields and `others`, in the order of the file; what is new comes last."""
        out = self._fields()
        out |= {name: copy.deepcopy(value) for name, value in others.items() if name not in out}
        return ordered(out, self.order)

    def _fields(self) -> dict[str, Any]:
        """The fields that are not as by default, under the names of the file."""
        out: dict[str, Any] = {}
        defaults = self._defaults()
        for name, spec in self.KEYS.items():
            value = getattr(self, name)
            if name in defaults and value == defaults[name]:
                continue
            for one in self.spellings.get(name, spec.spellings[:1]):
                out[one] = spec.write(value)
        return out
